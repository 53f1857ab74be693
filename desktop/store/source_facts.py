"""What is counted of each source when somebody looks after them; reads whole indexes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from desktop.core.source_health import SourceFacts
from desktop.store.columns import moment_or_none, seconds
from desktop.store.database import Database


class SourceCounting:
    """Counts articles by source."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, since: datetime, received: Mapping[int, int]) -> dict[int, SourceFacts]:
        """The facts of all sources; `received` are their bytes, `since` is where recent begins."""
        found = self._database.rows(
            """SELECT c.source_id, c.total,
                (SELECT count(*) FROM articles a INDEXED BY articles_source
                    WHERE a.source_id = c.source_id AND a.sort_at >= ?),
                (SELECT max(a.sort_at) FROM articles a INDEXED BY articles_source WHERE a.source_id = c.source_id)
            FROM counters c""",
            (seconds(since),),
        )
        cut: dict[int, int] = dict(
            self._database.rows(
                """SELECT a.source_id, count(*) FROM full_texts f JOIN articles a ON a.id = f.article_id
                WHERE f.cut = 1 AND f.body IS NULL GROUP BY a.source_id"""
            )
        )
        return {
            source_id: SourceFacts(
                total, recent, moment_or_none(newest), cut.get(source_id, 0), received.get(source_id, 0)
            )
            for source_id, total, recent, newest in found
        }
