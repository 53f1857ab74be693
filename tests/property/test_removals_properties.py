"""Removals of sources, in any order with marks, fetches and new subscriptions: each is taken back exactly."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.models import ArticleQuery, NewSource
from desktop.store import Store
from desktop.store.removals import Removals
from tests.new_store import begin
from tests.unit.store.builders import NOW, fill, make_article, make_feed
from tests.unit.store.test_removals import dump

URL = "https://one.example/feed/"
acts = st.lists(
    st.sampled_from(
        ("star", "tag", "note", "read", "fetch", "follow", "keep", "keep", "whole", "back", "back")
    ),
    min_size=4,
    max_size=14,
)


class _Life:
    """One source that is removed and comes back, beside another that shares a story and a picture with it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.removals = Removals(store._database, store.images, at_once=2)
        self.before: list[
            dict[str, list[Any]]
        ] = []  # as the store was before each removal that can be taken back
        self.brought = 0
        fill(store, 4, "one")
        fill(store, 3, "two", start=3)
        self.fetch(("one-9", "two-9"))

    @property
    def articles(self) -> list[int]:
        return [row.id for row in self.store.articles.page(ArticleQuery(source_id=1))]

    def fetch(self, guids: tuple[str, ...]) -> None:
        """A story that both sources have, or one of the first alone."""
        for source_id, guid in enumerate(guids, 1):
            told = make_article(9 + self.brought, guid=guid, url=f"https://story.example/{self.brought}")
            self.store.articles.apply(source_id, make_feed([told]), None, NOW)
        self.brought += 1

    def act(self, name: str) -> None:
        store, articles = self.store, self.articles
        follows = store.sources.follows(URL)
        if name in ("keep", "whole") and any(source.id == 1 for source in store.sources.all()):
            self.before.append(dump(store))
            self.removals.remove([1], keep_marked=name == "keep")
        elif name == "back" and self.before:
            self.removals.put_back(1)
            assert dump(store) == self.before.pop()
        elif name == "follow" and not follows:
            store.sources.add(NewSource(URL, title="One"), NOW + timedelta(days=1))
            self.before.clear()  # what went then comes to what the source lacks
        elif name == "fetch" and follows and not self.before:
            self.fetch((f"one-{10 + self.brought}",))
        elif articles and not self.before:
            self._mark(name, articles[self.brought % len(articles)])

    def _mark(self, name: str, article: int) -> None:
        if name == "star":
            self.store.articles.set_starred([article], True)
        elif name == "read":
            self.store.articles.set_read([article], True)
        elif name == "tag":
            self.store.tags.change([article], add=["Banks"])
        elif name == "note":
            self.store.notes.put(article, "Ask the bank.", NOW)


@settings(max_examples=10, derandomize=True, deadline=None)
@given(acts)
def test_whatever_is_done_between_each_removal_is_taken_back_row_by_row(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, Store.open(begin(Path(folder))) as store:
        life = _Life(store)
        for name in names:
            life.act(name)
            assert store.check() == []
            keys = store._database.rows("SELECT source_id, key FROM identities")
            assert len(keys) == len(set(keys))
        while store._database.value("SELECT count(*) FROM temp.sqlite_master WHERE name = 'removals'"):
            if not store._database.value("SELECT count(*) FROM temp.removals WHERE source_id = 1"):
                break
            store.sources.put_back(1)  # also those from before it was followed anew
            assert store.check() == []
