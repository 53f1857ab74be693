"""The strip of pinned rates over the window: what it shows, and what click, keys and menu do with a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.rates import Pair, PinnedPair
from desktop.ui.rates.ticker_strip import Entry, Strip, entry
from desktop.ui.rates.ticker_view import TickerView
from desktop.ui.text import show_tooltip
from desktop.ui.theme import Theme

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.rates.pair_details import PairDetails

EMPTY_TEXT = "Pin a pair to see it here"
MOTION_SETTING = "ticker.motion"
_REBUILD_MS = 50  # the providers of one refresh report one after the other
_VERBS = (
    ("Flip", "flip"),
    ("Copy", "copy"),
    ("Unpin", "unpin"),
    ("Chart…", "chart"),
    ("Alert me…", "alert"),
    ("Details…", "details"),
)
_KEYS = {
    Qt.Key.Key_Return: "details",
    Qt.Key.Key_Enter: "details",
    Qt.Key.Key_F: "flip",
    Qt.Key.Key_G: "chart",
    Qt.Key.Key_Delete: "unpin",
}
_LOOKS = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)


def verb_of(event: QKeyEvent) -> str:
    """What a key does to the pair at hand, here as on the page of the rates; "" for nothing."""
    if event.matches(QKeySequence.StandardKey.Copy):
        return "copy"
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return ""
    return _KEYS.get(Qt.Key(event.key()), "")


class Ticker(TickerView):
    """The pinned pairs of the list that is chosen for it, read from the store only."""

    alert_requested = Signal(object, str)  # Pair, and the source that it is asked of
    chart_wanted = Signal(object, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.empty_text = EMPTY_TEXT
        self.motion_wanted = session.setting(MOTION_SETTING, True)
        self._sources: dict[Pair, str] = {}
        self._rebuild_soon = QTimer(self)
        self._rebuild_soon.setSingleShot(True)
        self._rebuild_soon.setInterval(_REBUILD_MS)
        self._rebuild_soon.timeout.connect(self.rebuild)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        session.rates_changed.connect(self._rebuild_soon.start)
        session.watchlists_changed.connect(self._rebuild_soon.start)
        session.lens_changed.connect(self._rebuild_soon.start)
        session.connection_changed.connect(self._on_connection_changed)
        self.rebuild()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs shown, in order."""
        return tuple(shown.pair for shown in self.strip.entries)

    @property
    def current_pair(self) -> Pair | None:
        """The pair that the keyboard stands on."""
        return self.pairs[self.current] if self.pairs else None

    def rebuild(self) -> None:
        """Reads the pairs and their rates from the store and lays them out anew."""
        pinned = self._session.reader.watchlists.pairs()
        if country := self._session.lens:
            from desktop.core.lens import is_of  # the lens is off at most starts

            pinned = [one for one in pinned if is_of(one.pair, country)]
        self.empty_text = f"No pinned pair is of {country}" if country else EMPTY_TEXT
        self._sources = {item.pair: item.source for item in pinned}
        entries = [self._entry(item) for item in pinned]
        self.show_strip(Strip(entries, self.font(), Theme.of(self.palette())))
        self._describe()

    def set_motion(self, wanted: bool) -> None:
        """The person's choice; the system's wish for reduced motion holds all the same."""
        self.motion_wanted = wanted
        self._settle()

    def step(self, by: int) -> None:
        """Moves the keyboard's place by `by` pairs, round the ends, and brings it into view."""
        if self.pairs:
            self.current = (self.current + by) % len(self.pairs)
            self.bring_into_view(self.current)
            self._describe()
            self.update()

    def show_details(self, pair: Pair, source: str = "") -> PairDetails:
        """Opens the details of a pair by a source ("": the best), without blocking the window."""
        from desktop.ui.rates.pair_details import PairDetails  # no dialog is needed to start

        details = PairDetails(self._session, pair, self.window(), source)
        details.alert_requested.connect(self.alert_requested)
        details.chart_wanted.connect(self.chart_wanted)
        details.show()
        return details

    def menu(self, pair: Pair) -> QMenu:
        """What can be done with a pair; the menu deletes itself when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, verb in _VERBS:
            menu.addAction(text).setData((verb, pair.base, pair.quote))
        menu.triggered.connect(self._on_menu)
        return menu

    def act(self, verb: str, pair: Pair) -> None:
        """Does one of flip, unpin, copy, chart, alert, details."""
        source = self._sources.get(pair, "")
        if verb == "flip":
            self._session.watchlists.flip(pair)
        elif verb == "unpin":
            self._session.watchlists.unpin(pair)
        elif verb == "copy":
            from desktop.ui.rates.pair_details import copy_pair

            copy_pair(self._session, pair, source)
        elif verb == "alert":
            self.alert_requested.emit(pair, source)
        elif verb == "chart":
            self.chart_wanted.emit(pair, source)
        else:
            self.show_details(pair, source)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.index_at(event.pos())
            text = self.strip.entries[index].tooltip if index >= 0 else ""
            show_tooltip(event.globalPos(), text, self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _LOOKS:
            self._rebuild_soon.start()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.step(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pair = self.current_pair
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in steps and pair is not None:
            self.step(steps[key])
        elif pair is not None and (verb := verb_of(event)):
            self.act(verb, pair)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.act("details", self.pairs[index])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.current if by_key and self.pairs else self.index_at(event.pos())
        if index >= 0:
            self.menu(self.pairs[index]).popup(event.globalPos())

    def _entry(self, pinned: PinnedPair) -> Entry:
        answer = self._session.rate(pinned.pair, pinned.source)
        dated = not self._session.connection.online
        return entry(answer, self._session.provider_name, self._session.today(), dated=dated)

    def _describe(self) -> None:
        """Tells a screen reader the pair at hand as the name and all pairs as the description."""
        entries = self.strip.entries
        if not entries:
            self.setAccessibleName("Rates")
            self.setAccessibleDescription(self.empty_text)
            return
        spoken = entries[self.current].spoken
        self.setAccessibleName(f"Rates, {self.current + 1} of {len(entries)}: {spoken}")
        self.setAccessibleDescription("; ".join(shown.spoken for shown in entries))

    def _on_connection_changed(self, _: object) -> None:
        self._rebuild_soon.start()

    def _on_menu(self, action: QAction) -> None:
        verb, base, quote = action.data()
        self.act(verb, Pair(base, quote))
