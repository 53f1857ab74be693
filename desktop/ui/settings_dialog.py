"""Settings on one page, stored as soon as they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QLabel,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.core.settings import PICTURE_KB, SaveData
from desktop.ui import theme
from desktop.ui.articles.arrangement import LOOK, Look
from desktop.ui.reader import style as reader_style
from desktop.ui.text import plain_label, set_text

if TYPE_CHECKING:
    from desktop.jobs.session import Session


SCROLL_BAR = 24  # room for one, where the screen is low


class Choice(NamedTuple):
    """One setting: yes or no, a number from `least` to `most`, or one of the `options` (value, words)."""

    group: str
    key: str
    text: str
    default: bool | int | str
    most: int = 0
    least: int = 10
    step: int = 10
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()


CHOICES = (
    Choice("Refresh", "refresh.automatic", "&Refresh by itself while the window is open", True),
    Choice("Refresh", "refresh.minutes", "&Ask a source every", 30, 24 * 60, 5, 5, " minutes"),
    Choice("Refresh", "network.automatic", "&Go offline by itself when the system sees no network", True),
    Choice("Offline", "news.full_text", "Fetch the full te&xt of articles that their feed cuts", True),
    Choice("Offline", "news.pictures", "Fetch the &pictures of new articles", True),
    Choice(
        "Offline",
        "network.save_data",
        "&Save data: small pictures only",
        SaveData.NEVER.value,
        options=(
            (SaveData.NEVER.value, "Never"),
            (SaveData.METERED.value, "On metered connections"),
            (SaveData.ALWAYS.value, "Always"),
        ),
    ),
    Choice(
        "Offline", "network.picture_kb", "&Up to so large; 0 for text only", PICTURE_KB, 10_000, 0, 50, " KB"
    ),
    Choice(
        "Offline", "news.first_articles", "&Articles that a new WordPress source brings at first", 100, 2000
    ),
    Choice("Offline", "archive.unread", "Articles from &before a source was followed arrive unread", False),
    Choice(
        "Lists",
        LOOK,
        "Show a list as, &unless it has a look of its own",
        Look.CARDS.value,
        options=(
            (Look.CARDS.value, "Cards"),
            (Look.COMPACT.value, "Compact rows"),
            (Look.COLUMNS.value, "Columns"),
        ),
    ),
    Choice("Lists", "list.mark_opened_read", "&Mark an article as read when it is opened", True),
    Choice(
        "Reading",
        reader_style.FONT,
        "&Letters",
        reader_style.SANS,
        options=((reader_style.SANS, "Sans serif, as in the window"), (reader_style.SERIF, "Serif")),
    ),
    Choice(
        "Reading",
        reader_style.SIZE,
        "Text si&ze, in steps from the normal one",
        0,
        reader_style.LARGEST_STEP,
        reader_style.SMALLEST_STEP,
        1,
    ),
    Choice(
        "Reading",
        reader_style.WIDTH,
        "Characters on a li&ne",
        68,
        reader_style.WIDEST,
        reader_style.NARROWEST,
        1,
    ),
    Choice(
        "Reading",
        reader_style.LEADING,
        "&Distance of lines",
        155,
        reader_style.LOOSEST,
        reader_style.CLOSEST,
        5,
        " %",
    ),
    Choice("Reading", reader_style.JUSTIFIED, "Set text fl&ush on both sides", False),
    Choice("Rates", "ticker.motion", "Let the &ticker move when the pairs do not fit", True),
    Choice(
        "Rates", "refresh.rates_at_hours", "Ask a bank only around the &hours at which it publishes", True
    ),
    Choice("Rates", "refresh.rates_minutes", "As&k a bank at most every", 60, 24 * 60, 15, 15, " minutes"),
    Choice(
        "Rates", "rates.history_years", "&Years of history that are loaded when it is asked for", 5, 30, 1, 1
    ),
    Choice("Rates", "alerts.notify", "Show a system &notification when an alert fires", True),
)


class SettingsDialog(QDialog):
    """There is nothing to confirm: each change is stored at once and can be changed back."""

    changed = Signal(str, object)  # key and value

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Settings")
        layout = theme.window_column(self)
        inside = self._groups()
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inside)
        layout.addWidget(area, 1)
        place = plain_label("", self)
        place.setWordWrap(True)
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_text(place, f"Everything is kept in {session.reader.path}")
        layout.addWidget(place)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.close)
        layout.addWidget(buttons)
        wanted = inside.sizeHint() + self.sizeHint() - area.sizeHint()
        self.resize(
            wanted.width() + SCROLL_BAR, min(wanted.height(), self.screen().availableSize().height() - 80)
        )

    def _groups(self) -> QWidget:
        """All groups, one below another; a low screen scrolls them."""
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.SPACE_M, 0)
        column.setSpacing(theme.SPACE_M)
        for group in dict.fromkeys(choice.group for choice in CHOICES):
            column.addWidget(self._group(group))
        column.addStretch(1)
        labels = inside.findChildren(QLabel)
        widest = max(label.sizeHint().width() for label in labels)
        for label in labels:  # the fields of all groups stand below each other
            label.setMinimumWidth(widest)
        return inside

    def _group(self, name: str) -> QGroupBox:
        box = QGroupBox(name, self)
        form = QFormLayout(box)
        for choice in CHOICES:
            if choice.group == name and isinstance(choice.default, bool):
                form.addRow(self._check(choice))
            elif choice.group == name:
                form.addRow(choice.text, self._options(choice) if choice.options else self._number(choice))
        return box

    def _check(self, choice: Choice) -> QCheckBox:
        box = QCheckBox(choice.text, self)
        box.setObjectName(choice.key)
        box.setChecked(self._session.setting(choice.key, bool(choice.default)))
        box.toggled.connect(self._on_changed)
        return box

    def _number(self, choice: Choice) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName(choice.key)
        box.setAccessibleName(choice.text.replace("&", ""))
        box.setRange(choice.least, choice.most)
        box.setSingleStep(choice.step)
        box.setSuffix(choice.unit)
        box.setValue(self._session.setting(choice.key, int(choice.default)))
        box.valueChanged.connect(self._on_changed)
        return box

    def _options(self, choice: Choice) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(choice.key)
        box.setAccessibleName(choice.text.replace("&", ""))
        for value, words in choice.options:
            box.addItem(words, value)
        stored = self._session.setting(choice.key, str(choice.default))
        box.setCurrentIndex(max(0, box.findData(stored)))
        box.activated.connect(self._on_chosen)
        return box

    def _on_chosen(self) -> None:
        box = self.sender()
        if isinstance(box, QComboBox):
            self._keep(box.objectName(), box.currentData())

    def _on_changed(self, value: bool | int) -> None:
        self._keep(self.sender().objectName(), value)

    def _keep(self, key: str, value: bool | int | str) -> None:
        self._session.set_setting(key, value)
        self.changed.emit(key, value)
