"""Rules on arrival: what they are and what they did. They are followed in the transaction that stores articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from desktop.core.arrival_rules import ArrivalRule, checked
from desktop.core.models import ArticleQuery
from desktop.store import queries
from desktop.store.columns import moment, seconds, sound
from desktop.store.database import Database, listed
from desktop.store.source_rows import SELECT, source_of


class ArrivalRules:
    """The person's rules, in the order in which they are followed. They are few: every change writes all of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[ArrivalRule, ...]:
        found = self._database.rows("SELECT id, words, read, star FROM arrival_rules ORDER BY position")
        return tuple(ArrivalRule(one, words, bool(read), bool(star)) for one, words, read, star in found)

    def put(self, rules: Sequence[ArrivalRule]) -> None:
        """Have exactly these. Raises UsageError for one that cannot be followed to the letter. Survives a power cut."""
        rows = [(one.id, sound(checked(one).words), one.read, one.star, at) for at, one in enumerate(rules)]
        with self._database.transaction(durable=True) as db:
            db.execute("DELETE FROM arrival_rules")
            db.executemany(
                "INSERT INTO arrival_rules (id, words, read, star, position) VALUES (?, ?, ?, ?, ?)", rows
            )

    def add(self, words: str, *, read: bool, star: bool) -> ArrivalRule:
        """Follow another rule from now on, after the others."""
        rule = ArrivalRule(self.next_id(), words, read, star)
        self.put((*self.all(), rule))
        return rule

    def next_id(self) -> int:
        """A number that no rule has or had, as far as is known of what rules did."""
        found = self._database.value(
            "SELECT max(coalesce((SELECT max(rule_id) FROM arrival_acts), 0), coalesce(max(id), 0)) FROM arrival_rules"
        )
        return int(found) + 1

    def did(self, rule_id: int, limit: int = 100) -> list[tuple[datetime, int, str]]:
        """(when, article, title) of what a rule marked and is still stored, newest first."""
        found = self._database.rows(
            """SELECT d.at, a.id, a.title FROM arrival_acts d JOIN articles a ON a.id = d.article_id
            WHERE d.rule_id = ? ORDER BY d.at DESC, a.id DESC LIMIT ?""",
            (rule_id, limit),
        )
        return [(moment(at), article_id, title) for at, article_id, title in found]

    def count(self, rule_id: int) -> int:
        """How many stored articles a rule marked."""
        return int(self._database.value("SELECT count(*) FROM arrival_acts WHERE rule_id = ?", (rule_id,)))


def follow_rules(database: Database, db: sqlite3.Connection, ids: Sequence[int], now: datetime) -> None:
    """Do to articles that have just been stored what the rules say, and note it; within a transaction."""
    rules = ArrivalRules(database).all() if ids else ()
    for rule in rules:
        these = listed(_found(database, rule, ids))
        for column, wanted in (("read", rule.read), ("starred", rule.star)):
            if wanted:
                _mark(db, column, these)
        db.execute(
            """INSERT OR IGNORE INTO arrival_acts (rule_id, article_id, at)
            SELECT ?, value, ? FROM json_each(?)""",
            (rule.id, seconds(now), these),
        )


def _found(database: Database, rule: ArrivalRule, ids: Sequence[int]) -> list[int]:
    """Those of some articles that a rule finds."""
    query, search = queries.asked(database, ArticleQuery(words=rule.whole_words))
    assert search is not None  # `checked` keeps no rule without words
    chosen = queries.narrow(queries.select(query, None), search)
    if search.expression:
        chosen.conditions.append(queries.HAS)
        chosen.parameters.append(search.expression)
    if search.narrows_sources:
        sources = [source_of(row) for row in database.rows(SELECT)]
        queries.among(chosen, search.ids_of(sources))
    found = database.rows(
        f"SELECT a.id FROM json_each(?) j CROSS JOIN articles a ON a.id = j.value WHERE {chosen.where()}",
        (listed(ids), *chosen.parameters),
    )
    return [article_id for (article_id,) in found]


def _mark(db: sqlite3.Connection, column: str, these: str) -> None:
    db.execute(
        f"UPDATE articles SET {column} = 1 WHERE id IN (SELECT value FROM json_each(?)) AND {column} = 0",
        (these,),
    )
    db.execute(
        f"""UPDATE states SET {column} = 1 WHERE (source_id, key) IN (
            SELECT k.source_id, k.key FROM identities k
            WHERE k.article_id IN (SELECT value FROM json_each(?)))""",
        (these,),
    )
