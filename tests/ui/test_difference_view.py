"""The view of what a publisher changed: marked by more than colour, and every change can be gone to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette, QTextCursor
from PySide6.QtWidgets import QComboBox, QPushButton, QTextEdit, QWidget

from desktop.core.difference import Difference
from desktop.core.versions import Version
from desktop.ui.reader.difference_view import AT_ONCE, DifferenceView
from desktop.ui.theme import contrast
from tests.ui.edition import NOW

Show = Callable[[QWidget], QWidget]
FIRST = "The bridge was opened on Monday.\n\nA claim that nobody could confirm."
SECOND = "The bridge was opened on Tuesday."
THIRD = "The bridge was opened on Tuesday evening.\n\n<b>Correction</b> of the day."


def versions(*texts: str) -> list[Version]:
    """The texts as versions, the last one the present."""
    return [Version(NOW - timedelta(hours=n), "The bridge", text) for n, text in enumerate(reversed(texts))]


def at_once(job: Callable[[], Difference], done: Callable[[Difference], None], owner: QObject) -> None:
    """For texts that are too short to be compared in a thread."""
    raise AssertionError


@pytest.fixture
def view(show: Show) -> DifferenceView:
    made = DifferenceView("The bridge", versions(FIRST, SECOND, THIRD), at_once)
    show(made)
    return made


def test_each_version_stands_against_the_one_before_and_all_together(view: DifferenceView) -> None:
    choice = view.findChild(QComboBox)
    assert [choice.itemText(at)[:7] for at in range(choice.count())] == ["Changed", "Changed", "All cha"]
    assert "Tuesday{+ evening+}" in view.shown
    choice.setCurrentIndex(1)
    assert "[-Monday-]{+Tuesday+}" in view.shown
    assert view.summary == "1 passage added (underlined), 2 passages removed (struck through)."
    choice.setCurrentIndex(2)
    assert "[-Monday-]{+Tuesday evening+}" in view.shown


def test_what_is_new_is_underlined_and_what_is_gone_struck_through(view: DifferenceView) -> None:
    view.findChild(QComboBox).setCurrentIndex(1)
    text = view.findChild(QTextEdit)
    formats = {}
    cursor = QTextCursor(text.document())
    while cursor.movePosition(QTextCursor.MoveOperation.NextCharacter):
        made = cursor.charFormat()
        formats[made.fontUnderline(), made.fontStrikeOut()] = made
    assert set(formats) == {(False, False), (True, False), (False, True)}
    for made in formats.values():
        ground = (
            made.background().color() if made.hasProperty(made.Property.BackgroundBrush) else QColor("white")
        )
        assert contrast(made.foreground().color(), ground) >= 4.5
    assert formats[True, False].fontWeight() > QFont.Weight.Normal


def test_text_from_outside_is_shown_letter_by_letter(view: DifferenceView) -> None:
    assert "<b>Correction</b>" in view.findChild(QTextEdit).toPlainText()


def test_the_changes_are_gone_through_in_a_circle(view: DifferenceView) -> None:
    view.findChild(QComboBox).setCurrentIndex(1)
    found = []
    for _ in range(4):
        view.next()
        found.append(view.selected)
    assert found == ["Monday", "Tuesday", "A claim that nobody could confirm.", "Monday"]
    view.previous()
    assert view.selected == "A claim that nobody could confirm."


def test_the_marks_are_copied_in_letters(view: DifferenceView) -> None:
    copy = next(b for b in view.findChildren(QPushButton) if b.text() == "&Copy")
    copy.click()
    assert QGuiApplication.clipboard().text() == view.shown


def test_a_withdrawn_article_that_never_changed(show: Show) -> None:
    view = DifferenceView("The bridge", versions(FIRST), at_once, withdrawn=True)
    show(view)
    assert view.summary == (
        "Withdrawn by the publisher; your copy stays. The text has not changed since it was stored."
    )
    assert not any(button.isEnabled() for button in view.findChildren(QPushButton))


def test_another_form_of_the_same_words(show: Show) -> None:
    view = DifferenceView("The bridge", versions("The  same.", "The  same. "), at_once)
    show(view)
    assert view.summary == "Only the form was changed; every word is the same."


def test_the_colours_follow_the_palette(view: DifferenceView) -> None:
    dark = QPalette(view.palette())
    dark.setColor(QPalette.ColorRole.Base, QColor("#1e1e1e"))
    dark.setColor(QPalette.ColorRole.Text, QColor("#e6e6e6"))
    view.setPalette(dark)
    cursor = QTextCursor(view.findChild(QTextEdit).document())
    cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
    assert cursor.charFormat().foreground().color() == QColor("#e6e6e6")


def test_long_texts_are_compared_in_a_thread_and_written_a_part_at_a_time(show: Show) -> None:
    old = "\n".join(
        f"Paragraph {n} of a long text. {'Words and more. ' * 30}" for n in range(3 * AT_ONCE - 1)
    )
    asked = []
    view = DifferenceView(
        "The bridge",
        versions(old, old.replace("more", "less", 1), old.replace("long", "short")),
        lambda job, done, owner: asked.append((job, done)),
    )
    show(view)
    text = view.findChild(QTextEdit)
    assert (view.summary, text.toPlainText()) == ("Comparing…", "")
    assert not any(button.isEnabled() for button in view.findChildren(QPushButton)[:2])
    view.findChild(QComboBox).setCurrentIndex(1)
    (first, first_done), (second, second_done) = asked
    first_done(first())
    assert view.summary == "Comparing…"  # something else was chosen meanwhile
    second_done(second())
    assert view.summary == "1 passage added (underlined), 1 passage removed (struck through)."
    assert text.document().blockCount() == AT_ONCE
    for parts in (2, 3):
        QCoreApplication.processEvents()
        assert text.document().blockCount() == parts * AT_ONCE
    view.next()
    assert view.selected == "more"
    assert text.toPlainText() == view.shown.replace("{+", "").replace("+}", "").replace("[-", "").replace(
        "-]", ""
    ).replace("\n\n", "\n")
