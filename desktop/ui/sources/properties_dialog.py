"""What the person sets for one source. The password goes into the system's keyring, and is never shown again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from desktop.core.errors import AppError
from desktop.core.fulltext_values import FullTextRule
from desktop.core.lens import COUNTRIES
from desktop.core.models import NewSource, SourceKind
from desktop.core.text import plain, visible
from desktop.ui import theme
from desktop.ui.sources.folder_box import FolderBox
from desktop.ui.text import plain_label, plain_lines, set_text, window_title
from desktop.ui.theme import Theme

if TYPE_CHECKING:
    from desktop.jobs.session import Session

MOST_MINUTES = 7 * 24 * 60
_RULES = {
    FullTextRule.NEVER: "Never",
    FullTextRule.CUT: "When the feed cuts it",
    FullTextRule.ALWAYS: "Always",
}


class PropertiesDialog(QDialog):
    """Emits `saved` once the source is stored anew: its id, what it was, what it is."""

    saved = Signal(int, object, object)  # id, NewSource, NewSource

    def __init__(
        self, session: Session, source_id: int, folders: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._source_id = source_id
        self._before = session.reader.sources.subscription(source_id)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(window_title(f"Properties of {self._before.title or self._before.url}"))
        self._title = _line(self, "Title", self._before.title)
        self._address = _line(self, "Address", self._before.url)
        self._folder = FolderBox("Folder", folders, self)
        self._country = QComboBox(self)
        self._minutes = QSpinBox(self)
        self._full_text = QComboBox(self)
        self._pictures = QCheckBox("Fetch &pictures", self)
        self._style = QCheckBox("Show the publisher's &colours", self)
        self._user_agent = _line(self, "Name given to the server", self._before.user_agent)
        self._account = _line(self, "User name", self._before.account)
        self._password = _line(self, "Password", "")
        self._said = plain_label("", self)
        buttons = QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        self._buttons = QDialogButtonBox(buttons, self)
        self._fill()
        self._lay_out()
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def accept(self) -> None:
        """Store what is written; the dialog stays when that cannot be."""
        if self._password.text() and not self._account.text().strip():
            self._say("Give the user name that the password belongs to.")
            return
        self._buttons.setEnabled(False)
        self._session.subscriptions.save(
            self._source_id, self.wanted(), self._password.text(), self._on_saved, self._on_failed, self
        )

    def wanted(self) -> NewSource:
        """What is written in the fields."""
        return self._before._replace(
            title=self._name or self._before.title,
            url=self._address.text().strip(),
            folder=self._folder.folder,
            country=self._country.currentData(),
            interval_minutes=self._minutes.value(),
            full_text=self._full_text.currentData(),
            pictures=self._pictures.isChecked(),
            publisher_style=self._style.isChecked(),
            user_agent=_written(self._user_agent, self._before.user_agent),
            account=_written(self._account, self._before.account),
        )

    @property
    def _name(self) -> str:
        before = self._before.title
        return before if (name := _written(self._title, before)) == before else plain(name)

    def _fill(self) -> None:
        self._folder.setCurrentText(self._before.folder)
        self._country.setAccessibleName("Country")
        self._country.addItem("By its address", "")
        for one in COUNTRIES.values():
            self._country.addItem(one.name, one.code)
        if self._country.findData(self._before.country) < 0:
            self._country.addItem(plain_lines(self._before.country), self._before.country)
        self._country.setCurrentIndex(self._country.findData(self._before.country))
        self._minutes.setRange(0, MOST_MINUTES)
        self._minutes.setSuffix(" minutes")
        self._minutes.setSpecialValueText("As often as all sources")
        self._minutes.setAccessibleName("Minutes between two looks")
        self._minutes.setValue(self._before.interval_minutes)
        for rule, words in _RULES.items():
            self._full_text.addItem(words, rule)
        self._full_text.setAccessibleName("Full text")
        self._full_text.setCurrentText(_RULES[self._before.full_text])
        self._pictures.setChecked(self._before.pictures)
        self._style.setChecked(self._before.publisher_style)
        self._user_agent.setPlaceholderText("Chorsu's own name")
        self._account.setPlaceholderText("None")
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        kept = "As it is in the system's keyring" if self._before.account else "Kept in the system's keyring"
        self._password.setPlaceholderText(kept)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(theme.SPACE_L)
        form.setVerticalSpacing(theme.SPACE_M)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        address = "&Address:" if self._before.kind is SourceKind.FEED else "&Address of its interface:"
        form.addRow("&Title:", self._title)
        form.addRow(address, self._address)
        form.addRow("F&older:", self._folder)
        form.addRow("Count&ry:", self._country)
        form.addRow("&Look every:", self._minutes)
        form.addRow("&Full text:", self._full_text)
        form.addRow("", self._pictures)
        form.addRow("", self._style)
        form.addRow("&Name for us:", self._user_agent)
        form.addRow("&User name:", self._account)
        form.addRow("Pass&word:", self._password)
        self._said.setWordWrap(True)
        self._said.setAccessibleName("Result")
        layout = theme.window_column(self, theme.SPACE_L)
        layout.addLayout(form)
        layout.addWidget(self._said)
        layout.addStretch(1)
        layout.addWidget(self._buttons)
        self.resize(540, 0)

    def _on_saved(self, after: NewSource, problem: AppError | None) -> None:
        self._buttons.setEnabled(True)
        self._password.clear()
        if after != self._before:
            self.saved.emit(self._source_id, self._before, after)
        self._before = after
        if problem is not None:
            self._say(str(problem))
            return
        super().accept()

    def _on_failed(self, error: AppError) -> None:
        self._buttons.setEnabled(True)
        self._say(str(error))

    def _say(self, words: str) -> None:
        palette = self.palette()
        palette.setColor(self._said.foregroundRole(), Theme.of(palette).warning)
        self._said.setPalette(palette)
        set_text(self._said, words)


def _line(parent: QWidget, name: str, text: str) -> QLineEdit:
    field = QLineEdit(parent)
    field.setAccessibleName(name)
    field.setText(_on_a_line(text))
    field.setCursorPosition(0)
    return field


def _written(field: QLineEdit, before: str) -> str:
    """What a field says, without what hides; `before`, to the letter, where nothing was written over it."""
    return (
        before if field.text() == _on_a_line(before) else visible(" ".join(field.text().splitlines())).strip()
    )


def _on_a_line(text: str) -> str:
    return plain_lines(text, 2_000)
