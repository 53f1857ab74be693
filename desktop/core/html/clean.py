"""The passes of the sanitiser in their order. Imported only where articles are taken in: it loads nh3."""

from __future__ import annotations

import re

import nh3

from desktop.core.addresses import link_address
from desktop.core.html.elements import keep_attributes, kept_link, leads_where_another_does
from desktop.core.html.embeds import address_link, frame_link, media_link
from desktop.core.html.images import Pictures
from desktop.core.html.intake import ALLOWED, AMPERSAND, ATTRIBUTES, MOST_KEPT, WORKED_ON, bounded, normal
from desktop.core.html.plain_markup import PlainWriter
from desktop.core.html.plain_tags import NotPlain
from desktop.core.html.sanitise import Clean
from desktop.core.html.sound import sound_tree, within_bounds
from desktop.core.html.tails import NOT_IN_EXCERPT, cut_tails, excerpt_of
from desktop.core.html.targets import places_and_aims, targets_of
from desktop.core.html.tree import Node, plain_text, rewrite, tidy, write
from desktop.core.incoming import ImageRef

_SKIPPED = re.compile(f"<(?:{'|'.join(sorted(NOT_IN_EXCERPT))})[ >]")
_HAS_BLOCKS = re.compile(r"<(?:p|br|div|h[1-6]|ul|ol|table|blockquote|pre|section|article)\b", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_MEDIA = re.compile("<(?:audio|video|iframe|picture)")
# More of these are no article, and each takes its time.
MOST_LINKS = 5_000
MOST_FRAMES = 200
_HOLDS_PARAGRAPHS = frozenset({"", "div", "blockquote", "li", "td", "th", "dd"})
_MAY_BE_ADDRESS = frozenset({"figure", "p", "div"})
_UNREADABLE = frozenset({"image/avif", "image/jxl", "image/svg+xml", "image/heic"})


def clean(html: str, base_url: str, keys: frozenset[str] | None, lead: ImageRef | None) -> Clean:
    """Clean HTML; where `keys` are given it was kept, and those pictures may already stand in it."""
    markup = normal(html) if keys is None else normal(html, MOST_KEPT)
    keys = keys or frozenset()
    quick = None if lacks_paragraphs(markup) else cleaned_at_once(markup, base_url, keys, lead)
    return cleaned_as_tree(markup, base_url, keys, lead) if quick is None else quick


def cleaned_at_once(markup: str, base_url: str, keys: frozenset[str], lead: ImageRef | None) -> Clean | None:
    """Clean plain HTML that is `normal`; None for what may not be plain."""
    pictures = Pictures(base_url, keys)
    writer = PlainWriter(base_url, pictures, MOST_LINKS)
    try:
        writer.read(markup)
    except NotPlain:
        return None
    figure = pictures.lead(lead)
    html, text = writer.html(), writer.text()
    if figure is not None:
        html = write(Node("", {}, [figure])) + html
    within = writer.text_of_excerpt()
    excerpt = (within and excerpt_of(within)) or excerpt_of(text)
    return Clean(html, text, excerpt, tuple(pictures.found))


def cleaned_as_tree(markup: str, base_url: str, keys: frozenset[str], lead: ImageRef | None) -> Clean:
    """Clean any HTML that is `normal`."""
    root, markup = parsed(markup)
    pictures = Pictures(base_url, keys)
    _Cleaner(base_url, pictures).run(root, markup)
    figure = pictures.lead(lead)
    if figure is not None:
        root.children.insert(0, figure)
    written = write(root)
    while not within_bounds(root, written):
        tidy(root)
        written = write(root)
    text = plain_text(root)
    excerpt = excerpt_of(plain_text(root, NOT_IN_EXCERPT)) if _SKIPPED.search(written) else ""
    return Clean(written, text, excerpt or excerpt_of(text), tuple(pictures.found))


def parsed(markup: str) -> tuple[Node, str]:
    """The tree of HTML that is `normal` as a browser's parser understands it, of allowed elements and attributes; and
    the HTML of it."""
    safe = by_a_parser(_paragraphs(bounded(markup)))
    root, is_sound = sound_tree(safe.replace(AMPERSAND, "&"))
    if not is_sound:
        # What a parser moves out of a broken table, or puts a link round anew, may stand wrong where it falls: it parts
        # most of that itself. The line break after <pre> that it drops is put back between.
        safe = by_a_parser(safe.replace("<pre>\n", "<pre>\n\n"))
        root, _ = sound_tree(safe.replace(AMPERSAND, "&"))
    return root, safe


# Made once: to hand over the lists takes longer than to clean an article.
by_a_parser = nh3.Cleaner(
    tags=set(ALLOWED | WORKED_ON),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes={"http", "https", "mailto", "cache"},
    strip_comments=True,
    link_rel=None,
    clean_content_tags={"script", "style"},
).clean


def lacks_paragraphs(html: str) -> bool:
    """Whether it is lines of text without a block, as a person types them."""
    return "\n" in html and not _HAS_BLOCKS.search(html)


def _paragraphs(html: str) -> str:
    """Text that never went through a formatter has its paragraphs at empty lines."""
    if not lacks_paragraphs(html):
        return html
    parts = _BLANK_LINES.split(html.strip())
    return html if len(parts) == 1 else "".join(f"<p>{part}</p>" for part in parts)


class _Cleaner:
    def __init__(self, base_url: str, pictures: Pictures) -> None:
        self._base_url = base_url
        self._pictures = pictures
        self._links = 0
        self._frames = 0
        self._targets: frozenset[str] = frozenset()  # the names that links of this page lead to
        self._quoted_posts = False  # a quotation stands in for each frame of another WordPress site

    def run(self, root: Node, markup: str) -> None:
        """Change the tree of `markup`, which tells in less time what the passes need not look for."""
        has_media = _MEDIA.search(markup) is not None
        if has_media:
            self._quoted_posts = any(
                node.tag == "blockquote" and "wp-embedded-content" in node.attributes.get("class", "")
                for node in root.walk()
            )
            rewrite(root, self._media)
        self._targets = targets_of(root, self._base_url)
        rewrite(root, self._change)
        if has_media:
            _part_embeds(root)
        tidy(root)
        while cut_tails(root) or (self._targets and self._lose_targets(root)):
            tidy(root)
        self._link_addresses(root)

    def _lose_targets(self, root: Node) -> bool:
        """Whether a link went whose place still has its name, or a place to which a link still leads: both go too."""
        places, aims = places_and_aims(root)
        if places == aims:
            return False

        def change(node: Node) -> list[Node | str] | None:
            if "id" in node.attributes and node.attributes["id"] not in aims:
                del node.attributes["id"]
            href = node.attributes.get("href", "")
            if href.startswith("#") and href[1:] not in places:
                node.attributes["href"] = link_address(href, self._base_url)
                if not node.attributes["href"]:
                    return _without_link(node)
            return node.children if node.tag == "span" and not node.attributes else None

        rewrite(root, change)
        return True

    def _link_addresses(self, node: Node) -> None:
        """An embed that nobody resolved is a block of nothing but an address: it becomes a link."""
        for child in node.children:
            if not isinstance(child, Node) or child.tag == "a":
                continue
            link = None
            if (
                child.tag in _MAY_BE_ADDRESS
                and len(child.children) == 1
                and isinstance(child.children[0], str)
            ):
                link = address_link(child.children[0])
            if link is None:
                self._link_addresses(child)
            elif self._links < MOST_LINKS:
                self._links += 1
                child.children = [link]

    def _media(self, node: Node) -> list[Node | str] | None:
        """Players and <picture> first: what is inside them is not for itself."""
        if node.tag in ("audio", "video"):
            link = media_link(node, self._base_url)
            return [link] if link is not None else []
        if node.tag == "iframe":
            self._frames += 1
            if self._frames > MOST_FRAMES:
                return []
            if self._quoted_posts and "wp-embedded-content" in node.attributes.get("class", ""):
                return []
            link = frame_link(node, self._base_url)
            return [link] if link is not None else []
        if node.tag == "picture":
            return _one_image(node)
        return None

    def _change(self, node: Node) -> list[Node | str] | None:
        keep_attributes(node, self._targets)
        match node.tag:
            case "img":
                return self._pictures.convert(node)
            case "a":
                return self._link(node)
            case "source":
                return []
            case "span":
                return None if node.attributes else node.children
        return None

    def _link(self, node: Node) -> list[Node | str] | None:
        if leads_where_another_does(node.attributes):
            return []
        self._links += 1
        if self._links > MOST_LINKS:
            return node.children
        kept = kept_link(node.attributes, self._base_url, self._targets)
        if not kept or (any(isinstance(each, Node) for each in node.children) and node.has("a")):
            return _without_link(node)
        node.attributes = kept
        return None


def _without_link(node: Node) -> list[Node | str]:
    """What stands for a link that leads nowhere: a place still, where another leads to it."""
    if "id" not in node.attributes:
        return node.children
    return [Node("span", {"id": node.attributes["id"]}, node.children)]


def _one_image(node: Node) -> list[Node | str]:
    """The <img> of a <picture>, with all the addresses that the sources offer in formats that we read."""
    inside = list(node.walk())
    image = next((each for each in inside if each.tag == "img"), Node("img"))
    sets = [image.attributes.get(name, "") for name in ("srcset", "data-srcset")]
    for source in inside:
        if source.tag == "source" and source.attributes.get("type", "") not in _UNREADABLE:
            sets += [source.attributes.get(name, "") for name in ("srcset", "data-srcset")]
    image.attributes["srcset"] = ", ".join(each for each in sets if each)
    return [image]


def _part_embeds(root: Node) -> None:
    """The link for a player is a paragraph of its own; inside a line of text it is parted by spaces."""
    for node in list(root.walk()):
        children: list[Node | str] = []
        for child in node.children:
            if not isinstance(child, Node) or "embed" not in child.attributes:
                children.append(child)
            elif node.tag in _HOLDS_PARAGRAPHS:
                children.append(Node("p", {}, [child]))
            else:
                children += [" ", child, " "]
        node.children = children
