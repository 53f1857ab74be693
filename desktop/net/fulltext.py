"""The article on a web page: found by readability-lxml among what surrounds it. HTML as published, nothing is cleaned.

What it is compared with, and on which pages: tests/bench/fulltext.py. It is imported by the first page that is read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop.core.fulltext import LEAST, OPEN, Obstacle
from desktop.core.html.markup import strip_tags
from desktop.net.feeds import links as feed_links
from desktop.net.feeds.encoding import to_utf8
from desktop.net.safe_xml import CONTROL, NO_CHARACTER, without_endless_tags

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_BYTES = 3_000_000
MAX_ELEMENTS = 20_000  # readability takes about 0.1 ms for each
MAX_CAPTION = 600  # characters: more under a picture is text

_NUMBER = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,4000})|([0-9]{1,4000}));?")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9][\w.:-]{0,40})", re.IGNORECASE)
_PAY_BOX = re.compile(
    r"pay-?wall|subscri(?:be|ption)-(?:wall|box|required)|premium-(?:wall|lock)", re.IGNORECASE
)
_PAY_WORDS = re.compile(
    r"(?:subscribe|log in|sign in|register|become a member) to (?:continue|keep|read)|for subscribers only"
    r"|только (?:для подписчиков|по подписке)|чтобы (?:читать|прочитать) (?:дальше|полностью)|оформите подписку"
    r"|obuna bo.?lganlar uchun|тек жазылушыларға",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:cookies?|consent\w*|gdpr|privacy|personali[sz]\w+|advertis\w+|partners)\b"
    r"|куки|cookie-файл|персональных данных",
    re.IGNORECASE,
)
_CONSENT_SHARE = 0.05  # of the words of a page about cookies
_SCRIPT = re.compile(
    r"(?:enable|requires?|turn on|включите|поддержк\w+) (?:\w+ ){0,3}javascript", re.IGNORECASE
)
_GATE = re.compile(
    r"checking your browser|just a moment|are you (?:a )?(?:human|robot)|не робот", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page shows of its article: HTML as published, "" for none; the picture that it shows when it is shared;
    what stands in the way."""

    html: str
    image_url: str = ""
    obstacle: Obstacle = Obstacle.NONE


def extract(body: bytes, url: str, content_type: str = "") -> PageText:
    """Find the article on a page. Never raises."""
    if len(body) > MAX_BYTES:
        return PageText("", obstacle=Obstacle.TOO_LARGE)
    root = _parse(body, content_type)
    if root is None:
        return PageText("", obstacle=Obstacle.NO_ARTICLE)
    if sum(1 for _ in zip(range(MAX_ELEMENTS + 1), root.iter(), strict=False)) > MAX_ELEMENTS:
        return PageText("", obstacle=Obstacle.TOO_LARGE)
    picture = _shared_picture(root, url)
    walled = _asks_for_money(root)
    shown = _visible(root)
    _settle_pictures(root)
    titles = root.xpath("//body//h1")
    if len(titles) == 1:  # the reader shows the title by itself
        titles[0].drop_tree()
    html = _article(root, url)
    words = strip_tags(html).split()
    return PageText(html, picture, _obstacle(words, shown, walled=walled))


def _parse(body: bytes, content_type: str) -> HtmlElement | None:
    from lxml import etree, html

    declared = _CHARSET.search(body[:4_000])
    if declared and "charset" not in content_type.lower():
        content_type = f"text/html; charset={declared[1].decode('ascii')}"
    data = to_utf8(body, content_type).data
    # lxml reads what it will not write: what follows an element that is taken out would raise.
    data = _NUMBER.sub(_kept_number, NO_CHARACTER.sub(b"", data.translate(None, CONTROL)))
    data = without_endless_tags(data)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError):  # nothing but white space, or damage beyond repair
        return None
    return root if root.find("body") is not None else None


def _kept_number(found: re.Match[bytes]) -> bytes:
    """A numbered character as it stands, nothing for one that is none."""
    code = int(found[1], 16) if found[1] else int(found[2])
    is_one = (
        code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    )
    return found[0] if is_one else b""


def _article(root: HtmlElement, url: str) -> str:
    """readability's choice; "" where it finds none, or stumbles over what it was never shown."""
    from lxml import etree
    from readability import Document

    page = etree.tostring(root, encoding="unicode", method="html")
    try:
        return str(Document(page, url=url).summary(html_partial=True))
    except Exception:  # noqa: BLE001 - it raises what its parts raise; a page without an article is no fault of ours
        return ""


def _obstacle(words: list[str], shown: str, *, walled: bool) -> Obstacle:
    if walled and len(words) < OPEN:
        return Obstacle.PAYWALL
    text = " ".join(words)
    if len(_CONSENT.findall(text)) > _CONSENT_SHARE * max(len(words), LEAST):
        return Obstacle.CONSENT
    if len(shown.split()) < 2 * LEAST or (
        len(words) < 3 * LEAST and (_SCRIPT.search(shown) or _GATE.search(shown))
    ):
        return Obstacle.SCRIPT
    return Obstacle.NO_ARTICLE if not words else Obstacle.NONE


def _visible(root: HtmlElement) -> str:
    """What the page says to somebody who runs no scripts."""
    gone = ("script", "style", "template", "noscript", "svg")
    return " ".join(
        root.xpath("//body//text()[not(" + " or ".join(f"ancestor::{name}" for name in gone) + ")]")
    )


def _asks_for_money(root: HtmlElement) -> bool:
    """Whether the page says, to search engines or to people, that the text is not for everybody."""
    for script in root.xpath("//script[@type='application/ld+json']"):
        try:
            if _is_not_free(json.loads(script.text or ""), 0):
                return True
        except (ValueError, RecursionError):
            continue
    for node in root.xpath("//body//*[@class or @id][self::div or self::section or self::aside or self::p]"):
        if _PAY_BOX.search(f"{node.get('class', '')} {node.get('id', '')}") and node.text_content().strip():
            return True
    return bool(_PAY_WORDS.search(_visible(root)))


def _is_not_free(value: Any, depth: int) -> bool:
    if depth > 4:
        return False
    if isinstance(value, list):
        return any(_is_not_free(each, depth + 1) for each in value[:50])
    if not isinstance(value, dict):
        return False
    free = value.get("isAccessibleForFree")
    return str(free).lower() == "false" or any(
        _is_not_free(value[name], depth + 1) for name in ("@graph", "hasPart") if name in value
    )


def _shared_picture(root: HtmlElement, url: str) -> str:
    found = root.xpath("//meta[@property='og:image' or @name='og:image' or @name='twitter:image']/@content")
    return next((address for raw in found[:5] if (address := feed_links.absolute(str(raw), url))), "")


def _settle_pictures(root: HtmlElement) -> None:
    """Leave of every figure its pictures and their caption: readability takes boxes of little text for advertisements,
    and drops by its class what is called media."""
    for noscript in root.xpath("//noscript[.//img]"):
        noscript.drop_tag()
    for figure in root.xpath("//body//figure[.//img][not(.//figure)][not(.//table)]"):
        box = figure
        while (parent := box.getparent()) is not None and parent.tag == "div" and _holds_only(parent, box):
            box = parent
        caption = " ".join(" ".join(str(t) for t in figure.xpath(".//figcaption//text()")).split())
        pictures = figure.xpath(".//picture[.//img] | .//img[not(ancestor::picture)]")
        figure.attrib.clear()
        figure.text = None
        figure[:] = pictures
        for picture in pictures:
            picture.tail = None
            for name in ("class", "id"):
                picture.attrib.pop(name, None)
        if caption and len(caption) <= MAX_CAPTION:
            figure.append(figure.makeelement("figcaption"))
            figure[-1].text = caption
        if box is not figure:
            figure.tail = box.tail
            box.getparent().replace(box, figure)


def _holds_only(parent: HtmlElement, child: HtmlElement) -> bool:
    return len(parent) == 1 and not (parent.text or "").strip() and not (child.tail or "").strip()
