"""What goes from the store, for the window: by the rules of keeping, or at a word; and pictures that nobody shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.models import Changes
from desktop.core.proof import size_words
from desktop.core.retention import Going, Rule
from desktop.jobs.delivery import Delivery
from desktop.jobs.refresher import Refresher
from desktop.store import Store
from desktop.store.images import SHELVES
from desktop.store.retention import AT_ONCE, DEFAULT, Deleted
from desktop.sync.lane import StoreLane

__all__ = ["DEFAULT", "Going", "Keeping", "Rule"]

SHELVES_A_REFRESH = 8


class Keeping(QObject):
    """Lets go what the rules say, after each refresh, and says how much it was; deletes what the person names."""

    gone = Signal(int, int, str)  # how many articles, the number of their set, and what is said of it
    rules_changed = Signal(object, object)  # by the person: the rules of before, and those of now
    returned = Signal(object)  # Changes: articles that came back, known to the person

    def __init__(
        self,
        lane: StoreLane,
        reader: Store,
        delivery: Delivery,
        threads: Executor,
        now: Callable[[], datetime],
        refresher: Refresher,
    ) -> None:
        """`reader` is the GUI thread's; what goes is told by `refresher`, as what comes is."""
        super().__init__(refresher)
        self._lane = lane
        self._reader = reader
        self._delivery = delivery
        self._threads = threads
        self._now = now
        self._refresher = refresher
        self._shelf = 0
        self._waiting: list[int] = []  # sources whose rule is still to be followed
        self._looks = 0  # how often it was asked what would go: the last one counts
        self._set = 0
        self._removed = self._freed = 0
        refresher.finished.connect(self.tidy)

    def rules(self) -> dict[int, Rule]:
        """The rules by source; under DEFAULT that of all others."""
        return self._reader.retention.rules()

    def preview(self, rules: Mapping[int, Rule], done: Callable[[list[Going]], None], owner: QObject) -> None:
        """Hand over what would go by these rules, unless it is asked again meanwhile; changes nothing, and no mark
        waits for it."""
        self._looks += 1
        look, now, folder = self._looks, self._now(), self._reader.folder

        def job() -> list[Going]:
            self._lane(lambda store: None)  # rules that were chosen before are stored
            with Store.open_reader(folder) as store:
                return store.retention.preview(now, rules, lambda: look == self._looks)

        def show(going: list[Going]) -> None:
            if look == self._looks:
                done(going)

        self._delivery.run(self._threads, job, show, self._refresher.tell, owner)

    def keep(self, rules: Mapping[int, Rule]) -> None:
        """Take these rules, which the person chose, in the place of those that are stored, and let go what they say."""
        former = self.rules()
        self.set_rules(rules)
        self.rules_changed.emit(former, dict(rules))

    def set_rules(self, rules: Mapping[int, Rule]) -> None:
        """The same as a step back, or there again."""
        sources = {*self.rules(), *rules}

        def job(store: Store) -> None:
            for source_id in sources:
                store.retention.set_rule(source_id, rules.get(source_id))

        self._delivery.follow(self._lane.submit(job), lambda _: self.tidy(), self._refresher.tell, self)

    def delete(self, ids: Sequence[int], copies: bool, done: Callable[[int, int, int], None]) -> None:
        """Delete articles, with `copies` those of their stories too, some at a time; `done` is given the number of the
        set, how many went, and how many of these were starred, tagged, noted or taken offline."""
        self._set += 1
        set_id, left, went, held = self._set, list(ids), 0, 0

        def go_on() -> None:
            these, now = left[:AT_ONCE], self._now()
            del left[:AT_ONCE]
            future = self._lane.submit(
                lambda store: store.retention.delete(these, now, set_id, copies=copies)
            )
            self._delivery.follow(future, on_deleted, self._refresher.tell, self)

        def on_deleted(deleted: Deleted) -> None:
            nonlocal went, held
            went, held = went + len(deleted.changes.removed), held + deleted.held
            self._show(deleted.changes)
            if left:
                go_on()
            else:
                done(set_id, went, held)

        go_on()

    def put_back(self, set_id: int) -> None:
        """Bring back what went as a set; no rule lets it go again where one did."""
        future = self._lane.submit(lambda store: store.retention.put_back(set_id))
        self._delivery.follow(future, self._on_returned, self._refresher.tell, self)

    def take_again(self, set_id: int) -> None:
        """Let a set go once more that came back."""
        now = self._now()
        future = self._lane.submit(lambda store: store.retention.take_again(set_id, now))
        self._delivery.follow(future, self._show, self._refresher.tell, self)

    def tidy(self) -> None:
        """Let go what lies beyond the rules, and collect some shelves of pictures: short jobs, one after another."""
        if any(self.rules().values()) and not self._waiting:
            self._removed, self._freed = 0, 0
            self._set += 1
            self._waiting = [source.id for source in self._reader.sources.all()]
            self._go_on()
        for _ in range(SHELVES_A_REFRESH):
            self._shelf = (self._shelf + 1) % SHELVES
            self._lane.submit(lambda store, shelf=self._shelf: store.images.collect(shelf))  # type: ignore[misc]

    def _go_on(self) -> None:
        source_id, now, set_id = self._waiting[-1], self._now(), self._set
        future = self._lane.submit(lambda store: store.retention.apply(source_id, now, set_id))
        self._delivery.follow(future, self._on_gone, self._on_failed, self)

    def _on_gone(self, gone: tuple[Changes, int]) -> None:
        changes, size = gone
        if changes:
            self._removed += len(changes.removed)
            self._freed += size
            self._show(changes)
        else:
            self._waiting.pop()
        if self._waiting:
            self._go_on()
        elif self._removed:
            count = self._removed
            articles = "1 old article went" if count == 1 else f"{count:,} old articles went"
            words = f"{articles} by your rules of keeping ({size_words(self._freed)}); marks stay."
            self.gone.emit(count, self._set, words)

    def _show(self, changes: Changes) -> None:
        self._refresher.articles_changed.emit(changes)
        self._refresher.sources_changed.emit()

    def _on_returned(self, changes: Changes) -> None:
        self.returned.emit(changes)
        self._refresher.sources_changed.emit()

    def _on_failed(self, error: AppError) -> None:
        self._waiting.clear()
        self._refresher.tell(error)
