"""Gives the real readers of every publisher documents that are wrong, and looks at what is shown as a rate.

Each fault comes between two good fixings of one publisher who stands alone: what is shown must stay within the bound
of what is true. Then what is true is tried as well: jumps, and the devaluations that there have been.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from desktop.core.errors import ParseError
from desktop.core.rates import Pair, Quote
from desktop.core.rates.doubts import PEG_JUMP
from desktop.core.rates.trust import JUMP
from desktop.net.rates import PROVIDERS
from desktop.store import Store
from desktop.sync.answers import rate_of
from desktop.sync.rate_keeping import keep_quotes

SAMPLES = Path(__file__).parents[1] / "data" / "rates"
START = date(2026, 11, 24)

VALUTE = (
    r"<CharCode>{code}</CharCode>\s*<Nominal>(?P<nominal>[^<]*)</Nominal>.*?<Value>(?P<value>[^<]*)</Value>"
)
DAY = rf"{VALUTE}(?:<VunitRate>(?P<one>[^<]*)</VunitRate>)?"
NBKR = (
    r'ISOCode="{code}">\s*<Nominal>(?P<nominal>[^<]*)</Nominal>(?:\s*<ValidFor>7</ValidFor>)?'
    r"\s*<Value>(?P<value>[^<]*)"
)


@dataclass(frozen=True)
class Bank:
    """A publisher, one of its documents, and where a currency's number and nominal stand in it."""

    source: str
    sample: str
    row: str

    @property
    def body(self) -> str:
        return (SAMPLES / self.sample).read_bytes().decode("latin-1")

    def find(self, body: str, code: str) -> re.Match[str] | None:
        written = code.lower() if self.source == "fawaz" else code
        return re.search(self.row.format(code=written), body, re.DOTALL)


BANKS = (
    Bank("nbk", "nbk-latest.xml", r"<title>{code}</title>.*?<description>(?P<value>[^<]*)</description>\s*"
         r"<quant>(?P<nominal>[^<]*)"),
    Bank("nbkr", "nbkr-latest-daily.xml", NBKR),
    Bank("nbkr.weekly", "nbkr-latest-weekly.xml", NBKR),
    Bank("nbt", "nbt-latest.xml", DAY),
    Bank("cbu", "cbu-latest.json", r'"Ccy":"{code}".*?"Nominal":"(?P<nominal>[^"]*)","Rate":"(?P<value>[^"]*)'),
    Bank("cbr", "cbr-latest.xml", DAY),
    Bank("cbt", "cbt-date-2026-11-24.xml", r'code="{code}">.*?<multiplier>(?P<nominal>[^<]*)</multiplier>\s*'
         r"<rate_tmt>(?P<value>[^<]*)"),
    Bank("cbar", "cbar-date-2026-11-24.xml", r'Code="{code}">\s*<Nominal>(?P<nominal>[^<]*)</Nominal>.*?'
         r"<Value>(?P<value>[^<]*)"),
    Bank("nbg", "nbg-date-2026-11-23.json", r'"code":"{code}","quantity":(?P<nominal>\d+),.*?"rate":(?P<value>[^,]*)'),
    Bank("tcmb", "tcmb-latest.xml", r'CurrencyCode="{code}">\s*<Unit>(?P<nominal>[^<]*)</Unit>.*?'
         r"<ForexBuying>(?P<value>[^<]*)"),
    Bank("ecb", "ecb-latest.xml", r"currency='{code}' rate='(?P<value>[^']*)"),
    Bank("frankfurter", "frankfurter-v2-latest.json", r'"quote":"{code}","rate":(?P<value>[^}}]*)'),
    Bank("fawaz", "fawazahmed0-latest.json", r'"{code}": (?P<value>[^,\n]*)'),
    Bank("erapi", "erapi-latest.json", r'"{code}":(?P<value>[\d.]+)'),
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What becomes of the number and the nominal of a row; None where it does not apply. `other` is the number of
    another row. `alone`: the price of one, where a document has that too, is left as it was."""

    name: str
    change: Callable[[str, str, str], tuple[str, str] | None]
    alone: bool = False


def _times(factor: Fraction) -> Callable[[str, str, str], tuple[str, str]]:
    return lambda value, nominal, _: (_scaled(value, factor), nominal)


def _instead(text: str) -> Callable[[str, str, str], tuple[str, str]]:
    return lambda _, nominal, __: (text, nominal)


def _nominal(change: Callable[[int], str]) -> Callable[[str, str, str], tuple[str, str] | None]:
    return lambda value, nominal, _: (value, change(int(nominal))) if nominal else None


FACTORS = {
    "tenfold": Fraction(10), "hundredfold": Fraction(100), "thousandfold": Fraction(1000), "a tenth": Fraction(1, 10),
    "a hundredth": Fraction(1, 100), "a thousandth": Fraction(1, 1000), "up by 11 %": Fraction(111, 100),
    "down by 11 %": Fraction(89, 100), "doubled": Fraction(2),
}  # fmt: skip
NUMBERS = (
    "0", "0.00", "0,0000", "-0", "NaN", "nan", "Infinity", "-Infinity", "1e400", "9" * 400, "-", "ND", "", " ", "null",
    "1.234,56", "1,234.56", "0x10", "\u0661\u0662".encode().decode("latin-1"), "12..5", "<b>5</b>", "1e-30",
)  # fmt: skip
ROWS = (
    *(Fault(name, _times(factor)) for name, factor in FACTORS.items()),
    Fault("tenfold, the price of one as it was", _times(Fraction(10)), alone=True),
    Fault("a tenth, the price of one as it was", _times(Fraction(1, 10)), alone=True),
    Fault("inverse", lambda value, nominal, _: (_inverse(value), nominal)),
    Fault("swapped", lambda _, nominal, other: (other, nominal) if other else None),
    Fault("negative", lambda value, nominal, _: (f"-{value}", nominal)),
    *(Fault(f"number {text[:12]!r}", _instead(text)) for text in NUMBERS),
    Fault("nominal tenfold", _nominal(lambda units: str(units * 10))),
    Fault("nominal hundredfold", _nominal(lambda units: str(units * 100))),
    Fault("nominal a tenth", _nominal(lambda units: str(units // 10) if units % 10 == 0 else f"0.{units}")),
    *(Fault(f"nominal {text!r}", _nominal(lambda _, text=text: text)) for text in ("0", "", "-1", "1 t.u.", "1e2")),
)  # fmt: skip


@dataclass
class Figures:
    """What was tried, and what came of it."""

    injected: Counter[str] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)  # refused, left out, held
    wrong: list[str] = field(default_factory=list)
    moves: int = 0
    late: list[str] = field(default_factory=list)  # true moves that did not get through in time

    def fault(self, kind: str, fate: str) -> None:
        self.injected[kind] += 1
        self.fates[fate] += 1


class Desk:
    """One publisher and a store that knows nothing else, day after day."""

    def __init__(self, store: Store, bank: Bank, figures: Figures) -> None:
        self.store, self.bank, self.figures = store, bank, figures
        self.rule = PROVIDERS[bank.source].rule
        now = datetime.combine(START, time(12), UTC)
        quotes = PROVIDERS[bank.source].read(bank.body.encode("latin-1"), now).quotes
        self.sample = self.day = max(quote.valid_from for quote in quotes)
        self.true = {_code(quote, self.rule.home): quote for quote in quotes}
        of_the_day = [code for code, quote in self.true.items() if quote.valid_from == self.sample]
        self.codes = [code for code in of_the_day if bank.find(bank.body, code)]

    def has_nominal(self, code: str) -> bool:
        found = self.bank.find(self.bank.body, code)
        return found is not None and bool(_nominal_of(found))

    def next_day(self) -> None:
        """Go to the next day for which a number is sure to come."""
        self.day += timedelta(days=max(1, self.rule.cadence_days))
        while not self.rule.is_expected(self.day):
            self.day += timedelta(days=1)

    @property
    def now(self) -> datetime:
        return datetime.combine(self.day, time(12), UTC)

    def document(self, day: date, edits: Mapping[str, tuple[str, str, bool]] | None = None) -> str:
        """The document of a day, with other numbers and nominals in some rows."""
        body = _dated(self.bank.body, self.sample, day)
        for code, (value, nominal, alone) in (edits or {}).items():
            found = self.bank.find(body, code)
            assert found is not None
            body = _put(body, found, value, nominal, alone=alone)
        return body

    def receive(self, body: str) -> tuple[Quote, ...]:
        """Read a document as it arrives and keep what is good; gives what was read. Raises ParseError."""
        quotes = PROVIDERS[self.bank.source].read(body.encode("latin-1"), self.now).quotes
        keep_quotes(self.store, quotes, self.now)
        return quotes

    def scaled(self, code: str, factor: Fraction) -> dict[str, tuple[str, str, bool]]:
        """The edit by which a row says so many times what it says now."""
        found = self.bank.find(self.bank.body, code)
        assert found is not None
        return {code: (_scaled(found["value"], factor), _nominal_of(found), False)}

    def shown(self, code: str) -> Fraction | None:
        """What is shown for a currency, by this publisher."""
        quote = self.true[code]
        given = rate_of(self.store, Pair(quote.base, quote.quote), self.day, self.now, self.bank.source)
        return None if given.rate is None else Fraction(given.rate)

    def check(self, what: str, code: str, factor: Fraction = Fraction(1)) -> bool:
        """Note it where what is shown is not what is true."""
        shown, true = self.shown(code), Fraction(self.true[code].rate) * factor
        good = shown is not None and abs(shown / true - 1) <= self.bound(code) / 4
        if not good:
            said = "nothing" if shown is None else f"{float(shown):g}"
            self.figures.wrong.append(f"{self.bank.source} {code}, {what}: {said} instead of {float(true):g}")
        return good

    def bound(self, code: str) -> Fraction:
        """By how much a number may differ from that of before without waiting."""
        return PEG_JUMP if {code, self.rule.home} in ({"USD", "TMT"},) else JUMP

    def make_good(self) -> None:
        """The next fixing, as it must be: nothing of the fault may be left."""
        self.next_day()
        self.receive(self.document(self.day))

    def suffer(self, fault: Fault, code: str, chance: Random) -> None:
        """One fault in one row of one fixing, and the good one after it."""
        found = self.bank.find(self.bank.body, code)
        assert found is not None
        other = self.bank.find(self.bank.body, chance.choice([one for one in self.codes if one != code]))
        changed = fault.change(found["value"], _nominal_of(found), other["value"] if other else "")
        if changed is None or self._is_within(changed, found, code):
            return
        self.next_day()
        self.figures.fault(
            fault.name, self.come_in(self.document(self.day, {code: (*changed, fault.alone)}), code)
        )
        self.check(fault.name, code)
        self.make_good()
        self.check(f"{fault.name}, the day after", code)

    def _is_within(self, changed: tuple[str, str], found: re.Match[str], code: str) -> bool:
        """Whether what would be told is no further from the truth than a number may move."""
        try:
            told = _number(changed[0]) / int(changed[1] or 1)
            true = _number(found["value"]) / int(_nominal_of(found) or 1)
        except (ValueError, ArithmeticError):
            return False
        return told > 0 and abs(told / true - 1) <= self.bound(code)

    def come_in(self, body: str, code: str) -> str:
        try:
            quotes = self.receive(body)
        except ParseError:
            return "document refused"
        read = {quote for quote in quotes if _code(quote, self.rule.home) == code}
        if not read:
            return "row left out"
        return "held" if read & set(self.store.rates.unconfirmed()) else "kept, within the bound"

    def suffer_dates(self, code: str) -> None:
        """Numbers that are right but for their day, and documents that are none."""
        wrong = {
            one: edit for each in self.codes for one, edit in self.scaled(each, Fraction(21, 20)).items()
        }
        for name, document in self._documents(wrong, code):
            self.next_day()
            self.figures.fault(name, self.come_in(document(), code))
            self.check(name, code)
            self.make_good()
            self.check(f"{name}, the day after", code)

    def _documents(
        self, wrong: Mapping[str, tuple[str, str, bool]], code: str
    ) -> Iterator[tuple[str, Callable[[], str]]]:
        for days in (1, 2, 5, 60, 400, 30_000):
            dated = self.day + timedelta(days + 7)  # no working day is further than a week from the next
            yield (
                f"dated {days} days ahead",
                lambda days=days: self.document(self.day + timedelta(days), wrong),
            )
            while days <= self.rule.ahead_days and self.day <= dated:
                self.make_good()  # within the bound it is in force from its day until the next fixing
        yield "dated 1970", lambda: self.document(date(1970, 1, 1), wrong)
        yield "dated 31 February", lambda: _dated(self.document(self.day, wrong), self.day, None)
        yield "a day repeated", lambda: self.document(self.before, self.scaled(code, Fraction(2)))
        yield "without the currency", lambda: _without(self.bank, self.document(self.day), code)
        yield "a web page", lambda: "<!DOCTYPE html><html><body>Value 5 <p>USD 5</body></html>"
        yield "empty", lambda: ""
        for part in (3, 5, 7, 9):
            yield (
                f"cut short after {part} tenths",
                lambda part=part: _cut(self.document(self.day, wrong), part),
            )

    @property
    def before(self) -> date:
        """The day of the fixing that is stored."""
        pair = self.true[self.codes[0]]
        return self.store.rates.newest(self.bank.source, Pair(pair.base, pair.quote), self.day) or self.day

    def move(self, code: str, factor: Fraction) -> None:
        """What is true jumps and stays there: the second fixing of it is shown; the same way back."""
        for now, before in ((factor, Fraction(1)), (Fraction(1), factor)):
            self.figures.moves += 1
            self.next_day()
            self.receive(self.document(self.day, self.scaled(code, now)))
            self.check("a move of a day", code, before)
            self.next_day()
            self.receive(self.document(self.day, self.scaled(code, now)))
            if not self.check("a true move", code, now):
                self.figures.late.append(f"{self.bank.source} {code}")


def _code(quote: Quote, home: str) -> str:
    return quote.base if quote.quote == home else quote.quote


def _number(text: str) -> Fraction:
    return Fraction(Decimal(text.replace(",", ".")))


def _nominal_of(found: re.Match[str]) -> str:
    return found.groupdict().get("nominal") or ""


def _scaled(text: str, factor: Fraction) -> str:
    """A published number times a factor, in the writing of its publisher."""
    return _written(_number(text) * factor, text)


def _inverse(text: str) -> str:
    return _written(1 / _number(text), text)


def _written(number: Fraction, like: str) -> str:
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):.12f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if "," in like else text


def _put(body: str, found: re.Match[str], value: str, nominal: str, *, alone: bool) -> str:
    """The body with another number and nominal in the row that was found, and what one unit costs by them."""
    instead = {"value": value}
    if _nominal_of(found):
        instead["nominal"] = nominal
    if found.groupdict().get("one") and not alone:
        try:
            instead["one"] = _written(_number(value) / int(nominal), value)
        except (ValueError, ArithmeticError):
            instead["one"] = value
    for name in sorted(instead, key=found.start, reverse=True):
        body = body[: found.start(name)] + instead[name] + body[found.end(name) :]
    return body


def _dated(body: str, before: date, day: date | None) -> str:
    """The body with another day in the place of that of before; None: one that there is not."""
    forms = ("{:%d.%m.%Y}", "{:%Y-%m-%d}", "{:%m/%d/%Y}")
    never = ("31.02.2027", "2027-02-31", "02/31/2027")
    for form, bad in zip(forms, never, strict=True):
        body = body.replace(form.format(before), bad if day is None else form.format(day))
    moment = "soon" if day is None else f"{datetime.combine(day, time(0, 2), UTC).timestamp():.0f}"
    return re.sub(r'("time_last_update_unix":)\d+', rf"\g<1>{moment}", body)


def _without(bank: Bank, body: str, code: str) -> str:
    found = bank.find(body, code)
    assert found is not None
    written = code.lower() if bank.source == "fawaz" else code
    return body[: found.start()] + found[0].replace(written, "QQQ", 1) + body[found.end() :]


def _cut(body: str, tenths: int) -> str:
    return body[: len(body) * tenths // 10]


# As their banks published them; each with the number that must be shown once the second of the jump is there.
# NBKR, NBK and CBU: the archives of the banks, as in tests/unit/core/test_rate_trust.py. Bank of Russia: its daily
# archive of 2022 and 2014. Central Bank of Turkmenistan: its decree of 1 January 2015.
REAL: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("nbkr", "USD", ("2020-03-17 69.8496", "2020-03-18 80.0336", "2020-03-19 78.9000")),
    ("nbk", "USD", ("2015-08-19 188.38", "2015-08-20 188.38", "2015-08-21 255.26", "2015-08-25 234.91")),
    ("cbu", "USD", ("2017-08-29 4210.35", "2017-09-05 8100.00", "2017-09-12 8074.20")),
    ("cbr", "USD", ("2022-02-26 83.5485", "2022-03-01 93.5589", "2022-03-02 91.7457", "2022-03-03 103.2487",
                    "2022-03-04 111.7564", "2022-03-05 105.8124")),
    ("cbt", "USD", ("2014-12-30 2.85", "2014-12-31 2.85", "2015-01-05 3.5", "2015-01-06 3.5")),
)  # fmt: skip

# A peak of one day, up by 10.85 % and back: no different, by its own bank alone, from a fault of that day.
PEAK = (
    "cbr",
    "USD",
    ("2014-12-16 58.3461", "2014-12-17 61.1512", "2014-12-18 67.7851", "2014-12-19 59.6029"),
)


def history(folder: Path, case: tuple[str, str, tuple[str, ...]], figures: Figures) -> None:
    """Let a bank publish what it did: every number is shown for its day once the next one is there, at the latest."""
    source, code, published = case
    told = [(date.fromisoformat(day), text) for day, text in (one.split() for one in published)]
    with Store.open(folder) as store:
        desk = Desk(store, next(bank for bank in BANKS if bank.source == source), figures)
        pair = Pair(desk.true[code].base, desk.true[code].quote)
        for place, (desk.day, text) in enumerate(told):
            written = text.replace(".", desk.rule.mark)
            desk.receive(
                desk.document(desk.day, {code: (written, "1" if desk.has_nominal(code) else "", False)})
            )
            given = [rate_of(store, pair, day, desk.now, source) for day, _ in told[: place + 1]]
            right = [answer.rate == Decimal(number) for answer, (_, number) in zip(given, told, strict=False)]
            due = right if place == len(told) - 1 else right[:-1]
            late = [one for one, good in zip(published, due, strict=False) if not good]
            figures.late += [f"{source} {code} {one}" for one in late]
        figures.moves += 1


def first_of_all(folder: Path, bank: Bank, figures: Figures) -> None:
    """A bank whose first document of all is wrong, while others are known; then it is right."""
    with Store.open(folder) as store:
        now = datetime.combine(START, time(12), UTC)
        for other in BANKS:
            if PROVIDERS[other.source].rule.author != PROVIDERS[bank.source].rule.author:
                keep_quotes(
                    store, PROVIDERS[other.source].read(other.body.encode("latin-1"), now).quotes, now
                )
        desk = Desk(store, bank, figures)
        code = next((code for code in desk.codes if code in ("USD", "KZT")), desk.codes[0])
        pair = Pair(desk.true[code].base, desk.true[code].quote)
        for name in ("thousandfold", "a hundredth"):
            document = desk.document(desk.day, desk.scaled(code, FACTORS[name]))
            figures.fault(f"{name}, first of all", desk.come_in(document, code))
            shown = rate_of(store, pair, START, now).rate
            if shown is not None and abs(Fraction(shown) / Fraction(desk.true[code].rate) - 1) > JUMP:
                figures.wrong.append(f"{bank.source} {code}, {name}, first of all: {shown}")
        desk.receive(bank.body)
        desk.check("the first that is right", code)


def second_source(folder: Path, figures: Figures) -> None:
    """What two publishers tell of the same day is shown at once."""
    with Store.open(folder) as store:
        desks = [Desk(store, bank, figures) for bank in BANKS if bank.source in ("nbk", "erapi")]
        code, other = "USD", "KZT"
        for desk in desks:
            desk.receive(desk.bank.body)
            desk.day = date(2026, 11, 25)
        rise = Fraction(13, 10)
        desks[0].receive(desks[0].document(desks[0].day, desks[0].scaled(code, rise)))
        desks[0].check("a jump that nobody confirms", code)
        desks[1].receive(desks[1].document(desks[1].day, desks[1].scaled(other, rise)))
        figures.moves += 1
        if not desks[0].check("a jump that a second source tells", code, rise):
            figures.late.append("nbk USD, told by erapi too")


def run(seed: int = 0, rows: int = 3) -> dict[str, object]:
    """Every fault in so many rows of every publisher, and what is true; the figures."""
    chance, figures = Random(seed), Figures()
    with TemporaryDirectory() as folder:
        for bank in BANKS:
            with Store.open(Path(folder) / bank.source) as store:
                _all_of(Desk(store, bank, figures), chance, rows)
            first_of_all(Path(folder) / f"first {bank.source}", bank, figures)
        for number, case in enumerate(REAL):
            history(Path(folder) / f"history {number}", case, figures)
        second_source(Path(folder) / "second", figures)
        peak = Figures()
        history(Path(folder) / "peak", PEAK, peak)
    return {
        "publishers": len(BANKS),
        "injected": figures.injected.total(),
        "kinds": len(figures.injected),
        "shown_wrong": len(figures.wrong),
        "fates": dict(sorted(figures.fates.items())),
        "true_moves": figures.moves,
        "true_moves_late": len(figures.late),
        "true_peaks_of_a_day_held_for_good": len(set(peak.late)),
        "failed": [*figures.wrong, *figures.late],
    }


def _all_of(desk: Desk, chance: Random, rows: int) -> None:
    desk.receive(desk.bank.body)
    desk.codes = [code for code in desk.codes if desk.shown(code)]  # some have too few digits to be of use
    for fault in ROWS:
        for code in chance.sample(desk.codes, min(rows, len(desk.codes))):
            desk.suffer(fault, code, chance)
    desk.suffer_dates(desk.codes[0])
    for factor in (Fraction(13, 10), Fraction(2), Fraction(6, 10)):
        desk.move(chance.choice(desk.codes), factor)
