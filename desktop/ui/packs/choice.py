"""What to take offline: sources in their folders and watchlists with check boxes, days, stars, a budget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.core.proof import MB, Scope
from desktop.ui import theme
from desktop.ui.text import plain_lines

if TYPE_CHECKING:
    from desktop.jobs.session import Session

MOST_DAYS = 3650
MOST_MB = 100_000
UNSORTED = "Other sources"
RATES = "Rates"
_VALUE = Qt.ItemDataRole.UserRole + 1
_GROUP = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate


class PackChoice(QWidget):
    """Shows a scope and gives the one that is chosen."""

    changed = Signal()

    def __init__(self, session: Session, scope: Scope, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tree = QTreeWidget(self)
        self._sources: list[QTreeWidgetItem] = []
        self._lists: list[QTreeWidgetItem] = []
        self._days = _spin(self, "Articles of the last days", 1, MOST_DAYS, scope.days)
        self._starred = QCheckBox("S&tarred articles of any age", self)
        self._budget = _spin(self, "Budget in megabytes", 0, MOST_MB, scope.budget // MB)
        self._fill(scope)
        self._lay_out(scope)
        self._tree.itemChanged.connect(self.changed)
        self._days.valueChanged.connect(self.changed)
        self._budget.valueChanged.connect(self.changed)
        self._starred.toggled.connect(self.changed)

    def scope(self) -> Scope:
        """What is chosen."""
        sources = _checked(self._sources)
        lists = _checked(self._lists)
        return Scope(
            None if self._is_all(sources) else tuple(sorted(sources)),
            self._days.value(),
            self._starred.isChecked(),
            None if len(lists) == len(self._lists) else tuple(lists),
            self._budget.value() * MB,
        )

    def _is_all(self, chosen: list[int]) -> bool:
        """Whether these are all that are asked: paused ones, which are only named, are none of them."""
        enabled = {source.id for source in self._session.reader.sources.all() if source.enabled}
        return enabled == set(chosen)

    def _fill(self, scope: Scope) -> None:
        named = scope.sources or ()
        enabled = [
            one
            for one in self._session.reader.sources.all()
            if one.enabled or (one.id in named and not one.archived)
        ]
        for folder in sorted(
            {source.folder for source in enabled}, key=lambda name: (not name, name.casefold())
        ):
            group = self._group(folder or (UNSORTED if any(s.folder for s in enabled) else "Sources"))
            for source in enabled:
                if source.folder == folder:
                    on = scope.sources is None or source.id in scope.sources
                    self._sources.append(_line(group, source.title, source.id, on=on))
        group = self._group(RATES)
        for name in self._session.reader.watchlists.names():
            on = scope.lists is None or name in scope.lists
            self._lists.append(_line(group, name, name, on=on))
        self._tree.expandAll()

    def _group(self, title: str) -> QTreeWidgetItem:
        group = QTreeWidgetItem(self._tree, [plain_lines(title)])
        group.setFlags(_GROUP)
        group.setFont(0, theme.scaled(self.font(), 1.0, bold=True))
        return group

    def _lay_out(self, scope: Scope) -> None:
        self._tree.setAccessibleName("Sources and watchlists to take offline")
        self._tree.setHeaderHidden(True)
        self._tree.setMinimumWidth(240)
        self._starred.setChecked(scope.starred)
        self._days.setSuffix(" days")
        self._budget.setSuffix(" MB")
        self._budget.setSingleStep(50)
        self._budget.setSpecialValueText("No limit")
        form = QFormLayout()
        form.setHorizontalSpacing(theme.SPACE_L)
        form.setVerticalSpacing(theme.SPACE_M)
        form.addRow("Articles of the &last", self._days)
        form.addRow("", self._starred)
        form.addRow("&Budget", self._budget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE_L)
        layout.addWidget(self._tree, 1)
        layout.addLayout(form)


def _spin(parent: QWidget, name: str, least: int, most: int, value: int) -> QSpinBox:
    field = QSpinBox(parent)
    field.setRange(least, most)
    field.setValue(value)
    field.setAccessibleName(name)
    field.setMinimumWidth(120)
    return field


def _line(group: QTreeWidgetItem, title: str, value: int | str, *, on: bool) -> QTreeWidgetItem:
    item = QTreeWidgetItem(group, [plain_lines(title)])
    item.setData(0, _VALUE, value)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
    return item


def _checked(items: Iterable[QTreeWidgetItem]) -> list[Any]:
    return [item.data(0, _VALUE) for item in items if item.checkState(0) is Qt.CheckState.Checked]
