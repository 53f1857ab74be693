"""Banks: asked at their own pace, and never believed over what is stored when they fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path

import pytest

from desktop.core.rates import Pair, ProviderState, RateAnswer
from desktop.net.rates import PROVIDERS
from desktop.sync.answers import rate_of
from desktop.sync.rates import DAYS_BACK, rate_settings
from desktop.sync.report import Plan, RatesDone, Summary
from tests.server import LoopbackServer, Reply, Request, conditional
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import NOW, SIGN_IN

RATES = Plan(news=False)
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def server(desk: Desk) -> Iterator[LoopbackServer]:
    """All banks at /their-id; each is 404 until a test says otherwise."""
    with LoopbackServer() as made:
        for bank in PROVIDERS.values():
            if bank.url:
                point(desk, bank.id, made.address(f"/{bank.id}"))
        desk.do(lambda store: store.watchlists.pin(Pair("USD", "RUB")))
        yield made


def point(desk: Desk, bank: str, url: str) -> None:
    desk.do(lambda store: store.settings.set(f"rates.{bank}.url", url))


def done(summary: Summary, bank: str) -> RatesDone:
    return next(each for each in summary.rates if each.provider == bank)


def state(desk: Desk, bank: str) -> ProviderState:
    return desk.do(lambda store: store.rates.provider_states())[bank]


def rate(desk: Desk, base: str, quote: str, day: date = TUESDAY) -> RateAnswer:
    return desk.do(lambda store: rate_of(store, Pair(base, quote), day, desk.now))


def cbr(day: date, dollar: str) -> Reply:
    """A table of the Bank of Russia with one row."""
    row = (
        f'<Valute ID="R01235"><NumCode>840</NumCode><CharCode>USD</CharCode><Nominal>1</Nominal>'
        f"<Name>Dollar</Name><Value>{dollar}</Value><VunitRate>{dollar}</VunitRate></Valute>"
    )
    head = '<?xml version="1.0" encoding="windows-1251"?>'
    body = f'{head}<ValCurs Date="{day:%d.%m.%Y}" name="Foreign Currency Market">{row}</ValCurs>'
    return Reply(200, {"Content-Type": "application/xml; charset=windows-1251"}, body)


def test_every_bank_has_its_address_among_the_settings() -> None:
    assert {setting.key for setting in rate_settings()} == {
        f"rates.{bank.id}.{key}"
        for bank in PROVIDERS.values()
        for key, url in (("url", bank.url), ("spare_url", bank.spare_url))
        if url
    }


def test_a_bank_with_an_etag_is_asked_whether_anything_changed(
    desk: Desk, server: LoopbackServer, data: Path
) -> None:
    body = (data / "rates" / "nbkr-latest-daily.xml").read_bytes()
    server.routes["/nbkr"] = conditional(body, etag='W/"9f"', last_modified="Mon, 23 Nov 2026 09:20:45 GMT")
    assert done(desk.refresh(RATES), "nbkr").new == 5
    before = rate(desk, "USD", "KGS")
    server.routes["/nbkr"] = Reply(304)
    again = done(desk.refresh(RATES), "nbkr")
    sent = server.asked("/nbkr")[-1].headers
    assert (again.new, again.error) == (0, None)
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"9f"', "Mon, 23 Nov 2026 09:20:45 GMT")
    assert state(desk, "nbkr").etag == 'W/"9f"'
    assert rate(desk, "USD", "KGS") == before


def test_validators_go_only_to_the_day_whose_body_was_kept_where_the_address_has_the_day_in_it(
    desk: Desk, server: LoopbackServer, data: Path
) -> None:
    body = (data / "rates" / "nbt-latest.xml").read_bytes()
    server.routes["/nbt"] = conditional(body, etag='"always"')

    def vouched(day: str) -> list[bool]:
        asked = [request for request in server.asked("/nbt") if request.query["date"] == day]
        return ["if-none-match" in request.headers for request in asked]

    desk.refresh(RATES)
    desk.wait(hours=1)
    desk.refresh(RATES)
    assert vouched("2026-11-24") == [False, True]
    desk.wait(days=1)
    desk.refresh(RATES)
    assert vouched("2026-11-25") == [False]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Reply(500), "is in trouble (500)"),
        (SIGN_IN, ""),
        (Reply(200), ""),
        (Reply(200, {}, '<?xml version="1.0"?><ValCurs Date="24.11.2026"><Valute'), ""),
    ],
    ids=["500", "web page", "empty", "cut short"],
)
def test_a_bank_that_fails_keeps_its_good_numbers_and_says_why(
    desk: Desk, server: LoopbackServer, answer: Reply, words: str
) -> None:
    server.routes["/cbr"] = cbr(TUESDAY, "79,1064")
    desk.refresh(RATES)
    server.routes["/cbr"] = answer
    failed = done(desk.refresh(RATES), "cbr")
    kept = state(desk, "cbr")
    assert failed.error is not None
    assert words in kept.last_error
    assert kept.last_error.endswith(".")
    assert (kept.failures, kept.last_success) == (1, NOW)
    assert rate(desk, "USD", "RUB").rate == Decimal("79.1064")


def test_one_bank_that_fails_stops_no_other(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/cbr"] = cbr(TUESDAY, "79,1064")
    summary = desk.refresh(RATES)
    assert [each.provider for each in summary.rates if each.error is None] == ["cbr"]
    assert {"nbk", "nbkr", "nbt", "cbu"} <= {each.provider for each in summary.rates}


def test_the_first_start_steps_back_to_a_fixing_that_differs(desk: Desk, server: LoopbackServer) -> None:
    def answer(request: Request) -> Reply:
        asked = request.query.get("date_req")
        day = datetime.strptime(asked, "%d/%m/%Y").replace(tzinfo=UTC).date() if asked else TUESDAY
        return cbr(day, "79,1064" if day > date(2026, 11, 19) else "78,9000")

    server.routes["/cbr"] = answer
    desk.refresh(RATES)
    asked = [request.query.get("date_req") for request in server.asked("/cbr")]
    assert asked[0] is None
    assert asked[-1] == "19/11/2026"
    assert rate(desk, "USD", "RUB", date(2026, 11, 19)).rate == Decimal("78.9000")
    desk.refresh(RATES)
    assert len(server.asked("/cbr")) == len(asked) + 1  # only the first start looks back


def test_the_first_start_can_already_tell_a_change(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/cbr"] = lambda request: (
        cbr(date(2026, 11, 21), "78,0000") if "date_req" in request.query else cbr(TUESDAY, "79,1700")
    )
    desk.refresh(RATES)
    told = rate(desk, "USD", "RUB")
    assert told.previous_rate is not None
    assert (round(told.previous_rate, 4), told.change_percent) == (Decimal("78.0000"), Decimal("1.5"))


def test_a_bank_without_documents_by_date_is_asked_for_its_page_of_many_days(
    desk: Desk, server: LoopbackServer
) -> None:
    point(desk, "nbkr", server.address("/nbkr/daily.xml"))
    desk.do(lambda store: store.settings.set("rates.nbkr.history_url", server.address("/nbkr/page")))
    server.routes["/nbkr/daily.xml"] = som({"USD": "87,4500", "KZT": "0,1848", "CNY": "12,1000"})
    pages = {
        "15": som_page({"21.11.2026": "87,4000", "20.11.2026": "87,3000"}),
        "40": som_page({"21.11.2026": "0,1850"}),
    }
    server.routes["/nbkr/page"] = lambda request: Reply(200, {}, pages[request.query["valuta_id"]])
    desk.refresh(RATES)
    told = rate(desk, "USD", "KGS")
    assert (told.rate, told.previous_rate) == (Decimal("87.4500"), Decimal("87.4000"))
    assert told.previous_from == date(2026, 11, 21)
    assert [request.query["valuta_id"] for request in server.asked("/nbkr/page")] == ["40", "15"]  # no yuan
    desk.refresh(RATES)
    assert len(server.asked("/nbkr/page")) == 2  # only the first start looks back


def test_a_page_of_many_days_that_cannot_be_had_spoils_nothing(desk: Desk, server: LoopbackServer) -> None:
    point(desk, "nbkr", server.address("/nbkr/daily.xml"))
    desk.do(lambda store: store.settings.set("rates.nbkr.history_url", server.address("/nbkr/page")))
    server.routes["/nbkr/daily.xml"] = som({"USD": "87,4500"})
    server.routes["/nbkr/page"] = Reply(200, {}, "<!DOCTYPE html><title>Maintenance</title>")
    assert done(desk.refresh(RATES), "nbkr").error is None
    told = rate(desk, "USD", "KGS")
    assert (told.rate, told.change_percent) == (Decimal("87.4500"), None)


def som(values: dict[str, str]) -> Reply:
    """The daily table of the National Bank of the Kyrgyz Republic."""
    rows = "".join(
        f'<Currency ISOCode="{code}"><Nominal>1</Nominal><Value>{value}</Value></Currency>'
        for code, value in values.items()
    )
    head = f'<CurrencyRates Name="Daily Exchange Rates" Date="{TUESDAY:%d.%m.%Y}">'
    return Reply(200, {}, f"{head}{rows}</CurrencyRates>")


def som_page(values: dict[str, str]) -> str:
    """Its page of one currency."""
    return "".join(
        f"<td><!--date-->{day}<!--date--></td><td><!--value-->{value}<!--value--></td>"
        for day, value in values.items()
    )


def test_the_step_back_ends(desk: Desk, server: LoopbackServer) -> None:
    def carried(request: Request) -> Reply:
        asked = request.query.get("date_req")
        day = datetime.strptime(asked, "%d/%m/%Y").replace(tzinfo=UTC).date() if asked else TUESDAY
        return cbr(day, "79,1064")

    server.routes["/cbr"] = carried
    assert done(desk.refresh(RATES), "cbr").error is None
    assert len(server.asked("/cbr")) == 1 + DAYS_BACK


def test_a_former_day_that_cannot_be_had_spoils_nothing(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/cbr"] = lambda request: (
        Reply(500) if "date_req" in request.query else cbr(TUESDAY, "79,1064")
    )
    assert done(desk.refresh(RATES), "cbr").error is None
    assert rate(desk, "USD", "RUB").rate == Decimal("79.1064")


def test_the_aggregator_is_not_asked_before_it_publishes(
    desk: Desk, server: LoopbackServer, data: Path
) -> None:
    server.routes["/erapi"] = Reply(200, {}, (data / "rates" / "erapi-latest.json").read_bytes())
    desk.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    desk.refresh(RATES)
    assert state(desk, "erapi").next_due == datetime(2026, 11, 24, 0, 26, 21, tzinfo=UTC)
    desk.wait(hours=14)
    desk.refresh(RATES)  # even by hand
    assert len(server.asked("/erapi")) == 1
    desk.wait(minutes=30)
    desk.refresh(RATES)
    assert len(server.asked("/erapi")) == 2


def test_the_aggregator_is_asked_again_by_hand_after_a_failure(desk: Desk, server: LoopbackServer) -> None:
    desk.refresh(RATES)
    desk.refresh(RATES)
    assert len(server.asked("/erapi")) == 2


def test_the_clock_asks_a_bank_when_it_publishes_and_every_hour_while_it_is_late(
    desk: Desk, server: LoopbackServer
) -> None:
    server.routes["/cbr"] = lambda request: cbr(
        TUESDAY, "79,1064" if "date_req" not in request.query else "78,0000"
    )
    due = Plan(news=False, only_due=True)

    def asks() -> bool:
        return "cbr" in {each.provider for each in desk.refresh(due).rates}

    assert asks()  # at noon in Moscow, with Tuesday's table
    desk.wait(hours=5, minutes=59)
    assert not asks()
    desk.wait(minutes=2)  # past six, when Wednesday's is expected
    assert asks()
    desk.wait(minutes=30)
    assert not asks()
    desk.wait(minutes=31)
    assert asks()
    server.routes["/cbr"] = cbr(date(2026, 11, 25), "79,2000")
    desk.wait(minutes=61)
    assert asks()
    desk.wait(hours=18)
    assert not asks()


def test_a_mirror_is_asked_for_former_days_too(desk: Desk, server: LoopbackServer) -> None:
    with LoopbackServer({"*": cbr(TUESDAY, "79,1064")}) as mirror:
        point(desk, "cbr", mirror.address("/copy/of/cbr.xml"))
        desk.refresh(RATES)
        assert len(mirror.log) > 1
        assert {request.path.partition("?")[0] for request in mirror.log} == {"/copy/of/cbr.xml"}
    assert server.asked("/cbr") == []


def test_a_bank_is_asked_at_its_hours_or_as_often_as_the_person_says(
    desk: Desk, server: LoopbackServer
) -> None:
    server.routes["/cbr"] = cbr(TUESDAY, "79,1064")
    desk.do(lambda store: store.settings.set("refresh.rates_minutes", 5))
    desk.refresh(RATES)
    assert state(desk, "cbr").next_due == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 18:00 in Moscow

    desk.do(lambda store: store.settings.set("refresh.rates_at_hours", False))
    desk.refresh(RATES)
    assert state(desk, "cbr").next_due == desk.now + timedelta(minutes=5)


def test_retry_after_reaches_the_next_due_time_of_a_bank(desk: Desk, server: LoopbackServer) -> None:
    until = NOW + timedelta(hours=3)
    server.routes["/cbr"] = Reply(503, {"Retry-After": format_datetime(until, usegmt=True)})
    desk.refresh(RATES)
    assert state(desk, "cbr").next_due == until


def test_the_same_table_again_is_no_news(desk: Desk, server: LoopbackServer) -> None:
    server.routes["/cbr"] = cbr(TUESDAY, "79,1064")
    assert done(desk.refresh(RATES), "cbr").new >= 1
    assert done(desk.refresh(RATES), "cbr").new == 0


def erapi(data: Path) -> Reply:
    return Reply(200, {}, (data / "rates" / "erapi-latest.json").read_bytes())


def asked_in_order(server: LoopbackServer) -> list[str]:
    names = [request.path.partition("?")[0].strip("/") for request in server.log]
    return list(dict.fromkeys(names))


def test_nobody_is_asked_whom_no_pinned_pair_needs(desk: Desk, server: LoopbackServer, data: Path) -> None:
    for bank, file in (
        ("nbk", "nbk-latest.xml"),
        ("nbkr", "nbkr-latest-daily.xml"),
        ("nbt", "nbt-latest.xml"),
        ("cbu", "cbu-latest.json"),
        ("cbr", "cbr-latest.xml"),
        ("cbt", "cbt-date-2026-11-24.xml"),
    ):
        for path in (f"/{bank}", f"/{bank}/2026/24112026.xml"):
            server.routes[path] = Reply(200, {}, (data / "rates" / file).read_bytes())
    summary = desk.refresh(RATES)
    assert {each.provider: each.error for each in summary.rates} == dict.fromkeys(
        ("nbk", "nbkr", "nbt", "cbu", "cbr", "cbt")
    )


def test_where_the_bank_fails_the_next_in_the_order_of_trust_answers_in_the_same_refresh(
    desk: Desk, server: LoopbackServer, data: Path
) -> None:
    server.routes["/cbr"] = Reply(200, {}, (data / "rates" / "cbr-latest.xml").read_bytes())
    desk.refresh(RATES)
    tenge = rate(desk, "USD", "KZT")
    assert (tenge.source, tenge.rate is not None) == ("cbr", True)
    assert "erapi" not in asked_in_order(server)  # the Bank of Russia prices all of the five


def test_where_all_banks_fail_the_aggregators_are_asked_one_after_the_other(
    desk: Desk, server: LoopbackServer, data: Path
) -> None:
    server.routes["/erapi"] = erapi(data)
    desk.refresh(RATES)
    asked = asked_in_order(server)
    first = asked.index("frankfurter")  # the banks themselves are asked at once, in no order
    assert {"nbk", "nbkr", "nbt", "cbu", "cbr"} <= set(asked[:first])
    assert first < asked.index("erapi")
    assert "fawaz" not in asked
    assert rate(desk, "USD", "KZT").source == "erapi"


def test_a_bank_that_fails_while_its_number_is_still_current_sends_nobody_else_out(
    desk: Desk, server: LoopbackServer, data: Path
) -> None:
    desk.do(lambda store: [store.watchlists.unpin(pin.pair) for pin in store.watchlists.pairs()])
    desk.do(lambda store: store.watchlists.pin(Pair("USD", "KGS")))
    server.routes["/nbkr"] = Reply(200, {}, (data / "rates" / "nbkr-latest-daily.xml").read_bytes())
    desk.refresh(RATES)
    server.routes["/nbkr"] = Reply(500)
    desk.refresh(RATES)
    assert asked_in_order(server) == ["nbkr"]
    desk.wait(days=1)
    desk.refresh(RATES)
    assert "cbr" in asked_in_order(server)


def test_the_second_host_of_the_last_aggregator_is_asked_when_the_first_fails(
    desk: Desk, server: LoopbackServer, data: Path
) -> None:
    body = (data / "rates" / "fawazahmed0-latest.json").read_bytes()
    desk.do(lambda store: store.settings.set("rates.fawaz.spare_url", server.address("/spare")))
    server.routes["/spare"] = Reply(200, {"ETag": '"s"'}, body)
    assert done(desk.refresh(RATES), "fawaz").error is None
    assert rate(desk, "USD", "KZT").source == "fawaz"
    assert state(desk, "fawaz").etag == ""
    server.routes["/fawaz"] = Reply(200, {}, body.replace(b"2026-11-23", b"2026-11-20"))
    desk.wait(days=1)
    desk.refresh(RATES)
    assert len(server.asked("/spare")) == 2  # a file that stands still is no answer either


def test_turkmenistan_is_asked_whether_the_fixed_rate_still_holds_and_may_be_out_of_reach(
    desk: Desk, server: LoopbackServer
) -> None:
    witness = done(desk.refresh(RATES), "cbt")
    assert witness.error is not None
    assert witness.is_witness
    (request,) = server.asked("/cbt/2026/24112026.xml")
    assert request.headers["user-agent"].startswith("Mozilla/5.0")
    desk.refresh(RATES)  # by hand: nobody waits for it again so soon
    assert len(server.asked("/cbt/2026/24112026.xml")) == 1


def test_where_the_bank_has_only_tomorrows_number_the_next_tells_todays(
    desk: Desk, server: LoopbackServer, data: Path
) -> None:
    desk.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # the first start, on an evening in Bishkek
    server.routes["/nbkr"] = Reply(200, {}, (data / "rates" / "nbkr-latest-daily.xml").read_bytes())
    server.routes["/cbr"] = Reply(200, {}, (data / "rates" / "cbr-date-2026-11-23-monday.xml").read_bytes())
    desk.refresh(RATES)
    som = rate(desk, "USD", "KGS", date(2026, 11, 23))
    assert som.source == "cbr"
    assert som.rate is not None


def nbk(day: date, dollar: str, change: str = "0.00") -> Reply:
    """A table of the National Bank of Kazakhstan with one row."""
    row = f"<item><title>USD</title><description>{dollar}</description><quant>1</quant><change>{change}</change></item>"
    return Reply(200, {}, f"<rates><date>{day:%d.%m.%Y}</date>{row}</rates>")


def test_where_the_banks_number_counts_from_tomorrow_it_is_asked_for_todays_on_the_first_evening(
    desk: Desk, server: LoopbackServer
) -> None:
    desk.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # in Almaty it is five, and tomorrow's number is out
    server.routes["/nbk"] = lambda request: (
        nbk(date(2026, 11, 23), "474.20") if "fdate" in request.query else nbk(TUESDAY, "475.10", "+0.90")
    )
    desk.refresh(RATES)
    tenge = rate(desk, "USD", "KZT", date(2026, 11, 23))
    assert (tenge.source, tenge.rate) == ("nbk", Decimal("474.20"))
    assert tenge.upcoming is not None
    assert tenge.upcoming.rate == Decimal("475.10")
    assert [request.query.get("fdate") for request in server.asked("/nbk")] == [None, "23.11.2026"]


def test_a_jump_sends_us_to_the_next_bank_which_confirms_it_in_the_same_refresh(
    desk: Desk, server: LoopbackServer
) -> None:
    monday = date(2026, 11, 23)
    desk.do(lambda store: [store.watchlists.unpin(pin.pair) for pin in store.watchlists.pairs()])
    desk.do(lambda store: store.watchlists.pin(Pair("USD", "KZT")))
    server.routes["/nbk"] = nbk(monday, "473.18")
    desk.refresh(RATES)
    server.routes["/nbk"] = nbk(TUESDAY, "620.00")
    jumped = desk.refresh(RATES)
    assert (done(jumped, "nbk").held, rate(desk, "USD", "KZT").rate) == (1, Decimal("473.18"))
    tenge = (
        "<CharCode>KZT</CharCode><Nominal>100</Nominal><Value>12,7600</Value><VunitRate>0,1276</VunitRate>"
    )
    both = cbr(TUESDAY, "79,1064")
    server.routes["/cbr"] = Reply(
        200, both.headers, str(both.body).replace("</ValCurs>", f"<Valute>{tenge}</Valute></ValCurs>")
    )
    summary = desk.refresh(RATES)
    assert done(summary, "cbr").new > 0
    told = rate(desk, "USD", "KZT")
    assert (told.rate, told.source, told.unconfirmed) == (Decimal("620.00"), "nbk", None)
    desk.wait(hours=1)
    assert "cbr" not in {each.provider for each in desk.refresh(RATES).rates}  # nothing is in doubt any more


def test_a_source_that_was_chosen_for_a_pair_is_asked_beside_the_best(
    desk: Desk, server: LoopbackServer
) -> None:
    desk.do(lambda store: [store.watchlists.unpin(pin.pair) for pin in store.watchlists.pairs()])
    desk.do(lambda store: store.watchlists.pin(Pair("USD", "KZT"), source="erapi"))
    server.routes["/nbk"] = nbk(TUESDAY, "473.18")
    assert {each.provider for each in desk.refresh(RATES).rates} == {"nbk", "erapi"}
