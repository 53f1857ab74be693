"""The reader and the ticker on a real store."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from desktop.core.html.image_keys import image_key
from desktop.core.incoming import ImageRef, PictureInfo
from desktop.core.models import Changes
from desktop.core.rates import Pair, Quote, QuoteKind
from desktop.ui.rates.ticker import Ticker
from desktop.ui.reader.pane import ReaderPane
from tests.ui.edition import NOW, make_article
from tests.ui.reading import save_picture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

PICTURE = "https://courier.test/bridge.png"
KZT = Pair("USD", "KZT")


def lane(session, job):
    """Does a job on the writing store and waits for it."""
    return session._lane.submit(job).result()


def with_picture(number):
    html = (
        f'<p>The bridge is open.</p><figure><img src="cache:{image_key(PICTURE)}" alt="The bridge"></figure>'
    )
    return make_article(number, html=html, images=(ImageRef(PICTURE, "The bridge"),))


def test_a_picture_that_arrives_takes_its_place_in_the_open_article(session, arrive, show, tmp_path, qtbot):
    (article_id,) = arrive([with_picture(500)]).new
    pane = ReaderPane(session)
    pane.resize(700, 600)
    show(pane)
    pane.show_article(article_id)
    document = pane.view.document()
    key = image_key(PICTURE)
    assert pane.view.pictures._images[key].sha256 == ""
    body = save_picture(tmp_path, "bridge.png", 300, 200).read_bytes()
    lane(session, lambda store: store.images.put(key, PICTURE, body, PictureInfo("png", 300, 200)))
    session.articles_changed.emit(Changes(updated=(article_id,)))
    assert pane.view.pictures._images[key].sha256 == hashlib.sha256(body).hexdigest()
    assert pane.view.document() is document
    pane.view.grab()
    qtbot.waitUntil(lambda: not pane.view.pictures.is_decoding)
    image = pane.view.grab().toImage()
    middle = image.width() // 2
    assert any(image.pixelColor(middle, y).name() == "#008000" for y in range(image.height()))


def test_a_star_comes_back_from_the_store(session, show, qtbot):
    pane = ReaderPane(session)
    show(pane)
    pane.show_article(1)
    with qtbot.waitSignal(session.articles_changed):
        session.set_starred([1], True)
    assert pane._article.row.starred


def test_the_ticker_shows_the_five_pairs_of_a_new_store(session, show):
    quote = Quote(
        "USD", "KZT", Decimal("473.18"), "473.18", "1", date(2026, 11, 24), "nbk", QuoteKind.OFFICIAL, NOW
    )
    lane(session, lambda store: store.rates.save([quote], NOW))
    session._answers.clear()
    ticker = Ticker(session)
    show(ticker)
    shown = {str(entry.pair): (entry.value, entry.change) for entry in ticker.strip.entries}
    assert shown["USD/KZT"] == ("473.18", "—")
    assert shown["USD/TMT"][1] == "pegged"
    assert shown["USD/KGS"] == ("—", "")


def test_a_flip_is_shown_once_it_is_stored(session, show, qtbot):
    ticker = Ticker(session)
    show(ticker)
    assert KZT in ticker.pairs
    ticker.act("flip", KZT)
    qtbot.waitUntil(lambda: KZT.inverse in ticker.pairs)
    ticker.act("unpin", KZT.inverse)
    qtbot.waitUntil(lambda: len(ticker.pairs) == 4)
