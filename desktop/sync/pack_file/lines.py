"""The lines of a pack's file: values as JSON, and back. What comes back was written by nobody knows whom: every field
has one type and a greatest length, and anything else is a ParseError."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from desktop.core.coverage import Span
from desktop.core.errors import ParseError
from desktop.core.fulltext_values import FullTextRule
from desktop.core.incoming import ImageRef
from desktop.core.models import Enclosure, NewSource, SourceKind
from desktop.core.pack_file import (
    Asked,
    Marks,
    PackedArticle,
    PackedPicture,
    PackedSource,
    PackedVersion,
)
from desktop.core.rates import Quote, QuoteKind

T = TypeVar("T")
Json = dict[str, Any]

SHORT, LONG, HTML = 2_000, 10_000, 8_000_000  # characters
MOST_PICTURES, MOST_VERSIONS, MOST_NAMES = 4_000, 1_000, 1_000
NOTHING_CHANGED = "Nothing was changed."
_LARGEST = 2**53
_SHA256 = re.compile("[0-9a-f]{64}")
_KEY = re.compile("[0-9a-f]{32}")
_CODE = re.compile("[A-Z]{3}")


def unreadable(what: str) -> ParseError:
    """The error of a file whose parts are whole, and not what Chorsu writes."""
    return ParseError(f"The pack holds something that Chorsu does not write: {what}.", NOTHING_CHANGED)


class Fields:
    """One JSON object, asked field by field. Names that nobody asks for are passed over."""

    def __init__(self, values: object) -> None:
        if not isinstance(values, dict):
            raise unreadable("a line that is no object")
        self._values = values

    def text(self, name: str, most: int = SHORT) -> str:
        found = self._values.get(name)
        if not isinstance(found, str) or len(found) > most:
            raise unreadable(f"“{name}”")
        return found

    def shape(self, name: str, pattern: re.Pattern[str], *, may_lack: bool = False) -> str:
        found = self.text(name)
        if not pattern.fullmatch(found) and not (may_lack and not found):
            raise unreadable(f"“{name}”")
        return found

    def flag(self, name: str) -> bool:
        found = self._values.get(name)
        if not isinstance(found, bool):
            raise unreadable(f"“{name}”")
        return found

    def number(self, name: str) -> int:
        found = self._values.get(name)
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= _LARGEST:
            raise unreadable(f"“{name}”")
        return found

    def moment(self, name: str) -> datetime:
        found = self.moment_or_none(name)
        if found is None:
            raise unreadable(f"“{name}”")
        return found

    def moment_or_none(self, name: str) -> datetime | None:
        if self._values.get(name) is None:
            return None
        try:
            found = datetime.fromisoformat(self.text(name))
            if found.tzinfo is not None:
                return found.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise unreadable(f"“{name}”")

    def all(self, name: str, most: int, read: Callable[[Any], T]) -> tuple[T, ...]:
        found = self._values.get(name)
        if not isinstance(found, list) or len(found) > most:
            raise unreadable(f"“{name}”")
        return tuple(read(one) for one in found)

    def object(self, name: str) -> Fields:
        return Fields(self._values.get(name))


def parse(line: bytes) -> Fields:
    """The object of a line. Raises ParseError."""
    try:
        return Fields(json.loads(line))
    except (ValueError, RecursionError):
        raise unreadable("a line that cannot be read") from None


def dump(values: Json) -> bytes:
    """One line."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def write_article(article: PackedArticle) -> bytes:
    """An article as a line."""
    return dump(
        {
            "order": article.order,
            "guid": article.guid, "url": article.url, "title": article.title, "author": article.author,
            "published": stamp(article.published), "published_text": article.published_text,
            "updated": stamp(article.updated), "first_seen": stamp(article.first_seen),
            "since": stamp(article.since), "language": article.language, "excerpt": article.excerpt,
            "html": article.html, "lead": article.lead, "categories": article.categories,
            "enclosures": [[one.url, one.type, one.length] for one in article.enclosures],
            "post": article.post_id, "beside": article.beside, "cut": article.cut,
            "full": article.full_html, "full_at": stamp(article.full_at),
            "full_problem": article.full_problem, "edited": article.edited,
            "withdrawn": stamp(article.withdrawn), "marks": _marks(article.marks),
            "pictures": [_picture(one) for one in article.pictures],
            "versions": [
                {"since": stamp(one.since), "title": one.title, "html": one.html}
                for one in article.versions[-MOST_VERSIONS:]
            ],
        }
    )  # fmt: skip


def read_article(line: bytes) -> PackedArticle:
    """An article out of a line."""
    found = parse(line)
    lead = found.shape("lead", _KEY, may_lack=True)
    return PackedArticle(
        found.number("order"),
        found.text("guid", LONG), found.text("url", LONG), found.text("title", LONG), found.text("author"),
        found.moment_or_none("published"), found.text("published_text"), found.moment_or_none("updated"),
        found.moment("first_seen"), found.moment("since"), found.text("language"), found.text("excerpt", LONG),
        found.text("html", HTML), lead, found.all("pictures", MOST_PICTURES, _read_picture),
        found.all("categories", MOST_NAMES, _name), found.all("enclosures", MOST_NAMES, _enclosure),
        found.number("post"), found.flag("beside"), found.flag("cut"), found.text("full", HTML),
        found.moment_or_none("full_at"), found.text("full_problem"), found.flag("edited"),
        found.moment_or_none("withdrawn"), found.all("versions", MOST_VERSIONS, _version),
        _read_marks(found.object("marks")),
    )  # fmt: skip


def write_source(source: PackedSource) -> Json:
    """A source as the manifest names it. What is the person's own of it (folder, account, name that we go by) stays."""
    new = source.new
    return {
        "url": new.url, "kind": str(new.kind), "title": new.title, "site_url": new.site_url,
        "feed_url": new.feed_url, "language": new.language, "country": new.country,
        "full_text": str(new.full_text), "articles": source.articles, "member": source.member,
        "chosen": source.chosen, "unreached": source.unreached,
        "complete": [[stamp(span.since), stamp(span.until)] for span in source.spans],
    }  # fmt: skip


def read_source(values: object) -> PackedSource:
    found = Fields(values)
    try:
        kind, rule = SourceKind(found.text("kind")), FullTextRule(found.text("full_text"))
    except ValueError:
        raise unreadable("a source of another kind") from None
    new = NewSource(
        found.text("url", LONG), kind, found.text("title"), found.text("site_url", LONG),
        found.text("feed_url", LONG), language=found.text("language"), country=found.text("country"),
        full_text=rule,
    )  # fmt: skip
    if not new.url.startswith(("http://", "https://")):
        raise unreadable("a source without an address of the web")
    return PackedSource(
        new, found.number("articles"), found.text("member"), found.flag("chosen"),
        found.all("complete", 10_000, _span), found.text("unreached"),
    )  # fmt: skip


def write_quote(quote: Quote) -> bytes:
    """A number as a line, as it was published."""
    return dump(
        {
            "base": quote.base, "quote": quote.quote, "rate": str(quote.rate), "value": quote.raw_value,
            "nominal": quote.raw_nominal, "valid_from": quote.valid_from.isoformat(), "source": quote.source,
            "kind": str(quote.kind), "fetched": stamp(quote.fetched_at), "previous": quote.previous_value,
        }
    )  # fmt: skip


def read_quote(line: bytes) -> Quote:
    """A number out of a line: a positive decimal of two currencies on a day."""
    found = parse(line)
    try:
        rate = Decimal(found.text("rate", 100))
        day, kind = date.fromisoformat(found.text("valid_from")), QuoteKind(found.text("kind"))
    except (InvalidOperation, ValueError):
        raise unreadable("a rate that is none") from None
    if not rate.is_finite() or rate <= 0 or math.fabs(rate.adjusted()) > 30:
        raise unreadable("a rate that is none")
    return Quote(
        found.shape("base", _CODE), found.shape("quote", _CODE), rate, found.text("value", 100),
        found.text("nominal", 100), day, found.text("source", 40), kind, found.moment("fetched"),
        found.text("previous", 100),
    )  # fmt: skip


def read_pair(values: object) -> Asked:
    if not isinstance(values, list) or len(values) != 3:
        raise unreadable("a pair of currencies")
    found = Fields(dict(zip(("base", "quote", "source"), values, strict=True)))
    return found.shape("base", _CODE), found.shape("quote", _CODE), found.text("source", 40)


def stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _marks(marks: Marks) -> Json:
    return {
        "read": marks.read, "read_at": stamp(marks.read_at), "starred": marks.starred, "note": marks.note,
        "noted_at": stamp(marks.noted_at), "tags": marks.tags,
    }  # fmt: skip


def _read_marks(found: Fields) -> Marks:
    return Marks(
        found.flag("read"), found.moment_or_none("read_at"), found.flag("starred"), found.text("note", HTML),
        found.moment_or_none("noted_at"), found.all("tags", MOST_NAMES, _name),
    )  # fmt: skip


def _picture(picture: PackedPicture) -> Json:
    image = picture.image
    return {
        "key": picture.key, "url": image.url, "alt": image.alt, "width": image.width, "height": image.height,
        "sha256": picture.sha256, "problem": picture.problem, "of_page": picture.of_page,
    }  # fmt: skip


def _read_picture(values: object) -> PackedPicture:
    found = Fields(values)
    image = ImageRef(
        found.text("url", LONG), found.text("alt"), min(found.number("width"), 8192),
        min(found.number("height"), 8192),
    )  # fmt: skip
    sha256 = found.shape("sha256", _SHA256, may_lack=True)
    return PackedPicture(
        found.shape("key", _KEY), image, sha256, found.text("problem"), found.flag("of_page")
    )


def _version(values: object) -> PackedVersion:
    found = Fields(values)
    return PackedVersion(found.moment("since"), found.text("title", LONG), found.text("html", HTML))


def _enclosure(values: object) -> Enclosure:
    if not isinstance(values, list) or len(values) != 3:
        raise unreadable("an enclosure")
    found = Fields(dict(zip(("url", "type", "length"), values, strict=True)))
    return Enclosure(found.text("url", LONG), found.text("type"), found.number("length"))


def _span(values: object) -> Span:
    if not isinstance(values, list) or len(values) != 2:
        raise unreadable("“complete”")
    found = Fields({"since": values[0], "until": values[1]})
    since, until = found.moment("since"), found.moment("until")
    return Span(min(since, until), max(since, until))


def _name(value: object) -> str:
    return Fields({"name": value}).text("name")
