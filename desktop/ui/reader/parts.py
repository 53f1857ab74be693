"""What stands where in the document of an article: links, pictures, the places that links lead to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextBlock, QTextDocument, QTextFragment, QTextImageFormat

from desktop.core.html.display_tables import SCHEME as TABLE
from desktop.ui.links import link_label


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader is: the character at the view's top, its distance from the edge, the selection."""

    position: int
    offset: int
    anchor: int
    cursor: int


def blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    """The blocks in the order of the text."""
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def fragments(block: QTextBlock) -> Iterator[QTextFragment]:
    """The runs of one format in a block."""
    parts = block.begin()
    while not parts.atEnd():
        yield parts.fragment()
        parts += 1


def link_texts(document: QTextDocument, url: QUrl) -> list[str]:
    """What the links to `url` read; one empty text where none is found."""
    texts = ["".join(run) for block in blocks(document) for run in _links(block, url)]
    return texts or [""]


def blocks_with_pictures(document: QTextDocument, keys: Collection[str]) -> Iterator[tuple[int, int]]:
    """(position, length) of the blocks that show one of these pictures."""
    for block in blocks(document):
        if {QUrl(image.name()).path() for image in _images(block)} & set(keys):
            yield block.position(), block.length()


def images_between(document: QTextDocument, first: QTextBlock, bottom: float) -> Iterator[QTextImageFormat]:
    """The pictures from a block on, down to `bottom` in the document's own pixels."""
    layout = document.documentLayout()
    while first.isValid() and layout.blockBoundingRect(first).top() <= bottom:
        yield from _images(first)
        first = first.next()


def _images(block: QTextBlock) -> Iterator[QTextImageFormat]:
    for part in fragments(block):
        image = part.charFormat().toImageFormat()
        if image.isValid() and image.name():
            yield image


def link_words(url: QUrl) -> str:
    """What is said of a link before it is followed; "" for none."""
    if url.scheme() == TABLE:
        return "Opens the table in a window of its own"
    if url.hasFragment() and not url.scheme():
        return "A place in this article; Backspace leads back"
    return "" if url.isEmpty() else link_label(url.toString())


def position_of(document: QTextDocument, name: str) -> int | None:
    """Where the place `name` is, which a link of the article may lead to."""
    for block in blocks(document):
        for part in fragments(block):
            if name in part.charFormat().anchorNames():
                return block.position()
    return None


def _links(block: QTextBlock, url: QUrl) -> Iterator[list[str]]:
    """The texts of the links to `url` in a block; a link may change its font on the way."""
    run: list[str] = []
    for part in fragments(block):
        href = part.charFormat().anchorHref()
        if href and QUrl(href) == url:
            run.append(part.text())
        elif run:
            yield run
            run = []
    if run:
        yield run


def clean_text(text: str) -> str:
    """Copied text without the marks of pictures and without runs of empty lines."""
    lines = [line.replace("\ufffc", "").rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
