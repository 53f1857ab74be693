"""Shortcodes that a WordPress site left in its text: captions become figures, the rest becomes links or goes.

Ordinary brackets such as "[sic]" stay. Attributes come in straight quotes, in curly ones, or as entities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from desktop.core.html.markup import escape, strip_tags

_QUOTE = r"(?:[\"'“”„″«»‘’]|&(?:quot|ldquo|rdquo|\#0?34|\#822[01]|\#8243|\#8216|\#8217|\#0?39|\#x22);)"
_ATTRIBUTE = re.compile(
    rf"([A-Za-z][\w-]{{0,60}})\s*=\s*"
    rf"(?:{_QUOTE}([^\]<>]{{0,2000}}?){_QUOTE}|([^\s\]\"'<>&]{{1,300}}))"
)
_INSIDE = r"(?:[^\[\]<>\"]|\"[^\"<>\[]{0,2000}\")"
_KNOWN = (
    r"caption|wp_caption|gallery|playlist|audio|video|embed|et_pb_\w+|vc_\w+|fusion_\w+|av_\w+|su_\w+|tdc?_\w+|mk_\w+"
    r"|contact-form-7|wpforms|ninja_forms?|gravityform|adrotate|the_ad(?:_\w+)?|rev_slider|ngg\w*|metaslider|tribe_\w+"
    r"|elementor-template|jetpack_\w+|googlemaps|youtube|vimeo|soundcloud|instagram|twitter|tweet|facebook|smartslider3"
)
_TAG = re.compile(
    rf"\[(?P<end>/?)(?P<name>{_KNOWN})(?P<rest>(?:[\s/=]{_INSIDE}{{0,3000}}+)?)\]", re.IGNORECASE
)
# Not known by name, but nobody writes [name key="value"] in a sentence.
_UNKNOWN = re.compile(
    rf"\[(?P<name>[a-z][\w-]{{1,40}})(?:\s+[a-z][\w-]{{0,40}}\s*=\s*{_QUOTE}[^\]\[<>]{{0,2000}}?{_QUOTE})"
    r"[^\]\[<>]{0,500}\]",
    re.IGNORECASE,
)
# Cut in the middle by an excerpt.
_CUT = re.compile(
    rf"\[/?(?:(?:wp_)?caption\s|(?:{_KNOWN})\s[^\[\]<>=]{{0,200}}=)[^\[\]<>]{{0,2000}}+"
    r"(?=<|\Z|\[(?:&hellip;|&\#8230;|…|\.\.\.)\])",
    re.IGNORECASE,
)
_CUT_END = re.compile(r"\[/(?:wp_)?caption[^\]\w<]{0,5}(?=<|\Z)", re.IGNORECASE)
_ESCAPED_PAIR = re.compile(
    rf"\[\[((?P<name>{_KNOWN})(?:\s{_INSIDE}{{0,500}}+)?)\](?P<inside>[^\[\]]{{0,2000}})\[/(?P=name)\]\]",
    re.IGNORECASE,
)
_ESCAPED = re.compile(rf"\[\[(/?(?:{_KNOWN})(?:[\s/]{_INSIDE}{{0,500}}+)?)\]\]", re.IGNORECASE)
_END = re.compile(r"\[/([a-z][\w-]{1,40})\]", re.IGNORECASE)
_PLAIN_WORDS = "caption audio video embed youtube vimeo soundcloud instagram twitter tweet facebook"
_WORDS = frozenset(_PLAIN_WORDS.split())
_MOST_BRACKETS = 20_000  # more are no text of anybody's
_CODE = re.compile(r"<(pre|code|textarea|script|style)\b", re.IGNORECASE)
_IMAGE = re.compile(
    r"^(?:\s|<p\b[^>]{0,300}>|<br\s*/?>)*((?:<a\b[^>]{0,4000}>\s*)?<img\b[^>]{0,20000}>\s*(?:</a>)?)",
    re.IGNORECASE,
)
_PARAGRAPHS = re.compile(r"</?(?:p|div)\b[^>]{0,300}>", re.IGNORECASE)
_BLOCK_END = re.compile(r"</p>|</div>|<p\b|<h[1-6]\b|\n\s*\n|\[(?:wp_)?caption\b", re.IGNORECASE)
_LONGEST_CAPTION = 5000
_MEDIA_KEYS = ("src", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "ogv", "flv", "url")


def without_shortcodes(html: str) -> str:
    """HTML without shortcodes; code samples are left as they are. Never raises, linear time."""
    if not 0 < html.count("[") <= _MOST_BRACKETS:
        return html
    parts: list[str] = []
    position = 0
    lower = html.lower()
    while (code := _CODE.search(html, position)) is not None:
        end = lower.find(f"</{code[1].lower()}", code.end())
        if end < 0 or len(lower) != len(html):
            break
        parts += [_expanded(html[position : code.start()]), html[code.start() : end]]
        position = end
    parts.append(_expanded(html[position:]))
    return "".join(parts)


def attributes(text: str) -> dict[str, str]:
    """The attributes of a shortcode, names in small letters."""
    return {found[1].lower(): (found[2] or found[3] or "").strip() for found in _ATTRIBUTE.finditer(text)}


def _expanded(html: str) -> str:
    if "[" not in html:
        return html
    html = _ESCAPED_PAIR.sub(
        lambda found: f"&#91;{found[1]}&#93;{found['inside']}&#91;/{found['name']}&#93;", html
    )
    html = _ESCAPED.sub(r"&#91;\1&#93;", html)
    out: list[str] = []
    position = 0
    while (tag := _TAG.search(html, position)) is not None:
        out.append(html[position : tag.start()])
        replacement, position = _replaced(html, tag)
        out.append(replacement)
    out.append(html[position:])
    return _CUT_END.sub("", _CUT.sub("", _without_unknown("".join(out))))


def _without_unknown(html: str) -> str:
    names = {found["name"].lower() for found in _UNKNOWN.finditer(html)}
    if not names:
        return html
    html = _UNKNOWN.sub("", html)
    return _END.sub(lambda found: "" if found[1].lower() in names else found[0], html)


def _replaced(html: str, tag: re.Match[str]) -> tuple[str, int]:
    """What stands for a shortcode, and where the text goes on."""
    name = tag["name"].lower()
    if tag["end"]:
        return "", tag.end()
    if (
        name in _WORDS
        and not tag["rest"].strip()
        and html.find(f"[/{name}]", tag.end(), tag.end() + 5000) < 0
    ):
        return tag[0], tag.end()  # "[video]" in a sentence
    if name in ("caption", "wp_caption"):
        return _caption(html, tag)
    if name == "embed":
        return _embed(html, tag)
    if name in ("audio", "video"):
        return _media(name, attributes(tag["rest"])), tag.end()
    return "", tag.end()


def _caption(html: str, tag: re.Match[str]) -> tuple[str, int]:
    given = attributes(tag["rest"])
    close = _closing(html, tag)
    if close >= 0:
        inside, end = html[tag.end() : close], html.index("]", close) + 1
    else:
        inside, end = _open_caption(html, tag.end())
    image = _IMAGE.match(inside)
    if image is None:
        # The picture is gone. Without an end tag nobody can tell the caption from the text behind it.
        words = given.get("caption", "") or (_words(inside) if close >= 0 else "")
        if "<img" in inside.lower():
            return inside + _figure("", given.get("caption", "")), end
        return (_figure("", words), end) if close >= 0 else ("", tag.end())
    words = _words(inside[image.end() :]) or given.get("caption", "")
    return _figure(image[1], words), end


def _closing(html: str, tag: re.Match[str]) -> int:
    """Where the end tag of a caption begins; -1 when it has none before the next caption."""
    limit = tag.end() + _LONGEST_CAPTION
    close = html.find(f"[/{tag['name']}]", tag.end(), limit)
    again = html.find(f"[{tag['name']} ", tag.end(), close if close >= 0 else limit)
    return -1 if again >= 0 else close


def _open_caption(html: str, start: int) -> tuple[str, int]:
    """A caption that is not ended: with its picture it goes on to the end of its paragraph."""
    part = html[start : start + _LONGEST_CAPTION]
    image = _IMAGE.match(part)
    if image is None:
        return "", start
    block_end = _BLOCK_END.search(part, image.end())
    length = block_end.start() if block_end else len(part)
    return part[:length], start + length


def _words(inside: str) -> str:
    return _PARAGRAPHS.sub(" ", inside).strip()


def _figure(image: str, words: str) -> str:
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f"<figure>{image}{caption}</figure>" if image or caption else ""


def _embed(html: str, tag: re.Match[str]) -> tuple[str, int]:
    close = html.find("[/embed]", tag.end(), tag.end() + 2500)
    inside = html[tag.end() : close] if close >= 0 else ""
    address = strip_tags(inside).strip() or attributes(tag["rest"]).get("src", "")
    end = close + len("[/embed]") if close >= 0 else tag.end()
    if not address or any(letter.isspace() for letter in address):
        return inside, end
    return f"<figure>{escape(address)}</figure>", end


def _media(name: str, given: Mapping[str, str]) -> str:
    for key in _MEDIA_KEYS:
        if given.get(key):
            return f'<{name} src="{given[key]}"></{name}>'
    return ""
