"""A chart of a pair with its controls, its table and its export; can stand in any page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.rates import Pair
from desktop.core.rates.chart import BEGINNING, Line, Span, as_csv, plot
from desktop.core.rates.quote_routes import MAX_AGE_DAYS
from desktop.ui.empty_state import EmptyState
from desktop.ui.rates import chart_words as words
from desktop.ui.rates.chart import RateChart
from desktop.ui.rates.chart_controls import ChartControls
from desktop.ui.rates.chart_news import ChartNews
from desktop.ui.rates.chart_scene import Picture
from desktop.ui.text import plain_label, set_text
from desktop.ui.text_table import TextTable
from desktop.ui.theme import SPACE_S, Theme, tabular, tint
from desktop.ui.times import count

if TYPE_CHECKING:
    from datetime import date

    from desktop.jobs.progress import Progress
    from desktop.jobs.session import Session

_EMPTY = ("No history yet", "Nothing of this pair is stored for these days.")
_LOAD, _STOP = "Load history", "Stop loading"
YEARS = 5  # of history are loaded
_GATHER_MS = 50
_EXPORT_SIZE = QSize(960, 540)


class ChartPanel(QWidget):
    """Follows the store while it is open; reads no more than it shows."""

    pair_changed = Signal(object)  # Pair
    article_wanted = Signal(int)

    def __init__(self, session: Session, pair: Pair, parent: QWidget | None = None, source: str = "") -> None:
        super().__init__(parent)
        self._session = session
        self.pair = pair
        self.plot = plot((), session.today(), session.today())
        self.controls = ChartControls(session, pair, self, source)
        self.chart = RateChart(self)
        self.news = ChartNews(session, self.chart)
        self.table = TextTable("Rates of the chart", self)
        self.empty = EmptyState(self)
        self.reading = plain_label("", self)
        self.reading.setFont(tabular(self.font()))
        self.reading.setWordWrap(True)
        self.summary = plain_label("", self)
        self.summary.setWordWrap(True)
        self._load = QPushButton(_LOAD, self)
        self._load.setAutoDefault(False)
        self._stack = QStackedWidget(self)
        for page in (self.chart, self.table, self.empty):
            self._stack.addWidget(page)
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._soon.timeout.connect(self.reload)
        session.rates_changed.connect(self._soon.start)
        self.controls.changed.connect(self.reload)
        self.controls.table_wanted.connect(self._show_page)
        self.controls.flip_wanted.connect(self._flip)
        self.controls.export_wanted.connect(self.ask_where)
        self.chart.pointed.connect(self._on_pointed)
        self.news.found.connect(self._on_news)
        self.news.article_wanted.connect(self.article_wanted)
        self.empty.asked.connect(self._on_load)
        self._load.clicked.connect(self._on_load)
        session.history.progress_changed.connect(self._show_loading)
        self.reload()

    def show_pair(self, pair: Pair, source: str = "") -> None:
        """Show another pair by itself, by one source or by the best."""
        self.pair = pair
        self.controls.start(pair, source)
        self.pair_changed.emit(pair)
        self.reload()

    def reload(self) -> None:
        """Read the fixings anew and draw them."""
        last = self._session.today()
        first = max(self.controls.span.first(last), BEGINNING)
        lines = [self._line(pair, source, first, last) for pair, source in self.controls.series]
        spread = bool(self.controls.second)
        self.plot = plot(lines, first, last, percent=self.controls.percent, spread=spread)
        self.chart.show_picture(self._picture())
        self.news.follow(self.plot)
        self.chart.setAccessibleName(f"Chart of {', '.join(map(str, self.controls.pairs))}")
        line = self.reading.fontMetrics().lineSpacing()
        self.reading.setMinimumHeight(line * (2 if len(lines) > 2 else 1))  # the chart must not jump
        self._on_pointed(self.chart.day)
        tint(self.summary, Theme.of(self.palette()).muted)
        self._show_loading(self._session.history.progress)
        self._show_page()

    def picture_to_export(self) -> Picture:
        """The picture with the words that it needs outside the window."""
        sources = dict.fromkeys(p.source for line in self.plot.lines for p in line.points)
        credits = dict.fromkeys(self._session.provider_credit(source)[0] for source in sources)
        return replace(
            self._picture(),
            title=", ".join(map(str, dict.fromkeys(line.pair for line in self.plot.lines))),
            subtitle=words.summary(self.plot),
            credit="; ".join(filter(None, credits)),
        )

    def export(self, kind: str, path: str) -> None:
        """Write the chart as "png", "svg" or "csv"; what hinders is told in the window."""
        from desktop.ui.rates import chart_export as files

        try:
            if kind == "csv":
                data = as_csv(self.plot.lines, self.plot.first, self.plot.last).encode()
            else:
                make = files.png if kind == "png" else files.svg
                data = make(self.picture_to_export(), _EXPORT_SIZE, self.font(), Theme.of(self.palette()))
            files.save(path, data)
        except AppError as error:
            self._session.tell(error)

    def ask_where(self, kind: str) -> None:
        """Ask for a file name and export; "copy" puts the picture on the clipboard."""
        if kind == "copy":
            QGuiApplication.clipboard().setPixmap(self.chart.grab())
            return
        from desktop.ui.file_dialog import ask_file  # a chart is shown more often than it is exported

        proposed = f"{str(self.pair).replace('/', '-')} {self.controls.span.value}.{kind}"
        ask_file(self, "Export the chart", partial(self.export, kind), f"{kind.upper()} (*.{kind})", proposed)

    def _line(self, pair: Pair, source: str, first: date, last: date) -> Line:
        return Line(pair, source, tuple(self._session.series(pair, first, last, source)))

    def _picture(self) -> Picture:
        lines = self.plot.lines
        note = "Fixed by law" if len(lines) == 1 and lines[0].points[-1].is_peg else ""
        return Picture(
            self.plot, words.ends(self.plot), note, words.spread_name(self.plot), tuple(self.news.by_day)
        )

    def _show_page(self) -> None:
        self.controls.set_filled(bool(self.plot.lines))
        if not self.plot.lines:
            self._stack.setCurrentWidget(self.empty)
        elif self.controls.wants_table:
            self.table.show_rows(*words.table(self.plot, self._session.provider_name))
            self._stack.setCurrentWidget(self.table)
        else:
            self._stack.setCurrentWidget(self.chart)

    def _on_news(self) -> None:
        self.chart.show_picture(self._picture())
        self._on_pointed(self.chart.day)

    def _flip(self) -> None:
        self.show_pair(self.pair.inverse, self.controls.source)

    def _on_load(self) -> None:
        """Load what is missing of the pairs shown, or stop that; what has arrived is kept."""
        history = self._session.history
        if history.running:
            history.stop()
        else:
            history.start(self.controls.series, YEARS)

    def _show_loading(self, progress: Progress) -> None:
        """Offer to load where the history is shorter than what is asked for; say how far the loading is."""
        so_far = f"{_STOP} ({count(progress.done)} of {count(progress.total)})" if progress.total else _STOP
        words = so_far if progress.running else _LOAD
        self._load.setText(words)
        self._load.setVisible(bool(self.plot.lines) and (progress.running or self._is_short()))
        self.empty.say(*_EMPTY, words)

    def _is_short(self) -> bool:
        if len(self.plot.lines) < len(self.controls.series):
            return True  # nothing is stored of one of them
        last = self._session.today()
        wanted = max(self.controls.span.first(last), Span.FIVE_YEARS.first(last))
        return (self.plot.first - wanted).days > MAX_AGE_DAYS

    def _on_pointed(self, day: date | None) -> None:
        """Read the day under the crosshair, else the last one."""
        shown = self.plot.last if day is None else day
        said = words.reading_text(self.plot, shown, self._session.provider_name) if self.plot.lines else ""
        news = self.news.words(day)
        set_text(self.reading, said)
        set_text(self.summary, news or (words.summary(self.plot) if self.plot.lines else ""))
        said = f"{said}. {news}" if news else said
        self.chart.setAccessibleDescription(said)
        if day is not None and self.chart.hasFocus():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.chart, said))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.controls)
        layout.addWidget(self.reading)
        layout.addSpacing(SPACE_S)
        layout.addWidget(self._stack, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.summary, 1)
        foot.addWidget(self._load)
        layout.addLayout(foot)
