"""One picture that can be zoomed and dragged."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

LEAST_ZOOM, MOST_ZOOM = 0.05, 8.0
STEP = 1.25


class PictureCanvas(QGraphicsView):
    """Shows a picture as large as the window, or at a zoom. The wheel zooms, the mouse drags."""

    zoom_changed = Signal(float)  # pixels of the screen a pixel of the picture

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self._item = self._scene.addPixmap(QPixmap())
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._own_width = 1  # of the whole picture; what is decoded may be smaller
        self._fits = True
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)

    @property
    def zoom(self) -> float:
        """Pixels of the screen for a pixel of the picture: 1.0 is 100 %."""
        shown = max(1, self._item.pixmap().width())
        return self.transform().m11() * self.devicePixelRatioF() * shown / self._own_width

    def show_image(self, image: QImage, own_width: int) -> None:
        """Shows a picture whole; `own_width` is that of its file, in pixels."""
        self._item.setPixmap(QPixmap.fromImage(image))
        self._own_width = max(1, own_width)
        self._scene.setSceneRect(QRectF(self._item.boundingRect()))
        self.fit()

    def clear(self) -> None:
        """Shows nothing while a picture is on its way."""
        self.show_image(QImage(), 1)

    def fit(self) -> None:
        """The whole picture, never larger than it is."""
        self._fits = True
        rect = self._scene.sceneRect()
        if rect.isEmpty():
            return
        room = self.viewport().size()
        whole = min(room.width() / rect.width(), room.height() / rect.height())
        self._set_scale(min(whole, self._scale_of(1.0)))

    def set_zoom(self, zoom: float) -> None:
        """A zoom; 1.0 shows every pixel of the picture as one of the screen."""
        self._fits = False
        self._set_scale(self._scale_of(max(LEAST_ZOOM, min(MOST_ZOOM, zoom))))

    def zoom_by(self, steps: float) -> None:
        """So many steps larger, or smaller."""
        self.set_zoom(self.zoom * STEP**steps)

    def _scale_of(self, zoom: float) -> float:
        shown = max(1, self._item.pixmap().width())
        return zoom * self._own_width / shown / self.devicePixelRatioF()

    def _set_scale(self, scale: float) -> None:
        self.resetTransform()
        self.scale(scale, scale)
        self.zoom_changed.emit(self.zoom)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(event.angleDelta().y() / 120)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._fits:
            self.set_zoom(1.0)
        else:
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()
