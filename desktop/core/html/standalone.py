"""A kept article as one HTML file with its pictures inside: it opens anywhere and asks nobody for anything."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Sequence

from desktop.core.html.markup import VOID, Tag, escape, start_tag, tokens
from desktop.core.models import Article
from desktop.core.text import plain

Picture = Callable[[str], tuple[str, bytes] | None]  # the format and the bytes of a picture, by its key

_HEAD = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 42em; margin: 2em auto; padding: 0 1em; font: 1.1em/1.55 Georgia, "Noto Serif", serif; }}
h1, h2, h3, h4, h5, h6 {{ line-height: 1.2; }}
img {{ max-width: 100%; height: auto; }}
figure {{ margin: 1.5em 0; }}
figcaption, caption, footer, .meta {{ font-size: .85em; opacity: .75; }}
blockquote {{ margin-left: 0; padding-left: 1em; border-left: 3px solid; }}
pre {{ overflow-x: auto; }}
table {{ display: block; overflow-x: auto; border-collapse: collapse; }}
th, td {{ padding: .3em .6em; border-bottom: 1px solid; text-align: start; }}
</style>
</head>
<body>
"""
_ARTICLE = """<{part}>
<h1 dir="auto">{title}</h1>
<p class="meta">{lines}</p>
<div dir="auto">{body}</div>
<footer><p>{address}</p></footer>
</{part}>
"""
_FOOT = "</body>\n</html>\n"


def standalone(article: Article, lines: Sequence[str], picture: Picture) -> str:
    """The whole file. `lines` stand under the title; a picture that is not there is its alternative text."""
    title = plain(article.row.title) or "Untitled"
    return page_head(title, article.language) + page_part(article, lines, picture, "main") + page_foot()


def page_head(title: str, language: str = "") -> str:
    """What stands before the parts of a page."""
    return _HEAD.format(title=escape(title), language=html.escape(language.replace("_", "-")))


def page_part(article: Article, lines: Sequence[str], picture: Picture, part: str = "article") -> str:
    """An article of a page, in an element of the name `part`."""
    url = html.escape(article.row.url)
    return _ARTICLE.format(
        part=part,
        title=escape(plain(article.row.title) or "Untitled"),
        lines="<br>".join(escape(line) for line in lines if line),
        body="".join(_written(token, picture) for token in tokens(article.html)),
        address=f'<a href="{url}">{url}</a>' if url else "",
    )


def page_foot() -> str:
    """What stands after the parts of a page."""
    return _FOOT


def _written(token: Tag | str, picture: Picture) -> str:
    if isinstance(token, str):
        return token
    if token.name == "img":
        return _image(token, picture)
    if token.closing:
        return "" if token.name in VOID else f"</{token.name}>"
    attributes = dict(token.attributes) if token.raw else {}
    if token.name in _BLOCKS:
        attributes["dir"] = "auto"
    return start_tag(token.name, attributes)


_BLOCKS = frozenset(
    ["p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "td", "th", "figcaption", "caption", "dt", "dd"]
)


def _image(tag: Tag, picture: Picture) -> str:
    found = tag.attributes
    alt = found.get("alt", "")
    stored = picture(found.get("src", "").removeprefix("cache:"))
    if stored is None:
        return f"<em>[{escape(alt or 'picture not stored')}]</em>"
    kind, body = stored
    mime = "image/x-icon" if kind == "ico" else f"image/{kind}"
    data = f"data:{mime};base64,{base64.b64encode(body).decode('ascii')}"
    return start_tag("img", {"src": data, "alt": alt})
