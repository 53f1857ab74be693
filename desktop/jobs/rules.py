"""Rules on arrival behind the window: what they are, what they did, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.core.arrival_rules import ArrivalRule, RuleBatch
from desktop.core.errors import AppError
from desktop.core.models import ArticleQuery, Changes
from desktop.core.saved_searches import COUNTED_AT_MOST
from desktop.jobs.delivery import Delivery
from desktop.store import Store
from desktop.sync.lane import StoreLane

R = TypeVar("R")


class Rules(QObject):
    """Writes through the lane; which rules there are, and what each did, is read from the store."""

    changed = Signal()  # the rules, or what they did
    acted = Signal(object)  # RuleBatch: what the rules did to what a refresh brought

    def __init__(
        self,
        lane: StoreLane,
        delivery: Delivery,
        changed: Callable[[Changes], None],
        tell: Callable[[AppError], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._delivery = delivery
        self._show_changes = changed
        self._tell = tell

    def put(self, rules: Sequence[ArrivalRule]) -> None:
        """Have exactly these rules."""
        kept = tuple(rules)
        self._follow(lambda store: store.arrival_rules.put(kept), lambda _: self.changed.emit(), self)

    def test(self, rule: ArrivalRule, done: Callable[[str, int, bool], None], owner: QObject) -> None:
        """See what a rule finds among what is stored; `done` is given its words, how many, and whether that is all."""

        def tell(found: int) -> None:
            done(rule.words, min(found, COUNTED_AT_MOST), found <= COUNTED_AT_MOST)

        query = ArticleQuery(words=rule.whole_words)
        self._follow(lambda store: len(store.articles.ids(query, limit=COUNTED_AT_MOST + 1)), tell, owner)

    def apply(self, rule: ArrivalRule, now: datetime, done: Callable[[RuleBatch], None]) -> None:
        """Mark what is stored as a rule says; `done` is given what can be taken back."""
        query = ArticleQuery(words=rule.whole_words)

        def job(store: Store) -> tuple[RuleBatch, Changes]:
            ids = store.articles.ids(query)
            return store.arrival_rules.apply(rule, ids, now), Changes(updated=tuple(ids))

        self._act(job, done)

    def take_back_rule(self, rule_id: int, done: Callable[[RuleBatch], None]) -> None:
        """Undo all that a rule did; `done` is given what can be done again."""

        def job(store: Store) -> tuple[RuleBatch, Changes]:
            batch = store.arrival_rules.acts.batch_of(rule_id)
            return batch, store.arrival_rules.acts.take_back(batch.number)

        self._act(job, done)

    def take_back(self, batch: int) -> None:
        """Undo what was done together."""
        self._follow(lambda store: store.arrival_rules.acts.take_back(batch), self._on_changed, self)

    def do_again(self, batch: int) -> None:
        """Do again what was taken back."""
        self._follow(lambda store: store.arrival_rules.acts.do_again(batch), self._on_changed, self)

    def gather(self) -> None:
        """Ask what the rules did since the last time; `acted` follows if it was anything."""

        def tell(batch: RuleBatch | None) -> None:
            if batch is not None:
                self.changed.emit()
                self.acted.emit(batch)

        self._follow(lambda store: store.arrival_rules.acts.gather(), tell, self)

    def _act(
        self, job: Callable[[Store], tuple[RuleBatch, Changes]], done: Callable[[RuleBatch], None]
    ) -> None:
        def tell(result: tuple[RuleBatch, Changes]) -> None:
            batch, changes = result
            self._on_changed(changes)
            done(batch)

        self._follow(job, tell, self)

    def _on_changed(self, changes: Changes) -> None:
        self._show_changes(changes)
        self.changed.emit()

    def _follow(self, job: Callable[[Store], R], done: Callable[[R], None], owner: QObject) -> None:
        self._delivery.follow(self._lane.submit(job), done, self._tell, owner)
