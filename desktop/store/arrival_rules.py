"""Rules on arrival: what they are and what they did. They are followed in the transaction that stores articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from desktop.core.arrival_rules import ACTS, ArrivalRule, RuleBatch, checked
from desktop.core.models import ArticleQuery
from desktop.core.tags import tag_name
from desktop.store import queries
from desktop.store.columns import sound
from desktop.store.database import Database, listed
from desktop.store.languages import places
from desktop.store.never_kept import drop
from desktop.store.rule_acts import NOT_GATHERED, RuleActs, act

_ACTS = ", ".join(ACTS)  # the columns have the names of the fields


class ArrivalRules:
    """The person's rules, in the order in which they are followed. They are few: every change writes all of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.acts = RuleActs(database)

    def all(self) -> tuple[ArrivalRule, ...]:
        found = self._database.rows(f"SELECT id, words, tag, {_ACTS} FROM arrival_rules ORDER BY position")
        return tuple(
            ArrivalRule(one, words, tag=tag, **dict(zip(ACTS, map(bool, acts), strict=True)))
            for one, words, tag, *acts in found
        )

    def put(self, rules: Sequence[ArrivalRule]) -> None:
        """Have exactly these. Raises UsageError for one that cannot be followed to the letter. Survives a power cut."""
        rows = [
            (
                one.id,
                sound(checked(one).words),
                sound(tag_name(one.tag)) if one.tag.strip() else "",
                *(getattr(one, name) for name in ACTS),
                at,
            )
            for at, one in enumerate(rules)
        ]
        with self._database.transaction(durable=True) as db:
            db.execute("DELETE FROM arrival_rules")
            db.executemany(
                f"""INSERT INTO arrival_rules (id, words, tag, {_ACTS}, position)
                VALUES (?, ?, ?, {", ".join("?" for _ in ACTS)}, ?)""",
                rows,
            )

    def add(self, words: str, *, tag: str = "", **acts: bool) -> ArrivalRule:
        """Follow another rule from now on, after the others; `acts` are those of `ArrivalRule`."""
        rule = ArrivalRule(self.next_id(), words, tag=tag, **acts)
        self.put((*self.all(), rule))
        return rule

    def next_id(self) -> int:
        """A number that no rule has or had, as far as is known of what rules did."""
        found = self._database.value(
            """SELECT max(coalesce((SELECT max(rule_id) FROM arrival_acts), 0),
                coalesce((SELECT max(rule_id) FROM never_kept), 0), coalesce(max(id), 0)) FROM arrival_rules"""
        )
        return int(found) + 1

    def apply(self, rule: ArrivalRule, ids: Sequence[int], now: datetime) -> RuleBatch:
        """Mark articles that are stored as a rule says; none of them goes. Survives a power cut."""
        number = self.acts.next_batch()
        with self._database.bulk() as db:
            act(db, rule, ids, now, number)
        return self.acts.batch(number)


def follow_rules(
    database: Database, db: sqlite3.Connection, ids: Sequence[int], now: datetime
) -> tuple[int, ...]:
    """Do to articles that have just been stored what the rules say, and note it; within a transaction. Gives those
    that are still there."""
    left = tuple(ids)
    for rule in ArrivalRules(database).all() if ids else ():
        found = _found(database, rule, left)
        if rule.marks or rule.notify:
            act(db, rule, found, now)
        if rule.never_keep:
            gone = set(drop(db, rule.id, found, NOT_GATHERED))
            left = tuple(one for one in left if one not in gone)
    return left


def _found(database: Database, rule: ArrivalRule, ids: Sequence[int]) -> list[int]:
    """Those of some articles that a rule finds."""
    query, search = queries.asked(database, ArticleQuery(words=rule.whole_words))
    assert search is not None  # `checked` keeps no rule without words
    chosen = queries.narrow(queries.select(query, None), search, few=True)
    if search.expression:
        chosen.conditions.append(queries.HAS)
        chosen.parameters.append(search.expression)
    if search.narrows_sources:
        queries.among(chosen, places(database, search))
    found = database.rows(
        f"SELECT a.id FROM json_each(?) j CROSS JOIN articles a ON a.id = j.value WHERE {chosen.where()}",
        (listed(ids), *chosen.parameters),
    )
    return [article_id for (article_id,) in found]
