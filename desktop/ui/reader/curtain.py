"""What was on the screen stays there until what takes its place can be painted whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl

from desktop.ui.reader.parts import images_between

if TYPE_CHECKING:
    from desktop.ui.reader.document import ReaderView

MOST_MS = 120  # that pictures are waited for; then their room is shown, and they follow


class Curtain(QObject):
    """Lets a view be painted once its text has come as far as its place, and the pictures in view are decoded."""

    def __init__(self, view: ReaderView) -> None:
        super().__init__(view)
        self._view = view
        self._awaits_place = False
        self._is_new = False  # an article whose pictures have never been seen
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(MOST_MS)
        self._patience.timeout.connect(self._lift)
        view.pictures.ready.connect(self._on_picture)

    def show_new(self) -> None:
        """Another article is about to be shown."""
        self._is_new = True

    def await_place(self, awaits: bool) -> None:
        """Whether the text has still to come; when it is there, its pictures are looked at."""
        self._awaits_place = awaits
        if not awaits and self._is_new:
            self._is_new = False
            if self._is_picture_coming():
                self._patience.start()
        self._apply()

    def _on_picture(self) -> None:
        if self._patience.isActive() and not self._is_picture_coming():
            self._lift()

    def _lift(self) -> None:
        self._patience.stop()
        self._apply()

    def _apply(self) -> None:
        self._view.viewport().setUpdatesEnabled(not self._awaits_place and not self._patience.isActive())

    def _is_picture_coming(self) -> bool:
        """Asks for the pictures in view, before all others."""
        pictures = self._view.pictures
        coming = False
        for shown in images_between(self._view.document(), *self._view.span()):
            image = pictures.get(QUrl(shown.name()))
            if image is not None and image.sha256:
                coming |= pictures.at_hand(image, pictures.decoded_width(image, shown)) is None
        return coming
