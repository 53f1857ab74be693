"""What a rate did, in the digits that the rate itself is written with."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from desktop.core.rates import QuoteKind, RateAnswer
from desktop.core.rates.numbers import format_rate


def format_difference(given: RateAnswer) -> str:
    """The change since the last distinct fixing, to the last decimal that the rate is shown with: "+0.85",
    "\u22120.05", "0.00"; "" for a fixed rate, "\u2014" where no earlier fixing is known."""
    if given.kind is QuoteKind.PEG:
        return ""
    if given.rate is None or given.previous_rate is None:
        return "\u2014"
    shown = Decimal(format_rate(given.rate, given.digits))
    moved = (given.rate - given.previous_rate).quantize(
        Decimal(1).scaleb(int(shown.as_tuple().exponent)), rounding=ROUND_HALF_UP
    )
    if moved == 0:
        return f"{abs(moved):f}"
    return f"{'+' if moved > 0 else chr(0x2212)}{abs(moved):f}"
