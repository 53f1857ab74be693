"""The pictures of an article: which address each has, which are shown twice, which show nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from desktop.core.addresses import image_address, link_address
from desktop.core.html.image_keys import image_identity, image_key, is_drawing, preference
from desktop.core.html.intake import LAZY_SOURCES, SOURCE_SETS
from desktop.core.html.tree import Node
from desktop.core.incoming import ImageRef
from desktop.core.text import plain
from desktop.core.trackers import is_beacon

MOST_PICTURES = 2_000  # of one article
DRAWING = "Drawing (SVG)"
_MAX_SIZE = 8192
_CANDIDATE = re.compile(r"[\s,]*(\S*[^\s,])(?:\s+([0-9]+(?:\.[0-9]+)?)([wx]))?[^,]*")
_EMOJI = re.compile(r"^https?://s\.w\.org/|/images/core/emoji/|/emoji/[^/]*\d+x\d+/", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|(?:^|[;\s])(?:width|height)\s*:\s*[01]px", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"/(?:placeholder|lazy|lazyload|loading|grey|gray|default-?image)[\w-]*\.\w+$", re.IGNORECASE
)


@dataclass(slots=True)
class Pictures:
    """Collects the pictures of one article; every picture is shown once."""

    base_url: str
    known: frozenset[str] = frozenset()  # keys that may stand in the text already
    found: list[ImageRef] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _nodes: list[Node] = field(default_factory=list)  # as they stand in the text, beside `found`
    _asked: int = 0

    def convert(self, node: Node) -> list[Node | str]:
        """What stands in the text for an <img>."""
        alt = plain(node.attributes.get("alt", ""), 300)
        if _is_emoji(node):
            return [node.attributes.get("alt", "")]
        scheme, _, key = node.attributes.get("src", "").partition(":")
        if scheme == "cache" and key in self.known:
            return [Node("img", {"src": f"cache:{key}", **_shown(alt, _sizes(node))})]
        self._asked += 1
        if self._asked > MOST_PICTURES:
            return []
        url = best_address(node, self.base_url)
        sizes = _sizes(node)
        if not url or is_beacon(url) or _shows_nothing(node):
            return []
        identity = image_identity(url)
        if identity in self._seen:
            return []
        self._seen.add(identity)
        if is_drawing(url):  # never decoded: a link with its words takes its place
            return [Node("a", {"href": link_address(url, self.base_url)}, [alt or DRAWING])]
        self.found.append(ImageRef(url, alt, *sizes))
        shown = Node("img", {"src": f"cache:{image_key(url)}", **_shown(alt, sizes)})
        self._nodes.append(shown)
        return [shown]

    def lead(self, lead: ImageRef | None) -> Node | None:
        """Put the lead picture first; a figure with it when the text does not show it."""
        url = image_address(lead.url, self.base_url) if lead is not None else ""
        if lead is None or not url or is_beacon(url) or is_drawing(url):
            return None
        identity = image_identity(url)
        for place, image in enumerate(self.found):
            if image_identity(image.url) == identity:
                alt = image.alt or plain(lead.alt, 300)
                self._nodes[place].attributes["alt"] = alt
                del self.found[place]
                self.found.insert(0, replace(image, alt=alt))
                return None
        sizes = (_clamped(str(lead.width)), _clamped(str(lead.height)))
        alt = plain(lead.alt, 300)
        self.found.insert(0, ImageRef(url, alt, *sizes))
        return Node("figure", {}, [Node("img", {"src": f"cache:{image_key(url)}", **_shown(alt, sizes)})])


def best_address(node: Node, base_url: str) -> str:
    """The picture's address: the best of its sets, else where lazy loading keeps it, else src. "" for none."""
    candidates = [each for name in SOURCE_SETS for each in _candidates(node.attributes.get(name, ""))]
    usable = [(width, url) for width, raw in candidates if (url := image_address(raw, base_url))]
    if usable:
        return max(usable, key=lambda each: preference(each[0]))[1]
    for name in (*LAZY_SOURCES, "src"):
        url = image_address(node.attributes.get(name, ""), base_url)
        if url and not _PLACEHOLDER.search(url):
            return url
    return ""


def _candidates(srcset: str) -> list[tuple[float, str]]:
    """(width, address) of a srcset; a density counts as that many times 600 pixels."""
    found: list[tuple[float, str]] = []
    for match in _CANDIDATE.finditer(srcset):
        size = float(match[2][:9]) if match[2] else 1.0
        found.append((size if match[3] == "w" else size * 600, match[1]))
        if len(found) >= 40:
            break
    return found


def _is_emoji(node: Node) -> bool:
    classes = node.attributes.get("class", "").split()
    alt = node.attributes.get("alt", "")
    is_one = (
        "wp-smiley" in classes or "emoji" in classes or bool(_EMOJI.search(node.attributes.get("src", "")))
    )
    return is_one and len(alt) <= 40


def _shows_nothing(node: Node) -> bool:
    for name in ("width", "height"):
        value = node.attributes.get(name, "").strip().removesuffix("px")
        if value.isascii() and value.isdigit() and int(value[:9]) <= 1:
            return True
    return bool(_HIDDEN.search(node.attributes.get("style", "")))


def _sizes(node: Node) -> tuple[int, int]:
    return _clamped(node.attributes.get("width", "")), _clamped(node.attributes.get("height", ""))


def _clamped(value: str) -> int:
    digits = value.strip().removesuffix("px")
    return min(int(digits[:9]), _MAX_SIZE) if digits.isascii() and digits.isdigit() else 0


def _shown(alt: str, sizes: tuple[int, int]) -> dict[str, str]:
    shown = {"alt": alt}
    if sizes[0]:
        shown["width"] = str(sizes[0])
    if sizes[1]:
        shown["height"] = str(sizes[1])
    return shown
