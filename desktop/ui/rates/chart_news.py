"""News beside the chart: marks on the days on which articles name the money, and the way to read them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from desktop.core.models import ArticleQuery
from desktop.core.rates.chart import Plot
from desktop.core.rates.chart_news import Headline, beside, names, searchable, telling
from desktop.ui.rates.chart import RateChart
from desktop.ui.text import action_text
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.jobs.session import Session

_A_WORD = 60  # articles that are looked at for one word, the newest
_SHOWN = 12  # headlines in a menu


class ChartNews(QObject):
    """Looks for articles once the curves are painted, a word at a time, from the store only."""

    found = Signal()  # other marks than before
    article_wanted = Signal(int)

    def __init__(self, session: Session, chart: RateChart) -> None:
        super().__init__(chart)
        self._session = session
        self._chart = chart
        self._plot: Plot | None = None
        self._words: list[tuple[str, tuple[str, ...]]] = []  # to be looked for, and all of its currency
        self._headlines: list[Headline] = []
        self.by_day: dict[date, tuple[Headline, ...]] = {}
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._look)
        chart.entered.connect(self._offer)
        session.lens_changed.connect(self._look_again)

    def follow(self, plot: Plot) -> None:
        """Look for the news of another plot."""
        self._plot = plot
        self._headlines = []
        lexicon = self._session.lexicon()
        codes = dict.fromkeys(code for line in plot.lines for code in telling(line.pair))
        spoken = [searchable(lexicon.spoken(code)) for code in codes]
        self._words = [(word, words) for words in spoken for word in words]
        self._place()
        self._next.start()

    def _look_again(self) -> None:
        if self._plot is not None:
            self.follow(self._plot)

    def words(self, day: date | None) -> str:
        """What the news of a day are, in a line: the first headline, and how many more."""
        headlines = self.by_day.get(day, ()) if day is not None else ()
        if not headlines:
            return ""
        more = f" and {count(len(headlines) - 1)} more" if len(headlines) > 1 else ""
        return f"News: “{headlines[0].title}”{more} (Enter to read)"

    def _look(self) -> None:
        if not self._words:
            return
        word, words = self._words.pop(0)
        # In quotes and closed: the whole word and no beginning of another.
        rows = self._session.reader.articles.page(
            ArticleQuery(words=f'"{word}"', country=self._session.lens), limit=_A_WORD
        )
        self._headlines += [
            Headline(row.id, row.sort_at.astimezone().date(), row.title)
            for row in rows
            if names(f"{row.title} {row.excerpt}", words)
        ]
        self._place()
        self._next.start()

    def _place(self) -> None:
        plot = self._plot
        days = () if plot is None else plot.days
        placed = beside(days, self._headlines)
        if placed != self.by_day:
            self.by_day = placed
            self.found.emit()

    def _offer(self, day: date) -> None:
        """Open the only article of a day, or let one be chosen of several."""
        headlines = self.by_day.get(day, ())
        if len(headlines) == 1:
            self.article_wanted.emit(headlines[0].article_id)
        elif headlines:
            menu = QMenu(self._chart)
            for headline in headlines[:_SHOWN]:
                menu.addAction(action_text(headline.title)).setData(headline.article_id)
            menu.triggered.connect(self._on_chosen)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self._chart.mapToGlobal(self._chart.rect().center()))

    def _on_chosen(self, action: QAction) -> None:
        self.article_wanted.emit(int(action.data()))
