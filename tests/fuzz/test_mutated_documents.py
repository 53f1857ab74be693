"""10,000 damaged feeds, posts, lists and tables of rates go the whole way, from the bytes through the process that
reads into the store: each is read or refused, none ends that process, takes it 2 seconds or leaves the store unsound.

100,000 with --long. The promises about what is read are those of the fuzz targets.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.core.errors import ParseError, QuarantinedError
from desktop.core.models import FetchState, NewSource
from desktop.net import feeds
from desktop.net.rates import Request
from desktop.store import Store
from desktop.sync import documents, subscriptions
from desktop.sync.rate_keeping import keep_quotes
from tests.bench.feed_samples import feed
from tests.fuzz.targets import TARGETS, news, rates
from tests.fuzz.targets.target import URL

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
COUNTS = {"feed": 3500, "json_feed": 500, "posts": 2000, "opml": 2000, "rates": 2000}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as made:
        made.settings.set("news.pictures", False)
        yield made


def test_the_counts_come_to_ten_thousand() -> None:
    assert sum(COUNTS.values()) == 10_000


def each(name: str, *, long: bool, take: Callable[[bytes], None]) -> int:
    """Give so many mutants to `take`; how many of them were read."""
    draw, read = random.Random(f"{name} 2026-11-30"), 0
    for number in range(COUNTS[name] * (10 if long else 1)):
        body = TARGETS[name].mutant(draw)
        try:
            take(body)
            read += 1
        except QuarantinedError as error:
            raise AssertionError(f"{name} {number}: {error}: {body!r}") from error
        except ParseError:
            pass
        except Exception as fault:
            raise AssertionError(f"{name} {number}: {body!r}") from fault
    return read


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["feed", "json_feed", "posts"])
def test_damaged_news_is_kept_or_refused(name: str, store: Store, long: bool) -> None:
    source = store.sources.add(NewSource("https://courier.example/feed/"), NOW)

    def take(body: bytes) -> None:
        if name == "posts":
            found = documents.read_posts(body, URL, {"x-wp-total": "7"}, "https://courier.example/")
        else:
            found = documents.read_feed(body, URL)
        news.checked(found)
        store.articles.apply(source.id, found, FetchState(), NOW)

    assert each(name, long=long, take=take) > COUNTS[name] // 10
    assert store.check() == []


@pytest.mark.timeout(900)
def test_damaged_lists_are_offered_or_refused(long: bool) -> None:
    def take(body: bytes) -> None:
        for offer in subscriptions.preview(body, ()).offers:
            assert offer.source.url.startswith(("http://", "https://"))

    assert each("opml", long=long, take=take) > COUNTS["opml"] // 10


@pytest.mark.timeout(900)
def test_damaged_tables_of_rates_leave_no_wrong_number(store: Store, long: bool) -> None:
    def take(data: bytes) -> None:
        bank = rates.BANKS[(data[0] if data else 0) % len(rates.BANKS)]
        found = documents.read_rates(data[1:], bank.id, NOW, Request(bank.url))
        rates.checked(bank, found)
        keep_quotes(store, found.quotes, NOW)

    assert each("rates", long=long, take=take) > COUNTS["rates"] // 20
    assert store.check() == []


@pytest.mark.parametrize("share", range(0, 101, 4))
def test_cut_feeds_keep_what_stands_before_the_cut(share: int) -> None:
    body = feed(2, items=10, paragraphs=2)
    cut = body[: len(body) * share // 100]
    whole = cut.count(b"</item>")
    with suppress(ParseError):
        result = feeds.parse(cut, URL)
        assert len(result.articles) >= whole
        assert result.damaged or share == 100
        return
    assert whole == 0
