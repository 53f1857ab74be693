"""What the ticker shows, in one row, drawn once into a pixmap; the ticker then only moves the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap, QPolygonF

from desktop.core.rates import Pair, QuoteKind, RateAnswer
from desktop.core.rates.quotes import format_change, format_rate, trend
from desktop.ui.rows import fill
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, Theme, scaled
from desktop.ui.times import day

Day = date
DIGITS = 5
_ARROW_PX = 8
_MINUS = "\u2212"


class Trend(Enum):
    """Which way a rate moved since the previous distinct fixing, as the arrow shows it."""

    UP = 1
    DOWN = -1
    NONE = 0


class Entry(NamedTuple):
    """One pair in words: what is drawn and what is spoken."""

    answer: RateAnswer
    pair: Pair
    value: str
    change: str
    trend: Trend
    date: str  # shown beside the value only where it matters: stale, working offline, a newer number in doubt
    faded: bool
    spoken: str
    today: Day
    provider: Callable[[str], str]  # the name of a source

    @property
    def tooltip(self) -> str:
        """What is said under the pointer: made when it is asked for."""
        return _tooltip(self.answer, self.value, self.change, self.provider, self.today)


def entry(answer: RateAnswer, provider: Callable[[str], str], today: date, *, dated: bool = False) -> Entry:
    """The entry of an answer. `dated` asks for the fixing's date even where it is fresh."""
    value = "—" if answer.rate is None else format_rate(answer.rate, min(DIGITS, answer.digits or DIGITS))
    change = "" if answer.rate is None else format_change(answer)
    moved = Trend.NONE if answer.rate is None else Trend(trend(answer))
    when = "" if answer.valid_from is None else day(answer.valid_from, today)
    return Entry(
        answer=answer,
        pair=answer.pair,
        value=value,
        change=change,
        trend=moved,
        date=", ".join(_states(answer, when if answer.stale or dated else "")),
        faded=answer.stale,
        spoken=_spoken(answer, value, change, moved, when),
        today=today,
        provider=provider,
    )


class Strip:
    """The entries in a row. Lengths are in device-independent pixels; `width` is the length of one round."""

    def __init__(self, entries: Sequence[Entry], font: QFont, theme: Theme) -> None:
        self.entries = tuple(entries)
        self._theme = theme
        self._font = font
        self._bold = scaled(font, 1.0, bold=True)
        self._metrics = QFontMetricsF(self._font)
        self._bold_metrics = QFontMetricsF(self._bold)
        self._starts: list[int] = []
        end = 0
        for shown in self.entries:
            self._starts.append(end)
            end += self._entry_width(shown)
        self.width = end

    @property
    def height(self) -> int:
        """What the row needs, with room above and below."""
        return round(self._bold_metrics.height()) + 2 * SPACE_M

    def span(self, index: int) -> tuple[int, int]:
        """Where an entry starts and how wide it is."""
        start = self._starts[index]
        end = self._starts[index + 1] if index + 1 < len(self._starts) else self.width
        return start, end - start

    def index_at(self, x: float) -> int:
        """The entry under `x` (0 to width); -1 outside."""
        for index in range(len(self.entries)):
            start, width = self.span(index)
            if start <= x < start + width:
                return index
        return -1

    def render(self, height: int, device_pixel_ratio: float) -> QPixmap:
        """The row as a picture, sharp at `device_pixel_ratio`."""
        pixmap = QPixmap(
            max(1, round(self.width * device_pixel_ratio)), max(1, round(height * device_pixel_ratio))
        )
        pixmap.setDevicePixelRatio(device_pixel_ratio)
        pixmap.fill(self._theme.window)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, shown in enumerate(self.entries):
            start, width = self.span(index)
            self._draw(painter, shown, QRect(start, 0, width, height))
        painter.end()
        return pixmap

    @cached_property
    def _inks(self) -> dict[Trend, QColor]:
        """The colours of changes; that of none is the one of all quiet text."""
        theme = self._theme
        muted = theme.muted_on(theme.window, theme.text)
        return {Trend.UP: theme.up, Trend.DOWN: theme.down, Trend.NONE: muted}

    def _pieces(self, shown: Entry) -> list[tuple[str, QFont, QColor]]:
        muted, moved = self._inks[Trend.NONE], self._inks[shown.trend]
        strong = muted if shown.faded else self._theme.text
        pieces = [
            (str(shown.pair), self._font, muted),
            (shown.value, self._bold, strong),
            (shown.change, self._font, muted if shown.faded else moved),
            (shown.date, self._font, muted),
        ]
        return [piece for piece in pieces if piece[0]]

    def _entry_width(self, shown: Entry) -> int:
        width = 2.0 * SPACE_L - SPACE_M
        for text, font, _color in self._pieces(shown):
            width += self._advance(text, font) + SPACE_M
        if shown.trend is not Trend.NONE:
            width += _ARROW_PX + SPACE_S
        return round(width)

    def _advance(self, text: str, font: QFont) -> float:
        return (self._bold_metrics if font is self._bold else self._metrics).horizontalAdvance(text)

    def _draw(self, painter: QPainter, shown: Entry, rect: QRect) -> None:
        x = float(rect.left() + SPACE_L)
        for text, font, color in self._pieces(shown):
            if text == shown.change and shown.trend is not Trend.NONE:
                draw_arrow(painter, QRectF(x, rect.top(), _ARROW_PX, rect.height()), shown.trend, color)
                x += _ARROW_PX + SPACE_S
            width = self._advance(text, font)
            painter.setFont(font)
            painter.setPen(color)
            cell = QRectF(x, rect.top(), width + 1, rect.height())
            painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            x += width + SPACE_M
        self._draw_separator(painter, rect)

    def _draw_separator(self, painter: QPainter, rect: QRect) -> None:
        inset = rect.height() // 4
        line = QRect(rect.right(), rect.top() + inset, 1, rect.height() - 2 * inset)
        fill(painter, line, self._theme.separator)


def draw_arrow(painter: QPainter, cell: QRectF, trend: Trend, color: QColor) -> None:
    """A triangle in the middle of `cell`, up or down."""
    middle = cell.center().y()
    half = _ARROW_PX / 2
    tip = middle - half * 0.8 if trend is Trend.UP else middle + half * 0.8
    foot = middle + half * 0.8 if trend is Trend.UP else middle - half * 0.8
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    points = [QPointF(cell.left(), foot), QPointF(cell.right(), foot), QPointF(cell.center().x(), tip)]
    painter.drawPolygon(QPolygonF(points))


def _states(answer: RateAnswer, when: str) -> list[str]:
    return [text for text in (when, "a newer one is unconfirmed" if answer.unconfirmed else "") if text]


def _spoken(answer: RateAnswer, value: str, change: str, moved: Trend, when: str) -> str:
    if answer.rate is None:
        return f"{answer.pair} not known"
    amount = change.lstrip("+" + _MINUS)
    words = {Trend.UP: f"up {amount}", Trend.DOWN: f"down {amount}"}.get(
        moved, "" if change == "—" else change
    )
    parts = [
        f"{answer.pair} {value}",
        words,
        f"of {when}" if when else "",
        *_states(answer, "out of date" if answer.stale else ""),
    ]
    return ", ".join(part for part in parts if part)


def _tooltip(answer: RateAnswer, value: str, change: str, provider: Callable[[str], str], today: date) -> str:
    doubt = answer.unconfirmed
    said = f"Unconfirmed: {doubt.raw_nominal} {doubt.base} = {doubt.raw_value} {doubt.quote}" if doubt else ""
    if answer.rate is None:
        return said or f"{answer.pair}: no source has published this rate yet."
    lines = [f"1 {answer.pair.base} = {value} {answer.pair.quote}"]
    if answer.previous_from is not None and answer.change_percent is not None:
        lines.append(f"{change} since {day(answer.previous_from, today)}")
    elif answer.kind is QuoteKind.PEG:
        lines.append("Fixed by law")
    when = "" if answer.valid_from is None else day(answer.valid_from, today)
    lines.append(f"Valid from {when}" + (", out of date" if answer.stale else ""))
    if answer.source:
        lines.append(provider(answer.source))
    if doubt:
        lines.append(f"{said} from {day(doubt.valid_from, today)}")
    return "\n".join(lines)
