"""What a person did, as rows that can be compared: the yardstick of every test of faults."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from desktop.core.errors import StoreDamaged
from desktop.core.incoming import PictureInfo
from desktop.core.models import ArticleQuery, FetchState, Validators
from desktop.core.rates import Pair
from desktop.core.rates.alert_rules import AlertKind, AlertRule
from desktop.core.saved_searches import SavedSearch
from desktop.store import Store
from desktop.store.copies import keep_daily
from desktop.store.opening import FILE, SUSPECT
from tests.unit.store.builders import NOW, add_source, make_article, make_feed, make_quote

Row = tuple[object, ...]
State = dict[str, frozenset[Row]]
# Each a table's own rows; what the program itself keeps beside them (times, counts, notices) is left out.
_STATE = {
    "sources": "SELECT id, url, title, folder, enabled, full_text, pictures FROM sources",
    "states": "SELECT source_id, key, read, starred FROM states WHERE read OR starred",
    "tags": "SELECT source_id, t.key, folded FROM taggings t JOIN tags g ON g.id = t.tag_id",
    "notes": "SELECT source_id, key, text FROM notes",
    "settings": "SELECT key, value FROM settings WHERE key <> 'store.mended'",
    "pairs": "SELECT list_name, base, quote, source FROM pinned_pairs",
    "alerts": "SELECT base, quote, kind, threshold FROM alerts WHERE removed_at IS NULL",
    "searches": "SELECT name, words FROM saved_searches",
    "rules": "SELECT words, read, star FROM arrival_rules",
}


def state_of(folder: Path) -> State:
    """All that the person did, read past our own code."""
    with closing(sqlite3.connect((folder / FILE).as_uri() + "?mode=ro", uri=True)) as db:
        return {name: frozenset(db.execute(sql)) for name, sql in _STATE.items()}


def lost(state: State, *, today: State, copy: State) -> list[tuple[str, Row]]:
    """What is neither as it was, nor as the daily copy had it."""
    wrong: list[tuple[str, Row]] = []
    for name, rows in state.items():
        wrong += [(name, row) for row in (today[name] & copy[name]) - rows]
        wrong += [(name, row) for row in rows - today[name] - copy[name]]
    return wrong


def feed(name: str, first: int, last: int, words: int = 60) -> list:
    """Articles of a source, of some length."""
    return [
        make_article(
            n, guid=f"{name}-{n}", url=f"https://{name}.example/{n}", title=f"{name} {n}", text=f"river {n} " * words,
            html=f"<p>{f'river {n} ' * words}</p>",
        )
        for n in range(first, last)
    ]  # fmt: skip


def live(folder: Path, articles: int = 40) -> State:
    """A store with something of everything in it, of which a copy was made before its last day. Gives that copy."""
    with Store.open(folder) as store:
        for name, place in (("steppe", ""), ("valley", "Asia/Banks")):
            source = add_source(store, name, place)
            kept = FetchState(validators=Validators(f'"{name}"', ""), last_fetch=NOW)
            store.articles.apply(source.id, make_feed(feed(name, 1, articles + 1)), kept, NOW)
        store.images.put("key1", "https://steppe.example/1.png", b"picture", PictureInfo("png", 1, 1))
        store.rates.save([make_quote(), make_quote(quote="UZS", value="12075.20")], NOW)
        store.alerts.add(AlertRule(Pair("USD", "KZT"), AlertKind.FIXING), NOW.date(), NOW)
        store.watchlists.pin(Pair("EUR", "KZT"))
        store.watchlists.unpin(Pair("USD", "TMT"))
        store.arrival_rules.add("glacier", read=True, star=False)
        store.saved_searches.put((SavedSearch(1, "Rivers", "river"),))
        store.settings.set("reader.size", 3)
        store.articles.set_read(range(1, articles // 2), True)
        store.articles.set_starred(range(5, 15), True)
        store.notes.put(7, "Ask the ministry.", NOW)
        store.tags.change([7, 8, 9], ["budget"])
        keep_daily(folder, NOW - timedelta(days=1))
    copy = state_of(folder)
    with Store.open(folder) as store:
        store.articles.set_read(range(articles, articles + 20), True)
        store.articles.set_starred([articles + 3], True)
        store.notes.put(9, "And the bank.", NOW)
        store.settings.set("reader.width", 72)
        store.watchlists.pin(Pair("GBP", "KZT"))
        store.articles.apply(1, make_feed(feed("steppe", 900, 905)), None, NOW)
    return copy


def use(store: Store) -> int:
    """Look at everything, as a person would in a long evening; gives how many articles say that they are damaged.

    Raises StoreDamaged where the database itself is.
    """
    rows = store.articles.page(ArticleQuery(), limit=10_000)
    unreadable = 0
    for row in rows:
        try:
            store.articles.get(row.id)
        except StoreDamaged:
            if (store.folder / SUSPECT).exists():
                raise
            unreadable += 1
        store.images.of_article(row.id)
        store.notes.of(row.id)
    store.articles.page(ArticleQuery(words="river"), limit=10_000)
    store.articles.page(ArticleQuery(unread_only=True), limit=10_000)
    store.sources.counts()
    store.settings.all()
    store.watchlists.pairs()
    store.rates.book({"USD", "KZT"}, NOW.date())
    return unreadable
