"""Text from outside is shown letter by letter in every sink."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, Qt, QTextDocument
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from desktop.ui.text import (
    action_text,
    notice,
    plain_label,
    set_text,
    show_tooltip,
    tooltip,
    tooltip_text,
    window_title,
)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

HOSTILE = [
    "<img src='file:///etc/passwd'>",
    "<b>bold</b>",
    "<a href='javascript:x'>click</a>",
    "<!-- --><h1>Big",
    "<qt>rich</qt>",
    "</qt><img src=/etc/passwd>",
    "<table><tr><td background='file:///etc/passwd'>x",
    "<style>@import 'file:///etc/passwd';</style>x",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "left\u202eright\u202c",
    "one\r\ntwo\x00\x07\x1b[31mred",
    "<\u200bimg src=x>",
    "x" * 5_000 + "<b>",
]


def shown_by_qt(text):
    """What a text that Qt takes for HTML shows, and how many things in it could act."""
    document = QTextDocument()
    document.setHtml(text)
    active = 0
    block = document.begin()
    while block.isValid():
        parts = block.begin()
        while not parts.atEnd():
            layout = parts.fragment().charFormat()
            active += layout.isImageFormat() or layout.isAnchor()
            parts += 1
        block = block.next()
    return document.toPlainText(), active


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_shows_it_as_it_is(qtbot, text):
    label = plain_label(text)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert len(label.text()) <= 1_002
    assert not set(label.text()) & set("\u202e\u202c\x00\x07\x1b\r")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_made_elsewhere_is_plain_once_it_is_filled(qtbot, text):
    label = QLabel()
    qtbot.addWidget(label)
    set_text(label, text)
    assert label.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize("text", HOSTILE)
def test_a_tooltip_shows_every_letter_and_loads_nothing(qtbot, text):
    made = tooltip_text(text)
    assert Qt.mightBeRichText(made)
    visible, active = shown_by_qt(made)
    label = plain_label(text)
    qtbot.addWidget(label)
    assert visible.split() == label.text().split()
    assert active == 0


def test_a_tooltip_keeps_its_lines():
    assert shown_by_qt(tooltip_text("one\ntwo <three>"))[0] == "one\ntwo <three>"


def test_no_text_is_no_tooltip():
    assert tooltip_text("") == ""
    assert tooltip_text(" \n ") == ""


def test_widgets_and_actions_take_the_same_tooltip(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    action = QAction("x", widget)
    for target in (widget, action):
        tooltip(target, "<b>x</b>")
        assert target.toolTip() == "<qt>&lt;b&gt;x&lt;/b&gt;</qt>"


def test_a_tooltip_at_a_place_is_escaped_too(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    show_tooltip(QPoint(5, 5), "<img src='file:///etc/passwd'>", widget)
    assert shown_by_qt(QToolTip.text()) == ("<img src='file:///etc/passwd'>", 0)
    QToolTip.hideText()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_notice_is_plain_and_blocks_nothing(qtbot, text):
    parent = QWidget()
    qtbot.addWidget(parent)
    box = notice(parent, text, text)
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert not box.isModal()
    assert box.isVisible()
    assert "\n" not in box.windowTitle()
    box.close()


def test_a_title_cannot_claim_that_a_file_changed(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setWindowTitle(window_title("News [*] today"))
    widget.setWindowModified(True)
    assert widget.windowTitle() == "News [*][*] today"


def test_an_ampersand_in_a_name_makes_no_shortcut():
    assert action_text("Law & Order\nNews") == "Law && Order News"


def test_a_word_beyond_measure_makes_no_label_wider_than_a_screen(qtbot):
    label = plain_label("Restore " + "ж" * 400)
    qtbot.addWidget(label)
    label.setWordWrap(True)
    assert label.minimumSizeHint().width() < 600
    assert label.text().replace("\u200b", "") == "Restore " + "ж" * 400


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/a-path-that-is-long-enough/to-be-broken-where-it-has-its-slashes?and=more",
        "中" * 100,
        "A sentence whose words are of a usual length needs no further places at which it may be broken.",
    ],
)
def test_what_qt_breaks_by_itself_is_left_as_it_is(qtbot, text):
    label = plain_label(text)
    qtbot.addWidget(label)
    assert label.text() == text


def test_an_accent_stays_with_its_letter_in_a_broken_word(qtbot):
    label = plain_label("e\u0301" * 60)
    qtbot.addWidget(label)
    assert "\u200b" in label.text()
    assert "\u200b\u0301" not in label.text()


def test_what_is_copied_from_a_label_has_no_breaks(qtbot):
    label = plain_label()
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_text(label, "k" * 200)
    assert label.text() == "k" * 200


def test_a_message_of_fifty_problems_fits_on_a_small_screen_and_has_all_of_them(qtbot):
    problems = [
        f"Source {number} could not be reached: the server did not answer in time." for number in range(50)
    ]
    box = notice(None, "What went wrong", "\n\n".join(problems))
    qtbot.addWidget(box)
    assert box.height() <= 600
    assert problems[0] in box.text()
    assert problems[-1] not in box.text()
    assert all(problem in box.detailedText() for problem in problems)
