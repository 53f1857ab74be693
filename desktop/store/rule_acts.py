"""What rules did to articles, article by article, so that it can be listed, taken back and done again.

Acts that belong together have the number of their batch; those of a refresh have none until they are gathered.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from desktop.core.arrival_rules import ArrivalRule, RuleAct, RuleBatch
from desktop.core.models import Changes
from desktop.core.tags import tag_key
from desktop.store.columns import moment, seconds
from desktop.store.database import Database, listed
from desktop.store.never_kept import bring_back, drop
from desktop.store.stories import fold, stories_of, with_copies
from desktop.store.tags import tag_these, untag_these

NOT_GATHERED = 0
_MOST_NEWS = 100
# The column of an article, that of the act which says that it was changed, and the field of the rule.
_MARKS = (
    ("read", "marked_read", "read"),
    ("starred", "starred", "star"),
    ("unpictured", "unpictured", "skip_pictures"),
)
_THESE = "id IN (SELECT value FROM json_each(?))"


def act(
    db: sqlite3.Connection, rule: ArrivalRule, ids: Sequence[int], now: datetime, batch: int = NOT_GATHERED
) -> None:
    """Mark articles as a rule says, within a transaction, and note which of them it changed."""
    # A star is that of the story, and so is its removal when what the rule did is taken back.
    these = with_copies(db, listed(ids)) if rule.star else listed(ids)
    db.execute(
        """INSERT INTO arrival_acts (rule_id, article_id, at, batch) SELECT ?, value, ?, ? FROM json_each(?) WHERE 1
        ON CONFLICT DO UPDATE SET at = excluded.at, batch = excluded.batch, undone = 0""",
        (rule.id, seconds(now), batch, these),
    )
    for column, changed, field in _MARKS:
        if getattr(rule, field):
            db.execute(
                f"""UPDATE arrival_acts SET {changed} = 1 WHERE rule_id = ?
                AND article_id IN (SELECT id FROM articles WHERE {_THESE} AND {column} = 0)""",
                (rule.id, these),
            )
            _set(db, column, these, on=True)
    if rule.tag:
        new = [
            one
            for (one,) in db.execute(
                """SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM article_tags t
                JOIN tags g ON g.id = t.tag_id WHERE t.article_id = value AND g.folded = ?)""",
                (these, tag_key(rule.tag)),
            )
        ]
        db.execute(
            """UPDATE arrival_acts SET tag = ? WHERE rule_id = ?
            AND article_id IN (SELECT value FROM json_each(?))""",
            (rule.tag, rule.id, listed(new)),
        )
        tag_these(db, new, rule.tag)


class RuleActs:
    """What the rules did. Taking back and doing again survive a power cut."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, rule_id: int, limit: int = 100) -> list[RuleAct]:
        """What a rule did, newest first: to articles that are stored, and to those that it did not keep."""
        found = self._database.rows(
            """SELECT * FROM (
                SELECT d.at at, h.article_id id, h.title, d.undone
                    FROM arrival_acts d JOIN headlines h ON h.article_id = d.article_id
                    WHERE d.rule_id = ?1
                UNION ALL SELECT at, NULL, title, undone FROM never_kept WHERE rule_id = ?1 AND undone = 0
            ) ORDER BY at DESC, id DESC LIMIT ?2""",
            (rule_id, limit),
        )
        return [RuleAct(moment(at), one, title, bool(undone)) for at, one, title, undone in found]

    def count(self, rule_id: int) -> int:
        """How many articles a rule acted on, what was taken back left out."""
        return int(
            self._database.value(
                """SELECT (SELECT count(*) FROM arrival_acts WHERE rule_id = ?1 AND undone = 0)
                    + (SELECT count(*) FROM never_kept WHERE rule_id = ?1 AND undone = 0)""",
                (rule_id,),
            )
        )

    def gather(self) -> RuleBatch | None:
        """Make one batch of what rules did since the last time; None when they did nothing."""
        if not self._database.value(
            f"""SELECT EXISTS (SELECT 1 FROM arrival_acts WHERE batch = {NOT_GATHERED})
                OR EXISTS (SELECT 1 FROM never_kept WHERE batch = {NOT_GATHERED})"""
        ):
            return None
        number = self.next_batch()
        with self._database.transaction(durable=False) as db:
            news = db.execute(
                f"""SELECT DISTINCT a.id, h.title, s.title FROM arrival_acts d
                JOIN arrival_rules r ON r.id = d.rule_id
                JOIN articles a ON a.id = d.article_id JOIN headlines h ON h.article_id = a.id
                JOIN sources s ON s.id = a.source_id
                WHERE d.batch = {NOT_GATHERED} AND r.notify = 1 ORDER BY a.sort_at DESC"""
            ).fetchall()
            for table in ("arrival_acts", "never_kept"):
                db.execute(f"UPDATE {table} SET batch = ? WHERE batch = {NOT_GATHERED}", (number,))
        shown = tuple((title, source) for _, title, source in news[:_MOST_NEWS])
        return replace(self.batch(number), news=shown, told=len(news))

    def next_batch(self) -> int:
        """A number that no batch has."""
        return 1 + max(
            int(self._database.value(f"SELECT coalesce(max(batch), 0) FROM {table}"))
            for table in ("arrival_acts", "never_kept")
        )

    def batch_of(self, rule_id: int) -> RuleBatch:
        """Make one batch of all that a rule did and that was not taken back."""
        number = self.next_batch()
        with self._database.transaction(durable=False) as db:
            for table in ("arrival_acts", "never_kept"):
                db.execute(
                    f"UPDATE {table} SET batch = ? WHERE rule_id = ? AND undone = 0", (number, rule_id)
                )
        return self.batch(number)

    def take_back(self, batch: int) -> Changes:
        """Undo what a batch did. What was not kept comes back with its first words; its text follows when its feed is
        asked again."""
        with self._database.bulk() as db:
            return Changes(new=bring_back(db, batch), updated=_turn(db, batch, undo=True))

    def do_again(self, batch: int) -> Changes:
        """Do once more what was taken back."""
        with self._database.bulk() as db:
            updated = _turn(db, batch, undo=False)
            found = db.execute(
                """SELECT n.rule_id, k.article_id FROM never_kept n JOIN identities k
                ON k.source_id = n.source_id AND k.key = n.key WHERE n.batch = ? AND n.undone = 1""",
                (batch,),
            ).fetchall()
            gone = [one for rule, article in found for one in drop(db, rule, [article], batch=batch)]
            return Changes(updated=updated, removed=tuple(gone))

    def batch(self, number: int) -> RuleBatch:
        """What a batch came to."""
        marked, dropped = (
            int(self._database.value(f"SELECT count({what}) FROM {table} WHERE batch = ?", (number,)))
            for what, table in (
                (
                    "DISTINCT CASE WHEN marked_read OR starred OR unpictured OR tag <> '' THEN article_id END",
                    "arrival_acts",
                ),
                ("*", "never_kept"),
            )
        )
        return RuleBatch(number, marked, dropped)


def _turn(db: sqlite3.Connection, batch: int, *, undo: bool) -> tuple[int, ...]:
    """Turn the marks of a batch back, or there again; gives the articles."""
    changed: set[int] = set()
    for column, done, _ in _MARKS:
        ids = [
            one
            for (one,) in db.execute(
                f"""SELECT d.article_id FROM arrival_acts d JOIN articles a ON a.id = d.article_id
                WHERE d.batch = ? AND d.{done} = 1 AND d.undone = ? AND a.{column} = ?""",
                (batch, int(not undo), int(undo)),
            )
        ]
        _set(db, column, listed(ids), on=not undo)
        changed.update(ids)
    changed.update(_turn_tags(db, batch, undo=undo))
    db.execute("UPDATE arrival_acts SET undone = ? WHERE batch = ?", (int(undo), batch))
    fold(db, stories_of(db, changed))
    return tuple(sorted(changed))


def _turn_tags(db: sqlite3.Connection, batch: int, *, undo: bool) -> list[int]:
    """Take the tags of a batch off its articles, or put them there again; gives the articles."""
    found: dict[str, list[int]] = {}
    for tag, article_id in db.execute(
        "SELECT tag, article_id FROM arrival_acts WHERE batch = ? AND undone = ? AND tag <> ''",
        (batch, int(not undo)),
    ):
        found.setdefault(tag, []).append(article_id)
    for tag, ids in found.items():
        if undo:
            untag_these(db, ids, tag)
        else:
            tag_these(db, ids, tag)
    return [one for ids in found.values() for one in ids]


def _set(db: sqlite3.Connection, column: str, these: str, *, on: bool) -> None:
    """Set a mark of articles, in the state that outlives them too."""
    db.execute(
        f"UPDATE articles SET {column} = {int(on)} WHERE {_THESE} AND {column} = {int(not on)}", (these,)
    )
    if column != "unpictured":
        db.execute(
            f"""UPDATE states SET {column} = {int(on)} WHERE (source_id, key) IN (
                SELECT k.source_id, k.key FROM identities k
                WHERE k.article_id IN (SELECT value FROM json_each(?)))""",
            (these,),
        )
