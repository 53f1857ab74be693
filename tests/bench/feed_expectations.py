"""feedparser's own test files as a judge of other parsers: which of them count, and how a result is compared.

A test file names what it expects in a Python expression ("Expect:"). It counts when every field that the
expression looks at is one that Chorsu keeps (KEPT below). Left out, whatever the field:
- `sanitize/`, and markup whose addresses were made absolute: kept HTML is sanitised and resolved later;
- `bozo`, `encoding` and `version` are no fields of an article (a `bozo` beside another condition is dropped);
- author strings with an e-mail address in them: only names are kept.
Compared as what is kept: titles are plain text, so markup in an expected title counts by its text; HTML is
equal when it means the same (attribute order, `<br>` and `<br />`, escaping of text); a plain text body is kept
as escaped HTML.
"""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEPT = frozenset(
    {
        *(
            f"feed.{name}"
            for name in ("title", "link", "description", "subtitle", "tagline", "language", "ttl")
        ),
        *(f"feed.{name}" for name in ("icon", "logo", "title_detail.value", "subtitle_detail.value")),
        *(f"feed.{name}" for name in ("tagline_detail.value", "image.url", "image.href")),
        *(
            f"entries.{name}"
            for name in ("title", "title_detail.value", "link", "id", "guid", "author", "language")
        ),
        *(f"entries.{name}" for name in ("author_detail.name", "authors.name", "category", "tags.term")),
        *(
            f"entries.{name}"
            for name in ("published", "published_parsed", "updated_parsed", "summary", "description")
        ),
        *(
            f"entries.{name}"
            for name in ("summary_detail.value", "content.value", "content.base", "content.language")
        ),
        *(
            f"entries.{name}"
            for name in ("enclosures.href", "enclosures.url", "enclosures.type", "enclosures.length")
        ),
        "entries.enclosures",
        "entries",
    }
)
SKIPPED_FOLDERS = ("sanitize",)
EXPECT = re.compile(rb"Expect:\s*(.*)")
HEADER = re.compile(rb"^Header:\s+([^:]+):(.+)$", re.MULTILINE)
HOST = "http://127.0.0.1:8097"


@dataclass(frozen=True)
class Case:
    """A test file that counts."""

    name: str
    body: bytes
    url: str
    content_type: str
    headers: dict[str, str]
    condition: Any  # compiled

    def holds(self, result: dict[str, Any]) -> bool:
        try:
            return bool(
                eval(self.condition, {"__builtins__": {"len": len, "ord": ord, "None": None}}, result)
            )
        except Exception:  # noqa: BLE001 - an expression fails in any way on a result that lacks what it looks at
            return False


def cases(folder: Path) -> Iterator[Case]:
    """The test files in feedparser's tests folder that count."""
    for path in sorted(folder.rglob("*.xml")):
        name = path.relative_to(folder).as_posix()
        if any(part in SKIPPED_FOLDERS for part in name.split("/")):
            continue
        case = _case(name, path.read_bytes())
        if case:
            yield case


def _case(name: str, body: bytes) -> Case | None:
    head = _readable(body)
    found = EXPECT.search(head)
    if not found:
        return None
    condition = _kept_condition(found.group(1).decode("utf-8", "replace").strip(), name)
    if condition is None:
        return None
    headers = {key.decode().strip().lower(): value.decode().strip() for key, value in HEADER.findall(head)}
    url = f"{HOST}/tests/{name}"
    location = headers.get("content-location", "")
    if location.startswith("/"):
        location = HOST + location
    code = compile(ast.Expression(condition), name, "eval")
    return Case(name, body, location or url, headers.get("content-type", ""), headers, code)


def _readable(body: bytes) -> bytes:
    """The head comment of a file in a wide encoding too."""
    return body.replace(b"\0", b"") if b"\0" in body[:200] else body


def _kept_condition(text: str, name: str) -> ast.expr | None:
    try:
        whole = ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
    parts = whole.values if isinstance(whole, ast.BoolOp) and isinstance(whole.op, ast.And) else [whole]
    parts = [part for part in parts if _names(part) != {"bozo"}]
    if not parts or not all(_is_kept(part, name) for part in parts):
        return None
    condition = parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), parts)
    return ast.fix_missing_locations(condition)


def _names(part: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}


def _is_kept(part: ast.expr, name: str) -> bool:
    if not _names(part) <= {"feed", "entries", "len", "ord"} or not _names(part) & {"feed", "entries"}:
        return False
    fields = set(_fields(part))
    texts = [
        node.value
        for node in ast.walk(part)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    if any(field.endswith("author") for field in fields) and any("@" in text for text in texts):
        return False
    if any("href=" in text for text in texts) and (
        name.startswith("wellformed/base/") or "relative_uri" in name
    ):
        return False
    return bool(fields) and fields <= KEPT


def _fields(part: ast.AST) -> Iterator[str]:
    """The longest paths of fields: entries[0]['content'][0]['value'] is entries.content.value."""
    path = _path(part)
    if path is not None:
        yield ".".join(path)
        return
    for child in ast.iter_child_nodes(part):
        yield from _fields(child)


def _path(node: ast.AST) -> list[str] | None:
    if isinstance(node, ast.Name):
        return [node.id] if node.id in ("feed", "entries") else None
    if isinstance(node, ast.Attribute):
        inner = _path(node.value)
        return None if inner is None else [*inner, node.attr]
    if isinstance(node, ast.Subscript):
        inner = _path(node.value)
        if inner is None or not isinstance(node.slice, ast.Constant):
            return None
        return [*inner, node.slice.value] if isinstance(node.slice.value, str) else inner
    return None


class Plain(str):
    """A field kept as plain text: equal to markup with this text."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return NotImplemented
        return str.__eq__(self, other) or str.__eq__(self, _text(other))


class Html(str):
    """A field kept as HTML: equal to HTML that means the same, and to the text that it is the escape of."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return NotImplemented
        if str.__eq__(self, other) or _canonical(self) == _canonical(other):
            return True
        return "<" not in self and html.unescape(self) == other


def _text(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", markup)).split())


def _canonical(markup: str) -> str:
    from lxml import html as lxml_html

    try:
        root = lxml_html.fragment_fromstring(str(markup), create_parent="div")
    except Exception:  # noqa: BLE001 - what cannot be read is compared as it stands
        return str(markup)
    for element in root.iter():
        ordered = sorted(element.attrib.items())
        element.attrib.clear()
        element.attrib.update(ordered)
    return " ".join(lxml_html.tostring(root, encoding="unicode").split())
