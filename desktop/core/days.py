"""Days as the whole program writes them."""

from __future__ import annotations

from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(when: date, today: date | None = None) -> str:
    """A day: "24 Nov", with its year where that differs from today's."""
    short = f"{when.day} {MONTHS[when.month - 1]}"
    return short if today is None or when.year == today.year else f"{short} {when.year}"
