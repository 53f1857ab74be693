"""Footnotes: links within an article, and the places that they lead to.

A place is kept only when a link of the same article leads to it, so what publishers name for their scripts goes.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from desktop.core.addresses import link_address
from desktop.core.html.tree import Node

_NAME = re.compile(r"[\w.:-]{1,80}")


def inner_target(href: str, base_url: str) -> str:
    """The name of the place on the same page that a link leads to; "" when it leads elsewhere."""
    page, _, fragment = href.strip().partition("#")
    name = unquote(fragment)
    if not _NAME.fullmatch(name):
        return ""
    here = not page or link_address(page, base_url) == link_address(base_url.partition("#")[0], "")
    return name if here else ""


def targets_of(root: Node, base_url: str) -> frozenset[str]:
    """The places that links lead to and that are there."""
    links = (node.attributes.get("href", "") for node in root.walk() if node.tag == "a")
    aims = {aim for href in links if "#" in href and (aim := inner_target(href, base_url))}
    return frozenset(aims and aims & {name for node in root.walk() for name in _names(node)})


def places_and_aims(root: Node) -> tuple[set[str], set[str]]:
    """The places that a tree has as ids, and those that its links lead to."""
    attributes = [node.attributes for node in root.walk() if node.attributes]
    places = {given["id"] for given in attributes if "id" in given}
    return places, {given["href"][1:] for given in attributes if given.get("href", "").startswith("#")}


def keep_target(node: Node, targets: frozenset[str]) -> None:
    """Leave an element no name but one of `targets`, as its id."""
    name = next((name for name in _names(node) if name in targets), "")
    node.attributes.pop("id", None)
    if node.tag == "a":
        node.attributes.pop("name", None)
    if name:
        node.attributes["id"] = name


def _names(node: Node) -> list[str]:
    given = [node.attributes.get("id", ""), node.attributes.get("name", "") if node.tag == "a" else ""]
    return [name for name in given if name]
