"""What the window does about alerts: opens their list, counts what is unseen, and tells the desktop once a refresh."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QToolButton, QWidget

from desktop.core.rates import Pair
from desktop.store.alerts import EVENTS_SHOWN
from desktop.ui import icons
from desktop.ui.rates.ticker import Ticker
from desktop.ui.text import action_text
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.core.rates.alert_rules import AlertEvent, AlertRule
    from desktop.jobs.session import Session
    from desktop.ui.rates.alerts_window import AlertsWindow
    from desktop.ui.rates.commands import RatesCommands
    from desktop.ui.status_bar import StatusBar


class Badge(QToolButton):
    """How many alerts fired that nobody has looked at; hidden while there are none."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAutoRaise(True)
        self._tint()

    def show_count(self, unseen: int) -> None:
        more = "+" if unseen >= EVENTS_SHOWN else ""
        words = f"{count(unseen)}{more} alert{'' if unseen == 1 else 's'}"
        self.setText(action_text(words))
        self.setAccessibleName(f"{words} fired, not seen yet")
        self.setVisible(unseen > 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        self.setIcon(icons.icon("bell", self.palette()))


class AlertCommands(QObject):
    """Alerts in one window. The lists and the editor are made when they are wanted."""

    notified = Signal(str, str)  # title and text of a notification that was asked for

    def __init__(
        self,
        session: Session,
        ticker: Ticker,
        rates: RatesCommands,
        status: StatusBar,
        stack: QUndoStack,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._rates = rates
        self._status = status
        self._stack = stack
        self._window = window
        self._list: AlertsWindow | None = None
        self.badge = Badge(status)
        status.addPermanentWidget(self.badge)
        self.badge.clicked.connect(self.show_list)
        ticker.alert_requested.connect(self.add)
        session.alerts.changed.connect(self._count)
        session.alerts.fired.connect(self._on_fired)
        session.alerts.unheard.connect(self._on_unheard)
        self._count()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {"alerts": self.show_list, "alert_me": self.add_for_current}

    def show_list(self) -> AlertsWindow:
        """Open the list of alerts, or bring it to the front."""
        from desktop.ui.rates.alerts_window import AlertsWindow  # no window is needed to start

        if self._list is None:
            self._list = AlertsWindow(self._session, self._stack, self._window)
            self._list.add_requested.connect(self.add_for_current)
            self._list.finished.connect(self._on_closed)
        self._list.show()
        self._list.raise_()
        self._list.activateWindow()
        return self._list

    def add_for_current(self) -> None:
        """Make an alert; the pair at hand is filled in."""
        self.add(self._rates.pair, self._rates.source)

    def add(self, pair: Pair | None, source: str = "") -> None:
        """Make an alert on a pair, by the source that it is asked of."""
        from desktop.ui.rates.alert_editor import AlertEditor

        editor = AlertEditor(self._session, pair, self._list or self._window, source=source)
        editor.submitted.connect(self._on_submitted)
        editor.show()

    def _on_submitted(self, rule: AlertRule) -> None:
        from desktop.core.rates.alert_words import condition

        self._session.alerts.add(rule)
        name = self._session.provider_name
        self._status.say(f"Alert set: {rule.pair} {condition(rule, name)}")

    def _on_closed(self) -> None:
        self._list = None

    def _count(self) -> None:
        self.badge.show_count(self._session.reader.alerts.unseen())

    def _on_fired(self, events: tuple[AlertEvent, ...]) -> None:
        if not self._session.setting("alerts.notify", True):
            return
        from desktop.core.rates.alert_words import summary

        title, text = summary(events, self._session.today(), self._session.today())
        self.notified.emit(title, text)
        self._session.alerts.notify(title, text)

    def _on_unheard(self, title: str, text: str) -> None:
        from desktop.ui.tray import show_from_tray

        show_from_tray(self._window, title, text, self.show_list)
