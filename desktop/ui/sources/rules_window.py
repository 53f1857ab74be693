"""Rules on arrival: what they are, what a new one would find among what is stored, what each did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.core.arrival_rules import ArrivalRule, checked
from desktop.core.errors import UsageError
from desktop.core.tags import LONGEST, tag_key, tag_name
from desktop.ui import theme
from desktop.ui.empty_state import EmptyState
from desktop.ui.text import plain_label, plain_lines, set_text, tooltip
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.jobs.session import Session

GATHER_MS = 250
SHOWN_ACTS = 50
_ACTS = {
    "read": "Mark as &read",
    "star": "&Star",
    "notify": "&Notify",
    "skip_pictures": "Skip &pictures",
    "never_keep": "Never &keep",
}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RulesWindow(QDialog):
    """Nothing is marked by trying a rule; a new one marks only what comes from then on."""

    put_requested = Signal(str, tuple)  # what is done, in words, and the rules that there are to be
    apply_requested = Signal(object)  # ArrivalRule: mark what is stored
    take_back_requested = Signal(object)  # ArrivalRule: undo what it did

    def __init__(self, session: Session, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._words = QLineEdit(words.strip(), self)
        self._acts = {name: QCheckBox(text, self) for name, text in _ACTS.items()}
        self._tag = _tag_field(self)
        self._said = plain_label("", self)
        self._add = QPushButton("&Add rule", self)
        self._apply = QPushButton("Mark what is s&tored", self)
        self._take_back = QPushButton("Take &back", self)
        self._remove = QPushButton("Re&move rule", self)
        self._table = QTreeWidget(self)
        self._empty = EmptyState(self)
        self._empty.say("No rules yet", "What arrives is left as it comes.")
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._lay_out()
        self._words.textChanged.connect(self._soon.start)
        for box in self._acts.values():
            box.toggled.connect(self._look)
        self._tag.textChanged.connect(self._soon.start)
        self._soon.timeout.connect(self._look)
        self._add.clicked.connect(self._on_add)
        self._remove.clicked.connect(self._on_remove)
        self._apply.clicked.connect(self._on_apply)
        self._take_back.clicked.connect(self._on_take_back)
        self._table.currentItemChanged.connect(self._enable)
        session.searches.rules.changed.connect(self.refill)
        self.refill()
        self._look()

    @property
    def said(self) -> str:
        """What the rule would find, or what is wrong with it, as shown."""
        return self._said.text()

    def refill(self) -> None:
        """Show the rules as they are stored, with what they did."""
        chosen, opened = self._chosen, self._opened()
        self._table.clear()
        stored = self._session.reader.arrival_rules
        for rule in stored.all():
            found = stored.acts.count(rule.id)
            line = QTreeWidgetItem(
                [plain_lines(rule.words), plain_lines(rule.action), f"{count(found)} found"]
            )
            line.setData(0, Qt.ItemDataRole.UserRole, rule.id)
            line.setTextAlignment(2, _RIGHT)
            for one in stored.acts.of(rule.id, SHOWN_ACTS):
                fate = "not kept" if one.article_id is None else "taken back" if one.undone else ""
                act = QTreeWidgetItem([plain_lines(one.title), fate, f"{one.at.astimezone():%Y-%m-%d %H:%M}"])
                act.setTextAlignment(2, _RIGHT)
                line.addChild(act)
            self._table.addTopLevelItem(line)
            line.setExpanded(rule.id in opened)
            if chosen is not None and chosen.id == rule.id:
                self._table.setCurrentItem(line)
        is_empty = self._table.topLevelItemCount() == 0
        self._table.setHidden(is_empty)
        self._empty.setVisible(is_empty)
        self._enable()

    def _lay_out(self) -> None:
        self.setWindowTitle("Rules")
        about = plain_label(
            "A rule acts on articles when they arrive. It finds them as a search does: words, phrases, author:, "
            "source:, folder:, lang:, country:, minus, OR. Of what is never kept only a line stays here, and it can "
            "be taken back; what is starred is kept.",
            self,
        )
        about.setWordWrap(True)
        self._words.setPlaceholderText("sport OR football source:herald")
        self._words.setAccessibleName("Articles that the rule finds")
        self._said.setWordWrap(True)
        self._said.setAccessibleName("What the rule would find")
        acts = QHBoxLayout()
        for box in self._acts.values():
            acts.addWidget(box)
        acts.addWidget(self._tag, 1)
        said = QHBoxLayout()
        said.addWidget(self._said, 1)
        said.addWidget(self._add)
        form = QFormLayout()
        form.addRow("&Find", self._words)
        form.addRow("Then", acts)
        form.addRow("", said)
        self._table.setAccessibleName("Rules and what they did")
        self._table.setHeaderLabels(["Rule", "Does", "Did"])
        self._table.headerItem().setTextAlignment(2, _RIGHT)
        header = self._table.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        tooltip(
            self._apply, "Do to the articles that are stored what the chosen rule says; none of them goes"
        )
        tooltip(self._take_back, "Undo all that the chosen rule did")
        for button in (self._apply, self._take_back, self._remove):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        layout = theme.window_column(self)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._empty, 1)
        layout.addWidget(buttons)
        self.resize(640, 480)

    def _rule(self) -> ArrivalRule:
        number = self._session.reader.arrival_rules.next_id()
        return ArrivalRule(
            number,
            self._words.text(),
            tag=tag_name(self._tag.text()) if tag_key(self._tag.text()) else "",
            **{name: box.isChecked() for name, box in self._acts.items()},
        )

    def _look(self) -> None:
        """Say what the rule would find among what is stored."""
        rule = self._rule()
        self._add.setEnabled(False)
        if not rule.words.strip():
            set_text(self._said, "")
            return
        try:
            checked(ArrivalRule(rule.id, rule.words, read=True))
        except UsageError as error:
            set_text(self._said, error.message)
            return
        self._session.searches.rules.test(rule, self._show_found, self)

    def _show_found(self, words: str, found: int, is_all: bool) -> None:
        if words != self._words.text():
            return  # another rule by now
        number = f"{count(found)}{'' if is_all else ' or more'}"
        noun = "article" if found == 1 else "articles"
        set_text(self._said, f"It finds {number} stored {noun}; they stay as they are.")
        self._add.setEnabled(bool(self._rule().action))

    def _on_add(self) -> None:
        rule = self._rule()
        self.put_requested.emit("Rule added", (*self._session.reader.arrival_rules.all(), rule))
        self._words.clear()
        self._tag.clear()

    def _on_remove(self) -> None:
        chosen = self._chosen
        known = self._session.reader.arrival_rules.all()
        self.put_requested.emit("Rule removed", tuple(one for one in known if one != chosen))

    def _on_apply(self) -> None:
        self.apply_requested.emit(self._chosen)

    def _on_take_back(self) -> None:
        self.take_back_requested.emit(self._chosen)

    @property
    def _chosen(self) -> ArrivalRule | None:
        """The rule of the chosen line."""
        line = self._table.currentItem()
        number = line.data(0, Qt.ItemDataRole.UserRole) if line is not None else None
        known = self._session.reader.arrival_rules.all()
        return next((one for one in known if one.id == number), None)

    def _opened(self) -> set[int]:
        """The rules whose acts are shown."""
        lines = [self._table.topLevelItem(at) for at in range(self._table.topLevelItemCount())]
        return {line.data(0, Qt.ItemDataRole.UserRole) for line in lines if line and line.isExpanded()}

    def _enable(self) -> None:
        chosen = self._chosen
        did = 0 if chosen is None else self._session.reader.arrival_rules.acts.count(chosen.id)
        self._remove.setEnabled(chosen is not None)
        self._apply.setEnabled(chosen is not None and chosen.marks)
        self._take_back.setEnabled(did > 0 and chosen is not None and chosen.changes)


def _tag_field(parent: QWidget) -> QLineEdit:
    field = QLineEdit(parent)
    field.setPlaceholderText("Tag")
    field.setAccessibleName("A tag to put on what is found")
    field.setMaxLength(LONGEST)
    field.setMinimumWidth(96)
    return field
