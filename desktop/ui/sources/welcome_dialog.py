"""The starter sources, offered on the first run and later from the menu. Nothing is fetched before Add."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.core.models import NewSource
from desktop.core.starters import Starter
from desktop.ui import theme
from desktop.ui.text import plain_label, plain_lines, tooltip_text

if TYPE_CHECKING:
    from desktop.jobs.session import Session

_COUNTRIES = {
    "": "Region",
    "KZ": "Kazakhstan",
    "KG": "Kyrgyzstan",
    "TJ": "Tajikistan",
    "TM": "Turkmenistan",
    "UZ": "Uzbekistan",
}
_STARTER_ROLE = Qt.ItemDataRole.UserRole + 1


class WelcomeDialog(QDialog):
    """Starter sources by country with check boxes: those that were tried are on, the others are marked."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Starter sources")
        self._tree = QTreeWidget(self)
        self._lines: list[QTreeWidgetItem] = []
        self._buttons = QDialogButtonBox(self)
        self._add = self._buttons.addButton("&Add", QDialogButtonBox.ButtonRole.AcceptRole)
        leave = "&Close" if session.reader.sources.all() else "&Skip"
        self._skip = self._buttons.addButton(leave, QDialogButtonBox.ButtonRole.RejectRole)
        self._fill()
        self._lay_out()
        self._tree.itemChanged.connect(self._count)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._count()

    def chosen(self) -> list[NewSource]:
        """What is checked, as sources to add."""
        return [item.data(0, _STARTER_ROLE).source() for item in self._lines if _is_checked(item)]

    def accept(self) -> None:
        self._session.add_sources(self.chosen())
        super().accept()

    def reject(self) -> None:
        self._session.finish_welcome()
        super().reject()

    def _fill(self) -> None:
        known = {source.url for source in self._session.reader.sources.subscriptions()}
        # Countries stand in the order in which the set names them first, so that its first source is on top.
        countries = list(dict.fromkeys(map(_country, self._session.starters)))
        order = sorted(self._session.starters, key=lambda starter: countries.index(_country(starter)))
        for country, starters in groupby(order, key=_country):
            group = QTreeWidgetItem(self._tree, [country])
            group.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate
            )
            group.setFont(0, theme.scaled(self.font(), 1.0, bold=True))
            for starter in starters:
                line = _line(starter, known=starter.source().url in known)
                group.addChild(line)
                self._lines.append(line)
            group.setExpanded(True)

    def _lay_out(self) -> None:
        self._tree.setAccessibleName("Starter sources")
        self._tree.setColumnCount(2)
        self._tree.setHeaderHidden(True)
        self._tree.setRootIsDecorated(False)
        self._tree.setUniformRowHeights(True)
        self._tree.resizeColumnToContents(0)
        title = plain_label("News to begin with", self)
        title.setFont(theme.scaled(self.font(), 1.5, bold=True))
        text = plain_label(
            "Choose what to follow. Nothing is fetched before you press Add. "
            "You can add, change and remove sources at any time.",
            self,
        )
        text.setWordWrap(True)
        layout = theme.window_column(self)
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addWidget(self._tree, 1)
        layout.addWidget(self._buttons)
        self._add.setDefault(True)
        self._tree.setFocus()
        self.resize(600, 540)

    def _count(self) -> None:
        count = len([item for item in self._lines if _is_checked(item)])
        self._add.setText("&Add 1 source" if count == 1 else f"&Add {count} sources")
        self._add.setEnabled(count > 0)


def _line(starter: Starter, *, known: bool) -> QTreeWidgetItem:
    if known:
        about = "already among your sources"
    else:
        about = " · ".join(filter(None, [_language(starter), "" if starter.verified else "may not work"]))
    item = QTreeWidgetItem([plain_lines(starter.title), about])
    for column in (0, 1):
        item.setData(column, Qt.ItemDataRole.ToolTipRole, tooltip_text(f"{starter.url}\n{starter.note}"))
    item.setData(0, _STARTER_ROLE, starter)
    item.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
    if not known:
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEnabled)
    checked = starter.verified and not known
    item.setCheckState(0, Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
    return item


def _language(starter: Starter) -> str:
    locale = QLocale(starter.language)
    known = locale.language() != QLocale.Language.C
    return QLocale.languageToString(locale.language()) if known else starter.language


def _is_checked(item: QTreeWidgetItem) -> bool:
    return item.checkState(0) == Qt.CheckState.Checked and not item.isDisabled()


def _country(starter: Starter) -> str:
    return _COUNTRIES.get(starter.country.upper(), starter.country or "Region")
