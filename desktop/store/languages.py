"""The languages of articles, as a search asks for them; `desktop/store/language_migrations.py` has the tables."""

from __future__ import annotations

import sqlite3

from desktop.core.models import Place
from desktop.core.search_terms import Candidate, Search, Spoken
from desktop.store.columns import texts
from desktop.store.database import Database


def places(database: Database, search: Search) -> list[Place]:
    """In which sources, and at which of their articles, a search looks."""
    spoken: dict[int, list[Spoken]] = {}
    if search.narrows_languages:
        found = database.rows("SELECT source_id, language, inherited FROM source_languages")
        for source_id, language, inherited in found:
            spoken.setdefault(source_id, []).append(Spoken(language, bool(inherited)))
    sources = database.rows(
        "SELECT id, title, url, site_url, folder, language, country FROM sources ORDER BY id"
    )
    with database.told():
        return search.places([Candidate(number, *texts(row)) for number, *row in sources], spoken)


def note_language(db: sqlite3.Connection, source_id: int, language: str) -> None:
    """Know, within a transaction, what a feed says that all its articles are in; "" for nothing."""
    if language:
        db.execute(
            """INSERT INTO source_languages (source_id, language, inherited) VALUES (?, ?, 1)
            ON CONFLICT DO UPDATE SET inherited = 1 WHERE inherited = 0""",
            (source_id, language),
        )
