"""A day of outages, seen in the window: banks that are down, slow, cut short, replaced by a web page, stuck on
yesterday or wrong by a thousand; at every step each number on show is one that its source really published."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.rates import Quote
from desktop.core.rates.pairs import parse_pair
from desktop.core.rates.quotes import answer, format_rate
from desktop.core.rates.sources import PASSED_ON
from desktop.demo.bank_calendar import BankClock
from desktop.demo.banks import Banks
from desktop.demo.market import Market
from desktop.demo.server import parse_target
from desktop.demo.site import SEED
from desktop.demo.texts import all_sections
from desktop.jobs.session import Session
from desktop.net.rates import PROVIDERS
from desktop.store import Store
from desktop.sync.answers import pegs
from desktop.ui.main_window import MainWindow
from desktop.ui.rates.ticker_strip import DIGITS, Entry
from tests.new_store import begin
from tests.server import Answer, LoopbackServer, Pause, Reply, Request, Step, head, script
from tests.ui.conftest import deliver_deletes
from tests.ui.person import Key, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # two in the afternoon in Almaty
PAIRS = ("USD/KGS", "USD/KZT", "USD/TJS", "USD/UZS", "USD/TMT")
BANKS = ("nbk", "nbkr", "nbt", "cbu", "cbr", "cbt")
AGGREGATORS = ("frankfurter", "erapi", "fawaz")
STAND_INS = ("cbr", *(name for name in PASSED_ON if name != "frankfurter.cbr"), *AGGREGATORS)
MS = 60_000

Fault = Callable[[str, bytes], Answer]

_ROWS = {  # from a row's currency to its nominal
    "nbk": rb"(<title>USD</title>.*?<quant>)1(</quant>)",
    "nbkr": rb'(ISOCode="USD">\s*<Nominal>)1(</Nominal>)',
    "nbt": rb"(<CharCode>USD</CharCode>\s*<Nominal>)1(</Nominal>)",
    "cbu": rb'("Ccy":"USD".*?"Nominal":")1(")',
    "cbr": rb"(<CharCode>USD</CharCode>\s*<Nominal>)1(</Nominal>)",
    "cbt": rb'(code="USD">.*?<multiplier>)1(</multiplier>)',
}


class Town:
    """Banks of a made-up market that answer through one server, each with the fault that a test gives it."""

    def __init__(self, server: LoopbackServer) -> None:
        self._server = server
        self._clock = BankClock(TUESDAY)
        self._banks = Banks(all_sections(), Market(SEED, TUESDAY.date()), self._clock)
        self.faults: dict[str, Fault] = {}
        server.routes["*"] = self._answer

    @property
    def now(self) -> datetime:
        return self._clock.now

    def wait(self, **duration: float) -> None:
        self._clock.now += timedelta(**duration)

    def settings(self) -> dict[str, str]:
        return {
            f"rates.{bank.id}.url": self._server.address(f"/{bank.id}")
            for bank in PROVIDERS.values()
            if bank.url
        }

    def body(self, target: str, headers: Mapping[str, str] | None = None) -> bytes:
        """What a bank says truly."""
        name = target.split("/")[1].partition("?")[0]
        true = target.replace(name, "frankfurter", 1) if name in PASSED_ON else target
        return self._banks.answer(
            true.split("/")[1].partition("?")[0], parse_target("GET", true, headers or {})
        ).body

    def published(self) -> list[Quote]:
        """All numbers that are out at this moment."""
        found: list[Quote] = []
        for provider in PROVIDERS.values():
            if provider.id not in (*BANKS, *AGGREGATORS, *PASSED_ON):
                continue
            found += provider.parse(self.latest(provider.id), self.now)
        return found

    def latest(self, name: str) -> bytes:
        """What the newest document of a provider says truly."""
        provider = PROVIDERS[name]
        today = provider.rule.local(self.now).date()
        (request,) = provider.at(f"http://x/{name}").requests(today=today)
        return self.body(request.url.removeprefix("http://x"))

    def yesterdays(self) -> Fault:
        """From now on the documents of this moment, whatever the time is."""
        old = {name: self.latest(name) for name in (*BANKS, *STAND_INS)}
        return lambda name, _body: Reply(200, {}, old[name])

    def _answer(self, request: Request) -> Answer:
        name = request.path.split("/")[1].partition("?")[0]
        if name not in (*BANKS, *AGGREGATORS, *PASSED_ON):
            return Reply(404)
        body = self.body(request.path)
        fault = self.faults.get(name)
        return Reply(200, {}, body) if fault is None else fault(name, body)


def down(_name: str, _body: bytes) -> Answer:
    return Reply(500)


def hangs_up(_name: str, _body: bytes) -> Answer:
    return script(Step.RESET)


def cut_short(_name: str, body: bytes) -> Answer:
    return Reply(200, {}, body[: len(body) * 2 // 3])


def cut_off(_name: str, body: bytes) -> Answer:
    return script(head(Content_Length=str(len(body))), body[: len(body) // 2])


def slow(_name: str, body: bytes) -> Answer:
    middle = len(body) // 2
    return script(head(Content_Length=str(len(body))), body[:middle], Pause(0.3), body[middle:])


def web_page(_name: str, _body: bytes) -> Answer:
    return Reply(200, {"Content-Type": "text/html"}, "<!DOCTYPE html><title>Just a moment...</title>")


def nothing(_name: str, _body: bytes) -> Answer:
    return Reply(200)


def dollar(bank: str, body: bytes) -> bytes:
    """The price of the dollar (of an aggregator: of the tenge) as it stands in a document."""
    quotes = PROVIDERS[bank].parse(body, datetime(2026, 12, 31, tzinfo=UTC), _any_day(bank, body))
    code = "KZT" if PROVIDERS[bank].base_currency == "USD" else "USD"
    return next(quote.raw_value for quote in quotes if code in (quote.base, quote.quote)).encode()


def _any_day(bank: str, body: bytes) -> date | None:
    found = re.search(rb'"date":"(\d{4}-\d\d-\d\d)"', body) if bank == "fawaz" else None
    return date.fromisoformat(found[1].decode()) if found else None


def instead(change: Callable[[str, bytes], bytes]) -> Fault:
    """A document that is good but for the price of the dollar."""

    def answer(bank: str, body: bytes) -> Answer:
        price = dollar(bank, body)
        return Reply(200, {}, body.replace(price, change(bank, price)))

    return answer


# Two publishers who make the very same mistake on the same day would rightly confirm each other: so each has its own.
POWERS = {"nbk": 3, "nbkr": 4, "nbt": 5, "cbu": 6, "cbr": 2, "cbt": 7} | {
    name: 3 + at for at, name in enumerate(reversed(STAND_INS[1:]))
}


def times(sign: int) -> Fault:
    """The price a thousandfold, or a thousandth; at some banks another power of ten."""

    def moved(bank: str, price: bytes) -> bytes:
        mark = "," if b"," in price else "."
        value = Decimal(price.decode().replace(",", ".")).scaleb(sign * POWERS[bank])
        return f"{value:f}".replace(".", mark).encode()

    return instead(moved)


def wrong_nominal(bank: str, body: bytes) -> Answer:
    if bank not in _ROWS:
        return times(-1)(bank, body)  # its numbers are for one unit always: the same mistake, the other way
    units = rb"\g<1>1" + b"0" * POWERS[bank] + rb"\g<2>"
    return Reply(200, {}, re.sub(_ROWS[bank], units, body, count=1, flags=re.DOTALL))


FAULTS: dict[str, Fault] = {
    "down": down,
    "hanging up": hangs_up,
    "cut short": cut_short,
    "cut off": cut_off,
    "a web page": web_page,
    "empty": nothing,
    "a thousandfold": times(+1),
    "a thousandth": times(-1),
    "zero": instead(lambda _, price: b"0"),
    "not a number": instead(lambda _, price: b"NaN"),
    "negative": instead(lambda _, price: b"-" + price),
    "wrong nominal": wrong_nominal,
}


SHORT = {"cbr": "Bank of Russia", "frankfurter": "Frankfurter (", "erapi": "ExchangeRate-API"}
JUMPS = ("a thousandfold", "a thousandth", "wrong nominal")


class Desk:
    """The window on a store whose banks are in the town."""

    def __init__(self, folder: Path, town: Town, qtbot: QtBot) -> None:
        self.town = town
        self.qtbot = qtbot
        self.true: dict[str, set[str]] = {pair: set() for pair in PAIRS}
        with Store.open(begin(folder)) as store:
            store.settings.set("welcome.done", True)
            store.settings.set("refresh.automatic", False)
            for key, value in town.settings().items():
                store.settings.set(key, value)
        self.session = Session(folder, clock=lambda: town.now)
        self.window = MainWindow(self.session)
        self.window.complete()
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def close(self) -> None:
        self.window.close()
        deliver_deletes()
        self.session.close()
        self.session.deleteLater()
        deliver_deletes()

    def note_what_is_true(self) -> None:
        """Every pair as each source publishes it at this moment."""
        book = self.town.published()
        day = self.town.now.date()
        for text in PAIRS:
            for on in (day, day + timedelta(days=1)):
                for source in {quote.source for quote in book}:
                    mine = [quote for quote in book if quote.source == source]
                    said = answer(parse_pair(text), on, mine, pegs(), self.town.now)
                    if said.rate is not None:
                        self.true[text].add(format_rate(said.rate, min(DIGITS, said.digits)))

    def refresh(self) -> dict[str, Entry]:
        """F5 until it has ended; then what the ticker says, and that all of it is true."""
        with self.qtbot.waitSignal(self.session.refreshed, timeout=MS):
            press(self.qtbot, self.window, Key.Key_F5)
        return self.read()

    def read(self) -> dict[str, Entry]:
        self.window.ticker.rebuild()
        shown = {str(entry.pair): entry for entry in self.window.ticker.strip.entries}
        assert set(shown) == set(PAIRS)
        for pair, entry in shown.items():
            assert entry.value in self.true[pair], f"{pair} {entry.value}: {entry.tooltip}"
        return shown


@pytest.fixture
def town() -> Iterator[Town]:
    with LoopbackServer() as server:
        yield Town(server)


@pytest.fixture
def desk(tmp_path: Path, town: Town, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path / "profile", town, qtbot)
    made.note_what_is_true()
    yield made
    made.close()


def test_a_day_of_outages_shows_no_wrong_number(desk: Desk, town: Town) -> None:
    """At each refresh every bank has another fault, and in the end each had all."""
    first = desk.refresh()
    faults = FAULTS | {"yesterday's file": town.yesterdays(), "slow": slow}
    assert {pair: entry.date for pair, entry in first.items()} == dict.fromkeys(PAIRS, "")
    town.wait(hours=20)  # Wednesday morning: the banks have new numbers
    desk.note_what_is_true()
    for given in turns(list(faults), BANKS):
        town.faults = {bank: faults[fault] for bank, fault in given.items()}
        shown = desk.refresh()
        in_doubt = "unconfirmed" in shown["USD/KZT"].date
        assert in_doubt or given["nbk"] not in JUMPS, given
        has_come = given["nbk"] == "slow"  # the last one: it answers truly
        assert (shown["USD/KZT"].value != first["USD/KZT"].value) is has_come, given
    assert not in_doubt
    town.faults = {}
    shown = desk.refresh()
    assert {entry.date for entry in shown.values()} == {""}
    assert shown["USD/KZT"].value != first["USD/KZT"].value


def test_a_day_on_which_only_stand_ins_answer_and_all_of_them_badly_shows_no_wrong_number(
    desk: Desk, town: Town
) -> None:
    """The banks are down for a week; who is asked in their place has each fault in turn."""
    desk.refresh()
    faults = FAULTS | {"yesterday's file": town.yesterdays(), "slow": slow}
    town.wait(days=7)
    desk.note_what_is_true()
    for given in turns(list(faults), STAND_INS):
        town.faults = dict.fromkeys(BANKS, down) | {name: faults[fault] for name, fault in given.items()}
        desk.refresh()
        town.wait(minutes=30)
        desk.note_what_is_true()


def turns(names: list[str], providers: Sequence[str]) -> Iterator[dict[str, str]]:
    """The fault of each provider at each step: never two the same, and in the end each had all."""
    for step in range(len(names)):
        yield {provider: names[(step + at) % len(names)] for at, provider in enumerate(providers)}


def test_each_aggregator_that_stands_in_is_believed_only_as_far_as_it_is_right(
    desk: Desk, town: Town
) -> None:
    desk.refresh()
    order = STAND_INS
    gone: dict[str, Fault] = dict.fromkeys(BANKS, down)
    for wrong in ("cbr", "frankfurter", "erapi", "fawaz", ""):
        town.wait(days=7)
        desk.note_what_is_true()
        town.faults = gone | ({wrong: times(+1)} if wrong else {})
        shown = desk.refresh()
        assert all(("out of date" in entry.tooltip) is entry.faded for entry in shown.values())
        tenge = shown["USD/KZT"].tooltip.partition("Unconfirmed")[0]
        assert wrong not in SHORT or SHORT[wrong] not in tenge
        gone |= dict.fromkeys(order[: order.index(wrong) + 1] if wrong else (), down)


def test_a_fallback_is_named_as_what_it_is_and_an_old_number_as_old(desk: Desk, town: Town) -> None:
    desk.refresh()
    town.wait(days=7)
    desk.note_what_is_true()
    everybody = (*BANKS, *PASSED_ON, *AGGREGATORS)
    town.faults = dict.fromkeys(everybody, down)
    shown = desk.refresh()
    assert {shown[pair].faded for pair in PAIRS[:4]} == {True}
    assert "out of date" in shown["USD/KZT"].tooltip
    assert "National Bank of Kazakhstan" in shown["USD/KZT"].tooltip
    for back, name in (
        ("fawaz", "fawazahmed0"),
        ("erapi", "ExchangeRate-API"),
        ("frankfurter", "Frankfurter"),
        ("cbr", "Bank of Russia"),
        ("nbk", "National Bank of Kazakhstan"),
    ):
        town.wait(minutes=5)
        town.faults.pop(back)
        shown = desk.refresh()
        assert name in shown["USD/KZT"].tooltip
        assert not shown["USD/KZT"].faded


def test_yesterdays_file_for_ever_is_named_stale_and_then_replaced(desk: Desk, town: Town) -> None:
    old = {bank: town.body(f"/{bank}") for bank in ("nbk", "nbkr", "cbu")}
    desk.refresh()
    town.faults = {bank: lambda name, _body: Reply(200, {}, old[name]) for bank in old}
    town.wait(days=1)
    desk.note_what_is_true()
    assert not desk.refresh()["USD/KZT"].faded
    town.wait(days=8)
    desk.note_what_is_true()
    shown = desk.refresh()["USD/KZT"]
    assert "Bank of Russia" in shown.tooltip
    assert not shown.faded


def test_a_slow_bank_is_waited_for_and_one_that_stalls_can_be_left(desk: Desk, town: Town) -> None:
    desk.refresh()
    town.wait(hours=20)
    desk.note_what_is_true()
    town.faults = {"nbk": lambda _, body: script(head(Content_Length=str(len(body))), body[:40], Step.STALL)}
    with desk.qtbot.waitSignal(desk.session.refreshed, timeout=MS):
        press(desk.qtbot, desk.window, Key.Key_F5)
        desk.qtbot.waitUntil(lambda: desk.session.refreshing)
        desk.session.stop()
    assert desk.read()["USD/KZT"].date == ""


def test_a_real_devaluation_waits_for_one_fixing_or_for_the_person(desk: Desk, town: Town) -> None:
    before = desk.refresh()["USD/KZT"].value
    town.wait(hours=20)
    desk.note_what_is_true()
    town.faults = {"nbk": times(+1), "cbr": down, "frankfurter": down, "frankfurter.nbk": down}
    shown = desk.refresh()["USD/KZT"]
    assert shown.value == before
    assert shown.date == "a newer one is unconfirmed"
    assert "Unconfirmed: 1 USD = " in shown.tooltip
    details = desk.window.ticker.show_details(parse_pair("USD/KZT"))
    texts = [label.text() for label in details.findChildren(QLabel) if label.isVisible()]
    assert any("National Bank of Kazakhstan says 1 USD = " in text for text in texts)
    assert "Monday to Friday at 15:30 (Asia/Almaty), for the next day" in texts
    button = next(found for found in details.findChildren(QPushButton) if found.text().startswith("Accept"))
    with desk.qtbot.waitSignal(desk.session.rates_changed, timeout=MS):
        desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.isVisible()
    details.close()
    desk.window.ticker.rebuild()
    accepted = next(e for e in desk.window.ticker.strip.entries if str(e.pair) == "USD/KZT")
    assert accepted.value.startswith(before[:2])
    assert accepted.date == ""
