"""The alerts in one window: what is waited for and how it stands, and what fired, newest first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QUndoStack
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.rates.alert_rules import AlertEvent, AlertRule
from desktop.core.rates.alert_words import condition, detail, headline, now, standing
from desktop.store.alerts import FollowedAlert
from desktop.ui.empty_state import EmptyState
from desktop.ui.text import plain_label, set_text
from desktop.ui.theme import SPACE_M, SPACE_S, Theme, scaled, window_column
from desktop.ui.times import full
from desktop.ui.undo import Step

if TYPE_CHECKING:
    from desktop.jobs.session import Session

NOTHING = (
    "No alerts yet",
    "An alert tells you when a rate reaches a level, moves, or is published.",
    "Add an alert…",
)
QUIET = (
    "Nothing has fired yet",
    "What your alerts find stands here, also what happened while you were away.",
    "",
)
_ID = Qt.ItemDataRole.UserRole


class AlertsWindow(QDialog):
    """Follows the store while it is open. What is shown here counts as seen."""

    add_requested = Signal()

    def __init__(self, session: Session, stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stack = stack
        self._unseen: set[int] = set()  # what was new when the window came up stays bold while it is open
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle("Alerts")
        self._row = QSize(1, self.fontMetrics().height() + SPACE_M)
        self._make()
        self._lay_out()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show what the store has now, and take it for seen."""
        chosen = self._chosen_id()
        self._followed = {one.alert.id: one for one in self._session.reader.alerts.all()}
        lines = {number: self._alert_line(one) for number, one in self._followed.items()}
        self.alerts.clear()
        self.alerts.addTopLevelItems([*lines.values()])
        if chosen in lines:
            self.alerts.setCurrentItem(lines[chosen])
        self._above.setCurrentIndex(int(not self._followed))
        for part in (self._verbs, self._below):
            part.setVisible(bool(self._followed))
        self._show_events(self._session.reader.alerts.events())
        self._enable()

    def edit(self) -> None:
        """Change what the chosen alert waits for."""
        from desktop.ui.rates.alert_editor import AlertEditor

        chosen = self._chosen()
        if chosen is not None:
            editor = AlertEditor(self._session, None, self, rule=chosen.alert.rule)
            editor.setObjectName(str(chosen.alert.id))
            editor.submitted.connect(self._on_edited)
            editor.show()

    def toggle_pause(self) -> None:
        """Let the chosen alert rest, or follow it again."""
        chosen = self._chosen()
        if chosen is None:
            return
        alerts, number = self._session.alerts, chosen.alert.id
        do, undo = partial(alerts.pause, number), partial(alerts.resume, number)
        words = f"Alert on {chosen.alert.rule.pair} paused"
        if chosen.alert.paused:
            do, undo, words = undo, do, f"Alert on {chosen.alert.rule.pair} resumed"
        self._act(words, do, undo)

    def remove(self) -> None:
        """Remove the chosen alert at once; the message offers to take it back."""
        chosen = self._chosen()
        if chosen is not None:
            alerts, number = self._session.alerts, chosen.alert.id
            words = f"Alert on {chosen.alert.rule.pair} removed, with what it fired"
            self._act(words, partial(alerts.remove, number), partial(alerts.put_back, number))

    def undo(self) -> None:
        """Take the last act back."""
        self._stack.undo()
        self._say("")

    def _make(self) -> None:
        self.alerts = _tree(self, "Alerts", ("Pair", "Fires when it", "Now", "State"), stretch=1)
        self.fired = _tree(self, "What fired", ("What fired", "Rate", "Told"), stretch=0)
        self._none = EmptyState(self)
        self._none.say(*NOTHING)
        self._quiet = EmptyState(self)
        self._quiet.say(*QUIET)
        self._verbs = QWidget(self)
        self._add = _button(self, "&Add…")
        self._edit = _button(self, "&Edit…")
        self._pause = _button(self, "&Pause")
        self._remove = _button(self, "&Remove")
        self._close = _button(self, "&Close")
        self._undo = _button(self, "&Undo")
        self._said = plain_label("", self)
        self._said.setAccessibleName("Message")
        self._above, self._below = QStackedWidget(self), QStackedWidget(self)

    def _lay_out(self) -> None:
        for stacked, tree, empty in (
            (self._above, self.alerts, self._none),
            (self._below, self.fired, self._quiet),
        ):
            stacked.addWidget(tree)
            stacked.addWidget(empty)
        row = QHBoxLayout(self._verbs)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self._add, self._edit, self._pause, self._remove):
            row.addWidget(button)
        row.addStretch(1)
        above = QWidget(self)
        box = QVBoxLayout(above)
        box.setContentsMargins(0, 0, 0, SPACE_S)
        box.setSpacing(SPACE_M)
        box.addWidget(self._above, 1)
        box.addWidget(self._verbs)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.setChildrenCollapsible(False)
        split.addWidget(above)
        split.addWidget(self._below)
        split.setSizes([260, 260])
        foot = QHBoxLayout()
        foot.addWidget(self._said)
        foot.addWidget(self._undo)
        foot.addStretch(1)
        foot.addWidget(self._close)
        layout = window_column(self)
        layout.addWidget(split, 1)
        layout.addLayout(foot)
        self._undo.hide()
        self.resize(860, 600)

    def _connect(self) -> None:
        self._session.alerts.changed.connect(self.refresh)
        self._session.rates_changed.connect(self.refresh)
        self._add.clicked.connect(self.add_requested)
        self._none.asked.connect(self.add_requested)
        self._edit.clicked.connect(self.edit)
        self._pause.clicked.connect(self.toggle_pause)
        self._remove.clicked.connect(self.remove)
        self._undo.clicked.connect(self.undo)
        self._close.clicked.connect(self.close)
        self.alerts.itemSelectionChanged.connect(self._enable)
        self.alerts.itemActivated.connect(self.edit)
        self.alerts.customContextMenuRequested.connect(self._on_menu)
        self._shortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.remove, self.alerts)
        self._shortcut(QKeySequence(QKeySequence.StandardKey.Undo), self.undo, self)

    def _shortcut(self, keys: QKeySequence, slot: Callable[[], None], owner: QWidget) -> None:
        action = QAction(owner)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        owner.addAction(action)

    def _alert_line(self, one: FollowedAlert) -> QTreeWidgetItem:
        rule = one.alert.rule
        stands = now(self._session.rate(rule.pair, rule.source), self._session.today())
        state = "Paused" if one.alert.paused else standing(rule, one.state)
        line = QTreeWidgetItem([str(rule.pair), condition(rule, self._session.provider_name), stands, state])
        line.setData(0, _ID, one.alert.id)
        line.setSizeHint(1, self._row)
        if one.alert.paused:
            muted = Theme.of(self.palette()).muted
            for column in range(4):
                line.setForeground(column, muted)
        return line

    def _show_events(self, events: list[AlertEvent]) -> None:
        fresh = {event.id for event in events if not event.seen}
        self._unseen |= fresh
        self.fired.clear()
        self.fired.addTopLevelItems([self._event_line(event) for event in events])
        self._below.setCurrentIndex(int(not events))
        if fresh:
            self._session.alerts.mark_seen()

    def _event_line(self, event: AlertEvent) -> QTreeWidgetItem:
        told = event.fired_at.astimezone().date()
        words = headline(event, told, self._session.today())
        line = QTreeWidgetItem([words, detail(event), full(event.fired_at)])
        line.setSizeHint(0, self._row)
        theme = Theme.of(self.palette())
        if event.withdrawn:
            for column in range(3):
                line.setForeground(column, theme.muted)
        elif event.id in self._unseen:
            line.setFont(0, scaled(self.font(), 1.0, bold=True))
            line.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"New: {words}")
        return line

    def _chosen_id(self) -> int | None:
        line = self.alerts.currentItem()
        return None if line is None else int(line.data(0, _ID))

    def _chosen(self) -> FollowedAlert | None:
        number = self._chosen_id()
        return None if number is None else self._followed.get(number)

    def _enable(self) -> None:
        chosen = self._chosen()
        for button in (self._edit, self._pause, self._remove):
            button.setEnabled(chosen is not None)
        self._pause.setText("&Resume" if chosen is not None and chosen.alert.paused else "&Pause")

    def _act(self, words: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        self._stack.push(Step(words, do, undo))
        self._say(words)

    def _say(self, words: str) -> None:
        set_text(self._said, words)
        self._undo.setVisible(bool(words))

    def _on_edited(self, rule: AlertRule) -> None:
        number = int(self.sender().objectName())
        former = self._followed.get(number)
        if former is None or former.alert.rule == rule:
            return
        change = self._session.alerts.change
        words = f"Alert on {rule.pair} changed"
        self._act(words, partial(change, number, rule), partial(change, number, former.alert.rule))

    def _on_menu(self, where: QPoint) -> None:
        if self._chosen() is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Edit…", self.edit)
        menu.addAction(self._pause.text(), self.toggle_pause)
        menu.addAction("Remove", self.remove)
        menu.popup(self.alerts.viewport().mapToGlobal(where))


def _tree(parent: QWidget, name: str, columns: tuple[str, ...], stretch: int) -> QTreeWidget:
    tree = QTreeWidget(parent)
    tree.setAccessibleName(name)
    tree.setHeaderLabels(list(columns))
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setAllColumnsShowFocus(True)
    tree.setAlternatingRowColors(True)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    head = tree.header()
    head.setStretchLastSection(False)
    head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    head.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
    return tree


def _button(parent: QWidget, text: str) -> QPushButton:
    button = QPushButton(text, parent)
    button.setAutoDefault(False)
    return button
