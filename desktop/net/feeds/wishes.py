"""When a feed wants to be asked: ttl, the syndication module, skipHours and skipDays (RSS 0.91 to 2.0, all in GMT)."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.net.feeds.links import number
from desktop.net.feeds.markup import text_of
from desktop.net.feeds.names import Children, text

LONGEST = 7 * 24 * 60  # minutes
PERIODS = {"hourly": 60, "daily": 24 * 60, "weekly": 7 * 24 * 60}
HOURS = {
    f"{hour:{form}}": hour % 24 for hour in range(25) for form in ("", "02")
}  # RSS 0.91 counts from 1 to 24
DAYS = {
    day: n
    for n, day in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
}


def minutes(parts: Children) -> int:
    """The shortest time between two looks; 0 where it names none."""
    found = number(text(parts, "ttl"))
    if not found:
        period = PERIODS.get(text(parts, "sy:updateperiod").lower(), 0)
        found = period // (number(text(parts, "sy:updatefrequency")) or 1)
    return min(found, LONGEST)


def skipped(parts: Children, name: str, values: Mapping[str, int]) -> int:
    """What `name` lists of the values, as bits; 0 where nothing would be left."""
    said = {text_of(each).lower() for holder in parts.get(name, ()) for each in holder.iterchildren("*")}
    found = {values[word] for word in said if word in values}
    return 0 if found == set(values.values()) else sum(1 << n for n in found)
