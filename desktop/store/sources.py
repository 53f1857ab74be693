"""Sources: what is subscribed to, how the talks with its server went, and the kept counts of its articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from desktop.core.errors import UsageError
from desktop.core.fulltext_values import FullTextRule
from desktop.core.models import Changes, FetchState, NewSource, Source
from desktop.store.columns import seconds, seconds_or_none, sound
from desktop.store.database import Database
from desktop.store.images import Images
from desktop.store.source_rows import SELECT, as_new, source_of

if TYPE_CHECKING:
    from desktop.store.imports import Imports
    from desktop.store.removals import Removals


class Counts(NamedTuple):
    """How many articles of a source are stored."""

    total: int = 0
    unread: int = 0
    starred: int = 0
    noted: int = 0
    updated: int = 0
    kept: int = 0


class Sources:
    """The stored sources. What the person does to them survives a power cut."""

    def __init__(self, database: Database, images: Images) -> None:
        self._database = database
        self._images = images

    def all(self) -> list[Source]:
        """All sources by folder and title, those without a folder first."""
        return self._read("ORDER BY s.folder COLLATE NOCASE, s.title COLLATE NOCASE, s.id")

    def languages(self) -> list[str]:
        """The languages that articles are in, as far as they or their sources say."""
        found = """SELECT language FROM source_languages WHERE language <> '' AND NOT inherited
            UNION SELECT language FROM sources WHERE language <> ''"""
        return [language for (language,) in self._database.rows(found)]

    def get(self, source_id: int) -> Source:
        """One source. Raises UsageError when it is not there."""
        found = self._read("WHERE s.id = ?", source_id)
        if not found:
            raise UsageError(f"There is no source {source_id}.", "“chorsu sources” lists them.")
        return found[0]

    def by_url(self, url: str) -> Source | None:
        """The source of an address; http or https, www. and a slash at the end make no difference."""
        found = self._read("JOIN origins o ON o.id = s.id WHERE o.url_key = ?", _url_key(sound(url)))
        return found[0] if found else None

    def follows(self, url: str) -> bool:
        """Whether there is a source of this address; one that was removed but for its kept articles is none."""
        found = self.by_url(url)
        return found is not None and not found.archived

    def followed(self, source_id: int) -> Source:
        """A source that can be asked. Raises UsageError when it is not there, or was removed but for its articles."""
        found = self.get(source_id)
        if found.archived:
            raise UsageError(
                f"“{found.title or found.url}” was removed, and only articles of it were kept.",
                "Subscribe to it again to have it asked.",
            )
        return found

    def is_archived(self, source_id: int) -> bool:
        """Whether a source was removed but for its kept articles; not where there is none."""
        return bool(self._database.value("SELECT archived FROM sources WHERE id = ?", (source_id,)))

    def keeps_style(self, source_id: int) -> bool:
        """Whether the person wants the publisher's colours and alignment in the articles of a source."""
        return bool(self._database.value("SELECT publisher_style FROM sources WHERE id = ?", (source_id,)))

    def keep_style(self, source_id: int, keep: bool) -> None:
        """Keep the publisher's styling of a source, or read it in our own."""
        with self._database.transaction(durable=True) as db:
            db.execute("UPDATE sources SET publisher_style = ? WHERE id = ?", (int(keep), source_id))

    def counts(self) -> dict[int, Counts]:
        """How many articles each source has; kept numbers, nothing is counted."""
        found = self._database.rows(
            "SELECT source_id, total, unread, starred, noted, updated, kept FROM counters"
        )
        return {source_id: Counts(*numbers) for source_id, *numbers in found}

    def subscriptions(self) -> list[NewSource]:
        """What is followed, as it would be added again, a folder before those within it."""
        styled = self._database.rows("SELECT id FROM sources WHERE publisher_style = 1")
        kept = {source_id for (source_id,) in styled}
        found = [as_new(source, source.id in kept) for source in self.all() if not source.archived]
        return sorted(found, key=lambda new: [part.casefold() for part in new.folder.split("/")])

    def subscription(self, source_id: int) -> NewSource:
        """One source as it would be added again."""
        return as_new(self.get(source_id), self.keeps_style(source_id))

    def add(self, new: NewSource, now: datetime) -> Source:
        """Subscribe; what was read of this address before is known again, and an archived source is taken back with
        its articles. UsageError if it is there."""
        if self.follows(new.url):
            raise UsageError(f"{new.url} is already among the sources.")
        with self._database.transaction(durable=True) as db:
            source_id = self.subscribe(db, new, now)
        return self.get(source_id)

    def subscribe(self, db: sqlite3.Connection, new: NewSource, now: datetime) -> int:
        """Subscribe within a transaction to what is not followed; gives its id."""
        archived = self.by_url(new.url)
        if archived is None:
            return _insert(db, new, now)
        from desktop.store.source_editing import follow_again  # seldom needed

        follow_again(db, archived, new, now)
        return archived.id

    def staying(self, source_id: int) -> int:
        """How many articles `remove` would leave with `keep_marked`. Looks at each: not for the GUI thread."""
        return self.removals().staying(source_id)

    def remove(self, source_id: int, *, keep_marked: bool = False) -> Changes:
        """Unsubscribe: its articles and pictures go; what the person read and starred is remembered. With
        `keep_marked`, what they starred, noted, tagged, want to read later or have packed stays, and the source with
        it, archived, where there is any of it.

        Until the store is closed, `put_back` brings all of it back.
        """
        self.get(source_id)
        return self.removals().remove([source_id], keep_marked=keep_marked)

    def put_back(self, source_id: int) -> Changes:
        """Bring back what the last removal took of a source, articles, texts and pictures, as they were."""
        return self.removals().put_back(source_id)

    @cached_property
    def imports(self) -> Imports:
        """Lists of sources on their way in."""
        from desktop.store.imports import Imports

        return Imports(self._database, self, self.removals())

    def removals(self) -> Removals:
        """What goes, and its way back."""
        from desktop.store.removals import Removals  # not needed to start

        return Removals(self._database, self._images)

    def set_enabled(self, source_id: int, enabled: bool) -> Source:
        """Whether refreshes ask this source. Raises UsageError for one that was removed."""
        self.followed(source_id)
        return self._change(source_id, "enabled", int(enabled))

    def rename(self, source_id: int, title: str) -> Source:
        """Give a title of the person's own."""
        return self._change(source_id, "title", sound(title))

    def move(self, source_id: int, folder: str) -> Source:
        """Put a source into a folder, "" for none."""
        self.get(source_id)
        self.move_all({source_id: folder})
        return self.get(source_id)

    def move_all(self, folders: Mapping[int, str]) -> None:
        """Put sources into folders, all or none; one that has gone is passed over."""
        from desktop.store.stories import follow_folders  # nothing is moved at the start

        with self._database.transaction(durable=True) as db:
            rows = [(sound(folder), source_id) for source_id, folder in folders.items()]
            db.executemany("UPDATE sources SET folder = ? WHERE id = ?", rows)
            follow_folders(db, folders)

    def edit(self, source_id: int, new: NewSource) -> Source:
        """Make a source what `new` says; its articles and marks stay. UsageError when another has the address, or where
        only articles were kept."""
        from desktop.store.source_editing import edit  # nothing is edited at the start

        before = self.followed(source_id)
        other = self.by_url(new.url)
        if other is not None and other.id != source_id:
            there = "still here with its kept articles" if other.archived else "already among the sources"
            raise UsageError(f"{new.url} is {there}, as “{other.title}”.", "Nothing was changed.")
        with self._database.transaction(durable=True) as db:
            edit(db, before, new, _url_key(sound(new.url)))
        return self.get(source_id)

    def set_full_text(self, source_id: int, rule: FullTextRule) -> Source:
        """When the texts of this source's articles are taken from their pages; what was taken stays."""
        from desktop.store.full_texts import apply_rule  # seldom needed

        self.get(source_id)
        with self._database.transaction(durable=True) as db:
            db.execute("UPDATE sources SET full_text = ? WHERE id = ?", (str(rule), source_id))
            apply_rule(db, source_id, str(rule))
        return self.get(source_id)

    def save_state(self, source_id: int, state: FetchState) -> None:
        """Remember how the last talk with the server went."""
        with self._database.transaction(durable=False) as db:
            write_state(db, source_id, state)

    def _read(self, which: str, *parameters: int | str) -> list[Source]:
        with self._database.told():
            return [source_of(row) for row in self._database.rows(f"{SELECT} {which}", parameters)]

    def _change(self, source_id: int, column: str, value: str | int) -> Source:
        self.get(source_id)
        with self._database.transaction(durable=True) as db:
            db.execute(f"UPDATE sources SET {column} = ? WHERE id = ?", (value, source_id))
        return self.get(source_id)


def write_state(db: sqlite3.Connection, source_id: int, state: FetchState) -> None:
    """Write a fetch state within a transaction; a source that was removed meanwhile is passed over."""
    db.execute(
        """INSERT OR REPLACE INTO fetch_states
            (source_id, etag, last_modified, feed_etag, feed_last_modified, body_hash, last_fetch,
            last_success, last_error, failures, next_due, newest_modified, asked, unchanged, moved_to,
            moved_times, offered, moved_since, etag_url, feed_etag_url, tag_ignored, wish_minutes, rhythm,
            skip_hours, skip_days)
        SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
        FROM sources WHERE id = ? AND archived = 0""",
        (
            state.validators.etag, state.validators.last_modified,
            state.feed_validators.etag, state.feed_validators.last_modified, state.body_hash,
            seconds_or_none(state.last_fetch), seconds_or_none(state.last_success), sound(state.last_error),
            state.failures, seconds_or_none(state.next_due), seconds_or_none(state.newest_modified),
            state.asked, state.unchanged, sound(state.moved_to), state.moved_times, sound(state.offered),
            seconds_or_none(state.moved_since), state.validators.url, state.feed_validators.url,
            int(state.tag_ignored), state.wish.minutes, state.wish.rhythm, state.wish.skip_hours, state.wish.skip_days,
            source_id,
        ),
    )  # fmt: skip


def _insert(db: sqlite3.Connection, new: NewSource, now: datetime) -> int:
    url = sound(new.url)
    source_id = _origin(db, _url_key(url))
    db.execute(
        """INSERT INTO sources
            (id, url, kind, title, site_url, feed_url, folder, language, country, enabled, added_at,
            full_text, publisher_style, interval_minutes, pictures, user_agent, account)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            source_id, url, str(new.kind), sound(new.title), new.site_url, new.feed_url, sound(new.folder),
            new.language, new.country, int(new.enabled), seconds(now), str(new.full_text),
            int(new.publisher_style), new.interval_minutes, int(new.pictures), sound(new.user_agent),
            sound(new.account),
        ),
    )  # fmt: skip
    db.execute("INSERT INTO counters (source_id) VALUES (?)", (source_id,))
    return source_id


def _origin(db: sqlite3.Connection, url_key: str) -> int:
    db.execute("INSERT OR IGNORE INTO origins (url_key) VALUES (?)", (url_key,))
    return int(db.execute("SELECT id FROM origins WHERE url_key = ?", (url_key,)).fetchone()[0])


def _url_key(url: str) -> str:
    from desktop.core.identity import normalise_url  # hashing comes with it: not needed to start

    return normalise_url(url)
