"""Letting articles go by the person's rules or at a word. Their marks stay; no refresh brings them back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from math import ceil
from typing import NamedTuple

from desktop.core.models import Changes
from desktop.core.retention import MB, Going, Rule
from desktop.store import let_go
from desktop.store.columns import seconds
from desktop.store.database import Database, listed
from desktop.store.images import Images
from desktop.store.stories import fold, settle, stories_of, with_copies

AT_ONCE = 1_000  # articles in a transaction, so that marks need not wait long and the log holds it
DEFAULT = 0  # the source id of the rule for all sources without one of their own
_SIZE = """length(b.body) + coalesce(length(f.body), 0) + coalesce((
        SELECT sum(i.size_bytes) FROM article_images r JOIN images i ON i.key = r.key
        WHERE r.article_id = a.id AND i.sha256 <> ''), 0)"""
_STAYS = f"""(a.read = 0 OR {let_go.PROTECTED}
    OR EXISTS (SELECT 1 FROM identities k JOIN states s ON s.source_id = k.source_id AND s.key = k.key
        WHERE k.article_id = a.id AND s.spared = 1))"""
_OF_SOURCE = """FROM articles a INDEXED BY articles_source JOIN bodies b ON b.article_id = a.id
    LEFT JOIN full_texts f ON f.article_id = a.id WHERE a.source_id = ?"""
_BEYOND = f"{_OF_SOURCE} AND (a.sort_at, a.id) <= (?, ?)"
_NEWEST = "ORDER BY a.sort_at DESC, a.id DESC"
_OF_THESE = "SELECT a.id FROM articles a WHERE a.id IN (SELECT value FROM json_each(?))"


class Deleted(NamedTuple):
    """What went at a word of the person's: all that went, and how many of these they had held on to."""

    changes: Changes
    held: int  # starred, tagged, noted or taken offline


class Retention:
    """The rules, by source, and what they remove. Nothing goes by them that is unread, starred, tagged, packed, noted
    or was brought back, and nothing of an archived source, whose articles the person chose to keep."""

    def __init__(self, database: Database, images: Images, at_once: int = AT_ONCE) -> None:
        """`at_once`: how many articles go, or come back, in one transaction."""
        self._database = database
        self._images = images
        self._at_once = at_once

    def rules(self) -> dict[int, Rule]:
        """The rules by source; under DEFAULT that of all others."""
        found = self._database.rows("SELECT source_id, days, articles, megabytes FROM retention")
        return {source_id: Rule(*bounds) for source_id, *bounds in found}

    def set_rule(self, source_id: int, rule: Rule | None) -> None:
        """Give a source, or DEFAULT, its rule; None: that of all others."""
        with self._database.transaction(durable=True) as db:
            db.execute("DELETE FROM retention WHERE source_id = ?", (source_id,))
            if rule is not None:
                db.execute(
                    "INSERT INTO retention (source_id, days, articles, megabytes) VALUES (?, ?, ?, ?)",
                    (source_id, rule.days, rule.articles, rule.megabytes),
                )

    def preview(
        self,
        now: datetime,
        rules: Mapping[int, Rule] | None = None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> list[Going]:
        """What would go by `rules`, by those that are stored without them; changes nothing. The sizes of what goes are
        read one by one, 3 s for 200,000 articles: it ends with the source at which it is no longer `wanted`."""
        chosen = self.rules() if rules is None else rules
        found = []
        for source_id, title in self._database.rows(
            "SELECT id, title FROM sources WHERE archived = 0 ORDER BY id"
        ):
            edge = self._edge(source_id, chosen, now) if wanted() else None
            if edge is None:
                continue
            # The limit has both looked at once for each article.
            (beyond, going, size) = self._database.rows(
                f"""SELECT count(*), coalesce(sum(NOT stays), 0), coalesce(sum(iif(stays, 0, size)), 0)
                FROM (SELECT {_STAYS} stays, {_SIZE} size {_BEYOND} LIMIT -1)""",
                (source_id, *edge),
            )[0]
            if beyond:
                found.append(Going(source_id, title, going, size, beyond - going))
        return found

    def apply(self, source_id: int, now: datetime, set_id: int = 0) -> tuple[Changes, int]:
        """Let go what the rule of one source says, the oldest first and so many at most: (the articles, the bytes).
        Their states stay, and say so. To be called until nothing is removed.

        With `set_id`, a number of the caller's, they can be put back until the store is closed.
        """
        edge = self._edge(source_id, self.rules(), now)
        if edge is None:
            return Changes(), 0
        oldest = f"SELECT a.id, {_SIZE} {_BEYOND} AND NOT {_STAYS} ORDER BY a.sort_at, a.id LIMIT ?"
        going: dict[int, int] = dict(self._database.rows(oldest, (source_id, *edge, self._at_once)))
        if not going:
            return Changes(), 0
        with self._database.transaction(durable=True) as db:
            files, regrouped = self._take(db, list(going), now, set_id)
        self._images.delete_files(files)
        return Changes(removed=tuple(going), regrouped=regrouped), sum(going.values())

    def held(self, ids: Sequence[int]) -> list[int]:
        """Those of some articles that the person holds on to: starred, tagged, noted, taken offline."""
        rows = self._database.rows(f"{_OF_THESE} AND {let_go.PROTECTED}", (listed(ids),))
        return [article_id for (article_id,) in rows]

    def delete(self, ids: Sequence[int], now: datetime, set_id: int = 0, *, copies: bool = False) -> Deleted:
        """Delete articles, whatever their marks, with `copies` those of their stories in other sources too; `set_id` as
        for `apply`."""
        with self._database.transaction(durable=True) as db:
            chosen = with_copies(db, listed(ids)) if copies else listed(ids)
            going = [article_id for (article_id,) in db.execute(_OF_THESE, (chosen,))]
            held = len(self.held(going))
            files, regrouped = self._take(db, going, now, set_id, by_person=True)
        self._images.delete_files(files)
        return Deleted(Changes(removed=tuple(going), regrouped=regrouped), held)

    def put_back(self, set_id: int) -> Changes:
        """Bring back what went as a set, with texts and pictures; from now on no rule lets those articles go that went
        by one. As with all that goes, so many in a transaction: to be called again after an error."""
        with self._database.transaction(durable=True) as db:
            back = let_go.missing(db, set_id)
        regrouped: set[int] = set()
        for at in range(0, len(back), self._at_once):
            these = back[at : at + self._at_once]
            with self._database.transaction(durable=True) as db:
                let_go.bring_back(db, set_id, these)
                regrouped.update(settle(db, stories_of(db, these)))
        return Changes(new=tuple(back), regrouped=tuple(sorted(regrouped)))

    def take_again(self, set_id: int, now: datetime) -> Changes:
        """Let a set that came back go once more; where a rule let it go, without what the person has marked since."""
        with self._database.transaction(durable=True) as db:
            going = let_go.may_go_again(db, set_id)
        regrouped: set[int] = set()
        for at in range(0, len(going), self._at_once):
            with self._database.transaction(durable=True) as db:
                files, left = self._take(db, going[at : at + self._at_once], now, set_id)
            self._images.delete_files(files)
            regrouped.update(left)
        return Changes(removed=tuple(going), regrouped=tuple(sorted(regrouped.difference(going))))

    def _take(
        self, db: sqlite3.Connection, going: list[int], now: datetime, set_id: int, *, by_person: bool = False
    ) -> tuple[list[str], tuple[int, ...]]:
        """Gives the files of pictures that nobody shows any more, those of a set being held, and the copies of the
        stories that lost one."""
        if set_id:
            let_go.remember(db, set_id, going, by_person=by_person)
        left = stories_of(db, going)
        keys = let_go.take(db, going, seconds(now))
        regrouped = fold(db, left)
        files = self._images.drop_unused(db, keys)
        if set_id:
            self._images.held.update(files)
        return files, regrouped

    def _edge(self, source_id: int, rules: Mapping[int, Rule], now: datetime) -> tuple[int, int] | None:
        """The place in the list of the newest article of a source that lies beyond its rule, (sort_at, id); None where
        none does. What lies within is not looked at, but for a rule by size: this is asked of each source after each
        refresh."""
        rule = rules.get(source_id, rules.get(DEFAULT, Rule()))
        if not rule or self._database.value("SELECT archived FROM sources WHERE id = ?", (source_id,)):
            return None
        edges: list[tuple[int, int]] = []
        if rule.days:
            edges.append((ceil(rule.oldest(now).timestamp()), 0))
        if rule.articles:
            next_one = (
                f"SELECT a.sort_at, a.id FROM articles a WHERE a.source_id = ? {_NEWEST} LIMIT 1 OFFSET ?"
            )
            edges += self._database.rows(next_one, (source_id, rule.articles))
        if rule.megabytes:
            left = rule.megabytes * MB
            sizes = f"SELECT a.sort_at, a.id, {_SIZE} {_OF_SOURCE} {_NEWEST}"
            with closing(self._database.walk(sizes, (source_id,))) as found:
                for sort_at, article_id, size in found:
                    left -= size
                    if left < 0:
                        edges.append((sort_at, article_id))
                        break
        return max(edges, default=None)
