"""The settings that a person may know of: key, default (whose type the value keeps) and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.core.errors import UsageError

Value = str | int | float | bool
PICTURE_KB = 200


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting."""

    key: str
    default: Value
    text: str
    elsewhere: str = ""  # where the window has it, or why it has it nowhere; "" for a place in its settings


class SaveData(StrEnum):
    """When only small pictures are fetched."""

    NEVER = "never"
    METERED = "metered"  # where the system says that what comes is paid for
    ALWAYS = "always"


_POLITE = "For people who run servers of their own: with less others would be asked impolitely."
SETTINGS: tuple[Setting, ...] = (
    Setting("refresh.automatic", True, "refresh by itself while the window is open"),
    Setting("refresh.minutes", 30, "how often a source is asked, in minutes"),
    Setting("refresh.rates_minutes", 60, "how often a bank is asked, in minutes"),
    Setting("refresh.rates_at_hours", True, "ask a bank only around the hours at which it publishes"),
    Setting("rates.history_years", 5, "how many years of rates are loaded, where that is asked for"),
    Setting("rates.history_pace", 1.0, "seconds between two requests to a bank for its history", _POLITE),
    Setting("network.offline", False, "work offline: nothing opens a connection", "File > Work offline"),
    Setting("network.automatic", True, "go offline by itself when the system sees no network"),
    Setting(
        "network.save_data",
        SaveData.NEVER.value,
        "fetch small pictures only: never, metered (links) or always",
    ),
    Setting(
        "network.picture_kb", PICTURE_KB, "while data is saved: pictures up to so many KB, 0 for text only"
    ),
    Setting("news.first_articles", 100, "how many articles a new WordPress source brings at first"),
    Setting("news.full_text", True, "fetch the full text of articles that their feed cuts"),
    Setting("news.pictures", True, "fetch the pictures of new articles"),
    Setting("archive.unread", False, "articles from before the subscription arrive unread"),
    Setting(
        "archive.pause",
        1.0,
        "seconds between two requests to a host for older articles and full texts",
        _POLITE,
    ),
    Setting("list.mark_opened_read", True, "an article counts as read when it is opened"),
    Setting(
        "list.look", "cards", "how lists look for which nothing else was chosen: cards, compact or columns"
    ),
    Setting("reader.size", 0, "text size of the reader in steps from the normal one, -4 to 12"),
    Setting("reader.font", "sans", "letters of the reader: sans (the window's) or serif"),
    Setting("reader.width", 68, "characters on a line of the reader, 45 to 90"),
    Setting("reader.leading", 155, "distance of lines in the reader in percent of the letters, 130 to 190"),
    Setting("reader.justified", False, "set the text of the reader flush on both sides"),
    Setting("alerts.notify", True, "show one system notification when a refresh sets alerts off"),
    Setting(
        "reader.full_text",
        True,
        "show the full text of an article where there is one beside the feed's",
        "Article > Full text or the feed's, which remembers",
    ),
    Setting("ticker.motion", True, "let the ticker scroll when the pairs do not fit"),
)


_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")


def parse_value(text: str, default: Value) -> Value:
    """Read a typed value in the type of `default`. Raises UsageError."""
    if isinstance(default, bool):
        word = text.strip().lower()
        if word not in (*_TRUE, *_FALSE):
            raise UsageError(f"“{text}” is neither true nor false.", "Use true or false.")
        return word in _TRUE
    try:
        return type(default)(text)
    except ValueError:
        raise UsageError(f"“{text}” is not a number.", "Give a number.") from None
