"""Amounts of money as people write them, and back to text. Exact decimals; what can be read in two ways is said to be.

How a number is read:
- blanks and apostrophes part thousands;
- where both "." and "," stand, the one that comes last is the decimal mark, the other parts thousands;
- a mark that stands more than once parts thousands;
- a single mark is the decimal mark, but before exactly three digits it parts thousands ("1,500" and "1.500" are
  1500), unless the currency has three decimals itself or a zero, more than three digits or parted thousands stand
  before it;
- a word may multiply: k, thousand, тыс, mln, million, млн, bn, billion, млрд. "m" is refused: it means both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from desktop.core.errors import UsageError
from desktop.core.rates import Pair, QuoteKind, RateAnswer
from desktop.core.rates.quote_routes import MAX_AGE_DAYS
from desktop.core.text import plain

NARROW = "\u202f"  # between thousands, as the reader shows them
_FEWEST_DIGITS = 4  # of a result below one
_MOST_DIGITS = 30
_WIDE = Context(prec=80, rounding=ROUND_HALF_UP, Emin=-999, Emax=999)
_BLANKS = " \u00a0\u2007\u2009\u202f'\u2019"
_SHAPE = re.compile(rf"(?P<number>[0-9{_BLANKS}.,]*[0-9][.,]?)[{_BLANKS}]*(?P<word>[^\W\d_]*)\.?")
_THREES = re.compile(r"[0-9]{1,3}(?:[^0-9][0-9]{3})+")
_WORDS = {
    **dict.fromkeys(("k", "к", "thousand", "тыс", "тысяч", "тысяча", "тысячи", "мың", "миң", "ming"), 3),
    **dict.fromkeys(("mln", "mio", "million", "millions", "млн", "миллион", "миллиона", "миллионов"), 6),
    **dict.fromkeys(("bn", "bln", "mlrd", "billion", "billions", "млрд", "миллиард", "миллиарда", "миллиардов"), 9),
}  # fmt: skip
_REMEDY = "Write it like 1500.50 or 1 500,50."


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as understood; `other` is what the same letters could mean as well, None where they cannot."""

    value: Decimal
    other: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    """A result rounded half up as it is shown. `is_rough`: the rate has too few digits for the last ones of it."""

    value: Decimal
    text: str
    is_rough: bool


@dataclass(frozen=True, slots=True)
class Conversion:
    """A conversion as it was made: `result` is what was shown, for the day that was asked for."""

    amount: Decimal
    pair: Pair
    rate: Decimal
    digits: int  # of the rate, that were true
    result: str
    day: date
    valid_from: date
    source: str
    made_at: datetime


def parse_amount(text: str, minor_units: int = 2) -> Amount:
    """What a person wrote, in a currency of so many decimals. UsageError unless it is a number of zero or more."""
    found = _SHAPE.fullmatch(text.strip().lstrip(_BLANKS))
    if found is None:
        raise _not_an_amount(text)
    word = found["word"].casefold()
    number, other = _number(found["number"].strip(_BLANKS), text, minor_units)
    if not word:
        return Amount(number, other)
    if word not in _WORDS:
        raise UsageError(
            f"“{found['word'][:20]}” is not a multiple.", "Write k, mln or bn; тыс, млн or млрд."
        )
    if other is not None:
        raise UsageError(f"“{plain(text, 40)}” can be read in two ways.", _REMEDY)
    return Amount(number.scaleb(_WORDS[word], _WIDE))


def format_amount(value: Decimal, places: int) -> str:
    """ "1 500.50": rounded half up to so many decimals (none for a negative number), thousands parted."""
    rounded = value.quantize(Decimal(1).scaleb(-places), context=_WIDE)
    return f"{rounded:,.{max(0, places)}f}".replace(",", NARROW)


def plain_amount(value: Decimal) -> str:
    """An amount as it was given, thousands parted: "1 500.50", "1 500"."""
    return format_amount(value, max(0, -int(value.as_tuple().exponent)))


def convert(amount: Decimal, answer: RateAnswer, minor_units: int) -> Converted | None:
    """`amount` of the pair's base in its quote currency; None where the rate is unknown or too old.

    At a bank's own number, or at a peg, the result is exact by definition: it is shown to the minor unit, less than
    one unit to four digits. Where a rate is computed from others or blended, no digit is shown that its precision
    does not bear.
    """
    if answer.rate is None or is_too_old(answer):
        return None
    value = _WIDE.multiply(amount, answer.rate)
    places = minor_units
    if value and value.adjusted() < 0:
        places = _places_of_small(value, minor_units)
    by_definition = len(answer.legs) == 1 and answer.kind in (QuoteKind.OFFICIAL, QuoteKind.PEG)
    sure = places if by_definition or not value else _sure_places(amount, answer.rate, answer.digits)
    shown = min(places, sure)
    rounded = value.quantize(Decimal(1).scaleb(-shown), context=_WIDE)
    return Converted(rounded, format_amount(rounded, shown), is_rough=shown < places)


def is_too_old(answer: RateAnswer) -> bool:
    """Whether the last number that is known is shown only as such: nothing is calculated with it."""
    return answer.kind is not QuoteKind.PEG and answer.age_days > MAX_AGE_DAYS


def _places_of_small(value: Decimal, minor_units: int) -> int:
    """The decimals that four digits of it need, without zeros at the end."""
    short = value.quantize(Decimal(1).scaleb(value.adjusted() - _FEWEST_DIGITS + 1), context=_WIDE)
    return max(minor_units, -int(short.normalize().as_tuple().exponent))


def _sure_places(amount: Decimal, rate: Decimal, digits: int) -> int:
    """How many decimals of the product are sure, where so many digits of the rate are."""
    width = _WIDE.multiply(amount, Decimal(1).scaleb(rate.adjusted() - digits + 1))
    place = width.adjusted()
    return -(place + (width > Decimal(1).scaleb(place)))


def _number(text: str, whole_text: str, minor_units: int) -> tuple[Decimal, Decimal | None]:
    marks = [char for char in text if char in ".,"]
    parted = re.sub(rf"[{_BLANKS}]+", " ", text)
    if not marks:
        return _plain(parted, "", whole_text), None
    mark = marks[-1]
    if len(marks) > 1 and len(set(marks)) == 1:  # "1,500,000"
        if " " in parted:
            raise _not_an_amount(whole_text)
        return _plain(parted.replace(mark, " "), "", whole_text), None
    if marks.count(mark) > 1:  # "1.500,000,5"
        raise _not_an_amount(whole_text)
    head, _, tail = parted.rpartition(mark)
    if len(marks) > 1:  # "1,500.50"
        if " " in head:
            raise _not_an_amount(whole_text)
        return _plain(re.sub("[.,]", " ", head), tail, whole_text), None
    decimal = _plain(head or "0", tail, whole_text)
    if not (len(tail) == 3 and head.isdigit() and len(head) <= 3 and head[0] != "0"):
        return decimal, None
    thousands = _plain(f"{head} {tail}", "", whole_text)
    return (decimal, thousands) if minor_units == 3 else (thousands, decimal)


def _plain(whole: str, part: str, text: str) -> Decimal:
    """Digits, in threes where blanks part them, and the decimals."""
    if not (whole.isdigit() or _THREES.fullmatch(whole)) or (part and not part.isdigit()):
        raise _not_an_amount(text)
    digits = whole.replace(" ", "")
    if len(digits) + len(part) > _MOST_DIGITS:
        raise UsageError("That is more digits than an amount of money has.", _REMEDY)
    return Decimal(f"{digits}.{part}" if part else digits)


def _not_an_amount(text: str) -> UsageError:
    return UsageError(f"“{plain(text, 40)}” is not an amount.", _REMEDY)
