"""The names of currencies and countries that ship with the program, read once, when they are first needed."""

from __future__ import annotations

import json
from functools import cache

from desktop.core.rates.pair_words import Lexicon
from desktop.paths import resource


@cache
def lexicon() -> Lexicon:
    """What every field and command line that takes a currency understands."""
    return Lexicon(
        json.loads(resource("currencies.json").read_text("utf-8")),
        json.loads(resource("countries.json").read_text("utf-8")),
    )
