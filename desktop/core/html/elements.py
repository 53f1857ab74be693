"""What is kept of an element: its attributes, and where a link leads."""

from __future__ import annotations

from desktop.core.addresses import link_address
from desktop.core.html.style import STYLED, kept_style
from desktop.core.html.targets import inner_target, keep_target
from desktop.core.html.tree import Node
from desktop.core.text import plain

_MAX_SPAN = 50
_SAME_AGAIN = frozenset({"more-link", "wp-block-file__button"})  # lead where another link leads


def keep_attributes(node: Node, targets: frozenset[str]) -> None:
    """Leave an element no name but one of `targets`, no styling but what is kept, and numbers within reason."""
    if not node.attributes:
        return
    keep_target(node, targets)
    if node.tag in STYLED:
        style = kept_style(node.attributes)
        node.attributes.pop("style", None)
        node.attributes.pop("align", None)
        if style:
            node.attributes["style"] = style
    if node.tag in ("td", "th"):
        _clamp(node, "colspan", _MAX_SPAN)
        _clamp(node, "rowspan", _MAX_SPAN)
    elif node.tag == "ol":
        _clamp(node, "start", 1_000_000)


def _clamp(node: Node, name: str, most: int) -> None:
    value = node.attributes.pop(name, "").strip()
    if value.isascii() and value.isdigit() and int(value[:9]) > 1:
        node.attributes[name] = str(min(int(value[:9]), most))


def leads_where_another_does(given: dict[str, str]) -> bool:
    """Whether publishing software puts a link of these attributes beside another one to the same place."""
    return "class" in given and not _SAME_AGAIN.isdisjoint(given["class"].split())


def kept_link(given: dict[str, str], base_url: str, targets: frozenset[str]) -> dict[str, str]:
    """The attributes of a link that is kept; none for one that leads nowhere."""
    href = given.get("href", "")
    aim = inner_target(href, base_url) if "#" in href else ""
    url = f"#{aim}" if aim in targets else link_address(href, base_url)
    if not url:
        return {}
    kept = {"href": url}
    if "title" in given and (title := plain(given["title"], 200)):
        kept["title"] = title
    kept.update({name: given[name] for name in ("embed", "id") if name in given})
    return kept
