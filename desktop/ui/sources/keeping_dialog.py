"""How long articles are kept: a rule for all sources or for one, and what would go by it, before anything goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.core.proof import size_words
from desktop.core.retention import Going, Rule
from desktop.core.text import plain
from desktop.jobs.keeping import DEFAULT
from desktop.ui import theme
from desktop.ui.text import plain_label, plain_lines, set_text, tooltip_text
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.jobs.session import Session

GATHER_MS = 150
COLUMNS = ("Source", "Would go", "Size", "Protected")
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class KeepingDialog(QDialog):
    """Nothing is stored before the person agrees to what it shows."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rules = session.keeping.rules()
        self._whose = QComboBox(self)
        self._own = QCheckBox("A rule of its &own", self)
        self._bounds = [
            _spin(self, name, most, unit)
            for name, most, unit in (
                ("Keep articles of the last days", 36_500, " days"),
                ("Keep the newest articles", 1_000_000, " articles"),
                ("Keep the newest megabytes", 1_000_000, " MB"),
            )
        ]
        self._said = plain_label("", self)
        self._table = QTreeWidget(self)
        self._agree = QPushButton("&Keep to these rules", self)
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._lay_out()
        self._show_rule()
        self._whose.currentIndexChanged.connect(self._show_rule)
        self._own.toggled.connect(self._on_changed)
        for field in self._bounds:
            field.valueChanged.connect(self._on_changed)
        self._soon.timeout.connect(self._look)
        self._agree.clicked.connect(self._on_agreed)
        session.keeping.gone.connect(self._soon.start)
        self._soon.start()

    @property
    def words(self) -> str:
        """What would go, as shown."""
        return self._said.text()

    def _lay_out(self) -> None:
        self.setWindowTitle("Keeping")
        about = plain_label(
            "All articles are kept until you set a bound. Unread, starred and packed articles and those with a "
            "note never go; the marks of those that go stay.",
            self,
        )
        about.setWordWrap(True)
        self._whose.setAccessibleName("Whose rule")
        self._whose.addItem("All sources", DEFAULT)
        for source in self._session.reader.sources.all():
            if not source.archived:
                self._whose.addItem(plain(source.title, 60), source.id)
        form = QFormLayout()
        form.setHorizontalSpacing(theme.SPACE_L)
        form.setVerticalSpacing(theme.SPACE_S)
        form.addRow("&Rule for", self._whose)
        form.addRow("", self._own)
        for text, field in zip(("Of the &last", "The &newest", "At &most"), self._bounds, strict=True):
            form.addRow(text, field)
        self._said.setWordWrap(True)
        self._said.setAccessibleName("What would go")
        self._table.setAccessibleName("What would go, by source")
        self._table.setHeaderLabels(list(COLUMNS))
        for column in range(1, len(COLUMNS)):
            self._table.headerItem().setTextAlignment(column, _RIGHT)
        self._table.setRootIsDecorated(False)
        self._table.setAlternatingRowColors(True)
        self._table.setColumnWidth(0, 260)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.addButton(self._agree, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        layout = theme.window_column(self)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self._said)
        layout.addWidget(self._table, 1)
        layout.addStretch()  # while nothing would go
        layout.addWidget(buttons)
        self.resize(600, 520)

    def _show_rule(self) -> None:
        """Show the rule of the chosen source, or that of all where it has none of its own."""
        source_id = self._whose.currentData()
        rule = self._rules.get(source_id, self._rules.get(DEFAULT, Rule()))
        fields = (self._own, *self._bounds)
        for field in fields:
            field.blockSignals(True)
        self._own.setVisible(source_id != DEFAULT)
        self._own.setChecked(source_id in self._rules)
        for field, bound in zip(self._bounds, (rule.days, rule.articles, rule.megabytes), strict=True):
            field.setValue(bound)
            field.setEnabled(source_id == DEFAULT or source_id in self._rules)
        for field in fields:
            field.blockSignals(False)

    def _on_changed(self) -> None:
        source_id = self._whose.currentData()
        if source_id == DEFAULT or self._own.isChecked():
            self._rules[source_id] = Rule(*(field.value() for field in self._bounds))
        else:
            self._rules.pop(source_id, None)
        self._show_rule()
        self._soon.start()

    def _look(self) -> None:
        self._session.keeping.preview(dict(self._rules), self._show_going, self)

    def _show_going(self, going: list[Going]) -> None:
        articles, size = sum(one.articles for one in going), sum(one.size for one in going)
        kept = sum(one.protected for one in going)
        if not any(self._rules.values()):
            words = "All articles are kept."
        elif not articles:
            words = "Nothing would go now."
        else:
            noun = "article" if articles == 1 else "articles"
            words = f"{count(articles)} {noun} would go now, {size_words(size)}."
        if kept:
            lie = "1 more lies" if kept == 1 else f"{count(kept)} more lie"
            words += f" {lie} beyond the bounds, to stay: unread, starred, packed or with a note."
        set_text(self._said, words)
        self._agree.setEnabled({k: r for k, r in self._rules.items() if r} != self._stored())
        self._table.clear()
        self._table.addTopLevelItems([_line(one) for one in going])
        self._table.setVisible(bool(going))

    def _stored(self) -> dict[int, Rule]:
        return {source_id: rule for source_id, rule in self._session.keeping.rules().items() if rule}

    def _on_agreed(self) -> None:
        self._agree.setEnabled(False)
        self._session.keeping.keep(dict(self._rules))
        self._soon.start()


def _spin(parent: QWidget, name: str, most: int, unit: str) -> QSpinBox:
    field = QSpinBox(parent)
    field.setRange(0, most)
    field.setSuffix(unit)
    field.setSpecialValueText("No bound")
    field.setAccessibleName(name)
    field.setMinimumWidth(160)
    return field


def _line(going: Going) -> QTreeWidgetItem:
    item = QTreeWidgetItem(
        [plain_lines(going.title), count(going.articles), size_words(going.size), count(going.protected)]
    )
    item.setData(0, Qt.ItemDataRole.ToolTipRole, tooltip_text(going.title))
    for column in (1, 2, 3):
        item.setTextAlignment(column, _RIGHT)
    return item
