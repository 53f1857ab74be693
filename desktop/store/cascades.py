"""The tables whose rows go with a source or an article, found by their foreign keys: later tables too; and how their
copies come back."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

FOLLOWING = ("counters", "article_languages", "article_tags")  # triggers make their rows for what comes back


class Part(NamedTuple):
    """A table with rows of a source, found by a column: of the source itself or of its articles."""

    table: str
    column: str
    of_articles: bool


def parts(db: sqlite3.Connection) -> list[Part]:
    """The tables that a removal empties of a source, what is referred to first."""
    found = [Part("sources", "id", of_articles=False), Part("articles", "source_id", of_articles=False)]
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (table,) in tables:
        for _, _, target, column, _, _, on_delete, _ in db.execute(f"PRAGMA foreign_key_list({table})"):
            if target in ("sources", "articles") and on_delete == "CASCADE" and table != "articles":
                found.append(Part(table, column, of_articles=target == "articles"))
    found[2:] = sorted(
        found[2:], key=lambda part: part.of_articles
    )  # triggers look at what is known of a source
    return [
        *(part for part in found if part.table not in FOLLOWING),
        Part("retention", "source_id", of_articles=False),
        Part("pack_articles", "article_id", of_articles=True),
        Part("search_entries", "article_id", of_articles=True),  # stays, pointing at none
    ]


def mark_as_now(db: sqlite3.Connection, copies: str, ids: str, removal: int | None = None) -> None:
    """Let articles that are about to come back from `temp.{copies}_articles` be marked as is kept of them by now: what
    the person did meanwhile, an undo or an import, counts. `ids` as `listed`; `removal` where copies have one.

    Notes and tags are found by triggers, and stories are folded anew by the caller.
    """
    same, of_it = (
        ("AND k.removal = a.removal", "a.removal = :removal AND") if removal is not None else ("", "")
    )
    known = {"these": ids, "removal": removal}
    # Of an article that came again and was then known by another key, the state went along.
    db.execute(
        f"""INSERT OR IGNORE INTO main.states (source_id, key, first_seen, read, starred)
        SELECT k.source_id, k.key, CAST(strftime('%s', 'now') AS INTEGER), a.read, a.starred
        FROM temp.{copies}_articles a JOIN temp.{copies}_identities k ON k.article_id = a.id {same}
        WHERE {of_it} a.id IN (SELECT value FROM json_each(:these))""",
        known,
    )
    db.execute(
        f"""UPDATE temp.{copies}_articles AS a SET fold = 0, noted = 0, tagged = 0, (read, starred) = (
            SELECT t.read, t.starred FROM temp.{copies}_identities k
            JOIN main.states t ON t.source_id = k.source_id AND t.key = k.key
            WHERE k.article_id = a.id {same})
        WHERE {of_it} a.id IN (SELECT value FROM json_each(:these))""",
        known,
    )
