"""Turns the blocks of an article into what WordPress gives: for REST, feeds, excerpts and archives."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.demo.figures import Figure
from desktop.demo.posts import Post
from desktop.demo.writer import Writer, shape_of

_TYPOGRAPHY = str.maketrans(
    {
        "‘": "&#8216;",
        "’": "&#8217;",
        "“": "&#8220;",
        "”": "&#8221;",
        "–": "&#8211;",
        "—": "&#8212;",
        "…": "&#8230;",
    }
)
_EMOJI = re.compile("[\U0001f1e6-\U0001f1ff]{2}|[\U0001f300-\U0001faff]")
_TAG = re.compile(r"<[^>]+>")
_SHORTCODE = re.compile(r"\[/?(?:caption|gallery)[^\]]*\]")
_EMOJI_FOLDER = "https://s.w.org/images/core/emoji/14.0.0/72x72/"


@dataclass(frozen=True, slots=True)
class Rendered:
    """One article in its several forms; all are HTML but `teaser` and `words`."""

    rest: str
    feed: str
    words: str  # the first 55 words without markup
    teaser: str  # what a careless theme makes of the raw text: no markup, shortcodes left in, cut with dots
    text: str  # all of it, for searching
    featured: Figure | None


def render(writer: Writer, post: Post) -> Rendered:
    """All forms of an article."""
    blocks = writer.body(post)
    pictures = writer.pictures(post)
    shape = shape_of(post.id)
    rest = "\n".join(_gallery(pictures[2:], post.id) if block == "[gallery]" else block for block in blocks)
    feed = "\n".join(_bare_gallery(pictures[2:]) if block == "[gallery]" else block for block in blocks)
    text = plain(" ".join(blocks))
    words = _SHORTCODE.sub(" ", text).split()
    return Rendered(
        rest=f"{rest.translate(_TYPOGRAPHY)}\n",
        feed=f"{_EMOJI.sub(_emoji_image, feed).translate(_TYPOGRAPHY)}\n",
        words=" ".join(words[:55]),
        teaser=f"{text[:330].rsplit(' ', 1)[0]}...",
        text=text,
        featured=pictures[0] if shape.picture else None,
    )


def plain(markup: str) -> str:
    """The text of some HTML on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def title_html(title: str) -> str:
    """A title as REST and pages have it."""
    return html.escape(title, quote=False).replace("&amp;", "&#038;").translate(_TYPOGRAPHY)


def _gallery(pictures: Sequence[Figure], number: int) -> str:
    items = "".join(
        f"<figure class='gallery-item'>\n<div class='gallery-icon landscape'>\n"
        f"<a href='{picture.url}'>{picture.image('medium', 'attachment-medium size-medium')}</a>\n</div>"
        f"<figcaption class='wp-caption-text gallery-caption' id='gallery-1-{picture.media_id}'>\n"
        f"{html.escape(picture.caption, quote=False)}\n</figcaption></figure>"
        for picture in pictures
    )
    return (
        f"<div id='gallery-1' class='gallery galleryid-{number} gallery-columns-2 gallery-size-medium'>"
        f"{items}\n</div>"
    )


def _bare_gallery(pictures: Sequence[Figure]) -> str:
    """In feeds the pictures of a gallery lose their captions."""
    size, css = "medium", "attachment-medium size-medium"
    return "\n".join(f"<a href='{picture.url}'>{picture.image(size, css)}</a>" for picture in pictures)


def _emoji_image(match: re.Match[str]) -> str:
    code = "-".join(f"{ord(character):x}" for character in match[0])
    return (
        f'<img src="{_EMOJI_FOLDER}{code}.png" alt="{match[0]}" class="wp-smiley" '
        'style="height: 1em; max-height: 1em;" />'
    )
