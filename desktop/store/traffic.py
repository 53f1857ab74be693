"""How many bytes came over the wire, by source and day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from desktop.store.database import Database

BANKS = 0  # the source id of all that is not news


class Traffic:
    """Counts bodies as they came, compressed or not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, received: Mapping[int, int], day: date) -> None:
        """Add the bytes of a run, by source."""
        rows = [(source_id, day.isoformat(), size) for source_id, size in received.items() if size]
        if not rows:
            return
        with self._database.transaction(durable=False) as db:
            db.executemany(
                """INSERT INTO traffic (source_id, day, received) VALUES (?1, ?2, ?3)
                ON CONFLICT (source_id, day) DO UPDATE SET received = received + ?3""",
                rows,
            )

    def of(self, source_id: int, day: date) -> int:
        """The bytes of one source since a day, that day too."""
        return int(
            self._database.value(
                "SELECT coalesce(sum(received), 0) FROM traffic WHERE source_id = ? AND day >= ?",
                (source_id, day.isoformat()),
            )
        )

    def since(self, day: date) -> dict[int, int]:
        """The bytes since a day, that day too, by source."""
        found = self._database.rows(
            "SELECT source_id, sum(received) FROM traffic WHERE day >= ? GROUP BY source_id",
            (day.isoformat(),),
        )
        return dict(found)
