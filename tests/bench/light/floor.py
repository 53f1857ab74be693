"""The least that a refresh in Python can cost, to measure ours by.

A throw-away pipeline of fetch, parse, clean, compress and write with an index, without identities, pictures, coverage
or anything that is ours.

python -m tests.bench.light.floor FILE ADDRESS...     prints the processor time of a first refresh and of unchanged
                                                      ones, and how many articles each brought
"""

from __future__ import annotations

import re
import sqlite3
import statistics
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import nh3
import requests
from lxml import etree

THREADS = 6
UNCHANGED = 5  # refreshes, of which the median counts
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
SCHEMA = """
    CREATE TABLE feeds (url TEXT PRIMARY KEY, etag TEXT);
    CREATE TABLE articles (id INTEGER PRIMARY KEY, feed TEXT, guid TEXT, published INTEGER, title TEXT, url TEXT,
        summary TEXT, read INTEGER DEFAULT 0, UNIQUE (feed, guid));
    CREATE INDEX by_feed ON articles (feed, published);
    CREATE INDEX by_time ON articles (published);
    CREATE INDEX unread ON articles (feed) WHERE read = 0;
    CREATE TABLE bodies (id INTEGER PRIMARY KEY, html BLOB);
    CREATE VIRTUAL TABLE search USING fts5 (title, text, content = '');
"""
_TAG = re.compile("<[^>]*>")


def refresh(db: sqlite3.Connection, session: requests.Session, addresses: list[str]) -> int:
    """Ask all feeds, conditionally where they were asked before, and store what is new; how many articles."""
    etags = dict(db.execute("SELECT url, etag FROM feeds"))
    new = 0

    def ask(url: str) -> tuple[str, requests.Response]:
        known = {"If-None-Match": etags[url]} if url in etags else {}
        return url, session.get(url, headers=known, timeout=10)

    with ThreadPoolExecutor(THREADS) as pool:
        for url, reply in pool.map(ask, addresses):
            if reply.status_code == 304:
                continue
            new += _keep(db, url, reply.content)
            db.execute("INSERT OR REPLACE INTO feeds VALUES (?, ?)", (url, reply.headers.get("ETag", "")))
            db.commit()
    return new


def _keep(db: sqlite3.Connection, url: str, body: bytes) -> int:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    items = [
        {str(part.tag): part.text or "" for part in item}
        for item in etree.fromstring(body, parser).iter("item")
    ]
    have = {guid for (guid,) in db.execute("SELECT guid FROM articles WHERE feed = ?", (url,))}
    for item in items:
        if item["guid"] in have:
            continue
        html = nh3.clean(item.get(CONTENT) or item.get("description", ""))
        text = _TAG.sub(" ", html)
        row = db.execute(
            "INSERT INTO articles (feed, guid, published, title, url, summary) VALUES (?, ?, ?, ?, ?, ?)",
            (
                url,
                item["guid"],
                int(parsedate_to_datetime(item["pubDate"]).timestamp()),
                item["title"],
                item["link"],
                text[:200],
            ),
        ).lastrowid
        db.execute("INSERT INTO bodies VALUES (?, ?)", (row, zlib.compress(html.encode())))
        db.execute("INSERT INTO search (rowid, title, text) VALUES (?, ?, ?)", (row, item["title"], text))
    return len(items)


def main() -> int:
    db = sqlite3.connect(sys.argv[1])
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.executescript(SCHEMA)
    with requests.Session() as session:
        turns = []
        for _ in range(1 + UNCHANGED):
            started = time.process_time()
            new = refresh(db, session, sys.argv[2:])
            turns.append((time.process_time() - started, new))
    print(f"{turns[0][0]:.3f} {turns[0][1]}")
    print(f"{statistics.median(seconds for seconds, _ in turns[1:]):.3f} {sum(new for _, new in turns[1:])}")
    db.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
