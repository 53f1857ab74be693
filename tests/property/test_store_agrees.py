"""Whatever a person does to articles, tags, sources, rules and lists, in any order and half of it undone out of turn:
what the store keeps twice, for speed, agrees after each act."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.errors import UsageError
from desktop.core.identity import Mark
from desktop.core.models import FetchState, NewSource, Source
from desktop.core.retention import Rule
from desktop.store import Store
from tests.new_store import begin
from tests.unit.store.builders import NOW, make_article, make_feed

URLS = [f"https://s{number}.example/feed/" for number in range(4)]
STORIES = 14
TAGS = ("bank", "Bank", "Тажрыйба")
LATE = 4  # how many acts an undo may reach back

Act = Callable[[], object]


class Person:
    """Does one thing at a time. What can be undone is remembered, and undone in any order."""

    def __init__(self, store: Store, chance: Random) -> None:
        self.store, self.chance, self.now = store, chance, NOW
        self.tagged: list[int] = []
        self.marked: list[int] = []
        self.let_go: list[int] = []
        self.removed: list[int] = []
        self.imported: list[list[NewSource]] = []

    # what there is

    def some(self, most: int = 5) -> list[int]:
        known = [number for (number,) in self.store._database.rows("SELECT id FROM articles ORDER BY id")]
        return self.chance.sample(known, min(len(known), self.chance.randrange(1, most + 1)))

    def followed(self) -> list[Source]:
        return [source for source in self.store.sources.all() if not source.archived]

    def one_followed(self) -> Source:
        if not self.followed():
            self.follow()
        return self.chance.choice(self.followed())

    # what comes

    def follow(self) -> None:
        url = self.chance.choice([url for url in URLS if not self.store.sources.follows(url)] or URLS)
        if not self.store.sources.follows(url):
            self.store.sources.add(NewSource(url, title=url[8:10]), self.now)

    def fetch(self) -> None:
        source, chance = self.one_followed(), self.chance
        articles = []
        for number in chance.sample(range(STORIES), chance.choice((1, 3, 6))):
            site = "story" if chance.random() < 0.3 else f"s{source.id}"  # a story that several sources have
            moment = self.now - timedelta(hours=number + chance.choice((0, 0, 5)))
            articles.append(
                make_article(
                    number,
                    guid=chance.choice(("", *[f"s{source.id}-{number}"] * 9)),
                    url=f"https://{site}.example/{number}",
                    title=f"Story {number}{chance.choice(('', '', ' again'))}",
                    published=chance.choice((None, *[moment] * 9)),
                )
            )
        self.store.articles.apply(source.id, make_feed(articles), FetchState(), self.now)

    def wait(self) -> None:
        self.now += timedelta(hours=self.chance.choice((1, 8, 30)))

    def index(self) -> None:
        self.store.indexing.step(self.chance.choice((1, 500)))

    # what the person does

    def read(self) -> None:
        self.store.articles.set_read(self.some(), self.chance.random() < 0.7)

    def star(self) -> None:
        self.store.articles.set_starred(self.some(), self.chance.random() < 0.6)

    def note(self) -> None:
        for article in self.some(1):
            self.store.notes.put(article, self.chance.choice(("", "Ask the bank.")), self.now)

    def mark_all(self) -> None:
        self.marked.append(self.store.marks.read(self.some(20))[0])

    def tag(self) -> None:
        on = [self.chance.choice(TAGS)] if self.chance.random() < 0.7 else []
        off = [self.chance.choice(TAGS)] if self.chance.random() < 0.3 else []
        self.tagged.append(self.store.tags.change(self.some(), on, off)[0])

    def rename_tag(self) -> None:
        self.tagged.append(self.store.tags.rename(self.chance.choice(TAGS), self.chance.choice(TAGS))[0])

    def delete_tag(self) -> None:
        self.tagged.append(self.store.tags.delete(self.chance.choice(TAGS))[0])

    def set_rule(self) -> None:
        rule = self.chance.choice((None, Rule(), Rule(days=1), Rule(articles=3)))
        self.store.retention.set_rule(self.chance.choice((0, self.one_followed().id)), rule)

    def keep_rule(self) -> None:
        self.let_go.append(len(self.let_go) + 1)
        self.store.retention.apply(self.one_followed().id, self.now, self.let_go[-1])

    def delete(self) -> None:
        self.let_go.append(len(self.let_go) + 1)
        copies = self.chance.random() < 0.5
        self.store.retention.delete(self.some(), self.now, self.let_go[-1], copies=copies)

    def remove(self) -> None:
        for source in self.chance.sample(self.store.sources.all(), min(1, len(self.store.sources.all()))):
            self.removed.append(source.id)
            self.store.sources.remove(source.id, keep_marked=self.chance.random() < 0.5)

    def import_list(self) -> None:
        wanted = [NewSource(url) for url in self.chance.sample(URLS, 2)]
        marks = {new.url: [self._mark() for _ in range(5)] for new in wanted}
        added = self.store.sources.imports.add(wanted, self.now, marks)
        if added:
            self.imported.append([self.store.sources.subscription(number) for number in added])

    def _mark(self) -> Mark:
        chance = self.chance
        guid = f"s{chance.randrange(1, 5)}-{chance.randrange(STORIES)}"
        tags = tuple(chance.sample(("bank", "Тажрыйба"), chance.randrange(3)))
        return Mark(guid, "", read=chance.random() < 0.5, starred=chance.random() < 0.5, tags=tags)

    def move(self) -> None:
        source = self.one_followed()
        new = self.store.sources.subscription(source.id)._replace(
            url=self.chance.choice(URLS), language=self.chance.choice(("", "ru"))
        )
        self.store.sources.edit(source.id, new)

    # what is taken back

    def tag_back(self) -> None:
        for change in self.tagged[-LATE:][:1]:
            self.store.tags.put(change, back=self.chance.random() < 0.7)

    def mark_back(self) -> None:
        for number in self.marked[-LATE:][:1]:
            self.store.marks.put(number, read=self.chance.random() < 0.4)

    def bring_back(self) -> None:
        if self.let_go:
            self.store.retention.put_back(self.chance.choice(self.let_go[-LATE:]))

    def take_again(self) -> None:
        if self.let_go:
            self.store.retention.take_again(self.chance.choice(self.let_go[-LATE:]), self.now)

    def put_back(self) -> None:
        if self.removed:
            self.store.sources.put_back(self.removed.pop(self.chance.choice((-1, -1, 0))))

    def take_import_back(self) -> None:
        if self.imported:
            self.store.sources.imports.take_back(self.imported.pop())


ACTS = {
    "follow": 3, "fetch": 10, "wait": 3, "index": 2, "read": 4, "star": 3, "note": 3, "mark_all": 2, "mark_back": 3,
    "tag": 6, "rename_tag": 1, "delete_tag": 1, "tag_back": 4, "set_rule": 1, "keep_rule": 3, "delete": 3,
    "bring_back": 4, "take_again": 2, "remove": 3, "put_back": 4, "import_list": 1.5, "take_import_back": 1.5,
    "move": 1.5,
}  # fmt: skip


@settings(max_examples=4)
@given(st.integers(0, 2**32))
def test_no_row_of_acts_makes_the_store_disagree_with_itself(seed: int) -> None:
    live(seed, acts=120)


@pytest.mark.long
@pytest.mark.timeout(900)
@settings(max_examples=200)
@given(st.integers(0, 2**32))
def test_no_long_row_of_acts_makes_the_store_disagree_with_itself(seed: int) -> None:
    live(seed, acts=300)


def live(seed: int, acts: int) -> None:
    """So many acts, with a look at the whole store after each."""
    chance, done = Random(seed), []
    with tempfile.TemporaryDirectory() as folder, Store.open(begin(Path(folder))) as store:
        person = Person(store, chance)
        for _ in range(acts):
            done.append(chance.choices(list(ACTS), list(ACTS.values()))[0])
            act: Act = getattr(person, done[-1])
            try:
                act()
            except UsageError:  # another source has that address
                assert done[-1] == "move"
            assert store.check() == [], done[-8:]
