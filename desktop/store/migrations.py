"""How a store grows: an append-only tuple of functions, one a version (desktop/store/migrating.py runs them).

A migration is raw SQL on the tables as they were: it never uses the models or the SQL of today.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from desktop.store import search_migrations
from desktop.store.pack_migrations import add_pack_files
from desktop.store.schema import VERSION_1
from desktop.store.source_migrations import add_poll_wishes, add_source_choices, archive_sources
from desktop.store.story_migrations import index_few_guids, keep_short_keys
from desktop.store.tag_migrations import add_notes, add_tags, count_unread_views, count_views, look_once
from desktop.store.versions import APPLICATION_ID

Migration = Callable[[sqlite3.Connection], None]


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in VERSION_1:
        connection.execute(statement)


def _add_coverage(connection: sqlite3.Connection) -> None:
    """What is known complete of each source, how far its archive was walked, and which posts were withdrawn."""
    for statement in (
        """CREATE TABLE coverage (
            source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
            since INTEGER NOT NULL,
            until INTEGER NOT NULL,
            PRIMARY KEY (source_id, since)
        ) WITHOUT ROWID""",
        """CREATE TABLE archives (
            source_id INTEGER PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
            begins INTEGER NOT NULL DEFAULT 0,
            total INTEGER,
            cursor TEXT NOT NULL DEFAULT '',
            checked_id INTEGER NOT NULL DEFAULT 0,
            checked_at INTEGER
        )""",
        # Of what was stored before, only the newest moment is known to be complete.
        """INSERT INTO coverage (source_id, since, until)
        SELECT source_id, max(sort_at), max(sort_at) FROM articles GROUP BY source_id""",
        "ALTER TABLE articles ADD COLUMN withdrawn INTEGER",
        "ALTER TABLE identities ADD COLUMN post_id INTEGER NOT NULL DEFAULT 0",
        # The guid tells the number of a post where it names the site itself.
        """UPDATE identities SET post_id = cast(substr(guid, instr(guid, '?p=') + 3) AS INTEGER)
        WHERE source_id IN (SELECT id FROM sources WHERE kind = 'wordpress') AND guid GLOB (
            SELECT substr(url, 1, instr(url, '/wp-json/')) FROM sources WHERE id = source_id) || '[?]p=[0-9]*'""",
        "CREATE INDEX identities_post ON identities (source_id, post_id) WHERE post_id <> 0",
    ):
        connection.execute(statement)


def _add_alerts(connection: sqlite3.Connection) -> None:
    rule = """base TEXT NOT NULL, quote TEXT NOT NULL, kind TEXT NOT NULL, direction TEXT NOT NULL,
        threshold TEXT NOT NULL, days INTEGER NOT NULL, source TEXT NOT NULL"""
    connection.execute(
        f"""CREATE TABLE alerts (
            id INTEGER PRIMARY KEY AUTOINCREMENT, {rule},
            since TEXT NOT NULL,
            set_at INTEGER NOT NULL,
            paused INTEGER NOT NULL DEFAULT 0,
            last TEXT,
            armed TEXT NOT NULL DEFAULT '',
            pending TEXT,
            removed_at INTEGER
        )"""
    )
    connection.execute(
        f"""CREATE TABLE alert_events (
            id INTEGER PRIMARY KEY,
            alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE, {rule},
            fixing TEXT NOT NULL,
            way TEXT NOT NULL,
            rate TEXT NOT NULL,
            before TEXT,
            digits INTEGER NOT NULL,
            fired_at INTEGER NOT NULL,
            seen INTEGER NOT NULL DEFAULT 0,
            withdrawn INTEGER NOT NULL DEFAULT 0
        )"""
    )
    connection.execute("CREATE INDEX alert_events_of ON alert_events (alert_id, fixing)")
    connection.execute("CREATE INDEX alert_events_newest ON alert_events (fixing)")
    # With each stored number, in its own transaction: from which day on the alerts have to be looked at.
    connection.execute(
        """CREATE TRIGGER quotes_wake_alerts AFTER INSERT ON quotes BEGIN
            UPDATE alerts SET pending = NEW.valid_from
            WHERE (pending IS NULL OR pending > NEW.valid_from)
            AND (base IN (NEW.base, NEW.quote) OR quote IN (NEW.base, NEW.quote));
        END"""
    )


def _add_places(connection: sqlite3.Connection) -> None:
    connection.execute(
        """CREATE TABLE places (
            article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            position INTEGER NOT NULL
        )"""
    )


def _add_publisher_style(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE sources ADD COLUMN publisher_style INTEGER NOT NULL DEFAULT 0")


def _add_conversions(connection: sqlite3.Connection) -> None:
    """What the person converted, as it was then."""
    connection.execute(
        """CREATE TABLE conversions (
            id INTEGER PRIMARY KEY,
            amount TEXT NOT NULL,
            base TEXT NOT NULL,
            quote TEXT NOT NULL,
            rate TEXT NOT NULL,
            digits INTEGER NOT NULL,
            result TEXT NOT NULL,
            day TEXT NOT NULL,
            valid_from TEXT NOT NULL,
            source TEXT NOT NULL,
            made_at INTEGER NOT NULL
        )"""
    )


def _add_watchlist_choices(connection: sqlite3.Connection) -> None:
    """The source that a pair is asked of, and the list that the ticker shows: until then the first."""
    connection.execute("ALTER TABLE pinned_pairs ADD COLUMN source TEXT NOT NULL DEFAULT ''")
    connection.execute("ALTER TABLE watchlists ADD COLUMN in_ticker INTEGER NOT NULL DEFAULT 0")


def _add_full_texts(connection: sqlite3.Connection) -> None:
    """The text of an article's page beside the feed's. What is unread or kept and whose text is shorter than its
    excerpt may be is wanted; the rest is looked at when it changes."""
    connection.execute("ALTER TABLE sources ADD COLUMN full_text TEXT NOT NULL DEFAULT 'cut'")
    connection.execute(
        """CREATE TABLE full_texts (
            article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            cut INTEGER NOT NULL,
            wanted INTEGER NOT NULL,
            wanted_at INTEGER NOT NULL,
            body BLOB,
            fetched_at INTEGER,
            problem TEXT NOT NULL DEFAULT '',
            tries INTEGER NOT NULL DEFAULT 0,
            next_try INTEGER NOT NULL DEFAULT 0
        )"""
    )
    connection.execute("CREATE INDEX full_texts_wanted ON full_texts (wanted_at) WHERE wanted = 1")
    connection.execute(
        """INSERT INTO full_texts (article_id, cut, wanted, wanted_at)
        SELECT id, 1, 1, sort_at FROM articles
        WHERE (read = 0 OR starred = 1) AND length(excerpt) < 250 AND url <> ''
            AND source_id IN (SELECT id FROM sources WHERE kind = 'feed')"""
    )


def _add_packs(connection: sqlite3.Connection) -> None:
    """What is wanted offline. An article that goes by accident stays on the list, so that it is missed."""
    connection.execute(
        """CREATE TABLE packs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            scope TEXT NOT NULL,
            begun_at INTEGER NOT NULL,
            listed INTEGER NOT NULL DEFAULT 0,
            ended INTEGER NOT NULL DEFAULT 0,
            proof TEXT NOT NULL DEFAULT ''
        )"""
    )
    connection.execute(
        """CREATE TABLE pack_articles (
            pack_id INTEGER NOT NULL REFERENCES packs (id) ON DELETE CASCADE,
            article_id INTEGER NOT NULL,
            PRIMARY KEY (pack_id, article_id)
        ) WITHOUT ROWID"""
    )
    connection.execute("CREATE INDEX pack_articles_article ON pack_articles (article_id)")


def _add_retention(connection: sqlite3.Connection) -> None:
    """Rules by source (0: of all others), what was let go by them, and how much each source sent in a day."""
    connection.execute("ALTER TABLE states ADD COLUMN let_go INTEGER")
    connection.execute(
        """CREATE TABLE retention (
            source_id INTEGER PRIMARY KEY,
            days INTEGER NOT NULL,
            articles INTEGER NOT NULL,
            megabytes INTEGER NOT NULL
        )"""
    )
    connection.execute(
        """CREATE TABLE traffic (
            source_id INTEGER NOT NULL,
            day TEXT NOT NULL,
            received INTEGER NOT NULL,
            PRIMARY KEY (source_id, day)
        ) WITHOUT ROWID"""
    )


def _index_unseen_events(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE INDEX alert_events_unseen ON alert_events (alert_id) WHERE NOT seen AND NOT withdrawn"
    )


def _add_quarantine(connection: sqlite3.Connection) -> None:
    connection.execute(
        """CREATE TABLE quarantine (digest TEXT PRIMARY KEY, message TEXT NOT NULL, version TEXT NOT NULL,
            put_aside_at INTEGER NOT NULL) WITHOUT ROWID"""
    )


def _unconfirmed(connection: sqlite3.Connection) -> None:
    """Numbers that jumped wait here until something confirms them."""
    connection.execute(
        """CREATE TABLE unconfirmed_quotes (
            source TEXT NOT NULL,
            base TEXT NOT NULL,
            quote TEXT NOT NULL,
            valid_from TEXT NOT NULL,
            rate TEXT NOT NULL,
            raw_value TEXT NOT NULL,
            raw_nominal TEXT NOT NULL,
            kind TEXT NOT NULL,
            fetched_at INTEGER NOT NULL,
            previous_value TEXT NOT NULL,
            PRIMARY KEY (source, base, quote, valid_from)
        ) WITHOUT ROWID"""
    )


def _rate_days(connection: sqlite3.Connection) -> None:
    """Which days of a source were asked for: of one currency, or with "" of its whole table."""
    connection.execute(
        """CREATE TABLE rate_days (
            source TEXT NOT NULL,
            currency TEXT NOT NULL,
            day TEXT NOT NULL,
            PRIMARY KEY (source, currency, day)
        ) WITHOUT ROWID"""
    )


def _fold_copies(connection: sqlite3.Connection) -> None:
    from desktop.store.story_migrations import fold_copies  # seldom run, and long

    fold_copies(connection)


def _know_languages(connection: sqlite3.Connection) -> None:
    from desktop.store.language_migrations import know_languages  # see _fold_copies

    know_languages(connection)


def _spare_articles(connection: sqlite3.Connection) -> None:
    """What the person brought back after a rule of keeping had let it go."""
    connection.execute("ALTER TABLE states ADD COLUMN spared INTEGER NOT NULL DEFAULT 0")


def _split_headlines(connection: sqlite3.Connection) -> None:
    from desktop.store.row_migrations import split_headlines  # as above

    split_headlines(connection)


def _write_briefly(connection: sqlite3.Connection) -> None:
    from desktop.store.row_migrations import write_briefly  # as above

    write_briefly(connection)


MIGRATIONS: tuple[Migration, ...] = (
    _create,
    _add_coverage,
    _unconfirmed,
    _add_alerts,
    _add_places,
    _add_publisher_style,
    _add_conversions,
    _add_watchlist_choices,
    _rate_days,
    _add_full_texts,
    _add_packs,
    _add_retention,
    _index_unseen_events,
    search_migrations.index_spellings,
    add_source_choices,
    add_notes,
    search_migrations.save_searches,
    search_migrations.add_arrival_rules,
    search_migrations.index_beginnings,
    add_tags,
    search_migrations.add_rule_acts,
    _add_quarantine,
    add_pack_files,
    add_poll_wishes,
    _fold_copies,
    _spare_articles,
    search_migrations.add_rule_tags,
    count_views,
    count_unread_views,
    search_migrations.index_closely,
    archive_sources,
    _know_languages,
    keep_short_keys,
    look_once,
    _split_headlines,
    index_few_guids,
    search_migrations.index_behind,
    _write_briefly,
    search_migrations.index_sparsely,
)
