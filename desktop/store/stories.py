"""Stories: the articles of several sources that are one, found as they come in and kept with the articles.

Of a story one copy is shown where sources are mixed; the others are folded behind it. The marks are one: what the
person read or starred anywhere is so everywhere. What a rule or its age marked as read stays a matter of its copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlsplit

from desktop.core.folders import shared
from desktop.core.stories import Copies, Known
from desktop.store.article_rows import GUID
from desktop.store.database import listed

# Unread ones are shown before those that arrived as read, and what the person wrote on before others.
_MEMBERS = """SELECT a.story, a.id, a.fold, s.folder
    FROM articles a INDEXED BY articles_story JOIN sources s ON s.id = a.source_id
    WHERE a.story <> 0 AND a.story IN (SELECT value FROM json_each(?))
    ORDER BY a.story, a.read, a.noted DESC, a.starred DESC, a.id"""
_MOST = 100  # articles that share a key: from there on it is a word for "somewhere on this site"
_ALIKE = """
    SELECT i.article_id FROM identities n CROSS JOIN identities i INDEXED BY identities_{name}
        ON i.{column} = n.{column} AND {scope}
    WHERE n.article_id IN (SELECT value FROM json_each(:new)) AND n.{column} {given} AND (
        SELECT count(*) FROM (SELECT 1 FROM identities m INDEXED BY identities_{name}
            WHERE m.{column} = n.{column} {of_all} LIMIT :most)) < :most"""
_ON_SITE = "i.source_id IN (SELECT value FROM json_each(:site))"
_OF_SITE = f"+{_ON_SITE}"  # of the few that share a key, not looked for once for each source
_BY_ADDRESS = _ALIKE.format(name="url", column="url_key", scope="1", given="GLOB '*[/?]*'", of_all="")
# Most guids are the identity of their article; the index holds the others.
_BY_IDENTITY = f"""
    SELECT i.article_id FROM identities n
    CROSS JOIN identities i ON i.key = coalesce('g:' || n.guid, n.key) AND {_ON_SITE}
    WHERE n.article_id IN (SELECT value FROM json_each(:new)) AND n.guid IS NOT ''"""
_BY_SITE = " UNION ".join(
    (
        _BY_IDENTITY,
        _ALIKE.format(
            name="guid", column="guid", scope=f"i.guid <> '' AND {_OF_SITE}", given="<> ''",
            of_all="AND m.guid <> ''"),
        _ALIKE.format(name="title", column="title_key", scope=_OF_SITE, given="<> ''", of_all=""),
    )
)  # fmt: skip
_ACTED = ", read_at = CAST(strftime('%s', 'now') AS INTEGER)"
_KNOWN = f"""SELECT k.article_id, k.source_id, {GUID}, k.url_key, k.title_key, a.sort_at, a.story
    FROM identities k JOIN articles a ON a.id = k.article_id WHERE k.article_id IN ({{}})"""
_MARKS = """SELECT a.story, a.id, a.read, a.starred, a.read AND t.read_at IS NOT NULL
    FROM articles a INDEXED BY articles_story JOIN identities k ON k.article_id = a.id
    JOIN states t ON t.source_id = k.source_id AND t.key = k.key
    WHERE a.story <> 0 AND a.story IN (SELECT value FROM json_each(?)) ORDER BY a.story"""


def join(db: sqlite3.Connection, source_id: int, ids: Sequence[int]) -> None:
    """Find the stories of articles of a source that have just been written, within that transaction, and give all
    copies the marks that the person made on any."""
    site = _site(db, source_id)
    keys = f"{_BY_ADDRESS} UNION {_BY_SITE}" if len(site) > 1 else _BY_ADDRESS
    given = {"new": listed(ids), "site": listed(site), "most": _MOST}
    found = [Known(*row) for row in db.execute(_KNOWN.format(keys), given)]
    if all(one.source_id == source_id for one in found):
        return
    copies = Copies(found, site)
    by_id = {one.id: one for one in found}
    stories: dict[int, int] = {}  # of those that were no part of one
    for article in (by_id[one] for one in ids if one in by_id):
        for copy in [] if article.story else copies.of(article):
            story = copy.story or stories.get(copy.id) or copy.id
            if not _has(db, story, source_id):
                stories[copy.id], stories[article.id] = story, story
                db.execute("UPDATE articles SET story = ? WHERE id IN (?, ?)", (story, article.id, copy.id))
                break
    settle(db, set(stories.values()))


def settle(db: sqlite3.Connection, stories: Collection[int]) -> tuple[int, ...]:
    """Give the copies of these stories the marks that the person made on any of them, and fold them."""
    chosen = listed(sorted(stories))
    marked: dict[str, list[int]] = {"read": [], "starred": []}
    for _, group in groupby(db.execute(_MARKS, (chosen,)).fetchall(), key=lambda row: row[0]):
        members = list(group)
        if any(was_read for *_, was_read in members):
            marked["read"] += [article_id for _, article_id, read, _, _ in members if not read]
        if any(starred for _, _, _, starred, _ in members):
            marked["starred"] += [article_id for _, article_id, _, starred, _ in members if not starred]
    for column, these in marked.items():
        if these:
            put_mark(db, column, listed(these), 1)
    return fold(db, stories)


def fold(db: sqlite3.Connection, stories: Iterable[int]) -> tuple[int, ...]:
    """Choose the copy of each story that is shown, and fold the others behind it; gives all copies."""
    members: list[int] = []
    folds: dict[str | None, int] = {}
    for _, copies in groupby(db.execute(_MEMBERS, (listed(stories),)).fetchall(), key=lambda row: row[0]):
        before: list[str] = []
        for _, article_id, present, folder in copies:
            wanted = 0
            if before:
                within = _innermost(shared(folder, other) for other in before)
                wanted = folds.get(within) or folds.setdefault(within, _fold(db, within))
            if wanted != present:
                db.execute("UPDATE articles SET fold = ? WHERE id = ?", (wanted, article_id))
            before.append(folder)
            members.append(article_id)
    return tuple(members)


def follow_folders(db: sqlite3.Connection, source_ids: Iterable[int]) -> None:
    """Fold anew what stands in sources that lie in another folder than before."""
    found = db.execute(
        """SELECT DISTINCT story FROM articles INDEXED BY articles_story
        WHERE story <> 0 AND source_id IN (SELECT value FROM json_each(?))""",
        (listed(source_ids),),
    )
    fold(db, [story for (story,) in found.fetchall()])


def stories_of(db: sqlite3.Connection, ids: Iterable[int]) -> list[int]:
    """The stories that some articles are copies of."""
    found = db.execute(
        """SELECT DISTINCT story FROM articles WHERE id IN (SELECT value FROM json_each(?)) AND story <> 0""",
        (listed(ids),),
    )
    return [story for (story,) in found]


def with_copies(db: sqlite3.Connection, ids: str) -> str:
    """Articles (a JSON list) and all copies of their stories."""
    found = db.execute(
        """SELECT value FROM json_each(?1) UNION SELECT c.id FROM articles a
        JOIN articles c INDEXED BY articles_story ON c.story = a.story AND c.story <> 0
        WHERE a.id IN (SELECT value FROM json_each(?1))""",
        (ids,),
    )
    return listed(article_id for (article_id,) in found)


def put_mark(db: sqlite3.Connection, column: str, ids: str, value: int) -> None:
    """Set "read" or "starred" of articles (a JSON list), as the person would."""
    db.execute(f"UPDATE articles SET {column} = ? WHERE id IN (SELECT value FROM json_each(?))", (value, ids))
    db.execute(
        f"""UPDATE states SET {column} = ?{_ACTED if column == "read" else ""}
        WHERE (source_id, key) IN (
            SELECT k.source_id, k.key FROM identities k
            WHERE k.article_id IN (SELECT value FROM json_each(?)))""",
        (value, ids),
    )


def _innermost(folders: Iterable[str | None]) -> str | None:
    """Of folders around one source that which lies deepest."""
    return max((path for path in folders if path is not None), key=len, default=None)


def _fold(db: sqlite3.Connection, folder: str | None) -> int:
    found = db.execute("SELECT id FROM folds WHERE folder IS ?", (folder,)).fetchone()
    if found is None:
        return int(db.execute("INSERT INTO folds (folder) VALUES (?)", (folder,)).lastrowid or 0)
    return int(found[0])


def _has(db: sqlite3.Connection, story: int, source_id: int) -> bool:
    """Whether a story has an article of a source: a second one is another story."""
    found = db.execute(
        "SELECT 1 FROM articles WHERE story = ? AND story <> 0 AND source_id = ?", (story, source_id)
    )
    return found.fetchone() is not None


def _site(db: sqlite3.Connection, source_id: int) -> list[int]:
    """The sources of the same site as this one, itself among them."""
    site, url = db.execute("SELECT site_url, url FROM sources WHERE id = ?", (source_id,)).fetchone()
    host = _host(site or url)
    # Whoever names the host may be of it; to take all addresses apart for each feed takes longer than to store it.
    naming = db.execute(
        """SELECT id, site_url, url FROM sources
        WHERE ?1 <> '' AND id <> ?2 AND instr(lower(iif(site_url <> '', site_url, url)), ?1)""",
        (host, source_id),
    )
    return sorted([source_id, *(one for one, its, url in naming if _host(its or url) == host)])


@lru_cache(maxsize=1024)
def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
