"""The pictures of an article one by one, as large as one likes. One that is missing says why."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from desktop.core.citation import file_name
from desktop.core.models import Changes, StoredImage
from desktop.core.text import plain
from desktop.ui.empty_state import EmptyState
from desktop.ui.file_dialog import ask_file
from desktop.ui.links import checked_url, open_external
from desktop.ui.reader.command_button import Command, command_button
from desktop.ui.reader.picture_canvas import PictureCanvas
from desktop.ui.reader.picture_object import missing_reason
from desktop.ui.reader.pictures import Pictures
from desktop.ui.text import plain_label, set_text, window_title
from desktop.ui.theme import SPACE_M, SPACE_S

MOST_PIXELS = 12_000_000  # that a picture is decoded to: 48 MB
SIZE = (1000, 720)


class PictureViewer(QWidget):
    """Shows `images` from files of the store only; they are decoded in a thread.

    Left and right go on, + and - zoom, F fits, 1 shows every pixel, Ctrl+C copies, Ctrl+S saves, Ctrl+Shift+R
    fetches a missing one again, Escape closes.
    """

    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(
        self,
        images: Sequence[StoredImage],
        file: Callable[[str], Path],
        captions: Mapping[str, str],
        fetch_again: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        """`fetch_again` asks for what is missing, gives what is to be said meanwhile, and ends in `on_changed`."""
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._images = list(images)
        self._captions = captions
        self._file = file
        self._fetch_again = fetch_again
        self._article_id = 0
        self._read: Callable[[int], list[StoredImage]] | None = None
        self._at = 0
        self._pictures = Pictures(file, self)
        self._pictures.ready.connect(self._show_decoded)
        self.canvas = PictureCanvas(self)
        self.canvas.zoom_changed.connect(self._show_facts)
        self.missing = EmptyState(self)
        self.missing.asked.connect(self._on_fetch)
        self.missing.asked_other.connect(self._open_address)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.missing)
        self.caption = plain_label("", self)
        self.caption.setWordWrap(True)
        self.caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = plain_label("", self)
        self._buttons: dict[Command, QToolButton] = {}
        self._build()
        self.resize(*SIZE)

    @property
    def image(self) -> StoredImage:
        """The picture that is shown."""
        return self._images[self._at]

    def show_key(self, key: str) -> None:
        """Goes to a picture; an unknown key stays where it is."""
        self._at = next((at for at, image in enumerate(self._images) if image.key == key), self._at)
        self._show()

    def follow(self, article_id: int, read: Callable[[int], list[StoredImage]]) -> None:
        """From now on the pictures are those of an article, as `read` gives them when it has changed."""
        self._article_id, self._read = article_id, read

    def on_changed(self, changes: Changes) -> None:
        """Takes over what has come, or why it has not; the picture that is looked at stays."""
        if self._read is None or self._article_id not in changes.updated:
            return
        images = [image for image in self._read(self._article_id) if not image.is_beacon]
        if not images:
            return
        before, was_missing = self.image, self._stack.currentWidget() is self.missing
        self._images = images
        keys = [image.key for image in images]
        self._at = keys.index(before.key) if before.key in keys else min(self._at, len(keys) - 1)
        if was_missing or self.image != before:  # else what is looked at is not disturbed
            self._pictures.show({})  # a damaged one was decoded to nothing
            self._show()

    def next(self) -> None:
        self._step(1)

    def previous(self) -> None:
        self._step(-1)

    def fit(self) -> None:
        self.canvas.fit()

    def full_size(self) -> None:
        self.canvas.set_zoom(1.0)

    def zoom_in(self) -> None:
        self.canvas.zoom_by(1)

    def zoom_out(self) -> None:
        self.canvas.zoom_by(-1)

    def copy(self) -> None:
        """Puts the picture on the clipboard."""
        if self._stack.currentWidget() is self.canvas:
            QGuiApplication.clipboard().setImage(self._pictures.decoded(self.image, self._width()))
            self.said.emit("The picture is on the clipboard.", False)

    def save(self) -> None:
        """Asks where to, and copies the file as it was fetched."""
        if self._stack.currentWidget() is not self.canvas:
            return
        ending = f".{'jpg' if self.image.format == 'jpeg' else self.image.format}"
        proposed = file_name(self._words() or "Picture", ending)
        ask_file(self, "Save picture", self.save_to, "", proposed)

    def save_to(self, path: str) -> None:
        """Copies the file of the picture to `path`."""
        try:
            shutil.copyfile(self._file(self.image.sha256), path)
        except OSError as error:
            self.said.emit(f"The picture could not be saved: {error.strerror or error}.", False)
        else:
            self.said.emit(f"Saved as {Path(path).name}.", False)

    def _step(self, by: int) -> None:
        self._at = max(0, min(len(self._images) - 1, self._at + by))
        self._show()

    def _show(self) -> None:
        image, words = self.image, self._words()
        set_text(self.caption, words)
        self.caption.setVisible(bool(words))
        self.setWindowTitle(window_title(words or "Picture"))
        self.canvas.setAccessibleName(words or "Picture")
        if not image.sha256:
            self._show_missing()
            return
        self._stack.setCurrentWidget(self.canvas)
        if self._pictures.ask(image, self._width()):
            self.canvas.clear()
            self._show_facts()
        else:
            self._show_decoded()

    def _show_decoded(self) -> None:
        """The picture has been decoded, or another one has."""
        image = self.image
        if not image.sha256 or self._pictures.ask(image, self._width()):
            return
        picture = self._pictures.decoded(image, self._width())
        if picture.isNull():
            self._show_missing()
        else:
            self.canvas.show_image(picture, image.width)
            self._show_facts()

    def _show_missing(self) -> None:
        image = self.image
        self._say_missing(missing_reason(image))
        self._stack.setCurrentWidget(self.missing)
        self._show_facts()

    def _show_facts(self) -> None:
        image = self.image
        parts = [f"{self._at + 1} of {len(self._images)}"] if len(self._images) > 1 else []
        if self._stack.currentWidget() is self.canvas:
            parts += [f"{image.width} × {image.height}", f"{self.canvas.zoom * 100:.0f} %"]
        set_text(self.facts, "  ·  ".join(parts))
        there = self._stack.currentWidget() is self.canvas
        for command, button in self._buttons.items():
            button.setEnabled(self._can_step(command.slot) if command.steps else there)

    def _can_step(self, slot: Callable[[], object]) -> bool:
        return self._at > 0 if slot == self.previous else self._at < len(self._images) - 1

    def _say_missing(self, words: str) -> None:
        can_open = checked_url(QUrl(self.image.url)) is not None
        browser = "Open its address in the browser" if can_open else ""
        self.missing.say("No picture here", words, "Fetch again", browser)

    def _on_fetch(self) -> None:
        if self._stack.currentWidget() is self.missing:
            self._say_missing(self._fetch_again())

    def _open_address(self) -> None:
        open_external(QUrl(self.image.url))

    def _words(self) -> str:
        return self._captions.get(self.image.key) or plain(self.image.alt)

    def _width(self) -> float:
        """How wide the picture is decoded."""
        width, height = max(1, self.image.width), max(1, self.image.height)
        return min(float(width), math.floor(math.sqrt(MOST_PIXELS * width / height)))

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_M)
        bar.setSpacing(SPACE_S)
        for command in (
            Command("Previous", "Previous", self.previous, "Left", "Backspace", steps=True),
            Command("Next", "Next", self.next, "Right", "Space", steps=True),
        ):
            bar.addWidget(self._button(command))
        bar.addSpacing(SPACE_M)
        bar.addWidget(self.facts)
        bar.addStretch(1)
        for command in (
            Command("Fit", "Fit the window", self.fit, "F", "0"),
            Command("100 %", "Every pixel", self.full_size, "1"),
            Command("−", "Zoom out", self.zoom_out, "-"),
            Command("+", "Zoom in", self.zoom_in, "+", "="),
            Command("Copy", "Copy", self.copy, "Ctrl+C"),
            Command("Save as…", "Save as", self.save, "Ctrl+S"),
        ):
            bar.addWidget(self._button(command))
        QShortcut(QKeySequence("Esc"), self, self.close)
        QShortcut(QKeySequence("Ctrl+Shift+R"), self, self._on_fetch)  # as in the window
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._stack, 1)
        words = QHBoxLayout()
        words.setContentsMargins(SPACE_M, 0, SPACE_M, 0)
        words.addWidget(self.caption)
        layout.addLayout(words)
        layout.addLayout(bar)

    def _button(self, command: Command) -> QToolButton:
        self._buttons[command] = button = command_button(self, command)
        return button
