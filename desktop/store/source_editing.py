"""A source becomes another: what the person sets of it, and an address that its feed has moved to."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from desktop.core.identity import normalise_url
from desktop.core.models import NewSource, Source
from desktop.store.columns import seconds, sound
from desktop.store.full_texts import apply_rule
from desktop.store.stories import follow_folders

_LEFT_OPEN = ("title", "site_url", "folder", "language", "country", "user_agent", "account")


def edit(db: sqlite3.Connection, before: Source, new: NewSource, url_key: str) -> None:
    """Write all of `new`, within a transaction. `url_key` is no other source's."""
    db.execute(
        """UPDATE sources SET url = ?, kind = ?, title = ?, site_url = ?, feed_url = ?, folder = ?, language = ?,
            country = ?, enabled = ?, full_text = ?, publisher_style = ?, interval_minutes = ?, pictures = ?,
            user_agent = ?, account = ? WHERE id = ?""",
        (
            sound(new.url), str(new.kind), sound(new.title), new.site_url, new.feed_url, sound(new.folder),
            new.language, new.country, int(new.enabled), str(new.full_text), int(new.publisher_style),
            new.interval_minutes, int(new.pictures), sound(new.user_agent), sound(new.account), before.id,
        ),
    )  # fmt: skip
    if new.folder != before.folder:
        follow_folders(db, [before.id])
    if new.full_text is not before.full_text:
        apply_rule(db, before.id, str(new.full_text))
    if (new.url, new.feed_url) != (before.url, before.feed_url):
        _take_address(db, before.id, url_key)
    if new.interval_minutes != before.interval_minutes or new.url != before.url:
        db.execute("UPDATE fetch_states SET next_due = NULL WHERE source_id = ?", (before.id,))


def follow_again(db: sqlite3.Connection, archived: Source, new: NewSource, now: datetime) -> None:
    """Subscribe to an archived source within a transaction, its kept articles with it, as `filled` says."""
    edit(db, archived, filled(archived, new), normalise_url(sound(new.url)))
    db.execute("UPDATE sources SET archived = 0, added_at = ? WHERE id = ?", (seconds(now), archived.id))


def filled(archived: Source, new: NewSource) -> NewSource:
    """What an archived source is followed again as: what `new` leaves open stays as it was."""
    return new._replace(**{name: getattr(archived, name) for name in _LEFT_OPEN if not getattr(new, name)})


def _take_address(db: sqlite3.Connection, source_id: int, url_key: str) -> None:
    """Give the source an address that it is known by from now on; what its former server said does not count."""
    db.execute(
        """UPDATE fetch_states SET etag = '', last_modified = '', feed_etag = '', feed_last_modified = '',
            body_hash = '', last_error = '', failures = 0, newest_modified = NULL, moved_to = '', moved_times = 0,
            offered = '', moved_since = NULL, etag_url = '', feed_etag_url = '', tag_ignored = 0, wish_minutes = 0,
            rhythm = 0, skip_hours = 0, skip_days = 0 WHERE source_id = ?""",
        (source_id,),
    )
    taken = db.execute("SELECT id FROM origins WHERE url_key = ?", (url_key,)).fetchone()
    if taken is None:
        db.execute("UPDATE origins SET url_key = ? WHERE id = ?", (url_key, source_id))
    elif taken[0] != source_id:
        # A source that was removed had the address: the two trade theirs, and its marks are known here too.
        (own,) = db.execute("SELECT url_key FROM origins WHERE id = ?", (source_id,)).fetchone()
        db.execute(
            "UPDATE origins SET url_key = ? WHERE id = ?", (f"\n{own}", taken[0])
        )  # no address has a line's end
        db.execute("UPDATE origins SET url_key = ? WHERE id = ?", (url_key, source_id))
        db.execute("UPDATE origins SET url_key = ? WHERE id = ?", (own, taken[0]))
        db.execute(
            """INSERT OR IGNORE INTO states (source_id, key, first_seen, read, read_at, starred)
            SELECT ?, key, first_seen, read, read_at, starred FROM states WHERE source_id = ?""",
            (source_id, taken[0]),
        )
