"""The health of the sources: one line each, the broken, quiet and dead ones found, and what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QWidget,
)

from desktop.core.source_health import Condition
from desktop.ui import theme
from desktop.ui.sources.health_rows import HEADERS, NUMBERS, WORDS, about, row, sort_key
from desktop.ui.text import plain_label, set_text
from desktop.ui.text_table import TextTable
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.core.source_health import SourceHealth
    from desktop.jobs.session import Session

GATHER_MS = 200
_BY_STATE = HEADERS.index("State")
_TROUBLED = (Condition.DEAD, Condition.BROKEN, Condition.QUIET)
_FILTERS: tuple[tuple[str, tuple[Condition, ...]], ...] = (
    ("All", tuple(Condition)),
    ("In need of care", _TROUBLED),
    *((WORDS[one], (one,)) for one in (*_TROUBLED, Condition.PAUSED, Condition.ARCHIVED)),
)


class HealthWindow(QDialog):
    """Shows and asks; others act. It follows every change of the sources while it is open."""

    retry_wanted = Signal(int)  # the id of a source
    pause_wanted = Signal(int)
    remove_wanted = Signal(int)
    properties_wanted = Signal(int)
    offer_taken = Signal(int, str)  # and the address of the other feed

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._all: list[SourceHealth] = []
        self._shown: list[SourceHealth] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Health of the sources")
        self._filter = QComboBox(self)
        self._filter.addItems([name for name, _ in _FILTERS])
        self._filter.setAccessibleName("Which sources")
        self._order = QComboBox(self)
        self._order.addItems(HEADERS)
        self._order.setCurrentIndex(_BY_STATE)
        self._order.setAccessibleName("Sorted by")
        self._sum = plain_label("Looking…", self)
        self.table = TextTable("Sources and how they are", self)
        self._about = plain_label("", self)
        self._retry = QPushButton("&Try again", self)
        self._pause = QPushButton("&Pause", self)
        self._offer = QPushButton("&Use the feed found", self)
        self._properties = QPushButton("P&roperties…", self)
        self._remove = QPushButton("Re&move", self)
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._lay_out()
        self._connect()
        self._enable()
        self.look()

    @property
    def chosen(self) -> SourceHealth | None:
        """The source of the line that is chosen."""
        at = self.table.currentIndex().row()
        return self._shown[at] if 0 <= at < len(self._shown) else None

    def look(self) -> None:
        """Count again."""
        self._session.subscriptions.health(self._on_health, self)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_M)
        top.addWidget(self._filter)
        top.addWidget(self._sum, 1)
        top.addWidget(plain_label("Sorted by", self))
        top.addWidget(self._order)
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._order.setCurrentIndex)
        self.table.horizontalHeader().setMinimumSectionSize(4 * theme.SPACE_L)
        self._about.setWordWrap(True)
        self._about.setAccessibleName("About the chosen source")
        self._about.setMinimumHeight(4 * self.fontMetrics().height())
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bottom = QHBoxLayout()
        for button in (self._retry, self._pause, self._offer, self._properties, self._remove):
            button.setAutoDefault(False)
            bottom.addWidget(button)
        bottom.addStretch(1)
        close = QPushButton("&Close", self)
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        bottom.addWidget(close)
        layout = theme.window_column(self)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._about)
        layout.addLayout(bottom)
        self.resize(1120, 520)

    def _connect(self) -> None:
        self._filter.currentIndexChanged.connect(self._show)
        self._order.currentIndexChanged.connect(self._show)
        self.table.selectionModel().currentChanged.connect(self._enable)
        self._soon.timeout.connect(self.look)
        self._session.sources_changed.connect(self._soon.start)
        for button, act in (
            (self._retry, self.retry_wanted),
            (self._pause, self.pause_wanted),
            (self._remove, self.remove_wanted),
            (self._properties, self.properties_wanted),
        ):
            button.clicked.connect(lambda _=False, act=act: self._ask(act))
        self._offer.clicked.connect(self._take_offer)

    def _ask(self, act: Signal) -> None:
        if self.chosen is not None:
            act.emit(self.chosen.source.id)  # type: ignore[attr-defined]

    def _take_offer(self) -> None:
        if self.chosen is not None and self.chosen.source.state.offered:
            self.offer_taken.emit(self.chosen.source.id, self.chosen.source.state.offered)

    def _on_health(self, found: list[SourceHealth]) -> None:
        self._all = found
        self._show()

    def _show(self) -> None:
        kept = self.chosen.source.id if self.chosen else 0
        wanted = _FILTERS[self._filter.currentIndex()][1]
        now, interval = self._session.now(), self._session.setting("refresh.minutes", 30)
        column = self._order.currentIndex()
        self._shown = sorted(
            (each for each in self._all if each.condition in wanted),
            key=lambda each: sort_key(each, column, interval),
        )
        self.table.show_rows(HEADERS, [row(each, interval, now) for each in self._shown], NUMBERS)
        # A name and an error share what is left.
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        at = next((at for at, each in enumerate(self._shown) if each.source.id == kept), 0)
        if self._shown:
            self.table.setCurrentIndex(self.table.text_rows.index(at, 0))
        set_text(self._sum, self._words())
        self._enable()

    def _words(self) -> str:
        if not self._all:
            return "No sources yet: add one with File > Add source."
        numbers = {one: sum(each.condition is one for each in self._all) for one in _TROUBLED}
        troubled = ", ".join(f"{count(n)} {WORDS[one].lower()}" for one, n in numbers.items() if n)
        removed = sum(each.source.archived for each in self._all)
        followed = len(self._all) - removed
        sources = (
            f"{count(followed)} {'source' if followed == 1 else 'sources'}: {troubled or 'all are fine'}"
        )
        kept = f"{count(removed)} removed, with articles kept" if removed else ""
        return "; ".join(filter(None, (sources if followed else "", kept)))

    def _enable(self) -> None:
        chosen = self.chosen
        self._remove.setEnabled(chosen is not None)
        for button in (self._retry, self._pause, self._properties):
            button.setEnabled(chosen is not None and not chosen.source.archived)
        self._offer.setVisible(chosen is not None and bool(chosen.source.state.offered))
        self._pause.setText(
            "Res&ume"
            if chosen is not None and not chosen.source.enabled and not chosen.source.archived
            else "&Pause"
        )
        set_text(self._about, about(chosen, self._session.now()) if chosen else "")
