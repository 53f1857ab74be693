"""The country lens: over list, ticker, rates and chart; always said, with how much is hidden, and lifted by one key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, Order
from desktop.core.rates import Pair
from desktop.core.shown import Shown
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from tests.ui.edition import COURIER
from tests.ui.person import Key, press

KZ = ArticleQuery(country="KZ")


@pytest.fixture
def kazakh(session: Session) -> int:
    """The source that is of Kazakhstan, one of the two there are."""

    def job(store: Store) -> int:
        source = store.sources.by_url(COURIER)
        assert source is not None
        store.sources.edit(source.id, store.sources.subscription(source.id)._replace(country="KZ"))
        return source.id

    return int(session._lane.submit(job).result())


def shown_sources(window: MainWindow) -> set[int]:
    model = window.articles.model
    found = (model.article(model.index(at, 0)) for at in range(model.rowCount()))
    return {row.source_id for row in found if row is not None}


def test_list_ticker_and_rates_show_one_country_say_so_and_one_key_lifts_it(
    kazakh: int, window: MainWindow, qtbot: QtBot
) -> None:
    window.sidebar.choose("all")
    total = window.articles.model.total
    pairs = window.ticker.pairs
    with qtbot.waitSignal(window.session.lens_changed):
        window.commands["lens_kz"].trigger()
    here = window.articles.model.total
    assert shown_sources(window) == {kazakh}
    assert window.articles.lens_bar.words == (
        f"KZ only. {total - here} of {total} articles hidden.",
        "Show all",
    )
    qtbot.waitUntil(lambda: window.ticker.pairs == (Pair("USD", "KZT"),))
    button = window.lens_commands.button
    assert button.isVisible()
    assert button.text() == f"KZ only · {len(pairs) - 1} of {len(pairs)} pairs hidden"
    press(qtbot, window.articles.view, Key.Key_0)
    assert window.articles.model.total == total
    assert window.articles.lens_bar.words == ()
    qtbot.waitUntil(lambda: window.ticker.pairs == pairs)
    assert not button.isVisible()


def test_what_is_hidden_is_not_marked_read_with_the_rest(kazakh: int, session: Session) -> None:
    reader = session.reader
    hidden = reader.articles.unread_count(ArticleQuery()) - reader.articles.unread_count(KZ)
    shown = Shown(KZ, reader.articles.newest_id())
    session._lane.submit(lambda store: store.marks.read(shown)).result()
    assert reader.articles.unread_count(KZ) == 0
    assert reader.articles.unread_count(ArticleQuery()) == hidden > 0


@pytest.mark.parametrize("order", list(Order))
def test_every_order_of_a_list_is_narrowed(kazakh: int, session: Session, order: Order) -> None:
    rows = session.reader.articles.page(KZ._replace(order=order))
    assert {row.source_id for row in rows} == {kazakh}
    assert len(rows) == session.reader.articles.count(KZ)
    found = session.reader.articles.page(ArticleQuery(words="story", country="KZ"))
    assert {row.source_id for row in found} == {kazakh}


def test_it_is_remembered_and_an_empty_list_says_what_hides_it(
    open_session: Callable[[int], Session], show: Callable[[MainWindow], MainWindow]
) -> None:
    session = open_session(3)
    session.set_lens("TM")
    assert Session.lens.fget(session) == "TM"  # type: ignore[attr-defined]
    session._lane.submit(lambda store: None).result()
    assert session.setting("window.lens", "") == "TM"
    window = show(MainWindow(session))
    window.complete()
    window.sidebar.choose("all")
    assert window.articles.model.total == 0
    assert window.commands["lens_tm"].isChecked()
    assert window.articles.lens_bar.words[0].startswith("TM only. 6 of 6")
    window.articles.empty.asked.emit()
    assert session.lens == ""
    assert window.articles.model.total == 6


def test_pairs_are_not_moved_while_some_are_hidden(kazakh: int, window: MainWindow, qtbot: QtBot) -> None:
    window.sidebar.choose("rates")
    page = window.panes.page
    assert page is not None
    assert page.model.rowCount() == 5
    window.session.set_lens("KZ")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    page.model.move_requested.emit(Pair("USD", "KZT"), 0)
    assert window.undo_stack.isClean()
    window.session.set_lens("")
    qtbot.waitUntil(lambda: page.model.rowCount() == 5)
