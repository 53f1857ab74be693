"""The pictures of an article in their own window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from desktop.core.html.picture_captions import captions
from desktop.core.models import StoredImage
from desktop.ui.reader import picture_viewer
from desktop.ui.reader.picture_viewer import MOST_PIXELS, PictureViewer
from tests.ui.reading import save_picture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

MISSING = StoredImage("m", "https://courier.test/gone.jpg", alt="A bridge", problem="the server said 404")


@pytest.fixture
def viewer(tmp_path, show, qtbot):
    """On a large picture, a missing one and a small one."""
    save_picture(tmp_path, "large", 2_400, 1_200)
    save_picture(tmp_path, "small", 300, 200)
    images = {
        "l": StoredImage("l", "", "large", "png", 2_400, 1_200, alt="Large"),
        "m": MISSING,
        "s": StoredImage("s", "", "small", "png", 300, 200),
    }
    made = PictureViewer(
        list(images.values()), lambda name: tmp_path / name, {"s": "The small one"}, lambda: "Coming"
    )
    made.resize(800, 600)
    made.show_key("l")
    show(made)
    qtbot.waitUntil(lambda: not made._pictures.is_decoding)
    return made


def press(viewer, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(viewer, key, modifier)


def test_a_picture_is_shown_whole_and_no_larger_than_it_is(viewer, qtbot):
    assert 0.25 < viewer.canvas.zoom < 0.35
    assert viewer.facts.text().startswith("1 of 3 · 2400 × 1200 · 3")
    press(viewer, Qt.Key.Key_Right)
    press(viewer, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: viewer.canvas.zoom == pytest.approx(1.0))
    assert viewer.caption.text() == "The small one"
    assert viewer.windowTitle() == "The small one"


def test_zoom_by_keys_wheel_and_double_click(viewer):
    press(viewer, Qt.Key.Key_1)
    assert viewer.canvas.zoom == pytest.approx(1.0)
    press(viewer, Qt.Key.Key_Plus)
    assert viewer.canvas.zoom == pytest.approx(1.25)
    press(viewer, Qt.Key.Key_Minus)
    wheel = QWheelEvent(
        QPointF(100, 100), QPointF(100, 100), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QGuiApplication.sendEvent(viewer.canvas.viewport(), wheel)
    assert viewer.canvas.zoom == pytest.approx(1.25)
    press(viewer, Qt.Key.Key_F)
    assert viewer.canvas.zoom < 0.4
    QTest.mouseDClick(viewer.canvas.viewport(), Qt.MouseButton.LeftButton)
    assert viewer.canvas.zoom == pytest.approx(1.0)


def test_a_missing_picture_says_why_and_can_be_asked_for_in_the_browser(viewer, monkeypatch):
    opened = []
    monkeypatch.setattr(picture_viewer, "open_external", lambda url: opened.append(url.toString()))
    press(viewer, Qt.Key.Key_Right)
    assert viewer.missing.isVisible()
    assert "the server said 404" in viewer.missing.words[1]
    viewer.missing.press_other()
    assert opened == ["https://courier.test/gone.jpg"]
    press(viewer, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert viewer.missing.words[1] == "Coming"
    disabled = {button.text() for button in viewer.findChildren(QToolButton) if not button.isEnabled()}
    assert disabled == {"Fit", "100 %", "−", "+", "Copy", "Save as…"}


def test_copy_and_save_give_the_picture_as_it_was_fetched(viewer, tmp_path):
    said = []
    viewer.said.connect(lambda words, _: said.append(words))
    press(viewer, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().image().width() == 2_400
    viewer.save_to(str(tmp_path / "saved.png"))
    assert (tmp_path / "saved.png").read_bytes() == (tmp_path / "large").read_bytes()
    viewer.save_to(str(tmp_path / "no" / "folder.png"))
    assert said[1] == "Saved as saved.png."
    assert said[2].startswith("The picture could not be saved")


def test_a_huge_picture_is_decoded_within_bounds(tmp_path, show):
    huge = StoredImage("h", "", "huge", "png", 20_000, 2_000)
    viewer = PictureViewer([huge], lambda name: tmp_path / name, {}, lambda: "")
    width = viewer._width()
    assert width * (width / 10) <= MOST_PIXELS
    viewer.deleteLater()


def test_every_button_has_a_name_and_escape_closes(viewer):
    assert all(button.accessibleName() for button in viewer.findChildren(QToolButton))
    press(viewer, Qt.Key.Key_Escape)
    assert not viewer.isVisible()


def test_a_caption_is_that_of_all_pictures_of_its_figure():
    html = (
        '<figure><figure><img src="cache:a"><figcaption>One &amp; <b>only</b></figcaption></figure>'
        '<img src="cache:b"><img src="cache:c"><figcaption>Both</figcaption></figure><p><img src="cache:d">x</p>'
    )
    assert captions(html) == {"a": "One & only", "b": "Both", "c": "Both"}
