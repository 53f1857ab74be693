"""The demo's texts: sections of lines in resources/demo/*.txt, and a grammar that fills their slots.

A file is `[name]` followed by lines; `#` starts a comment line. In a line, `{name}` is a fact of the article
or a fresh line of that section (none comes twice in an article), `{name!}` is drawn once and kept, `{^name}`
starts with a capital, `{20-90}` is a whole number, `{1.5-9.9}` a decimal one, `{200-900~}` is rounded to tens, and
`{a:3-9}` is a number that `{a}` repeats.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

Sections = Mapping[str, tuple[str, ...]]

_SLOT = re.compile(r"\{([^{}]+)\}")
_RANGE = re.compile(r"([\d.]+)-([\d.]+)(~?)")


def parse_sections(text: str) -> dict[str, list[str]]:
    """The sections of one file, in order."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            lines = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return sections


def read_sections(files: Iterable[Path]) -> Sections:
    """All sections of some files; a section may go on in another file."""
    merged: dict[str, list[str]] = {}
    for file in files:
        for name, lines in parse_sections(file.read_text(encoding="utf-8")).items():
            merged.setdefault(name, []).extend(lines)
    return {name: tuple(lines) for name, lines in merged.items()}


@cache
def all_sections() -> Sections:
    """Everything in resources/demo."""
    from desktop.paths import resource

    return read_sections(sorted(resource("demo").glob("*.txt")))


class Voice:
    """Fills templates for one article: what it drew once it keeps, and it does not repeat itself."""

    def __init__(
        self,
        sections: Sections,
        facts: Mapping[str, str],
        rng: random.Random,
        *,
        separator: str = ",",
        calls: Mapping[str, Callable[[str], str]] | None = None,
    ) -> None:
        self._sections = sections
        self._facts = dict(facts)
        self._calls = dict(calls or {})
        self._separator = separator
        self._decks: dict[str, list[str]] = {}
        self.rng = rng

    def say(self, template: str) -> str:
        """The template with every slot filled."""
        return _SLOT.sub(self._fill, template)

    def draw(self, section: str) -> str:
        """A filled line of a section; all its lines are used before one comes again."""
        deck = self._decks.get(section)
        if not deck:
            deck = self._decks[section] = list(self._sections[section])
            self.rng.shuffle(deck)
        return self.say(deck.pop())

    def has(self, section: str) -> bool:
        """Whether there is a line of the section that was not used yet."""
        return bool(self._decks.get(section, self._sections.get(section)))

    def number(self, value: float) -> str:
        """A number as this language groups its digits."""
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
        return (
            text.replace(",", "\0")
            .replace(".", "." if self._separator == "," else ",")
            .replace("\0", self._separator)
        )

    def _fill(self, match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("^"):
            text = self._value(name[1:])
            return text[:1].upper() + text[1:]
        return self._value(name)

    def _value(self, name: str) -> str:
        call, _, argument = name.partition(" ")
        if argument and call in self._calls:
            return self._calls[call](argument)
        label, _, numbers = name.rpartition(":")
        if found := _RANGE.fullmatch(numbers):
            text = self._between(found[1], found[2], bool(found[3]))
            return self._facts.setdefault(label, text) if label else text
        keep = name.endswith("!")
        name = name.removesuffix("!")
        if name in self._facts:
            return self._facts[name]
        text = self.draw(name)
        if keep:
            self._facts[name] = text
        return text

    def _between(self, low: str, high: str, rounded: bool) -> str:
        if "." in low:
            return self.number(round(self.rng.uniform(float(low), float(high)), 1))
        value = self.rng.randint(int(low), int(high))
        return self.number(round(value, -1) if rounded else value)
