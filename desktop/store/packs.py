"""What the person takes offline: the scope of the pack, the list of its articles, and its last proof."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from desktop.core.errors import StoreDamaged
from desktop.core.proof import Estimate, Proof, Scope
from desktop.store.article_images import list_again
from desktop.store.columns import moment, seconds, sound, unpack_body
from desktop.store.database import Database, listed
from desktop.store.images import Images

if TYPE_CHECKING:
    from desktop.core.pack_file import Came
    from desktop.store.pack_in import PackIn
    from desktop.store.pack_out import PackOut

ROOM_WITHOUT_BUDGET = 2**62
TEXT_SIZE = 4_000  # bytes of a packed full text and of a picture, where none is stored to go by
PICTURE_SIZE = 120_000
LEAST_SAMPLE = 5

_CHOSEN = """SELECT a.id FROM articles a JOIN sources s ON s.id = a.source_id
    WHERE (a.sort_at >= :since AND (:sources IS NULL AND s.enabled
            OR s.id IN (SELECT value FROM json_each(:sources))))
        OR (:starred AND a.starred = 1)"""
_SIZES = """
    SELECT count(*), coalesce(sum(length(b.body)), 0) + coalesce(sum(length(f.body)), 0),
        coalesce(sum(f.wanted = 1 AND f.body IS NULL), 0)
    FROM {members} m JOIN articles a ON a.id = m.id LEFT JOIN bodies b ON b.article_id = m.id
    LEFT JOIN full_texts f ON f.article_id = m.id"""
_PICTURES = """
    SELECT count(*), coalesce(sum(sha256 = ''), 0), coalesce(sum(size), 0) FROM (
        SELECT i.sha256 AS sha256, max(i.size_bytes) / count(*) OVER (PARTITION BY i.sha256) AS size
        FROM images i WHERE i.key IN (SELECT r.key FROM {members} m JOIN article_images r ON r.article_id = m.id)
        GROUP BY i.key)"""
_LISTED = "(SELECT article_id AS id FROM pack_articles WHERE pack_id = :pack)"

_WANT_TEXTS = (
    "DELETE FROM bodies WHERE article_id IN (SELECT value FROM json_each(:lost))",
    "UPDATE identities SET content_hash = x'' WHERE article_id IN (SELECT value FROM json_each(:again))",
    """UPDATE full_texts SET body = NULL, wanted = 1, next_try = 0
    WHERE article_id IN (SELECT value FROM json_each(:pages))""",
    """UPDATE fetch_states SET etag = '', last_modified = '', feed_etag = '', feed_last_modified = '', body_hash = '',
        newest_modified = NULL WHERE source_id IN (SELECT value FROM json_each(:sources))""",
)


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack. Its articles are `listed` once its sources were asked; it has `ended` when all was asked for."""

    id: int
    scope: Scope
    begun_at: datetime
    listed: bool
    ended: bool
    proof: Proof | None  # without its single lacks: `lacking` counts them
    lacking: int
    came: Came | None = None  # from a file, and not fetched here

    @property
    def since(self) -> datetime:
        """From when on articles were wanted."""
        return self.begun_at - timedelta(days=self.scope.days)


class Packs:
    """One pack at a time: a new one takes the place of the former, whose articles stay stored."""

    def __init__(self, database: Database, images: Images) -> None:
        self._database = database
        self.images = images

    def current(self) -> Pack | None:
        """The pack, if there is one."""
        row = self._database.row(
            "SELECT id, scope, begun_at, listed, ended, proof, came FROM packs ORDER BY id DESC LIMIT 1"
        )
        if row is None:
            return None
        pack_id, scope, begun_at, is_listed, ended, kept, came = row
        proof, lacking = _read_proof(kept)
        begun = moment(begun_at)
        return Pack(
            pack_id, _read_scope(scope), begun, bool(is_listed), bool(ended), proof, lacking, _read_came(came)
        )

    def begin(self, scope: Scope, now: datetime) -> Pack:
        """The pack of this scope: the one that has not ended, or a new one."""
        current = self.current()
        if current is None or current.ended or current.scope != scope:
            with self._database.transaction(durable=True) as db:
                db.execute("DELETE FROM packs")
                db.execute(
                    "INSERT INTO packs (scope, begun_at) VALUES (?, ?)",
                    (_write_scope(scope), seconds(now)),
                )
            current = self.current()
        assert current is not None
        return current

    def take(self, scope: Scope, begun_at: datetime, came: Came, article_ids: Sequence[int]) -> None:
        """Have a pack that came in a file, and was read in whole, take the place of the present one."""
        current = self.current()
        if current is not None and current.came is not None and current.came.sha256 == came.sha256:
            listed_now = self._database.rows(
                "SELECT article_id FROM pack_articles WHERE pack_id = ? ORDER BY article_id", (current.id,)
            )
            if [article_id for (article_id,) in listed_now] == sorted(set(article_ids)):
                return
        with self._database.transaction(durable=True) as db:
            db.execute("DELETE FROM packs")
            pack_id = db.execute(
                "INSERT INTO packs (scope, begun_at, listed, ended, came) VALUES (?, ?, 1, 1, ?)",
                (_write_scope(scope), seconds(begun_at), _write_came(came)),
            ).lastrowid
            db.execute(
                "INSERT INTO pack_articles (pack_id, article_id) SELECT DISTINCT ?, value FROM json_each(?)",
                (pack_id, listed(article_ids)),
            )

    def out(self, pack_id: int) -> PackOut:
        """What goes into the file of a pack."""
        from desktop.store.pack_out import PackOut  # seldom wanted

        return PackOut(self._database, pack_id)

    def taking(self, source_id: int) -> PackIn:
        """The way of articles out of a file into a source."""
        from desktop.store.pack_in import PackIn  # seldom wanted

        return PackIn(self._database, source_id)

    def list_articles(self, pack: Pack) -> None:
        """Write down the articles of the pack, as of now; from then on it is these."""
        with self._database.transaction(durable=True) as db:
            db.execute("DELETE FROM pack_articles WHERE pack_id = ?", (pack.id,))
            db.execute(
                f"INSERT INTO pack_articles (pack_id, article_id) SELECT :pack, id FROM ({_CHOSEN})",
                {"pack": pack.id, **_chosen(pack.scope, pack.begun_at)},
            )
            db.execute("UPDATE packs SET listed = 1 WHERE id = ?", (pack.id,))

    def wait_no_longer(self, pack_id: int) -> None:
        """Let what failed before be asked for at once: the person wants it now."""
        articles = "(SELECT article_id FROM pack_articles WHERE pack_id = ?)"
        with self._database.transaction(durable=False) as db:
            db.execute(
                f"UPDATE full_texts SET next_try = 0 WHERE wanted = 1 AND article_id IN {articles}",
                (pack_id,),
            )
            db.execute(
                f"""UPDATE images SET next_try = 0 WHERE sha256 = '' AND key IN (
                    SELECT key FROM article_images WHERE article_id IN {articles})""",
                (pack_id,),
            )

    def want_texts(self, article_ids: Iterable[int]) -> tuple[int, ...]:
        """Let the texts of articles come again that are gone or cannot be unpacked: as if they had never been fetched.
        A list of pictures that disagrees with its text is mended, or wanted with the feed's text, which stays.
        Gives the sources to ask; what is whole is left alone."""
        rows = self._database.rows(
            """SELECT a.id, a.source_id, b.body, f.body, a.images_total <> (
                SELECT count(*) FROM article_images r WHERE r.article_id = a.id)
            FROM articles a LEFT JOIN bodies b ON b.article_id = a.id
            LEFT JOIN full_texts f ON f.article_id = a.id WHERE a.id IN (SELECT value FROM json_each(?))""",
            (listed(article_ids),),
        )
        lost = {article_id: source_id for article_id, source_id, body, *_ in rows if not _is_whole(body)}
        pages = [article_id for article_id, _, _, full, _ in rows if full is not None and not _is_whole(full)]
        again = dict(lost)
        with self._database.transaction(durable=False) as db:
            for article_id, source_id, *texts, differs in rows:
                if differs and not list_again(db, article_id, [_html(text) for text in texts]):
                    again[article_id] = source_id
            these = {
                "lost": listed(lost),
                "again": listed(again),
                "pages": listed(pages),
                "sources": listed(again.values()),
            }
            for sql in _WANT_TEXTS:
                db.execute(sql, these)
        return tuple(sorted(set(again.values())))

    def end(self, pack_id: int, proof: Proof, *, ended: bool) -> None:
        """Keep a proof; with `ended` everything was asked for."""
        kept = {
            "articles": [proof.whole_articles, proof.articles, proof.full_texts],
            "pictures": [proof.whole_pictures, proof.pictures],
            "size": proof.size,
            "rates_until": proof.rates_until.isoformat() if proof.rates_until else None,
            "lacking": len(proof.lacks),
        }
        with self._database.transaction(durable=False) as db:
            db.execute(
                "UPDATE packs SET proof = ?, ended = max(ended, ?) WHERE id = ?",
                (json.dumps(kept), int(ended), pack_id),
            )

    def room(self, pack_id: int) -> int:
        """How many bytes of its budget are left; 0 or less when it is used up."""
        pack = self.current()
        if pack is None or pack.id != pack_id or not pack.scope.budget:
            return ROOM_WITHOUT_BUDGET
        _, texts, _ = self._row(_SIZES, _LISTED, {"pack": pack_id})
        _, _, pictures = self._row(_PICTURES, _LISTED, {"pack": pack_id})
        return pack.scope.budget - texts - pictures

    def estimate(self, scope: Scope, now: datetime) -> Estimate:
        """What a pack of this scope would hold, by what is stored and by the mean of what is."""
        chosen = _chosen(scope, now)
        articles, texts, texts_to_come = self._row(_SIZES, f"({_CHOSEN})", chosen)
        pictures, pictures_to_come, stored = self._row(_PICTURES, f"({_CHOSEN})", chosen)
        to_come = texts_to_come * self._mean(
            "SELECT length(body) AS size FROM full_texts WHERE body IS NOT NULL", TEXT_SIZE
        ) + pictures_to_come * self._mean(
            "SELECT size_bytes AS size FROM images WHERE sha256 <> ''", PICTURE_SIZE
        )
        return Estimate(articles, texts_to_come, pictures, pictures_to_come, texts + stored, to_come)

    def _row(self, sql: str, members: str, parameters: dict[str, object]) -> tuple[int, int, int]:
        first, second, third = self._database.rows(sql.format(members=members), parameters)[0]
        return first, second, third

    def _mean(self, sizes: str, usual: int) -> int:
        """The mean of the last thousand sizes, or what is usual where there are too few."""
        count, mean = self._database.rows(f"SELECT count(*), avg(size) FROM ({sizes} LIMIT 1000)")[0]
        return int(mean) if count >= LEAST_SAMPLE else usual


def _chosen(scope: Scope, now: datetime) -> dict[str, object]:
    return {
        "since": seconds(now - timedelta(days=scope.days)),
        "sources": None if scope.sources is None else listed(scope.sources),
        "starred": int(scope.starred),
    }


def _is_whole(body: bytes | None) -> bool:
    try:
        return body is not None and bool(unpack_body(body))
    except StoreDamaged:
        return False


def _html(body: bytes | None) -> str:
    return unpack_body(body)[0] if body is not None and _is_whole(body) else ""


def _write_scope(scope: Scope) -> str:
    return sound(json.dumps(asdict(scope), ensure_ascii=False))


def _write_came(came: Came) -> str:
    kept = {**asdict(came), "made_at": seconds(came.made_at)}
    return sound(json.dumps(kept, ensure_ascii=False))


def _read_came(text: str) -> Came | None:
    if not text:
        return None
    from desktop.core.pack_file import Came

    kept = json.loads(text)
    pairs = tuple((base, quote, source) for base, quote, source in kept["pairs"])
    unreached = tuple((title, reason) for title, reason in kept["unreached"])
    return Came(moment(kept["made_at"]), kept["sha256"], pairs, unreached)


def _read_scope(text: str) -> Scope:
    values = json.loads(text)
    for name in ("sources", "lists"):
        values[name] = None if values[name] is None else tuple(values[name])
    return Scope(**values)


def _read_proof(text: str) -> tuple[Proof | None, int]:
    if not text:
        return None, 0
    from datetime import date

    kept = json.loads(text)
    whole, articles, full = kept["articles"]
    until = date.fromisoformat(kept["rates_until"]) if kept["rates_until"] else None
    proof = Proof(articles, whole, full, kept["pictures"][1], kept["pictures"][0], kept["size"], until)
    return proof, kept["lacking"]
