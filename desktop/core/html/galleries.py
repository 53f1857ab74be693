"""Pictures that stand side by side: which figures of an article are a gallery."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from desktop.core.html.markup import Tag

MOST_TOKENS = 2_000  # of a figure that are looked at together; a larger one is no gallery
MOST_PICTURES = 120  # of one gallery; more are shown one below the other, so that their layout can pause
LEAST_NESTED = 2  # pictures in one figure
LEAST_IN_A_ROW = 3  # figures with nothing between them
_INSIDE = frozenset(["figure", "figcaption", "img", "a", "div", "ul", "li", "p", "picture", "source"])

Token = Tag | str


@dataclass(slots=True)
class Gallery:
    """Pictures without a text between them, and their captions; `tokens` is the markup that it was read from."""

    tokens: list[Token] = field(default_factory=list)
    pictures: list[Tag] = field(default_factory=list)
    captions: list[list[Token]] = field(default_factory=list)


def with_galleries(tokens: Iterable[Token]) -> Iterator[Token | Gallery]:
    """The same tokens, those of a gallery in one."""
    waiting = iter(tokens)
    held: Token | None = next(waiting, None)
    while held is not None:
        if not isinstance(held, Tag) or held.name != "figure" or held.closing:
            yield held
            held = next(waiting, None)
            continue
        row = _Row()
        while held is not None and row.takes(held):
            held = next(waiting, None)
        yield from row.read()


class _Row:
    """Figures that follow each other."""

    def __init__(self) -> None:
        self._figures: list[list[Token]] = [[]]
        self._depth = 0  # of open figures
        self._taken = 0

    def takes(self, token: Token) -> bool:
        """Takes what belongs to the row; the first token that does not ends it."""
        if self._taken >= MOST_TOKENS:
            return False
        is_figure = isinstance(token, Tag) and token.name == "figure"
        if not self._depth and not is_figure and (isinstance(token, Tag) or token.strip()):
            return False
        self._taken += 1
        self._figures[-1].append(token)
        if isinstance(token, Tag) and is_figure:
            self._depth = max(0, self._depth + (-1 if token.closing else 1))
            if not self._depth:
                self._figures.append([])
        return True

    def read(self) -> Iterator[Token | Gallery]:
        """The galleries of the row, and the tokens of what is none."""
        singles: list[list[Token]] = []
        for figure in self._figures:
            pictures = sum(isinstance(token, Tag) and token.name == "img" for token in figure)
            if pictures < LEAST_NESTED:
                singles.append(figure)
                continue
            yield from _read(singles, LEAST_IN_A_ROW)
            singles = []
            yield from _read([figure], LEAST_NESTED)
        yield from _read(singles, LEAST_IN_A_ROW)


def _read(figures: Sequence[Sequence[Token]], least: int) -> Iterator[Token | Gallery]:
    found = [token for figure in figures for token in figure]
    gallery = _gallery(found)
    if gallery is not None and len(gallery.pictures) >= least:
        yield gallery
    else:
        yield from found


def _gallery(found: list[Token]) -> Gallery | None:
    gallery = Gallery(found)
    caption: list[Token] | None = None
    depth = 0
    for token in found:
        if isinstance(token, Tag) and token.name == "figcaption":
            caption = None if token.closing else []
            if caption is not None:
                gallery.captions.append(caption)
        elif caption is not None:
            caption.append(token)
        elif isinstance(token, str):
            if token.strip():
                return None
        elif token.name not in _INSIDE:
            return None
        elif token.name == "img":
            gallery.pictures.append(token)
        elif token.name == "figure":
            depth += -1 if token.closing else 1
    return gallery if not depth and len(gallery.pictures) <= MOST_PICTURES else None


def columns(pictures: int) -> int:
    """How many pictures stand side by side."""
    return 2 if pictures in (2, 4) else 3
