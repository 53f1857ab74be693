"""A read that takes too long is ended; what comes after it is not."""

from __future__ import annotations

import threading
import time

import pytest

from desktop.core.errors import StoreInterrupted
from desktop.core.models import ArticleQuery
from desktop.store import Store
from tests.unit.store.builders import fill

ENDLESS = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"


def test_a_read_that_uses_up_its_time_is_ended_and_the_next_one_is_not(store: Store) -> None:
    fill(store, 3)
    for _ in range(5):
        with pytest.raises(StoreInterrupted), store.at_most(0.005):
            store._database.rows(ENDLESS)
        assert len(store.articles.page(ArticleQuery(words="bridge"))) == 3
    with store.at_most(5.0):
        assert len(store.articles.page(ArticleQuery())) == 3


def test_a_read_is_ended_from_another_thread(store: Store) -> None:
    ended = threading.Event()

    def end() -> None:
        while not ended.is_set():  # until it has begun, and was heard
            store.interrupt()
            time.sleep(0.001)

    thread = threading.Thread(target=end)
    thread.start()
    try:
        with pytest.raises(StoreInterrupted):
            store._database.rows(ENDLESS)
    finally:
        ended.set()
        thread.join()
