"""The moving ticker beside the least that moves a picture: python -m tests.bench.light.ticker

The ticker with 20 pairs and a bare widget that blits one pixmap of the same size as often, in turn, in windows that
are alike. Prints as JSON what a frame of each takes in its quietest round, in ms of processor time, and how many
frames there are a second.
"""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from desktop.core.rates import Pair
from desktop.ui.rates.ticker import Ticker
from desktop.ui.rates.ticker_motion import FRAME_MS
from tests.ui.desk import Desk, make_answer

PAIRS = 20
ROUNDS, SECONDS = 5, 4.0


class Blit(QWidget):
    """Blits a pixmap, a pixel further every frame."""

    def __init__(self, picture: QPixmap) -> None:
        super().__init__()
        self._picture, self._left = picture, 0
        self.frames_painted = 0
        self.setFixedHeight(picture.height())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_frame)

    def showEvent(self, event: QShowEvent) -> None:
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def _on_frame(self) -> None:
        self._left = (self._left + 1) % self._picture.width()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.frames_painted += 1
        painter = QPainter(self)
        for left in range(-self._left, self.width(), self._picture.width()):
            painter.drawPixmap(left, 0, self._picture)


def in_window(moving: QWidget) -> QWidget:
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(moving)
    elsewhere = QLineEdit(window)  # has the keyboard: the ticker rests while it has it
    layout.addWidget(elsewhere, 1)
    elsewhere.setFocus()
    window.resize(1_280, 200)
    return window


def cost(window: QWidget, moving: Ticker | Blit) -> tuple[float, float]:
    """Milliseconds of processor time a frame while the window is shown, and frames a second."""
    window.show()
    _run(0.3)
    frames, used = moving.frames_painted, time.process_time()
    _run(SECONDS)
    spent, painted = time.process_time() - used, moving.frames_painted - frames
    window.hide()
    return 1000 * spent / painted, painted / SECONDS


def _run(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1_000), loop.quit)
    loop.exec()


def main() -> int:
    application = QApplication(sys.argv[:1])
    pairs = [Pair(f"AA{chr(65 + number)}", "USD") for number in range(PAIRS)]
    ticker = Ticker(Desk({str(pair): make_answer(pair, "473.18", "0.18") for pair in pairs}))
    ours = in_window(ticker)
    picture = QPixmap(ticker.strip.width, ticker.height())
    picture.fill(Qt.GlobalColor.darkBlue)
    blit = Blit(picture)
    bare = in_window(blit)
    found = [(cost(bare, blit), cost(ours, ticker)) for _ in range(ROUNDS)]
    least, took = (min(one) for one in zip(*found, strict=True))
    print(json.dumps({"ticker_ms": took[0], "bare_ms": least[0], "frames": took[1], "bare_frames": least[1]}))
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
