"""The schema of today, as the statements of version 1 (desktop/store/migrations.py says how it grows).

Times are whole seconds UTC, dates ISO text, decimals text. `sources.id` is the id of its `origins` row, which
stays when the source is removed: so do the states, and the same address added again finds them.
"""

from __future__ import annotations

_SOURCES = (
    """CREATE TABLE origins (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        url_key TEXT NOT NULL UNIQUE
    )""",
    """CREATE TABLE sources (
        id INTEGER PRIMARY KEY REFERENCES origins (id),
        url TEXT NOT NULL,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        site_url TEXT NOT NULL,
        feed_url TEXT NOT NULL,
        folder TEXT NOT NULL,
        language TEXT NOT NULL,
        country TEXT NOT NULL,
        enabled INTEGER NOT NULL DEFAULT 1,
        added_at INTEGER NOT NULL
    )""",
    """CREATE TABLE fetch_states (
        source_id INTEGER PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
        etag TEXT NOT NULL DEFAULT '',
        last_modified TEXT NOT NULL DEFAULT '',
        feed_etag TEXT NOT NULL DEFAULT '',
        feed_last_modified TEXT NOT NULL DEFAULT '',
        body_hash TEXT NOT NULL DEFAULT '',
        last_fetch INTEGER,
        last_success INTEGER,
        last_error TEXT NOT NULL DEFAULT '',
        failures INTEGER NOT NULL DEFAULT 0,
        next_due INTEGER,
        newest_modified INTEGER
    )""",
    # Kept by the triggers below: the sidebar reads numbers and never counts.
    """CREATE TABLE counters (
        source_id INTEGER PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
        total INTEGER NOT NULL DEFAULT 0,
        unread INTEGER NOT NULL DEFAULT 0,
        starred INTEGER NOT NULL DEFAULT 0
    )""",
)

_ARTICLES = (
    # The list, and nothing that the list does not show. read and starred are copies of the state.
    """CREATE TABLE articles (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        sort_at INTEGER NOT NULL,
        published INTEGER,
        read INTEGER NOT NULL DEFAULT 0,
        starred INTEGER NOT NULL DEFAULT 0,
        updated INTEGER NOT NULL DEFAULT 0,
        images_total INTEGER NOT NULL DEFAULT 0,
        lead_key TEXT NOT NULL DEFAULT '',
        title TEXT NOT NULL,
        url TEXT NOT NULL,
        excerpt TEXT NOT NULL
    )""",
    # The rowid closes every index: (sort_at, id) is what the list is ordered by. The constant column of a
    # partial index costs nothing, and lets a list be walked without touching the table.
    "CREATE INDEX articles_all ON articles (sort_at)",
    "CREATE INDEX articles_source ON articles (source_id, sort_at)",
    "CREATE INDEX articles_unread ON articles (read, sort_at) WHERE read = 0",
    "CREATE INDEX articles_source_unread ON articles (source_id, read, sort_at) WHERE read = 0",
    "CREATE INDEX articles_starred ON articles (starred, sort_at) WHERE starred = 1",
    """CREATE INDEX articles_source_starred ON articles (source_id, starred, sort_at)
        WHERE starred = 1""",
    """CREATE TABLE bodies (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        author TEXT NOT NULL,
        published_text TEXT NOT NULL,
        updated_at INTEGER,
        first_seen INTEGER NOT NULL,
        language TEXT NOT NULL,
        categories TEXT NOT NULL,
        enclosures TEXT NOT NULL,
        body BLOB NOT NULL
    )""",
    """CREATE TABLE revisions (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        replaced_at INTEGER NOT NULL,
        title TEXT NOT NULL,
        body BLOB NOT NULL
    )""",
    "CREATE INDEX revisions_article ON revisions (article_id)",
    """CREATE TABLE identities (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        source_id INTEGER NOT NULL,
        key TEXT NOT NULL,
        guid TEXT NOT NULL,
        url_key TEXT NOT NULL,
        title_key TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        UNIQUE (source_id, key)
    )""",
    "CREATE INDEX identities_guid ON identities (source_id, guid)",
    "CREATE INDEX identities_url ON identities (source_id, url_key)",
    "CREATE INDEX identities_title ON identities (source_id, title_key)",
    # What the person did, apart from the articles: it outlives them and their source.
    """CREATE TABLE states (
        source_id INTEGER NOT NULL REFERENCES origins (id),
        key TEXT NOT NULL,
        first_seen INTEGER NOT NULL,
        read INTEGER NOT NULL DEFAULT 0,
        starred INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (source_id, key)
    ) WITHOUT ROWID""",
)

_COUNTING = (
    """CREATE TRIGGER articles_counted AFTER INSERT ON articles BEGIN
        UPDATE counters SET total = total + 1, unread = unread + (NEW.read = 0),
            starred = starred + NEW.starred WHERE source_id = NEW.source_id;
    END""",
    """CREATE TRIGGER articles_discounted AFTER DELETE ON articles BEGIN
        UPDATE counters SET total = total - 1, unread = unread - (OLD.read = 0),
            starred = starred - OLD.starred WHERE source_id = OLD.source_id;
    END""",
    """CREATE TRIGGER articles_recounted AFTER UPDATE OF read, starred ON articles
    WHEN OLD.read <> NEW.read OR OLD.starred <> NEW.starred BEGIN
        UPDATE counters SET unread = unread + OLD.read - NEW.read,
            starred = starred - OLD.starred + NEW.starred WHERE source_id = NEW.source_id;
    END""",
)

_SEARCH = (
    # Contentless: the words only, no second copy of the text. Its rowid grows with the time of the article:
    # the newest hits come first and the others are not read. SQLite 3.40 cannot delete from it without the
    # former text, so an entry whose article changed or went stays, pointing at none.
    """CREATE VIRTUAL TABLE search USING fts5 (
        title, text, author, content = '', tokenize = 'unicode61 remove_diacritics 2'
    )""",
    """CREATE TABLE search_entries (
        id INTEGER PRIMARY KEY,
        article_id INTEGER REFERENCES articles (id) ON DELETE SET NULL
    )""",
    "CREATE INDEX search_entries_article ON search_entries (article_id)",
)

_IMAGES = (
    """CREATE TABLE images (
        key TEXT PRIMARY KEY,
        url TEXT NOT NULL,
        wanted_at INTEGER NOT NULL,
        sha256 TEXT NOT NULL DEFAULT '',
        format TEXT NOT NULL DEFAULT '',
        width INTEGER NOT NULL DEFAULT 0,
        height INTEGER NOT NULL DEFAULT 0,
        size_bytes INTEGER NOT NULL DEFAULT 0,
        problem TEXT NOT NULL DEFAULT '',
        tries INTEGER NOT NULL DEFAULT 0,
        next_try INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID""",
    "CREATE INDEX images_missing ON images (wanted_at) WHERE sha256 = ''",
    "CREATE INDEX images_sha256 ON images (sha256) WHERE sha256 <> ''",
    """CREATE TABLE article_images (
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        key TEXT NOT NULL REFERENCES images (key),
        alt TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        PRIMARY KEY (article_id, position)
    ) WITHOUT ROWID""",
    "CREATE INDEX article_images_key ON article_images (key)",
)

_QUOTE_COLUMNS = """
        source TEXT NOT NULL,
        base TEXT NOT NULL,
        quote TEXT NOT NULL,
        valid_from TEXT NOT NULL,
        rate TEXT NOT NULL,
        raw_value TEXT NOT NULL,
        raw_nominal TEXT NOT NULL,
        kind TEXT NOT NULL,
        fetched_at INTEGER NOT NULL,
        previous_value TEXT NOT NULL"""

_RATES = (
    f"""CREATE TABLE quotes ({_QUOTE_COLUMNS},
        PRIMARY KEY (source, base, quote, valid_from)
    ) WITHOUT ROWID""",
    "CREATE INDEX quotes_series ON quotes (base, quote, source, valid_from)",
    # What a bank published first for a day and replaced later.
    f"""CREATE TABLE quote_corrections (id INTEGER PRIMARY KEY, {_QUOTE_COLUMNS},
        replaced_at INTEGER NOT NULL
    )""",
    """CREATE TABLE provider_states (
        provider TEXT PRIMARY KEY,
        etag TEXT NOT NULL,
        last_modified TEXT NOT NULL,
        last_fetch INTEGER,
        last_success INTEGER,
        last_error TEXT NOT NULL,
        failures INTEGER NOT NULL,
        next_due INTEGER
    ) WITHOUT ROWID""",
    "CREATE TABLE watchlists (name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE pinned_pairs (
        list_name TEXT NOT NULL REFERENCES watchlists (name) ON DELETE CASCADE ON UPDATE CASCADE,
        base TEXT NOT NULL,
        quote TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (list_name, base, quote)
    ) WITHOUT ROWID""",
    "INSERT INTO watchlists (name, position) VALUES ('Main', 0)",
    """INSERT INTO pinned_pairs (list_name, base, quote, position) VALUES
        ('Main', 'USD', 'KGS', 0), ('Main', 'USD', 'KZT', 1), ('Main', 'USD', 'TJS', 2),
        ('Main', 'USD', 'UZS', 3), ('Main', 'USD', 'TMT', 4)""",
)

_SETTINGS = ("CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",)

VERSION_1 = _SOURCES + _ARTICLES + _COUNTING + _SEARCH + _IMAGES + _RATES + _SETTINGS
