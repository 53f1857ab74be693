"""The dialogs: add a source, the starter set, settings, shortcuts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSpinBox, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.errors import AppError, FetchError
from desktop.core.models import NewSource, SourceKind
from desktop.core.settings import SETTINGS
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.ui.actions import COMMANDS
from desktop.ui.articles.arrangement import Look
from desktop.ui.main_window import MainWindow
from desktop.ui.settings_dialog import CHOICES, SettingsDialog
from desktop.ui.shortcuts_dialog import ShortcutsDialog
from desktop.ui.sources.add_dialog import AddSourceDialog
from desktop.ui.sources.welcome_dialog import WelcomeDialog
from tests.ui.edition import COURIER, NOW, make_article, make_feed

Show = Callable[[QWidget], QWidget]
FOUND = [
    NewSource("https://steppe.test/wp-json/", SourceKind.WORDPRESS, "Steppe <b>News</b>"),
    NewSource("https://steppe.test/feed", SourceKind.FEED, "Steppe News feed"),
]


class Answer:
    """Stands where the session asks a site, and answers at once."""

    def __init__(self, answer: list[NewSource] | AppError) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __call__(
        self,
        url: str,
        done: Callable[[list[NewSource]], None],
        failed: Callable[[AppError], None],
        owner: object,
    ) -> None:
        self.asked.append(url)
        if isinstance(self.answer, AppError):
            failed(self.answer)
        else:
            done(self.answer)


@pytest.fixture
def adding(session: Session, show: Show, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AddSourceDialog]:
    def ask(answer: list[NewSource] | AppError) -> AddSourceDialog:
        monkeypatch.setattr(session.subscriptions, "discover", Answer(answer))
        dialog = AddSourceDialog(session, ["Kyrgyzstan"])
        show(dialog)
        return dialog

    return ask


def said(dialog: AddSourceDialog) -> str:
    return dialog._said.text()


def test_what_was_found_is_offered_and_the_first_is_checked(
    adding: Callable[..., AddSourceDialog], qtbot: QtBot
) -> None:
    dialog = adding(FOUND)
    dialog.look_at("steppe.test")
    dialog._folder.setCurrentText("Kyrgyzstan")

    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.accept()

    (sources,) = chosen.args
    assert [(source.url, source.folder) for source in sources] == [(FOUND[0].url, "Kyrgyzstan")]


def test_nothing_can_be_added_before_something_is_found(adding: Callable[..., AddSourceDialog]) -> None:
    dialog = adding([])

    assert not dialog._add.isEnabled()
    dialog.look_at("nothing.test")
    assert said(dialog).startswith("Nothing to follow was found")
    assert not dialog._add.isEnabled()


def test_a_failure_is_told_with_its_remedy(adding: Callable[..., AddSourceDialog]) -> None:
    dialog = adding(FetchError("steppe.test did not answer.", "Check the address."))

    dialog.look_at("steppe.test")

    assert said(dialog) == "steppe.test did not answer. Check the address."
    assert dialog._find.isEnabled()


def test_an_empty_address_is_asked_for(adding: Callable[..., AddSourceDialog]) -> None:
    dialog = adding(FOUND)
    dialog.look_at("   ")

    assert said(dialog).startswith("Write the address")


def test_another_address_forgets_what_was_found(adding: Callable[..., AddSourceDialog], qtbot: QtBot) -> None:
    dialog = adding(FOUND)
    dialog.look_at("steppe.test")

    qtbot.keyClicks(dialog._address, "x")

    assert dialog._list.count() == 0
    assert not dialog._add.isEnabled()


def test_a_source_that_is_there_already_cannot_be_added_again(
    adding: Callable[..., AddSourceDialog],
) -> None:
    dialog = adding([NewSource(COURIER, title="Steppe Courier")])
    dialog.look_at(COURIER)

    item = dialog._list.item(0)
    assert "Already among your sources" in item.text()
    assert not item.flags() & Qt.ItemFlag.ItemIsEnabled
    assert not dialog._add.isEnabled()


def test_a_copied_address_is_filled_in(session: Session, show: Show) -> None:
    QGuiApplication.clipboard().setText("https://steppe.test/news")
    dialog = AddSourceDialog(session, [])
    show(dialog)
    assert dialog._address.text() == "https://steppe.test/news"

    QGuiApplication.clipboard().setText("just some words https://steppe.test")
    other = AddSourceDialog(session, [])
    show(other)
    assert other._address.text() == ""
    QGuiApplication.clipboard().clear()


def test_titles_from_outside_stay_plain(adding: Callable[..., AddSourceDialog]) -> None:
    dialog = adding(FOUND)
    dialog.look_at("steppe.test")

    assert "<b>News</b>" in dialog._list.item(0).text()
    assert "<b>" not in dialog._list.item(0).toolTip()


def starter_lines(dialog: WelcomeDialog) -> list[QTreeWidgetItem]:
    return dialog._lines


def test_tried_starters_are_on_and_the_others_are_marked(
    open_session: Callable[[int], Session], show: Show
) -> None:
    session = open_session(0)
    dialog = WelcomeDialog(session)
    show(dialog)

    assert len(starter_lines(dialog)) == len(session.starters) > 0
    for line in starter_lines(dialog):
        starter = line.data(0, Qt.ItemDataRole.UserRole + 1)
        assert (line.checkState(0) == Qt.CheckState.Checked) is starter.verified
        assert ("may not work" in line.text(1)) is not starter.verified


def test_the_welcome_says_that_nothing_is_fetched_before_add(
    open_session: Callable[[int], Session], show: Show
) -> None:
    dialog = WelcomeDialog(open_session(0))
    show(dialog)

    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "Nothing is fetched before you press Add." in words


def test_the_chosen_starters_are_added(
    open_session: Callable[[int], Session], show: Show, qtbot: QtBot
) -> None:
    session = open_session(0)
    session.set_offline(True)
    dialog = WelcomeDialog(session)
    show(dialog)
    for line in starter_lines(dialog)[1:]:
        line.setCheckState(0, Qt.CheckState.Unchecked)
    starter_lines(dialog)[0].setCheckState(0, Qt.CheckState.Checked)
    assert dialog._add.text() == "&Add 1 source"
    (chosen,) = dialog.chosen()

    with qtbot.waitSignal(session.sources_changed):
        dialog.accept()

    assert [source.url for source in session.reader.sources.all()] == [chosen.url]


def test_a_starter_of_which_only_articles_were_kept_can_be_chosen_again(
    open_session: Callable[[int], Session], show: Show
) -> None:
    session = open_session(0)
    news = [starter.source() for starter in session.starters[:2]]

    def prepare(store: Store) -> None:
        for source_id, new in enumerate(news, 1):
            store.sources.add(new, NOW)
            (first,) = store.articles.apply(source_id, make_feed([make_article(1)]), None, NOW).new
            store.articles.set_starred([first], True)
        store.sources.remove(2, keep_marked=True)

    session._lane(prepare)
    dialog = WelcomeDialog(session)
    show(dialog)
    lines = {line.data(0, Qt.ItemDataRole.UserRole + 1).source().url: line for line in starter_lines(dialog)}
    assert [lines[new.url].isDisabled() for new in news] == [True, False]


def test_the_welcome_can_be_skipped_for_good(
    open_session: Callable[[int], Session], show: Show, qtbot: QtBot
) -> None:
    session = open_session(0)
    dialog = WelcomeDialog(session)
    show(dialog)

    dialog.reject()

    qtbot.waitUntil(lambda: session.setting("welcome.done", False))
    assert session.reader.sources.all() == []


def test_with_nothing_checked_there_is_nothing_to_add(
    open_session: Callable[[int], Session], show: Show
) -> None:
    dialog = WelcomeDialog(open_session(0))
    show(dialog)
    for line in starter_lines(dialog):
        line.setCheckState(0, Qt.CheckState.Unchecked)

    assert not dialog._add.isEnabled()


@pytest.mark.parametrize("choice", CHOICES, ids=[choice.key for choice in CHOICES])
def test_a_changed_setting_is_stored_at_once(
    choice: object, session: Session, show: Show, qtbot: QtBot
) -> None:
    dialog = SettingsDialog(session)
    show(dialog)
    key, default = choice.key, choice.default  # type: ignore[attr-defined]
    if isinstance(default, bool):
        box = dialog.findChild(QCheckBox, key)
        assert box is not None
        assert box.isChecked() is default
        box.setChecked(not default)
        qtbot.waitUntil(lambda: session.setting(key, default) is not default)
    elif isinstance(default, str):
        chosen = dialog.findChild(QComboBox, key)
        assert chosen is not None
        assert chosen.currentData() == default
        chosen.setCurrentIndex(1)
        chosen.activated.emit(1)
        qtbot.waitUntil(lambda: session.setting(key, default) != default)
    else:
        number = dialog.findChild(QSpinBox, key)
        assert number is not None
        assert number.value() == default
        number.setValue(default + 10)
        qtbot.waitUntil(lambda: session.setting(key, default) == default + 10)


def test_every_setting_has_its_place_in_the_window_or_a_reason() -> None:
    shown = {choice.key: choice.default for choice in CHOICES}
    assert sorted(shown) == sorted(setting.key for setting in SETTINGS if not setting.elsewhere)
    assert shown == {setting.key: setting.default for setting in SETTINGS if not setting.elsewhere}


def test_lists_look_as_the_settings_say_unless_they_have_a_look_of_their_own(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    window.sidebar.choose("starred")
    window.commands["look_compact"].trigger()
    window.sidebar.choose("all")
    assert window.articles.arrangement.look is Look.CARDS
    window.commands["settings"].trigger()
    (dialog,) = window.findChildren(SettingsDialog)
    box = dialog.findChild(QComboBox, "list.look")
    box.setCurrentIndex(box.findData("columns"))
    box.activated.emit(box.currentIndex())
    assert window.articles.arrangement.look is Look.COLUMNS
    assert window.commands["look_columns"].isChecked()
    assert window.articles.view.horizontalHeader().isVisible()
    window.sidebar.choose("starred")
    assert window.articles.arrangement.look is Look.COMPACT
    window.sidebar.choose("unread")
    assert window.articles.arrangement.look is Look.COLUMNS
    qtbot.waitUntil(lambda: session.setting("list.look", "") == "columns")
    dialog.close()


def test_settings_say_where_everything_is_kept(session: Session, show: Show) -> None:
    dialog = SettingsDialog(session)
    show(dialog)

    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert str(session.reader.path) in words


def test_the_help_lists_every_action_with_keys(qapp: object, show: Show) -> None:
    dialog = ShortcutsDialog()
    show(dialog)

    assert len(dialog.shown()) == len([command for command in COMMANDS if command.keys or command.single])


def test_the_help_can_be_searched_by_word_and_by_key(qapp: object, show: Show, qtbot: QtBot) -> None:
    dialog = ShortcutsDialog()
    show(dialog)

    qtbot.keyClicks(dialog._filter, "unstar")
    assert dialog.shown() == [("Star or unstar", "Ctrl+D, S")]

    dialog._filter.setText("F5")
    assert ("Refresh all", "F5") in dialog.shown()
