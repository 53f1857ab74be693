"""Looks for a shortest row of acts after which the list or the sidebar shows what the store does not say."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from PySide6.QtWidgets import QApplication

from desktop.core.models import FetchState, NewSource
from desktop.store import Store
from tests.faults.longrun import START, Life, without_collector
from tests.ui.edition import make_article, make_feed

STEPS = 20
SEEDS = st.integers(0, 9)


class Agreement(RuleBasedStateMachine):
    """The acts of `Life` in any order, over a store with two sources; articles come as a refresh brings them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.now, self.number = START, 0
        with Store.open(Path(self.folder.name)) as store:
            for name in ("a", "b"):
                store.sources.add(NewSource(f"https://{name}.test/feed", title=name, folder=name), START)
        self.life = Life(Path(self.folder.name), lambda: self.now, Random(0))
        self.arrive(3, 0)

    def teardown(self) -> None:
        self.life.close()
        self.folder.cleanup()

    @rule(count=st.integers(1, 4), source=st.integers(0, 1))
    def arrive(self, count: int, source: int) -> None:
        self.now += timedelta(hours=3)
        numbers = range(self.number, self.number + count)
        self.number += count
        coming = [make_article(n, published=self.now - timedelta(minutes=n % 7)) for n in numbers]

        def job(store: Store) -> object:
            stored = store.sources.all()
            chosen = stored[source % len(stored)]
            return store.articles.apply(chosen.id, make_feed(coming), FetchState(), self.now)

        self.life.session.articles_changed.emit(self.life.session._lane(job))

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(
        seed=SEEDS,
        name=st.sampled_from(
            ("read", "star", "tag", "note", "look_at", "search", "keep", "remove_source", "put_back_source")
        ),
    )
    def act(self, seed: int, name: str) -> None:
        self.life.chance.seed(seed)
        getattr(self.life, name)()

    @rule(name=st.sampled_from(("mark_all", "undo", "redo", "scroll", "show_new", "restart")))
    def do(self, name: str) -> None:
        getattr(self.life, name)()

    @invariant()
    def what_is_shown_is_what_is_stored(self) -> None:
        self.life.settle()
        assert list(self.life.disagreements()) == []
        assert self.life.problems == []
        assert self.life.session._lane(lambda store: store.check()) == []


def run(seed: int = 0, examples: int = 500) -> dict[str, object]:
    """So many rows of acts, the same each time; the figures."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    wanted = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    failed: list[str] = []
    with without_collector():
        application = QApplication.instance() or QApplication([])
        try:
            run_state_machine_as_test(Agreement, settings=wanted)
        except AssertionError as error:
            failed = [str(error), *getattr(error, "__notes__", ())]
        del application
    return {"examples": examples, "steps_at_most": STEPS, "failed": failed}
