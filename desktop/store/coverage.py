"""What is known complete of each source, how far its archive was walked, and which of its posts are still public."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desktop.core.coverage import Coverage, Gap, Span, after_fetch, expected, gaps, joined
from desktop.core.incoming import IncomingFeed
from desktop.core.models import Changes
from desktop.store.columns import moment, moment_or_none, seconds, sound
from desktop.store.database import Database, listed

NO_ARCHIVE = "-"  # in place of the address of a page
NEAR = 30  # articles on either side of a gap that tell how densely they come
SAMPLE = 100  # of the newest articles, that tell how large one is
_ROTATING = """SELECT article_id, post_id FROM identities
    WHERE source_id = ? AND post_id <> 0 AND article_id > ? ORDER BY article_id LIMIT ?"""
_NEWEST = """SELECT k.article_id, k.post_id FROM (
        SELECT id, sort_at FROM articles INDEXED BY articles_source
        WHERE source_id = ? ORDER BY sort_at DESC, id DESC LIMIT ?
    ) a JOIN identities k ON k.article_id = a.id WHERE k.post_id <> 0"""


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A stored article, by its number here and at its WordPress."""

    article_id: int
    post_id: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """What an article of a source takes on disk, in bytes on average: its text, and its stored pictures."""

    text: int
    pictures: int


class Archive:
    """What the store knows of the archives of sources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def coverage(self, source_id: int) -> Coverage:
        """From when to when all is known, with the gaps and about how many articles each is short of."""
        spans = _spans(self._database.connection, source_id)
        found = self._database.row(
            "SELECT begins, total, cursor FROM archives WHERE source_id = ?", (source_id,)
        )
        begins, total, cursor = found or (0, None, "")
        coverage = Coverage(spans, bool(begins), total, cursor != NO_ARCHIVE)
        between = [self.estimated(source_id, gap) for gap in gaps(spans, begins=True)]
        before = [gap for gap in gaps(spans, begins=coverage.begins) if gap.since is None]
        missing = self._older(source_id, coverage, between)
        known = [replace(gap, missing=missing) for gap in before]
        return replace(coverage, gaps=(*between, *known))

    def cursor(self, source_id: int) -> str:
        """Where the walk through an archive stands that has addresses for its pages; "" at its beginning."""
        found = self._database.value("SELECT cursor FROM archives WHERE source_id = ?", (source_id,))
        return "" if found in (None, NO_ARCHIVE) else str(found)

    def set_cursor(self, source_id: int, cursor: str) -> None:
        self._note(source_id, "cursor", sound(cursor))

    def set_no_archive(self, source_id: int) -> None:
        """The source was asked for older articles, and has no way to give them."""
        self._note(source_id, "cursor", NO_ARCHIVE)

    def set_begins(self, source_id: int) -> None:
        """The walk has come to the first article that the source has."""
        self._note(source_id, "begins", 1)

    def add_spans(self, source_id: int, spans: Iterable[Span]) -> None:
        """Know times complete that another machine knows complete, once their articles are stored."""
        with self._database.transaction(durable=False) as db:
            before = after = _spans(db, source_id)
            for span in spans:
                after = joined(after, span)
            if after != before:
                _write_spans(db, source_id, after)

    def sizes(self, source_id: int) -> Sizes:
        """By the newest articles of the source; those of all sources where it has none."""
        scope, parameters = ("WHERE source_id = ?", (source_id, SAMPLE))
        if not self._database.value("SELECT 1 FROM articles WHERE source_id = ? LIMIT 1", (source_id,)):
            scope, parameters = ("WHERE ? <> 0", (1, SAMPLE))
        newest = f"SELECT id FROM articles {scope} ORDER BY sort_at DESC LIMIT ?"
        text = self._database.value(
            f"SELECT avg(length(body)) FROM bodies WHERE article_id IN ({newest})", parameters
        )
        files = self._database.row(
            f"""SELECT sum(i.size_bytes), count(DISTINCT r.article_id)
            FROM article_images r JOIN images i ON i.key = r.key
            WHERE i.sha256 <> '' AND r.article_id IN ({newest})""",
            parameters,
        )
        stored, articles = files or (0, 0)
        return Sizes(round(text or 0), round((stored or 0) / articles) if articles else 0)

    def posts(
        self, source_id: int, newest: int, others: int, after: int | None = None
    ) -> tuple[list[KnownPost], int]:
        """Articles to ask the publisher about: the newest, and some of the others in turn, -1 for all of them.

        The turn goes on behind article `after`, or where the last one ended; with them comes where this one ends.
        """
        found = self._database.rows(_NEWEST, (source_id, newest))
        if after is None:
            stored = "SELECT checked_id FROM archives WHERE source_id = ?"
            after = self._database.value(stored, (source_id,)) or 0
        turn = self._database.rows(_ROTATING, (source_id, after, others))
        next_id = turn[-1][0] if turn and len(turn) == others else 0
        return [KnownPost(*row) for row in dict.fromkeys([*found, *turn])], next_id

    def checked_at(self, source_id: int) -> datetime | None:
        """When the publisher was last asked what is still public."""
        found = self._database.value("SELECT checked_at FROM archives WHERE source_id = ?", (source_id,))
        return moment_or_none(found)

    def note_public(
        self, source_id: int, gone: Sequence[int], public: Sequence[int], next_id: int | None, now: datetime
    ) -> Changes:
        """Mark articles as withdrawn, take the mark from those that are public again; texts and pictures stay.

        The next turn of `posts` goes on after article `next_id`; None while this one is not over.
        """
        with self._database.transaction(durable=False) as db:
            newly = [
                article_id
                for (article_id,) in db.execute(
                    """SELECT id FROM articles WHERE withdrawn IS NULL
                    AND id IN (SELECT value FROM json_each(?)) ORDER BY id""",
                    (listed(gone),),
                )
            ]
            db.execute(
                "UPDATE articles SET withdrawn = ? WHERE id IN (SELECT value FROM json_each(?))",
                (seconds(now), listed(newly)),
            )
            back = bring_back(db, public)
            _make_row(db, source_id)
            db.execute(
                "UPDATE archives SET checked_id = coalesce(?, checked_id), checked_at = ? WHERE source_id = ?",
                (next_id, seconds(now), source_id),
            )
        return Changes(updated=(*newly, *back), withdrawn=tuple(newly))

    def _note(self, source_id: int, column: str, value: int | str) -> None:
        with self._database.transaction(durable=False) as db:
            _make_row(db, source_id)
            db.execute(f"UPDATE archives SET {column} = ? WHERE source_id = ?", (value, source_id))

    def estimated(self, source_id: int, gap: Gap) -> Gap:
        assert gap.since is not None
        times = (
            self._times(source_id, "sort_at <= ?", "DESC", gap.since),
            self._times(source_id, "sort_at >= ?", "ASC", gap.until),
        )
        return replace(gap, missing=expected(gap.until - gap.since, times))

    def _times(self, source_id: int, condition: str, order: str, border: datetime) -> list[datetime]:
        found = self._database.rows(
            f"""SELECT sort_at FROM articles INDEXED BY articles_source
            WHERE source_id = ? AND {condition} ORDER BY sort_at {order} LIMIT ?""",
            (source_id, seconds(border), NEAR),
        )
        return [moment(at) for (at,) in found]

    def _older(self, source_id: int, coverage: Coverage, between: Sequence[Gap]) -> int | None:
        """How many articles are older than all that is known, where the source told how many it has in all."""
        if coverage.total is None:
            return None
        stored = self._database.value(
            "SELECT coalesce(total, 0) FROM counters WHERE source_id = ?", (source_id,)
        )
        return max(0, coverage.total - int(stored or 0) - sum(gap.missing or 0 for gap in between))


def cover(
    db: sqlite3.Connection, source_id: int, feed: IncomingFeed, known: Sequence[int], now: datetime
) -> None:
    """Within the transaction that stores a fetch: note what it shows whole. `known` are its articles that were
    stored before."""
    newest = db.execute(
        "SELECT max(sort_at) FROM articles WHERE id IN (SELECT value FROM json_each(?))", (listed(known),)
    ).fetchone()[0]
    before = _spans(db, source_id)
    after = after_fetch(before, feed, len(known), moment_or_none(newest), now)
    if after != before:
        _write_spans(db, source_id, after)


def newest_moment(db: sqlite3.Connection, source_id: int) -> int:
    """The last moment of which all articles of a source are known, as a column value; 0 before the first fetch."""
    found = db.execute("SELECT max(until) FROM coverage WHERE source_id = ?", (source_id,)).fetchone()
    return int(found[0] or 0)


def note_total(
    db: sqlite3.Connection, source_id: int, total: int | None, new: Sequence[int], after: int
) -> None:
    """Within the transaction that stores a fetch: note how many articles the source has, where it says so; else count
    those of the `new` ones that came out later than `after`."""
    if total is not None:
        _make_row(db, source_id)
        db.execute("UPDATE archives SET total = ? WHERE source_id = ?", (total, source_id))
    elif new:
        db.execute(
            """UPDATE archives SET total = total + (SELECT count(*) FROM articles
                WHERE sort_at > ? AND id IN (SELECT value FROM json_each(?))) WHERE source_id = ?""",
            (after, listed(new), source_id),
        )


def bring_back(db: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
    """Take the mark of withdrawal from articles that their publisher shows; gives those that had it."""
    found = db.execute(
        """UPDATE articles SET withdrawn = NULL WHERE withdrawn IS NOT NULL
        AND id IN (SELECT value FROM json_each(?)) RETURNING id""",
        (listed(ids),),
    )
    return sorted(article_id for (article_id,) in found)


def _spans(db: sqlite3.Connection, source_id: int) -> tuple[Span, ...]:
    found = db.execute("SELECT since, until FROM coverage WHERE source_id = ? ORDER BY since", (source_id,))
    return tuple(Span(moment(since), moment(until)) for since, until in found)


def _write_spans(db: sqlite3.Connection, source_id: int, spans: Iterable[Span]) -> None:
    db.execute("DELETE FROM coverage WHERE source_id = ?", (source_id,))
    db.executemany(
        "INSERT INTO coverage (source_id, since, until) VALUES (?, ?, ?)",
        [(source_id, seconds(span.since), seconds(span.until)) for span in spans],
    )


def _make_row(db: sqlite3.Connection, source_id: int) -> None:
    db.execute(
        "INSERT OR IGNORE INTO archives (source_id) SELECT id FROM sources WHERE id = ? AND archived = 0",
        (source_id,),
    )
