"""Back-filling: politely, newest first, never a day twice, and whole again after being stopped or cut off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from desktop.core.rates import Pair
from desktop.core.rates.sources import NATIVE
from desktop.demo.bank_formats import nbk_nothing
from desktop.demo.site import DemoSite
from desktop.net.rates import PROVIDERS
from desktop.sync.answers import series_of
from desktop.sync.history_plan import HistoryPlan, first_day, plan_history
from desktop.sync.rate_history import EMPTY_DAYS, FAILURES, HistoryStep, HistorySummary, RateHistory
from desktop.sync.report import Plan
from tests.server import LoopbackServer, Reply, Request
from tests.unit.sync.conftest import Desk

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOW.date()
PAIRS = tuple(Pair("USD", code) for code in ("KGS", "KZT", "TJS", "UZS", "TMT"))


@pytest.fixture
def site(desk: Desk) -> Iterator[DemoSite]:
    """The demo's banks, asked once as a refresh does."""
    desk.now = NOW
    with DemoSite(NOW, articles=6) as running:
        for key, value in running.config().items():
            desk.do(lambda store, key=key, value=value: store.settings.set(key, value))
        desk.refresh(Plan(news=False))
        running.log.clear()
        yield running
        assert running.errors == []


def planned(desk: Desk, pairs: tuple[Pair, ...] = PAIRS, years: int = 1, source: str = "") -> HistoryPlan:
    first = first_day(TODAY, years)
    return desk.do(
        lambda store: plan_history(store, [(pair, source) for pair in pairs], first, TODAY, desk.now)
    )


def load(desk: Desk, plan: HistoryPlan, stop_after: int = 0) -> HistorySummary:
    def report(step: HistoryStep) -> None:
        if step.done == stop_after:
            run.stop()

    run = RateHistory(desk.http, desk.lane, report, desk.clock, pace=0)
    return run.run(plan)


def asked(site: DemoSite) -> list[str]:
    return [request.target for request in site.log]


def table(day: str) -> str:
    """A table of the National Bank of Kazakhstan with the dollar alone."""
    row = "<item><title>USD</title><description>470.11</description><quant>1</quant></item>"
    return f"<rates><date>{day}</date>{row}</rates>"


def business_days(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def test_a_year_of_the_pinned_pairs_is_loaded_and_nothing_is_asked_twice(desk: Desk, site: DemoSite) -> None:
    plan = planned(desk)
    assert plan.notes == ("USD/TMT is fixed by law: there is nothing to load.",)
    summary = load(desk, plan)
    assert summary.problems == []
    assert summary.requests == plan.requests == len(asked(site)) == len(set(asked(site)))
    for pair in PAIRS[:4]:
        points = desk.do(lambda store, pair=pair: series_of(store, pair, TODAY - timedelta(days=365), TODAY))
        assert {point.source for point in points} == {NATIVE[pair.quote]}
        moved = {point.rate for point in points}
        assert len(points) > 205, pair  # a som that stands still on Saturday is taken for a copy
        assert len(moved) > (5 if pair.quote == "KGS" else 150), pair
        gaps = [(b.valid_from - a.valid_from).days for a, b in pairwise(points)]
        assert max(gaps) <= 12, pair
    assert planned(desk).requests == 0


def test_what_was_loaded_is_what_the_bank_gives_for_the_day(desk: Desk, site: DemoSite) -> None:
    load(desk, planned(desk, (Pair("USD", "KGS"), Pair("USD", "TJS"))))
    ranged = desk.do(lambda store: series_of(store, Pair("USD", "TJS"), date(2026, 3, 2), date(2026, 3, 31)))
    for point in ranged:
        provider = PROVIDERS["nbt"].at(site.config()["rates.nbt.url"])
        (request,) = provider.requests(point.valid_from)
        table = provider.parse(desk.http.get(request.url).body, NOW, request.asked)
        assert next(quote.rate for quote in table if quote.base == "USD") == point.rate


def test_banks_that_give_many_days_at_once_are_asked_a_few_times_only(desk: Desk, site: DemoSite) -> None:
    plan = planned(
        desk, (Pair("USD", "TJS"), Pair("USD", "KGS"), Pair("USD", "RUB"), Pair("EUR", "RUB")), years=2
    )
    by_source = {
        source: sum(t.provider.id == source for t in plan.tasks) for source in ("nbt", "nbkr", "cbr")
    }
    assert by_source == {"nbt": 1, "nbkr": 2, "cbr": 2}
    load(desk, plan)
    assert len(asked(site)) == 5


def test_the_history_of_the_european_bank_is_one_document_for_all_pairs(desk: Desk, site: DemoSite) -> None:
    pairs = (Pair("EUR", "USD"), Pair("EUR", "GBP"), Pair("GBP", "USD"))
    plan = planned(desk, pairs, source="ecb")
    assert [task.currencies for task in plan.tasks] == [("GBP", "USD")]
    load(desk, plan)
    for pair in pairs:
        points = desk.do(lambda store, pair=pair: series_of(store, pair, first_day(TODAY, 1), TODAY, "ecb"))
        assert len(points) > 250, pair
        assert Decimal("0.7") < points[0].rate < Decimal("1.5")
    assert planned(desk, pairs, source="ecb").requests == 0


def test_the_newest_days_come_first(desk: Desk, site: DemoSite) -> None:
    plan = planned(desk, (Pair("USD", "KZT"),))
    days = [task.days[0] for task in plan.tasks]
    assert days == sorted(days, reverse=True)
    assert days[0] >= TODAY - timedelta(days=4)
    assert all(day.weekday() < 5 and day < TODAY for day in days)


def test_stopped_in_the_middle_it_goes_on_where_it_was(desk: Desk, site: DemoSite) -> None:
    pairs = PAIRS[1:3]
    plan = planned(desk, pairs)
    first = load(desk, plan, stop_after=70)
    assert first.stopped
    assert 70 <= first.requests < plan.requests
    rest = planned(desk, pairs)
    assert rest.requests == plan.requests - first.requests
    second = load(desk, rest)
    assert not second.stopped
    assert len(asked(site)) == len(set(asked(site))) == plan.requests
    assert planned(desk, pairs).requests == 0


def test_a_stop_is_heard_during_the_pause_between_two_requests(desk: Desk, site: DemoSite) -> None:
    plan = planned(desk, (Pair("USD", "KZT"),))
    begun = threading.Event()
    run = RateHistory(desk.http, desk.lane, lambda step: begun.set(), desk.clock, pace=600)
    worker = threading.Thread(target=run.run, args=(plan,))
    worker.start()
    assert begun.wait(20)
    run.stop()
    worker.join(20)
    assert not worker.is_alive()
    assert len(asked(site)) == 1


def test_a_host_is_asked_at_the_pace_and_hosts_side_by_side(desk: Desk, site: DemoSite) -> None:
    plan = planned(desk, (Pair("USD", "KZT"),))
    assert plan.seconds(1.0) == plan.requests  # one host
    assert plan.seconds(0.0) == 0
    assert plan.size > 1_000_000


def test_a_history_that_begins_later_ends_the_asking_there(desk: Desk, site: DemoSite) -> None:
    """Of a bank that has a hundred days the years before are not asked day by day."""
    days = business_days(TODAY - timedelta(days=140), TODAY)

    def answer(request: Request) -> Reply:
        day = request.query["fdate"]
        has = datetime.strptime(day, "%d.%m.%Y").date() >= days[0]  # noqa: DTZ007 (a day has no zone)
        return Reply(200, {}, table(day) if has else nbk_nothing(day))

    with LoopbackServer({"*": answer}) as bank:
        desk.do(lambda store: store.settings.set("rates.nbk.url", bank.address("/nbk")))
        plan = planned(desk, (Pair("USD", "KZT"),), years=5)
        assert plan.requests > 1_250
        summary = load(desk, plan)
    assert summary.problems == []
    assert len(days) - 5 < len(bank.log) < len(days) + EMPTY_DAYS + 5
    assert planned(desk, (Pair("USD", "KZT"),), years=5).requests == 0


def test_offline_nothing_is_asked_and_nothing_is_taken_for_known(desk: Desk, site: DemoSite) -> None:
    plan = planned(desk)
    desk.gate.shut("on the train")
    summary = load(desk, plan)
    assert summary.stopped
    assert "on the train" in str(summary.problems[0])
    assert asked(site) == []
    assert planned(desk).requests == plan.requests


def test_one_bank_that_is_down_stops_no_other_and_is_asked_again_later(desk: Desk, site: DemoSite) -> None:
    with LoopbackServer({"*": Reply(500)}) as down:
        desk.do(lambda store: store.settings.set("rates.nbk.url", down.address("/nbk")))
        plan = planned(desk)
        summary = load(desk, plan)
        assert len(down.log) == FAILURES
        assert [str(each).startswith("National Bank of Kazakhstan:") for each in summary.problems] == [True]
    left = planned(desk)
    assert {task.provider.id for task in left.tasks} == {"nbk"}
    assert left.requests == sum(task.provider.id == "nbk" for task in plan.tasks)


def test_a_damaged_table_is_not_taken_for_a_day_without_rates(desk: Desk, site: DemoSite) -> None:

    def answer(request: Request) -> Reply:
        day = request.query["fdate"]
        return Reply(200, {}, table(day)[: 40 if day.startswith("18") else None])

    with LoopbackServer({"*": answer}) as bank:
        desk.do(lambda store: store.settings.set("rates.nbk.url", bank.address("/nbk")))
        load(desk, planned(desk, (Pair("USD", "KZT"),)))
    left = planned(desk, (Pair("USD", "KZT"),))
    assert left.requests > 5
    assert {task.days[0].day for task in left.tasks} == {18}


def test_a_holiday_without_a_document_is_known_once_older_documents_are_there(
    desk: Desk, site: DemoSite
) -> None:
    def answer(request: Request) -> Reply:
        day = request.query["fdate"]
        if day in ("18.11.2026", "19.11.2026"):
            return Reply(404)
        return Reply(200, {}, table(day))

    with LoopbackServer({"*": answer}) as bank:
        desk.do(lambda store: store.settings.set("rates.nbk.url", bank.address("/nbk")))
        plan = planned(desk, (Pair("USD", "KZT"),))
        load(desk, plan)
    assert planned(desk, (Pair("USD", "KZT"),)).requests == 0


def test_an_address_that_is_gone_makes_no_day_known(desk: Desk, site: DemoSite) -> None:
    with LoopbackServer({"*": Reply(404)}) as gone:
        desk.do(lambda store: store.settings.set("rates.nbk.url", gone.address("/nbk")))
        plan = planned(desk, (Pair("USD", "KZT"),))
        load(desk, plan)
        assert len(gone.log) == EMPTY_DAYS
    assert planned(desk, (Pair("USD", "KZT"),)).requests == plan.requests


def test_behind_a_mirror_the_bank_itself_is_never_asked(desk: Desk, site: DemoSite) -> None:
    with LoopbackServer({"*": Reply(404)}) as mirror:
        desk.do(lambda store: store.settings.set("rates.cbr.url", mirror.address("/cbr.xml")))
        desk.do(lambda store: store.settings.set("rates.cbr.history_url", ""))
        plan = planned(desk, (Pair("USD", "RUB"),))
        assert {task.request.url.partition("?")[0] for task in plan.tasks} == {mirror.address("/cbr.xml")}


def test_a_pair_that_no_stored_source_has_can_still_be_loaded(desk: Desk, site: DemoSite) -> None:
    desk.do(lambda store: store._database.connection.execute("DELETE FROM quotes"))
    plan = planned(desk, (Pair("USD", "KZT"), Pair("KGS", "KZT")))
    assert {task.provider.id for task in plan.tasks} == {"nbk"} or {
        task.provider.id for task in plan.tasks
    } == {"nbk", "nbkr"}
    load(desk, plan)
    points = desk.do(lambda store: series_of(store, Pair("USD", "KZT"), first_day(TODAY, 1), TODAY))
    assert len(points) > 235
    assert points[-1].rate > Decimal(300)


def test_a_chosen_source_is_loaded_alone(desk: Desk, site: DemoSite) -> None:
    plan = planned(desk, (Pair("USD", "KZT"),), source="cbr")
    assert {task.provider.id for task in plan.tasks} == {"cbr"}
    assert {task.currencies for task in plan.tasks} == {("KZT",), ("USD",)}
    load(desk, plan)
    points = desk.do(lambda store: series_of(store, Pair("USD", "KZT"), first_day(TODAY, 1), TODAY, "cbr"))
    assert len(points) > 230
    assert {point.source for point in points} == {"cbr"}


@pytest.mark.parametrize("bank", ["nbk", "cbr"])
def test_a_real_devaluation_in_the_past_is_loaded_whole_and_a_slip_of_a_day_waits(
    desk: Desk, site: DemoSite, bank: str
) -> None:
    """A fifth on one day in March, newest first day by day, or all at once; and one day ten times too much."""
    devalued, slipped = date(2026, 3, 12), "18.06.2026"

    def price(day: date) -> str:
        value = Decimal("400.00") if day < devalued else Decimal("480.00")
        return str(value * (10 if f"{day:%d.%m.%Y}" == slipped else 1))

    def by_day(request: Request) -> Reply:
        day = datetime.strptime(request.query["fdate"], "%d.%m.%Y").date()  # noqa: DTZ007 (a day has no zone)
        return Reply(200, {}, table(request.query["fdate"]).replace("470.11", price(day)))

    def at_once(request: Request) -> Reply:
        records = "".join(
            f'<Record Date="{day:%d.%m.%Y}"><Nominal>1</Nominal><Value>{price(day).replace(".", ",")}</Value></Record>'
            for day in business_days(date(2025, 11, 25), date(2026, 11, 23))
        )
        return Reply(200, {}, f"<ValCurs>{records}</ValCurs>")

    pair = Pair("USD", "KZT") if bank == "nbk" else Pair("USD", "RUB")
    desk.do(lambda store: store._database.connection.execute("DELETE FROM quotes"))
    with LoopbackServer({"*": by_day if bank == "nbk" else at_once}) as server:
        desk.do(lambda store: store.settings.set(f"rates.{bank}.url", server.address("/day")))
        if bank == "cbr":
            desk.do(lambda store: store.settings.set("rates.cbr.history_url", server.address("/all")))
        load(desk, planned(desk, (pair,)))
    points = desk.do(lambda store: series_of(store, pair, first_day(TODAY, 1), TODAY, bank))
    assert {point.rate for point in points} == {Decimal("400.00"), Decimal("480.00")}
    assert min(point.valid_from for point in points if point.rate == 480) == devalued
    held = desk.do(lambda store: store.rates.unconfirmed())  # or taken back, where the next day came with it
    assert {f"{quote.valid_from:%d.%m.%Y}" for quote in held} <= {slipped}


def test_a_pair_by_a_source_that_only_another_version_knows_has_no_history_here(desk: Desk) -> None:
    plan = planned(desk, (PAIRS[0],), source="bank-of-tomorrow")
    assert plan.tasks == ()
    assert plan.notes == (f"bank-of-tomorrow keeps no history of {PAIRS[0]}.",)
