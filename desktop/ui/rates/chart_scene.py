"""A chart of rates as a drawing: axes, curves, line ends, spread. The same for the window, PNG and SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from desktop.core.rates.chart import Plot, Value
from desktop.core.rates.chart_axes import Unit, date_ticks, runs, set_apart, steps, thin, value_ticks
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Theme, legible, scaled, tabular
from desktop.ui.times import day, month

MOST_CURVES = 6
_SPREAD_SHARE = 0.24  # of the height
_MARK_PX = 7
_TICK_PX = 52  # between two values
# Okabe and Ito's colours that all kinds of colour vision tell apart; each has a dash of its own as well.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
_ON_DARK = ("#56b4e9", "#f0894a", "#3fc79b", "#e3a3c6", "#8fb8ff", "#f0c04a")
_DASHES: tuple[tuple[float, ...], ...] = ((), (7, 2), (2, 2), (9, 3, 2, 3), (12, 4), (4, 2, 1, 2, 1, 2))
_SHAPE_CONTRAST = 3.0


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn: the plot, and for every curve the words at its end."""

    plot: Plot
    ends: tuple[str, ...]
    note: str = ""  # on the only curve, where it is a straight line: why it is
    spread: str = ""  # what the spread is of
    marks: tuple[date, ...] = ()  # days with news
    title: str = ""  # these three stand on exported pictures only
    subtitle: str = ""
    credit: str = ""


class Scale:
    """Days and values to pixels, both linear. A day is as wide as any other; `x` is where it begins."""

    def __init__(self, area: QRectF, first: date, last: date, ticks: Sequence[Decimal]) -> None:
        self.area = area
        self.ticks = tuple(ticks)
        self._first = first.toordinal()
        self._days = last.toordinal() - self._first + 1
        self._low, self._high = float(ticks[0]), float(ticks[-1])

    def x(self, when: date) -> float:
        return self.area.left() + self.area.width() * (when.toordinal() - self._first) / self._days

    def y(self, value: Decimal) -> float:
        return self.area.bottom() - self.area.height() * (float(value) - self._low) / (self._high - self._low)

    def middle(self, when: date) -> float:
        return self.x(when) + self.area.width() / self._days / 2

    def day_at(self, x: float) -> date:
        """The day under a place, within the axis."""
        share = (x - self.area.left()) / max(1.0, self.area.width())
        return date.fromordinal(self._first + min(max(int(share * self._days), 0), self._days - 1))


class Scene:
    """A picture laid out at a size in device-independent pixels."""

    def __init__(self, picture: Picture, size: QSizeF, font: QFont, theme: Theme) -> None:
        self.picture = picture
        self._size = size
        self._theme = theme
        self._font = tabular(font)
        self._bold = scaled(self._font, 1.0, bold=True)
        self._metrics = QFontMetricsF(self._font)
        self.main, self.spread = self._scales()
        self._date_cells: list[QRectF] = []

    def draw(self, painter: QPainter) -> None:
        """Everything but the crosshair."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(QPointF(0, 0), self._size), self._theme.base)
        self._draw_heading(painter)
        self._draw_dates(painter)
        self._draw_values(painter, self.main, percent=self.picture.plot.base is not None)
        if self.spread is not None:
            self._draw_values(painter, self.spread, percent=True)
            self._draw_spread(painter, self.spread)
        for at, curve in enumerate(self.picture.plot.curves):
            self._draw_curve(painter, curve, self.main, self._pen(at))
        self._draw_marks(painter)
        self._draw_ends(painter)
        if self.picture.note:
            self._draw_note(painter)

    def draw_crosshair(self, painter: QPainter, when: date) -> None:
        """A line on a day, a ring where it meets each curve, and the day on the axis."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = round(self.main.middle(when)) + 0.5
        bottom = (self.spread or self.main).area.bottom()
        painter.setPen(QPen(self._theme.muted, 1))
        painter.drawLine(QPointF(x, self.main.area.top()), QPointF(x, bottom))
        for at, curve in enumerate(self.picture.plot.curves):
            value = in_force(curve, when)
            if value is not None:
                painter.setPen(QPen(self.colour(at), 2))
                painter.setBrush(self._theme.base)
                painter.drawEllipse(QPointF(x, self.main.y(value)), 4, 4)
        self._draw_chip(painter, x, bottom, f"{day(when)} {when.year}")

    def colour(self, at: int) -> QColor:
        """The colour of a curve, legible on the background."""
        colour = QColor((_ON_DARK if self._theme.is_dark else _COLOURS)[at % MOST_CURVES])
        return legible(colour, self._theme.base, 4.5 if self._theme.high_contrast else _SHAPE_CONTRAST)

    def _scales(self) -> tuple[Scale, Scale | None]:
        plot = self.picture.plot
        line = self._metrics.height()
        top = SPACE_M + line / 2
        if self.picture.title:
            top += 3 * line + SPACE_L
        bottom = self._size.height() - line - SPACE_L
        if self.picture.credit:
            bottom -= line + SPACE_M
        share = _SPREAD_SHARE if plot.spread else 0.0
        height = max(40.0, (bottom - top) * (1 - share) - (SPACE_XL if share else 0))
        low, high = plot.extremes or (Decimal(0), Decimal(1))
        fewest = 5 if height > 5 * line else 4
        ticks = value_ticks(low, high, max(fewest, int(height / _TICK_PX) + 1))
        apart = [value.value for value in plot.spread]
        below = value_ticks(min([*apart, Decimal(0)]), max([*apart, Decimal(0)]), 4) if apart else []
        texts = [tick_text(tick, ticks, percent=plot.base is not None) for tick in ticks]
        texts += [tick_text(tick, below, percent=True) for tick in below]
        left = SPACE_M + max(self._metrics.horizontalAdvance(text) for text in texts) + SPACE_M
        ends = max(
            (QFontMetricsF(self._bold).horizontalAdvance(text) for text in self.picture.ends), default=0
        )
        width = max(60.0, self._size.width() - left - ends - SPACE_M - SPACE_L)
        main = Scale(QRectF(left, top, width, height), plot.first, plot.last, ticks)
        if not apart:
            return main, None
        begin = top + height + SPACE_XL
        return main, Scale(
            QRectF(left, begin, width, max(20.0, bottom - begin)), plot.first, plot.last, below
        )

    def _draw_heading(self, painter: QPainter) -> None:
        picture, line = self.picture, self._metrics.height()
        width = self._size.width() - 2 * SPACE_L
        rows = (
            (picture.title, scaled(self._font, 1.3, bold=True), self._theme.text, SPACE_L, 1.5 * line),
            (picture.subtitle, self._font, self._theme.muted, SPACE_L + 1.5 * line, line),
            (picture.credit, self._font, self._theme.muted, self._size.height() - line - SPACE_M, line),
        )
        for text, font, colour, top, height in rows:
            painter.setFont(font)
            painter.setPen(colour)
            short = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(SPACE_L, top, width, height), Qt.AlignmentFlag.AlignVCenter, short)

    def _draw_values(self, painter: QPainter, scale: Scale, *, percent: bool) -> None:
        painter.setFont(self._font)
        area, line = scale.area, self._metrics.height()
        for tick in scale.ticks:
            y = round(scale.y(tick)) + 0.5
            strong = percent and tick == 0
            painter.setPen(QPen(self._theme.muted if strong else self._theme.separator, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(self._theme.muted)
            cell = QRectF(0, y - line / 2, area.left() - SPACE_M, line)
            text = tick_text(tick, scale.ticks, percent=percent)
            painter.drawText(cell, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _draw_dates(self, painter: QPainter) -> None:
        area = self.main.area
        bottom = (self.spread or self.main).area.bottom()
        widest = self._metrics.horizontalAdvance("30 Sep 2026") + SPACE_L
        plot = self.picture.plot
        unit, ticks = date_ticks(plot.first, plot.last, max(2, int(area.width() / widest)))
        line = self._metrics.height()
        for at, when in enumerate(ticks):
            x = round(self.main.x(when)) + 0.5
            painter.setPen(QPen(self._theme.panel, 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, bottom))
            painter.setPen(QPen(self._theme.separator, 1))
            painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + SPACE_S))
            text, strong = date_text(when, unit, ticks[at - 1] if at else None)
            painter.setFont(self._bold if strong else self._font)
            painter.setPen(self._theme.text if strong else self._theme.muted)
            cell = QRectF(x - widest / 2, bottom + SPACE_S, widest, line + SPACE_S)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
            self._date_cells.append(painter.boundingRect(cell, Qt.AlignmentFlag.AlignCenter, text))

    def _draw_curve(self, painter: QPainter, curve: Sequence[Value], scale: Scale, pen: QPen) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for run in runs(curve, self.picture.plot.last):
            places = thin([(scale.x(value.day), scale.y(value.value)) for value in run.values])
            corners = steps(places, scale.x(run.end))
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in corners]))

    def _draw_spread(self, painter: QPainter, scale: Scale) -> None:
        pen = QPen(self._theme.text, 1.2)
        self._draw_curve(painter, self.picture.plot.spread, scale, pen)
        painter.setFont(self._font)
        painter.setPen(self._theme.muted)
        above = QRectF(
            scale.area.left(),
            scale.area.top() - self._metrics.height() - SPACE_S,
            scale.area.width(),
            self._metrics.height(),
        )
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, self.picture.spread)

    def _draw_ends(self, painter: QPainter) -> None:
        plot, line = self.picture.plot, self._metrics.height()
        painter.setFont(self._bold)
        shown = [at for at, curve in enumerate(plot.curves) if curve]
        wanted = [self.main.y(plot.curves[at][-1].value) for at in shown]
        places = set_apart(wanted, line, self.main.area.top(), self.main.area.bottom())
        for at, y in zip(shown, places, strict=True):
            painter.setPen(legible(self.colour(at), self._theme.base))
            cell = QRectF(self.main.area.right() + SPACE_M, y - line / 2, self._size.width(), line)
            painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter, self.picture.ends[at])

    def _draw_marks(self, painter: QPainter) -> None:
        """A flag of its own shape on the axis for each day with news."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.muted)
        foot = self.main.area.bottom()
        for when in self.picture.marks:
            x = self.main.middle(when)
            corners = (
                QPointF(x, foot - _MARK_PX),
                QPointF(x + _MARK_PX / 2, foot),
                QPointF(x - _MARK_PX / 2, foot),
            )
            painter.drawPolygon(QPolygonF(corners))

    def _draw_note(self, painter: QPainter) -> None:
        area, line = self.main.area, self._metrics.height()
        y = self.main.y(self.picture.plot.curves[0][-1].value)
        painter.setFont(self._font)
        painter.setPen(self._theme.muted)
        cell = QRectF(area.left() + SPACE_M, y - line - SPACE_S, area.width(), line)
        painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter, self.picture.note)

    def _draw_chip(self, painter: QPainter, x: float, bottom: float, text: str) -> None:
        width = self._metrics.horizontalAdvance(text) + 2 * SPACE_M
        left = min(max(0.0, x - width / 2), self._size.width() - width)
        chip = QRectF(left, bottom + SPACE_S, width, self._metrics.height() + SPACE_S)
        for cell in self._date_cells:  # no half a word beside it
            if cell.adjusted(-SPACE_S, 0, SPACE_S, 0).intersects(chip):
                painter.fillRect(cell, self._theme.base)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.text)
        painter.drawRoundedRect(chip, SPACE_S, SPACE_S)
        painter.setFont(self._font)
        painter.setPen(self._theme.base)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    def _pen(self, at: int) -> QPen:
        pen = QPen(self.colour(at), 1.8)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if _DASHES[at % MOST_CURVES]:
            pen.setDashPattern(_DASHES[at % MOST_CURVES])
        return pen


def in_force(curve: Sequence[Value], when: date) -> Decimal | None:
    """The value of a curve on a day; None before it begins and in a gap."""
    found = next((value for value in reversed(curve) if value.day <= when), None)
    return None if found is None or (when - found.day).days > found.days else found.value


def tick_text(tick: Decimal, ticks: Sequence[Decimal], *, percent: bool) -> str:
    """A value of the axis, with as many decimals as its step needs: "470", "0.0021", "+2 %", "0 %"."""
    step = (ticks[1] - ticks[0]).normalize()
    decimals = max(0, -int(step.as_tuple().exponent))
    text = f"{abs(tick):,.{decimals}f}".replace(",", "\u202f")
    sign = "\u2212" if tick < 0 else "+" if percent and tick > 0 else ""
    return f"{sign}{text}{' %' if percent else ''}"


def date_text(when: date, unit: Unit, before: date | None) -> tuple[str, bool]:
    """A mark of the date axis, and whether it is a strong one: the first of its year says which year it is."""
    begins = before is None or before.year != when.year
    if unit is Unit.YEAR:
        return str(when.year), False
    if unit is Unit.MONTH:
        strong = begins and when.month == 1
        return (
            str(when.year) if strong else month(when) if not begins else f"{month(when)} {when.year}"
        ), strong
    return (f"{day(when)} {when.year}" if begins else day(when)), False
