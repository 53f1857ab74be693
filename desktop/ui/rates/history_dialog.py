"""Loading the history of rates: for which pairs, how far back, what it costs, how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.text import plain_label, set_text
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.jobs.progress import Progress
    from desktop.jobs.rate_history import Estimate
    from desktop.jobs.session import Session

YEARS_SETTING = "rates.history_years"
YEARS = 5
MOST_YEARS = 30


class HistoryDialog(QDialog):
    """Stays open beside the window; closing it ends nothing."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._loader = session.history
        names = session.reader.watchlists.names()
        pinned = [each for name in names for each in session.reader.watchlists.pairs(name)]
        self._choices = tuple(dict.fromkeys((each.pair, each.source) for each in pinned))
        self._years = QSpinBox(self)
        self._said = plain_label("", self)
        self._notes = plain_label("", self)
        self._bar = QProgressBar(self)
        self._load = QPushButton("&Load", self)
        self._stop = QPushButton("&Stop", self)
        self._lay_out()
        self._years.valueChanged.connect(self._on_years)
        self._load.clicked.connect(self._on_load)
        self._stop.clicked.connect(self._loader.stop)
        self._loader.progress_changed.connect(self._show_progress)
        self._loader.finished.connect(self._on_finished)
        self._show_progress(self._loader.progress)
        self._estimate()

    def _lay_out(self) -> None:
        self.setWindowTitle("Load history")
        self._years.setRange(1, MOST_YEARS)
        self._years.setSuffix(" years")
        self._years.setValue(self._session.setting(YEARS_SETTING, YEARS))
        self._years.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._years.setAccessibleName("How many years back")
        about = plain_label(
            "Loads the fixings of the pinned pairs, so that charts are whole without a network.", self
        )
        pairs = plain_label(
            ", ".join(dict.fromkeys(str(pair) for pair, _ in self._choices)) or "No pair is pinned.", self
        )
        form = QFormLayout()
        form.setHorizontalSpacing(theme.SPACE_L)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Pairs", pairs)
        form.addRow("&Back to", self._years)
        for label in (about, pairs, self._said, self._notes):
            label.setWordWrap(True)
        self._said.setAccessibleName("What there is to load")
        self._bar.setAccessibleName("Progress")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.addButton(self._load, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self._stop, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        self._load.setDefault(True)
        layout = theme.window_column(self)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self._said)
        layout.addWidget(self._notes)
        layout.addWidget(self._bar)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.setMinimumWidth(480)

    def _on_years(self, years: int) -> None:
        self._session.set_setting(YEARS_SETTING, years)
        self._estimate()

    def _estimate(self) -> None:
        self._load.setEnabled(False)
        if self._choices and not self._loader.running:
            self._loader.estimate(self._choices, self._years.value(), self._show_estimate, self)

    def _show_estimate(self, estimate: Estimate) -> None:
        if self._loader.running:
            return
        set_text(self._said, described(estimate))
        set_text(self._notes, "\n".join(estimate.notes))
        self._notes.setVisible(bool(estimate.notes))
        self._load.setEnabled(estimate.requests > 0 and self._session.connection.online)

    def _on_load(self) -> None:
        self._loader.start(self._choices, self._years.value())

    def _show_progress(self, progress: Progress) -> None:
        self._bar.setVisible(progress.running)
        self._stop.setEnabled(progress.running)
        self._years.setEnabled(not progress.running)
        if progress.running:
            self._load.setEnabled(False)
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.done)
            so_far = (
                f"{count(progress.done)} of {count(progress.total)} requests" if progress.total else "Looking"
            )
            set_text(self._said, f"{so_far}. What has arrived is kept, whenever you stop.")

    def _on_finished(self, _: object) -> None:
        self._estimate()


def described(estimate: Estimate) -> str:
    """What a history costs, in a sentence or two."""
    if not estimate.requests:
        return "Everything that can be loaded is here."
    megabytes = max(0.1, estimate.size / 1_000_000)
    size = f"{megabytes:.1f}" if megabytes < 10 else f"{megabytes:.0f}"
    requests = "one request" if estimate.requests == 1 else f"{count(estimate.requests)} requests"
    minutes = round(estimate.seconds / 60)
    time = "a minute" if minutes <= 1 else f"{minutes} minutes"
    return f"About {requests}, {size} MB and {time}. What is here already is not asked for again."
