"""Rows of the table of sources as values."""

from __future__ import annotations

from datetime import datetime

from desktop.core.fulltext_values import FullTextRule
from desktop.core.models import FetchState, NewSource, PollWish, Source, SourceKind, Validators
from desktop.store.columns import moment, moment_or_none, texts
from desktop.store.database import Row
from desktop.store.failures import damaged

SELECT = """
    SELECT s.id, s.url, s.kind, s.title, s.site_url, s.feed_url, s.folder, s.language, s.country,
        s.enabled, s.added_at, f.etag, f.last_modified, f.feed_etag, f.feed_last_modified,
        f.body_hash, f.last_fetch, f.last_success,
        f.last_error, f.failures, f.next_due, f.newest_modified, f.asked, f.unchanged, f.moved_to,
        f.moved_times, f.offered, f.moved_since, f.etag_url, f.feed_etag_url, f.tag_ignored, f.wish_minutes,
        f.rhythm, f.skip_hours, f.skip_days, s.full_text, s.interval_minutes, s.pictures, s.user_agent, s.account,
        s.archived
    FROM sources s LEFT JOIN fetch_states f ON f.source_id = s.id"""


def as_new(source: Source, publisher_style: bool) -> NewSource:
    """A stored source as it would be added again."""
    return NewSource(
        source.url, source.kind, source.title, source.site_url, source.feed_url, source.folder,
        source.language, source.country, source.enabled, source.full_text, publisher_style,
        source.interval_minutes, source.pictures, source.user_agent, source.account,
    )  # fmt: skip


def source_of(row: Row) -> Source:
    """The source of a row of SELECT. Raises StoreDamaged for a row of another table."""
    try:
        return _source(row)
    except (TypeError, ValueError) as error:
        raise damaged("What is kept of a source is damaged.") from error


def _source(row: Row) -> Source:
    (
        source_id,
        url,
        kind,
        title,
        site_url,
        feed_url,
        folder,
        language,
        country,
        enabled,
        added_at,
        *state,
        full_text,
        interval_minutes,
        pictures,
        user_agent,
        account,
        archived,
    ) = row
    texts((url, title, site_url, feed_url, folder, language, country))
    return Source(
        source_id, url, SourceKind(kind), title, site_url, feed_url, folder, language, country, bool(enabled),
        moment(added_at), _state(state), FullTextRule(full_text), interval_minutes, bool(pictures), user_agent, account,
        bool(archived),
    )  # fmt: skip


def _state(columns: list[str | int | None]) -> FetchState:
    if columns[0] is None:  # never asked
        return FetchState()
    (
        etag,
        modified,
        feed_etag,
        feed_modified,
        body_hash,
        fetch,
        success,
        error,
        failures,
        due,
        newest,
        *seen,
    ) = columns
    asked, unchanged, moved_to, moved_times, offered, moved_since, etag_url, feed_etag_url, ignored, *wish = (
        seen
    )
    return FetchState(
        Validators(str(etag), str(modified), str(etag_url)),
        Validators(str(feed_etag), str(feed_modified), str(feed_etag_url)), str(body_hash),
        _moment(fetch), _moment(success), str(error), int(failures or 0), _moment(due), _moment(newest),
        int(asked or 0), int(unchanged or 0), str(moved_to), int(moved_times or 0), str(offered),
        _moment(moved_since), PollWish(*(int(each or 0) for each in wish)), bool(ignored),
    )  # fmt: skip


def _moment(value: str | int | None) -> datetime | None:
    return moment_or_none(None if value is None else int(value))
