"""Feeds and marks out of other readers' databases, made here with the tables and columns of theirs that count."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.errors import ParseError
from desktop.core.identity import Mark
from desktop.store import Store
from desktop.store.foreign import read_foreign
from desktop.sync.subscriptions import preview_file
from tests.unit.store.builders import NOW, make_article, make_feed

QUITERSS = """
CREATE TABLE feeds (id integer primary key, text varchar, title varchar, xmlUrl varchar, htmlUrl varchar, image blob,
    parentId integer default 0, disableUpdate integer default 0);
CREATE TABLE news (id integer primary key, feedId integer, guid varchar, content varchar, read integer default 0,
    starred integer default 0, deleted integer default 0, link_href varchar);
INSERT INTO feeds (id, text, title, xmlUrl, parentId, disableUpdate) VALUES
    (1, 'Азия', '', '', 0, 0), (2, 'Banks', NULL, NULL, 1, 0), (3, 'Loop', '', '', 3, 0),
    (4, 'Steppe', 'Long title', 'https://steppe.example/feed', 2, 0),
    (5, '', 'Only a title', 'http://valley.example/rss', 3, 1),
    (6, 'Local', '', 'file:///etc/passwd', 0, 0);
INSERT INTO news (feedId, guid, link_href, read, starred, deleted) VALUES
    (4, 'https://steppe.example/?p=1', 'https://steppe.example/articles/1/', 2, 0, 0),
    (4, 'https://steppe.example/?p=2', 'https://steppe.example/articles/2/', 1, 1, 0),
    (4, 'https://steppe.example/articles/3/', 'https://steppe.example/articles/3/', 0, 1, 0),
    (4, 'https://steppe.example/?p=4', '', '', 0, 1), (4, 'https://steppe.example/?p=5', '', 0, 0, 0),
    (99, 'nowhere', '', 2, 1, 0), (4, NULL, NULL, 2, 1, 0);
"""


def rss_guard(feed_type: str) -> str:
    command = json.dumps({"source_type": 0, "post_process": "rm -rf ~"})
    script = json.dumps({"source_type": 1})
    return f"""
CREATE TABLE Categories (id INTEGER PRIMARY KEY, parent_id INTEGER, title TEXT);
CREATE TABLE Feeds (id INTEGER PRIMARY KEY, title TEXT, category INTEGER, source TEXT, is_off INTEGER DEFAULT 0,
    custom_id TEXT, custom_data TEXT);
CREATE TABLE Messages (id INTEGER PRIMARY KEY, is_read INTEGER, is_important INTEGER, is_deleted INTEGER DEFAULT 0,
    is_pdeleted INTEGER DEFAULT 0, feed {feed_type} NOT NULL, url TEXT, custom_id TEXT);
INSERT INTO Categories VALUES (1, -1, 'Азия'), (2, 1, 'Banks');
INSERT INTO Feeds (id, title, category, source, is_off, custom_id, custom_data) VALUES
    (4, 'Steppe', 2, 'https://steppe.example/feed', 0, '4', '{{"source_type": 0}}'),
    (5, 'Valley', -1, 'http://valley.example/rss', 1, 'v', NULL),
    (6, 'Trick', -1, 'https://trick.example/', 0, '6', '{command}'),
    (7, 'Script', -1, 'python3 feed.py', 0, '7', '{script}');
INSERT INTO Messages (feed, custom_id, url, is_read, is_important, is_pdeleted) VALUES
    (4, 'https://steppe.example/?p=1', 'https://steppe.example/articles/1/', 1, 0, 0),
    (4, 'https://steppe.example/?p=2', 'https://steppe.example/articles/2/', 1, 1, 0),
    (4, 'https://steppe.example/articles/3/', 'https://steppe.example/articles/3/', 0, 1, 0),
    (4, 'https://steppe.example/?p=4', '', 0, 0, 1), (4, 'https://steppe.example/?p=5', '', 0, 0, 0);
"""


def made(path: Path, script: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path


@pytest.mark.parametrize(
    "script", [QUITERSS, rss_guard("TEXT"), rss_guard("INTEGER")], ids=["QuiteRSS", "4", "5"]
)
def test_marks_wait_for_the_articles_that_they_are_of(script: str, store: Store, tmp_path: Path) -> None:
    file = made(tmp_path / "other.db", script)
    before = file.read_bytes()
    found = preview_file(file, [])
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("other")] == ["other.db"]
    steppe, valley = found.fresh()
    assert (steppe.title, steppe.folder, steppe.url) == (
        "Steppe",
        "Азия/Banks",
        "https://steppe.example/feed",
    )
    assert (steppe.enabled, valley.enabled) == (True, False)

    source_id, _ = store.sources.imports.add(found.fresh(), NOW, found.marks)
    articles = [make_article(number) for number in range(1, 7)]
    articles[2] = make_article(3, guid="")  # the feed has no guid: the other program put the address there
    store.articles.apply(source_id, make_feed(articles), None, NOW)
    rows = {row.title.split()[2]: (row.read, row.starred) for row in map(_row(store), range(1, 7))}
    assert rows == {
        "1": (True, False), "2": (True, True), "3": (False, True), "4": (True, False), "5": (False, False),
        "6": (False, False),
    }  # fmt: skip
    assert store.check() == []


LABELS = {
    "QuiteRSS": (
        QUITERSS,
        """CREATE TABLE labels (id integer primary key, name varchar, image blob, color_text varchar, color_bg varchar,
            num integer);
        ALTER TABLE news ADD COLUMN label varchar;
        INSERT INTO labels (id, name) VALUES (1, 'Важное'), (7, 'Banks'), (8, ' '), (9, 'Unused');
        UPDATE news SET label = ',' WHERE guid LIKE '%p=1';
        UPDATE news SET label = ',7,1,' WHERE guid LIKE '%p=2';
        UPDATE news SET label = ',7,8,99,' WHERE guid LIKE '%p=5';
        UPDATE news SET label = ',1,', deleted = 1 WHERE guid LIKE '%p=4';""",
    ),
    "3, by custom ids": (
        rss_guard("TEXT"),
        """CREATE TABLE Labels (id INTEGER PRIMARY KEY, name TEXT, color TEXT, custom_id TEXT, account_id INTEGER);
        CREATE TABLE LabelsInMessages (label TEXT NOT NULL, message TEXT NOT NULL, account_id INTEGER NOT NULL);
        INSERT INTO Labels VALUES (1, 'Важное', '', 'l1', 1), (2, 'Banks', '', '2', 1), (3, ' ', '', '3', 1);
        INSERT INTO LabelsInMessages VALUES ('2', 'https://steppe.example/?p=2', 1),
            ('l1', 'https://steppe.example/?p=2', 1), ('2', 'https://steppe.example/?p=5', 1),
            ('3', 'https://steppe.example/?p=5', 1), ('l1', 'https://steppe.example/?p=4', 1), ('l1', 'nowhere', 1);""",
    ),
    "4, in the message": (
        rss_guard("INTEGER"),
        """CREATE TABLE Labels (id INTEGER PRIMARY KEY, name TEXT, color TEXT, custom_id TEXT, account_id INTEGER);
        INSERT INTO Labels VALUES (1, 'Важное', '', 'l1', 1), (2, 'Banks', '', '2', 1);
        ALTER TABLE Messages ADD COLUMN labels TEXT NOT NULL DEFAULT '.';
        UPDATE Messages SET labels = '.2.l1.' WHERE custom_id LIKE '%p=2';
        UPDATE Messages SET labels = '.2.99.' WHERE custom_id LIKE '%p=5';
        UPDATE Messages SET labels = '.l1.' WHERE custom_id LIKE '%p=4';""",
    ),
    "5, by numbers": (
        rss_guard("INTEGER"),
        """CREATE TABLE Labels (id INTEGER PRIMARY KEY, name VARCHAR(200), icon BLOB, custom_id VARCHAR(200),
            account_id INTEGER NOT NULL);
        CREATE TABLE LabelsInMessages (message INTEGER NOT NULL, label INTEGER NOT NULL, UNIQUE (message, label));
        INSERT INTO Labels VALUES (1, 'Важное', NULL, '2', 1), (2, 'Banks', NULL, '1', 1);
        INSERT INTO LabelsInMessages SELECT id, 2 FROM Messages WHERE custom_id LIKE '%p=2';
        INSERT INTO LabelsInMessages SELECT id, 1 FROM Messages WHERE custom_id LIKE '%p=2';
        INSERT INTO LabelsInMessages SELECT id, 2 FROM Messages WHERE custom_id LIKE '%p=5';
        INSERT INTO LabelsInMessages SELECT id, 1 FROM Messages WHERE custom_id LIKE '%p=4';""",
    ),
}


@pytest.mark.parametrize("name", LABELS)
def test_labels_of_another_reader_become_tags_of_the_articles_that_come(
    name: str, store: Store, tmp_path: Path
) -> None:
    found = preview_file(made(tmp_path / "other.db", "".join(LABELS[name])), [])
    source_id, _ = store.sources.imports.add(found.fresh(), NOW, found.marks)
    store.articles.apply(source_id, make_feed([make_article(number) for number in range(1, 7)]), None, NOW)
    rows = {row.title.split()[2]: row.tags for row in map(_row(store), range(1, 7)) if row.tags}
    assert rows == {"2": ("Banks", "Важное"), "5": ("Banks",)}
    assert [(tag.name, tag.total) for tag in store.tags.all()] == [("Banks", 2), ("Важное", 1)]
    assert store.check() == []


def test_a_view_in_the_place_of_labels_is_not_asked(tmp_path: Path) -> None:
    trap = """ALTER TABLE news ADD COLUMN label varchar; UPDATE news SET label = ',1,';
        CREATE VIEW labels AS SELECT 1 AS id, 'x' AS name;"""
    feeds = read_foreign(made(tmp_path / "trap.db", QUITERSS + trap))
    assert {mark.tags for feed in feeds for mark in feed.marks} == {()}


def _row(store: Store):
    return lambda number: store.articles.get(number).row


def test_rss_guard_4_0_has_no_word_yet_for_a_feed_that_is_off(tmp_path: Path) -> None:
    script = (
        rss_guard("TEXT")
        .replace(" is_off INTEGER DEFAULT 0,", "")
        .replace("source, is_off, custom", "source, custom")
    )
    script = script.replace("feed', 0, '4'", "feed', '4'").replace("rss', 1, 'v'", "rss', 'v'")
    script = script.replace("e/', 0, '6'", "e/', '6'").replace("py', 0, '7'", "py', '7'")
    steppe, valley = preview_file(made(tmp_path / "4.0.db", script), []).fresh()
    assert (steppe.folder, steppe.enabled, valley.enabled) == ("Азия/Banks", True, True)


def test_an_atom_feed_of_quiterss_names_its_articles_by_their_alternate_address(tmp_path: Path) -> None:
    more = """ALTER TABLE news ADD COLUMN link_alternate varchar;
        INSERT INTO news (feedId, guid, link_href, link_alternate, read) VALUES
            (5, '', NULL, 'https://valley.example/atom/1', 2), (5, '', '', 'https://valley.example/atom/2', 1);"""
    found = preview_file(made(tmp_path / "atom.db", QUITERSS + more), [])
    marks = found.marks["http://valley.example/rss"]
    assert [mark.url for mark in marks] == [f"https://valley.example/atom/{number}" for number in (1, 2)]


def test_what_would_run_a_command_or_open_a_file_is_left_out(tmp_path: Path) -> None:
    other = preview_file(made(tmp_path / "a.db", QUITERSS), [])
    assert [one.name for one in other.left_out] == ["Local"]
    guard = preview_file(made(tmp_path / "b.db", rss_guard("TEXT")), [])
    assert {one.name: one.why for one in guard.left_out} == dict.fromkeys(
        ("Trick", "Script"), "it asks for a command to be run"
    )


def test_a_feed_that_stands_twice_brings_the_marks_of_both(tmp_path: Path) -> None:
    twice = "INSERT INTO feeds (id, text, xmlUrl) VALUES (8, 'Again', 'http://www.steppe.example/feed/');"
    more = "INSERT INTO news (feedId, guid, read) VALUES (8, 'x', 2);"
    found = preview_file(made(tmp_path / "a.db", QUITERSS + twice + more), [])
    assert found.merged == 1
    assert Mark("x", "", True, False) in found.marks["https://steppe.example/feed"]


def test_views_virtual_and_damaged_files_are_refused(tmp_path: Path) -> None:
    views = "CREATE VIEW feeds AS SELECT 1; CREATE VIEW news AS SELECT 2;"
    with pytest.raises(ParseError, match="neither"):
        read_foreign(made(tmp_path / "views.db", views))
    good = made(tmp_path / "good.db", QUITERSS).read_bytes()
    random_bytes = random.Random(5)
    for number in range(60):
        body = bytearray(good)
        for _ in range(40):
            body[random_bytes.randrange(16, len(body))] = random_bytes.randrange(256)
        path = tmp_path / f"bad{number}.db"
        path.write_bytes(body)
        try:
            preview_file(path, [])
        except ParseError as error:
            assert error.remedy == "Nothing was imported."  # noqa: PT017
