"""The migration of stories: raw SQL on the tables as they were then (desktop/store/migrations.py)."""

from __future__ import annotations

import sqlite3
from itertools import groupby, takewhile

_LISTS = ("all", "unread", "starred", "noted", "updated")


_FOLDED = (
    # Of what is stored, that which is the same beyond doubt and has the same marks everywhere.
    """UPDATE articles SET story = s.first FROM (
        SELECT k.url_key, min(k.article_id) AS first FROM identities k JOIN articles a ON a.id = k.article_id
        WHERE k.url_key LIKE '%/%' GROUP BY k.url_key
        HAVING count(*) > 1 AND count(*) = count(DISTINCT k.source_id)
            AND min(k.title_key) = max(k.title_key) AND k.title_key <> ''
            AND min(a.read) = max(a.read) AND min(a.starred) = max(a.starred) AND max(a.noted) = 0
    ) s JOIN identities i ON i.url_key = s.url_key WHERE articles.id = i.article_id""",
)


def fold_copies(connection: sqlite3.Connection) -> None:
    """An article that stands in several sources is one story: of its copies one is shown where sources are mixed.

    `folds` are the ways of being left out: with the innermost folder that also holds a copy which is shown (NULL: only
    the list of all does), and the kept numbers of articles that are so. The indexes of the lists hold the fold.
    """
    for statement in (
        "ALTER TABLE articles ADD COLUMN story INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE articles ADD COLUMN fold INTEGER NOT NULL DEFAULT 0",
        """CREATE TABLE folds (
            id INTEGER PRIMARY KEY,
            folder TEXT,
            total INTEGER NOT NULL DEFAULT 0,
            unread INTEGER NOT NULL DEFAULT 0,
            starred INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE INDEX articles_story ON articles (story) WHERE story <> 0",
        # The key first: so it is found in all sources at once.
        *(
            statement
            for name, column in (("guid", "guid"), ("url", "url_key"), ("title", "title_key"))
            for statement in (
                f"DROP INDEX identities_{name}",
                f"CREATE INDEX identities_{name} ON identities ({column}, source_id)",
            )
        ),
        *(statement for name in _LISTS for statement in _list_indexes(name)),
        *_counting(),
        *_FOLDED,
    ):
        connection.execute(statement)
    _fold_stored(connection)


def _fold_stored(connection: sqlite3.Connection) -> None:
    """Fold the stored copies behind the one that came first."""
    found = connection.execute(
        """SELECT a.story, a.id, s.folder FROM articles a JOIN sources s ON s.id = a.source_id
        WHERE a.story <> 0 ORDER BY a.story, a.id"""
    ).fetchall()
    folds: dict[str | None, int] = {}
    for _, copies in groupby(found, key=lambda row: row[0]):
        before: list[str] = []
        for _, article_id, folder in copies:
            if before:
                within = max((_common(folder, one) for one in before), key=lambda path: len(path or ""))
                if within not in folds:
                    made = connection.execute("INSERT INTO folds (folder) VALUES (?)", (within,))
                    folds[within] = int(made.lastrowid or 0)
                connection.execute("UPDATE articles SET fold = ? WHERE id = ?", (folds[within], article_id))
            before.append(folder)


def _common(one: str, other: str) -> str | None:
    """The innermost folder of both, "" for two without any, None where there is none."""
    if one == other:
        return one
    pairs = zip(one.split("/"), other.split("/"), strict=False)
    return "/".join(name for name, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)) or None


def _list_indexes(name: str) -> tuple[str, ...]:
    """The indexes that a list of all sources and one of a single source walk: its order, then the fold."""
    column = {"all": "", "unread": "read"}.get(name, name)
    mark, where = (f"{column}, ", f" WHERE {column} = {int(name != 'unread')}") if column else ("", "")
    by_source = "articles_source" + (f"_{name}" if column else "")
    return (
        f"DROP INDEX articles_{name}",
        f"DROP INDEX {by_source}",
        f"CREATE INDEX articles_{name} ON articles ({mark}sort_at, id, fold){where}",
        f"CREATE INDEX {by_source} ON articles (source_id, {mark}sort_at, id, fold){where}",
    )


def _counting() -> tuple[str, ...]:
    """A fold counts its articles as `counters` count those of a source."""
    off, on = (
        """UPDATE folds SET total = total - 1, unread = unread - (OLD.read = 0), starred = starred - OLD.starred
        WHERE id = OLD.fold;""",
        """UPDATE folds SET total = total + 1, unread = unread + (NEW.read = 0), starred = starred + NEW.starred
        WHERE id = NEW.fold;""",
    )
    return (
        f"CREATE TRIGGER folds_counted AFTER INSERT ON articles WHEN NEW.fold <> 0 BEGIN {on} END",
        f"CREATE TRIGGER folds_discounted AFTER DELETE ON articles WHEN OLD.fold <> 0 BEGIN {off} END",
        f"CREATE TRIGGER folds_moved AFTER UPDATE OF fold ON articles BEGIN {off} {on} END",
        f"""CREATE TRIGGER folds_recounted AFTER UPDATE OF read, starred ON articles
        WHEN OLD.fold <> 0 AND OLD.fold = NEW.fold BEGIN {off} {on} END""",
        # Whoever takes a copy away folds the others anew; until then they are all shown.
        """CREATE TRIGGER stories_unfolded AFTER DELETE ON articles WHEN OLD.story <> 0 BEGIN
            UPDATE articles SET fold = 0 WHERE story = OLD.story AND story <> 0 AND fold <> 0;
        END""",
    )


def keep_short_keys(connection: sqlite3.Connection) -> None:
    """Addresses and titles that articles are recognised by are digests: the words stand in the articles."""
    from desktop.core.identity import title_key, url_key

    connection.create_function("url_key_of", 1, url_key, deterministic=True)
    connection.create_function("title_key_of", 1, title_key, deterministic=True)
    indexed = (("url", "url_key"), ("title", "title_key"))
    for name, _ in indexed:
        connection.execute(f"DROP INDEX identities_{name}")
    for table in ("identities", "never_kept"):
        connection.execute(
            f"UPDATE {table} SET url_key = url_key_of(url_key), title_key = title_key_of(title_key)"
        )
    for name, column in indexed:
        connection.execute(f"CREATE INDEX identities_{name} ON identities ({column}, source_id)")


def index_few_guids(connection: sqlite3.Connection) -> None:
    """Most guids are found by the identity that they are; the index of guids holds the others."""
    connection.execute("DROP INDEX identities_guid")
    connection.execute(
        """CREATE INDEX identities_guid ON identities (guid, source_id)
        WHERE guid <> '' AND key <> 'g:' || guid"""
    )
