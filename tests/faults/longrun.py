"""Lives days with the program: a publisher that fails now and then, a person who does anything, thousands of articles.

After each act what the list and the sidebar show is compared with the store; over the days memory, descriptors,
threads and the write-ahead log are measured, the log after every act.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QApplication

from desktop.core.fulltext_values import FullTextRule
from desktop.core.models import ArticleQuery, ArticleRow, NewSource, View
from desktop.core.retention import Rule
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.store.opening import FILE
from desktop.ui.articles.list import ArticleList
from desktop.ui.articles.mark_commands import MarkCommands
from desktop.ui.sources.sidebar import Sidebar
from desktop.ui.sources.sidebar_nodes import Kind
from desktop.ui.undo import Done, Step
from tests.bench.make_store import make_store
from tests.server import Answer, LoopbackServer, Reply, Request, script
from tests.server import Step as ServerStep

START = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
FEEDS = 20
FAILS = 0.1
# What the days must keep to.
MEMORY_MB_AN_HOUR = 1.0  # of simulated time
LOG_MB = 64
SPARE = 8  # descriptors or threads: those of parts of a session that are made when they are first asked for
WORDS = ("steppe", "ferry", "market", "река", "tong", "harvest", "bridge", "дождь", "school", "copper")
VIEWS = (View.ALL, View.UNREAD, View.STARRED, View.NOTES, View.UPDATED)


class Town:
    """So many feeds of one server; each answer is a fault with a chance of `fails`."""

    def __init__(self, chance: Random, feeds: int, fails: float) -> None:
        self.chance, self.fails = chance, fails
        self.now = START
        self.items: list[list[str]] = [[] for _ in range(feeds)]
        self.published = self.failed = self.asked = 0

    def publish(self, most: int) -> None:
        """Some new articles in every feed, and now and then one that is changed."""
        for number, items in enumerate(self.items):
            for _ in range(self.chance.randrange(most + 1)):
                self.published += 1
                items.insert(0, self._item(number, self.published))
            if items and self.chance.random() < 0.1:
                items[0] = items[0].replace("<description>", "<description>Corrected. ", 1)
            del items[50:]

    def _item(self, feed: int, number: int) -> str:
        words = " ".join(self.chance.choices(WORDS, k=60))
        return (
            f"<item><title>{words[:40]} {number}</title><guid>{feed}-{number}</guid>"
            f"<link>http://f{feed}.example/{number}</link><pubDate>{format_datetime(self.now)}</pubDate>"
            f"<description>{words}</description></item>"
        )

    def answer(self, request: Request) -> Answer:
        self.asked += 1
        if self.chance.random() < self.fails:
            self.failed += 1
            return self.chance.choice(
                (Reply(500), Reply(404), Reply(200, {}, "<rss><channel><item>"), script(ServerStep.RESET))
            )
        number = int(request.path.removeprefix("/feed"))
        head = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed {number}</title>'
        body = f"{head}<link>http://f{number}.example/</link>{''.join(self.items[number])}</channel></rss>"
        return Reply(200, {"Content-Type": "application/rss+xml"}, body)


class Life:
    """A session with its list and sidebar on one folder, and what a person does with them."""

    def __init__(
        self, folder: Path, now: Callable[[], datetime], chance: Random, archive: Sequence[int] = ()
    ) -> None:
        """`archive`: sources whose articles are kept for ever, whatever the rule for all is."""
        self.folder, self.now, self.chance, self.archive = folder, now, chance, archive
        self.removed: list[int] = []
        self.log_bytes = 0  # the most that the write-ahead log ever took
        self.problems: list[str] = []
        self.open()

    def open(self) -> None:
        self.session = Session(self.folder, clock=self.now)
        self.list = ArticleList(self.session)
        self.sidebar = Sidebar(self.session)
        self.stack = QUndoStack()
        self.marks = MarkCommands(self.session, self.list, self.stack, self.list)
        self.sidebar.query_chosen.connect(self.list.show_query)
        self.list.show_query(ArticleQuery())
        self.settle()

    def close(self) -> None:
        """What quitting does, in its order."""
        self.list.close_thumbnails()
        for part in (self.list, self.sidebar, self.stack):
            part.deleteLater()
        _deliver()
        self.session.close()
        self.session.deleteLater()
        _deliver()

    def settle(self) -> None:
        """Until the lane has written, and everybody has heard of it: what would come by a short timer comes now."""
        for _ in range(4):
            self.session._lane(lambda store: None)
            QApplication.processEvents()
        self.log_bytes = max(self.log_bytes, log_bytes(self.folder))
        while self.list.model._stale:
            self.list.model._look_up()
        if self.sidebar._soon.isActive():
            self.sidebar._soon.stop()
            self.sidebar.refill()

    def refresh(self) -> None:
        """One refresh of the news, to its end."""
        ended: list[object] = []
        connection = self.session.refreshed.connect(ended.append)
        self.session.refresh(rates=False)
        until = time.monotonic() + 60
        while not ended and time.monotonic() < until:
            QApplication.processEvents()
            time.sleep(0.002)
        self.session.refreshed.disconnect(connection)
        if not ended:
            self.problems.append("a refresh has not ended within a minute")
        self.settle()

    # what the person does

    def rows(self) -> list[ArticleRow]:
        return list(self.list.model._rows)

    def some(self) -> list[int]:
        rows = self.rows()
        return [row.id for row in self.chance.sample(rows, min(len(rows), self.chance.choice((1, 1, 3, 20))))]

    def read(self) -> None:
        self._mark(read=self.chance.random() < 0.8)

    def star(self) -> None:
        self._mark(starred=self.chance.random() < 0.7)

    def _mark(self, **how: bool) -> None:
        ids = self.some()
        if ids:
            back = {name: not value for name, value in how.items()}
            self.stack.push(
                Step("mark", lambda: self.list.mark(ids, **how), lambda: self.list.mark(ids, **back))
            )

    def mark_all(self) -> None:
        """All that the list shows, and nothing else: there are no copies here. Of a search the reader may know less
        than the writer, who indexes first."""
        reader, query = self.session.reader.articles, self.list.model.query
        of_list = reader.ids(query._replace(unread_only=True)) if not query.words else []
        others = reader.unread_count(ArticleQuery()) - len(of_list)
        self.marks.mark_all()
        self.settle()
        if not query.words and reader.unread_count(ArticleQuery()) < others:
            self.problems.append(f"more was marked than {query} has")

    def tag(self) -> None:
        name = self.chance.choice(("bank", "Zürich", "вода"))
        which = self.list.model.shown if self.chance.random() < 0.05 else self.some()
        put = self.session.acts.put_tags

        def done(change: int, count: int) -> None:
            if count:
                self.stack.push(Done("tag", lambda: put(change, False), lambda: put(change, True)))

        on = self.chance.random() < 0.7
        self.session.acts.tag(which, [name] if on else [], [] if on else [name], done)

    def note(self) -> None:
        for article in self.some()[:1]:
            self.session.acts.note(article, self.chance.choice(("", "Look again.", "№ 7 <b>")), self.now())

    def undo(self) -> None:
        self.stack.undo()

    def redo(self) -> None:
        self.stack.redo()

    def look_at(self) -> None:
        """Another view, folder or source."""
        nodes = [node for top in self.sidebar.model._tops for node in top.walk() if node.query is not None]
        self.sidebar.choose(self.chance.choice(nodes).key)

    def search(self) -> None:
        self.list.model.show(ArticleQuery(words=self.chance.choice(WORDS)))

    def scroll(self) -> None:
        self.list.model.fetchMore(self.list.model.index(-1, -1))

    def show_new(self) -> None:
        self.list.show_new()

    def remove_source(self) -> None:
        sources = self.session.reader.sources.all()
        if len(sources) > 1:
            self.removed.append(self.chance.choice(sources).id)
            self.session.acts.remove_source(self.removed[-1])

    def put_back_source(self) -> None:
        if self.removed:
            self.session.acts.put_back_source(self.removed.pop())

    def keep(self) -> None:
        """A rule of keeping for all, for a source, or none any more."""
        sources = [source.id for source in self.session.reader.sources.all() if source.id not in self.archive]
        chosen = self.chance.choice((0, *sources))
        rule = self.chance.choice((Rule(), Rule(days=2), Rule(articles=60)))
        self.session.keeping.keep(dict.fromkeys(self.archive, Rule()) | {chosen: rule})

    def restart(self) -> None:
        """All that was removed is put back first, or in the end nothing would be left."""
        while self.removed:
            self.put_back_source()
        self.settle()
        before = self.session.reader.articles.page(ArticleQuery(), limit=300)
        self.close()
        self.open()
        self.problems += self.session._lane(lambda store: store.check())
        if self.session.reader.articles.page(ArticleQuery(), limit=300) != before:
            self.problems.append("what was stored is not there after a restart")

    # what must agree

    def disagreements(self) -> Iterator[str]:
        """What the list and the sidebar show, and the store does not say."""
        yield from self._list()
        yield from self._sidebar()

    def _list(self) -> Iterator[str]:
        model, reader = self.list.model, self.session.reader.articles
        shown = model._rows
        stored = {
            row.id: row
            for at in range(0, len(shown), 500)
            for row in reader.rows([r.id for r in shown[at : at + 500]])
        }
        for row in shown:
            if stored.get(row.id) != row:
                yield f"{row.id} is shown as {row}, and stored as {stored.get(row.id)}"
        if len(model._places) != len(shown):
            yield f"{len(shown)} rows, {len(model._places)} places"
        quiet = model.query.words or model.pages.is_fixed or model.query.view is View.UPDATED
        if not quiet:  # what was found or changed since is listed when it is asked for again
            known = {row.id for row in shown} | model._arrived
            last = model._key(shown[-1]) if shown and not model._complete else None
            for row in reader.page(model.query, limit=100):
                if row.id not in known and (last is None or model._key(row) < last):
                    yield f"{row.id} belongs to {model.query} and is neither shown nor waits"

    def _sidebar(self) -> Iterator[str]:
        reader = self.session.reader
        sources = {source.id for source in reader.sources.all()}
        lines = {node.source.id: node for node in self.sidebar.model.sources if node.source is not None}
        if sources != lines.keys():
            yield f"the sidebar has the sources {sorted(lines)}, the store {sorted(sources)}"
            return
        for source, node in lines.items():
            unread = reader.articles.unread_count(ArticleQuery(source_id=source))
            if node.count != unread:
                yield f"the sidebar counts {node.count} unread of {source}, the store {unread}"
        tags = {tag.name: tag.total for tag in reader.tags.all() if not tag.is_built_in}
        told = {
            node.title for top in self.sidebar.model._tops for node in top.walk() if node.kind is Kind.TAG
        }
        if told != set(tags):
            yield f"the sidebar has the tags {sorted(told)}, the store {sorted(tags)}"


ACTS = {
    "read": 8, "star": 6, "mark_all": 1, "tag": 4, "note": 3, "undo": 6, "redo": 3, "look_at": 8, "search": 3,
    "scroll": 4, "show_new": 3, "remove_source": 0.6, "put_back_source": 1, "keep": 0.3, "restart": 0.2,
}  # fmt: skip


def prepare(life: Life, server: LoopbackServer, feeds: int) -> None:
    """Follow the feeds, in two folders, and let no clock of the system's refresh."""
    for key, value in (("welcome.done", True), ("refresh.automatic", False), ("network.automatic", False)):
        life.session.set_setting(key, value)
    for number in range(feeds):
        new = NewSource(
            server.address(f"/feed{number}"), title=f"Feed {number}", folder=("", "A", "A/B")[number % 3]
        )
        life.session._lane(lambda store, new=new: store.sources.add(new, START))
    life.session.sources_changed.emit()
    life.settle()


def live(
    folder: Path,
    seed: int,
    until: Callable[[int], bool],
    *,
    feeds: int = FEEDS,
    acts: int = 25,
    archive: Sequence[int] = (),
) -> dict[str, object]:
    """Simulated days, with a refresh every three hours and so many acts between, until `until(day)`; the figures.
    `archive` as for `Life`."""
    application = QApplication.instance() or QApplication([])
    chance = Random(seed)
    town = Town(chance, feeds, FAILS)
    failed: list[str] = []
    samples: list[Sample] = []
    done = 0
    with without_collector(), LoopbackServer({"*": town.answer}) as server:
        life = Life(folder, lambda: town.now, chance, archive)
        prepare(life, server, feeds)
        day = 0
        while not until(day):
            for _ in range(8):
                town.now += timedelta(hours=3)
                town.publish(4)
                life.refresh()
                for _ in range(acts):
                    name = chance.choices(list(ACTS), list(ACTS.values()))[0]
                    getattr(life, name)()
                    life.settle()
                    done += 1
                    failed += [f"day {day}, after {name}: {one}" for one in life.disagreements()][:3]
            server.log.clear()  # or what the server remembers would be taken for a leak
            samples.append(Sample.take())
            day += 1
        life.restart()
        failed += life.problems
        articles = sum(counts.total for counts in life.session.reader.sources.counts().values())
        life.close()
    del application
    return figures(samples, life.log_bytes, failed) | {
        "articles": articles, "acts": done, "requests": town.asked, "requests_failed": town.failed,
    }  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """What the process holds at the end of a day."""

    kilobytes: int
    descriptors: int
    threads: int

    @classmethod
    def take(cls) -> Sample:
        gc.collect()
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1000
        return cls(resident, sum(1 for _ in Path("/proc/self/fd").iterdir()), threading.active_count())


def log_bytes(folder: Path) -> int:
    """What the write-ahead log takes; 0 where there is none."""
    try:
        return (folder / f"{FILE}-wal").stat().st_size
    except FileNotFoundError:
        return 0


def figures(samples: list[Sample], most_log_bytes: int, failed: list[str]) -> dict[str, object]:
    """What became of memory and the rest over the days, without the first third, in which the program warms up."""
    settled = samples[len(samples) // 3 :]
    found = {
        "days": len(samples),
        "memory_mb": [round(sample.kilobytes / 1000) for sample in samples],
        "memory_mb_an_hour": round(slope([sample.kilobytes for sample in settled]) / 1000 / 24, 4),
        "descriptors": sorted({sample.descriptors for sample in settled}),
        "threads": sorted({sample.threads for sample in settled}),
        "log_mb": round(most_log_bytes / 1_000_000, 1),
    }
    if found["memory_mb_an_hour"] >= MEMORY_MB_AN_HOUR:
        failed.append(f"memory grows by {found['memory_mb_an_hour']} MB an hour")
    if found["log_mb"] >= LOG_MB:
        failed.append(f"the log took {found['log_mb']} MB")
    for name in ("descriptors", "threads"):
        most = [max((getattr(sample, name) for sample in part), default=0) for part in halves(settled)]
        if most[1] > most[0] + SPARE:
            failed.append(f"{name}: {most[0]} at most in the first half, then {most[1]}")
    return found | {"failed": failed}


def slope(values: Sequence[int]) -> float:
    """By how much they grow from one to the next, by least squares."""
    middle = (len(values) - 1) / 2
    spread = sum((at - middle) ** 2 for at in range(len(values)))
    return sum((at - middle) * value for at, value in enumerate(values)) / spread if spread else 0.0


def halves(samples: Sequence[Sample]) -> tuple[Sequence[Sample], Sequence[Sample]]:
    """The days of the first half, and of the second."""
    return samples[: len(samples) // 2], samples[len(samples) // 2 :]


def run(seed: int = 0, seconds: float = 300, articles: int = 100_000) -> dict[str, object]:
    """Days for so long, on a store that has so many articles to begin with; then the figures."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with TemporaryDirectory() as folder:
        make_store(Path(folder), articles=articles, sources=FEEDS, seed=seed)
        with Store.open(Path(folder)) as store:
            archive = [source.id for source in store.sources.all()]
            for source in store.sources.all():  # of the store that was made: their hosts are nowhere
                made = store.sources.subscription(source.id)
                rule = FullTextRule.NEVER
                store.sources.edit(source.id, made._replace(enabled=False, pictures=False, full_text=rule))
                store.retention.set_rule(source.id, Rule())
        end = time.monotonic() + seconds
        return live(Path(folder), seed, lambda day: day >= 3 and time.monotonic() > end, archive=archive)


@contextmanager
def without_collector() -> Iterator[None]:
    """PySide6 can crash when the cyclic collector runs inside Qt's event dispatch: it runs between the days."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _deliver() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()
