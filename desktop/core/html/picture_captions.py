"""Which caption stands under which picture of an article."""

from __future__ import annotations

from desktop.core.html.markup import tokens, unescape
from desktop.core.text import plain


def captions(kept: str) -> dict[str, str]:
    """The captions of kept HTML by the key of their picture: a caption is that of all pictures of its figure."""
    found: dict[str, str] = {}
    figures: list[list[str]] = []
    words: list[str] | None = None
    for token in tokens(kept):
        if isinstance(token, str):
            if words is not None:
                words.append(token)
        elif token.name == "figure":
            if not token.closing:
                figures.append([])
            elif figures:
                figures.pop()
        elif token.name == "img" and figures:
            figures[-1].append(token.attributes.get("src", "").removeprefix("cache:"))
        elif token.name == "figcaption" and not token.closing:
            words = []
        elif token.name == "figcaption" and words is not None:
            caption = plain(unescape("".join(words)))
            found.update((key, caption) for key in (figures[-1] if figures else ()) if caption)
            words = None
    return found
