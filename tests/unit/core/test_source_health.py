"""Which sources are found to be broken, quiet or dead, and when a move is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desktop.core.models import FetchState, Source, SourceKind
from desktop.core.source_health import (
    MOVES,
    MOVES_OVER,
    Condition,
    SourceFacts,
    after_move,
    condition,
    has_moved,
    unchanged_share,
)

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def source(state: FetchState, *, enabled: bool = True, added: float = 200) -> Source:
    url = "https://reed.example/feed"
    return Source(1, url, SourceKind.FEED, "Reed", "", url, "", "", "", enabled, ago(added), state)


FINE = FetchState(last_success=ago(0.1), last_fetch=ago(0.1))
FAILING = FetchState(last_success=ago(3), last_error="It did not answer.", failures=4)


@pytest.mark.parametrize(
    ("state", "newest", "enabled", "added", "expected"),
    [
        (FINE, ago(2), True, 200, Condition.FINE),
        (FINE, ago(61), True, 200, Condition.QUIET),
        (FINE, None, True, 200, Condition.QUIET),
        (FINE, None, True, 1, Condition.FINE),
        (FINE, ago(61), False, 200, Condition.PAUSED),
        (FAILING, ago(2), True, 200, Condition.BROKEN),
        (FAILING._replace(last_success=ago(31)), ago(31), True, 200, Condition.DEAD),
        (FAILING._replace(last_success=None), None, True, 31, Condition.DEAD),
        (FAILING._replace(last_success=None), None, True, 5, Condition.BROKEN),
        (FAILING._replace(last_error="Taken down for good (410)."), ago(2), False, 200, Condition.DEAD),
        (FetchState(), None, True, 0, Condition.NEW),
    ],
)
def test_how_a_source_is(
    state: FetchState, newest: datetime | None, enabled: bool, added: float, expected: Condition
) -> None:
    assert condition(source(state, enabled=enabled, added=added), SourceFacts(newest=newest), NOW) is expected


def test_a_move_is_believed_when_the_same_address_was_named_often_enough_in_a_row() -> None:
    state = FetchState()
    for address in ("b", "b", "c", "c", ""):
        state = after_move(state, address, NOW)
        assert not has_moved(state, NOW + 9 * MOVES_OVER)
    for _ in range(MOVES):
        state = after_move(state, "b", NOW)
    assert not has_moved(state, NOW + MOVES_OVER - timedelta(seconds=1))
    assert has_moved(state, NOW + MOVES_OVER)


def test_shares_are_of_what_was_asked() -> None:
    assert unchanged_share(FetchState()) is None
    assert unchanged_share(FetchState(asked=8, unchanged=6)) == 0.75
    assert SourceFacts(articles=4, cut=1).whole == 0.75
    assert SourceFacts().whole is None


@pytest.mark.parametrize("state", [FINE, FAILING, FetchState()])
def test_a_source_of_which_only_articles_were_kept_is_neither_well_nor_ill(state: FetchState) -> None:
    kept = source(state, enabled=False)._replace(archived=True)
    assert condition(kept, SourceFacts(newest=ago(200)), NOW) is Condition.ARCHIVED
