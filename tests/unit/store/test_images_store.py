"""Pictures: content-addressed files, wanted newest first, no failure for ever."""

from __future__ import annotations

import hashlib
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.core.errors import StoreError
from desktop.core.html.image_keys import image_key
from desktop.core.incoming import PictureInfo
from desktop.core.models import StoredImage
from desktop.store import Store
from desktop.store.images import Totals
from tests.unit.store.builders import NOW, SITE, add_source, fill, make_article, make_feed

INFO = PictureInfo("png", 20, 10)
LONG_AFTER = NOW + timedelta(days=2)


def test_pictures_of_the_newest_articles_are_wanted_first(store: Store) -> None:
    fill(store, 5)
    wanted = store.images.wanted(3, NOW)
    assert [image.url for image in wanted] == [f"{SITE}/{number}.png" for number in (1, 2, 3)]
    assert wanted[0].article_url == "https://steppe.example/1"
    assert wanted[0].source_url == "https://steppe.example/feed/"


def test_a_stored_picture_is_no_longer_wanted_and_shows_in_the_list(store: Store) -> None:
    newest = fill(store, 2).new[-1]
    (wanted, other) = store.images.wanted(9, NOW)
    sha256 = store.images.put(wanted.key, wanted.url, b"picture", INFO)
    assert store.images.wanted(9, NOW) == [other]
    assert store.images.of_article(newest) == [
        StoredImage(wanted.key, wanted.url, sha256, "png", 20, 10, "A bridge", "")
    ]
    (row,) = store.articles.rows([newest])
    assert (row.lead_image, row.images_stored, row.images_total) == (sha256, 1, 1)
    assert store.images.totals() == Totals(2, 1, 1)
    assert store.images.articles_of(wanted.key) == (newest,)


def test_a_missing_picture_has_the_size_that_its_article_gives(store: Store) -> None:
    (article_id,) = fill(store, 1).new
    (image,) = store.images.of_article(article_id)
    assert (image.sha256, image.width, image.height, image.problem) == ("", 640, 480, "")


def test_a_failure_says_why_and_waits_before_the_next_try(store: Store) -> None:
    (article_id,) = fill(store, 1).new
    (wanted,) = store.images.wanted(1, NOW)
    store.images.fail(wanted.key, wanted.url, "The server said no.", NOW)
    assert store.images.of_article(article_id)[0].problem == "The server said no."
    assert store.images.wanted(1, NOW + timedelta(minutes=5)) == []
    assert store.images.wanted(1, NOW + timedelta(minutes=20)) == [wanted]


def test_no_failure_is_final_and_the_wait_grows_to_a_day(store: Store) -> None:
    fill(store, 1)
    (wanted,) = store.images.wanted(1, NOW)
    for _ in range(30):
        store.images.fail(wanted.key, wanted.url, "No.", NOW)
    assert store.images.wanted(1, NOW + timedelta(hours=12)) == []
    assert store.images.wanted(1, NOW + timedelta(days=1)) == [wanted]


def test_a_picture_that_came_after_all_has_no_problem(store: Store) -> None:
    (article_id,) = fill(store, 1).new
    (wanted,) = store.images.wanted(1, NOW)
    store.images.fail(wanted.key, wanted.url, "No.", NOW)
    store.images.put(wanted.key, wanted.url, b"picture", INFO)
    store.images.fail(wanted.key, wanted.url, "Late.", NOW)
    (image,) = store.images.of_article(article_id)
    assert image.problem == ""
    assert image.sha256


def test_a_failed_picture_of_a_new_article_does_not_lose_its_wait(store: Store) -> None:
    source = add_source(store)
    store.articles.apply(source.id, make_feed([make_article(1)]), None, NOW)
    (wanted,) = store.images.wanted(1, NOW)
    store.images.fail(wanted.key, wanted.url, "No.", NOW)
    same = make_article(2, images=make_article(1).images)
    store.articles.apply(source.id, make_feed([same]), None, NOW)
    assert store.images.wanted(9, NOW) == []


def test_files_are_private_whole_and_under_their_hash(store: Store, folder: Path) -> None:
    sha256 = store.images.write_file(b"picture")
    path = store.images.file(sha256)
    assert sha256 == hashlib.sha256(b"picture").hexdigest()
    assert path == folder / "images" / sha256[:2] / sha256
    assert path.read_bytes() == b"picture"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_damaged_file_is_written_anew(store: Store) -> None:
    sha256 = store.images.write_file(b"picture")
    store.images.file(sha256).write_bytes(b"pixture")
    store.images.write_file(b"picture")
    assert store.images.file(sha256).read_bytes() == b"picture"


def test_a_lost_file_can_be_wanted_again(store: Store) -> None:
    fill(store, 1)
    (wanted,) = store.images.wanted(1, NOW)
    store.images.put(wanted.key, wanted.url, b"picture", INFO)
    store.images.forget_file(wanted.key)
    assert store.images.wanted(1, NOW) == [wanted]


def test_a_write_that_fails_leaves_no_half_of_a_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desktop.store.files.os.fsync", full)
    with pytest.raises(StoreError) as caught:
        store.images.write_file(b"picture")
    assert "No space left" in caught.value.message
    assert [path for path in (store.folder / "images").rglob("*") if path.is_file()] == []


def test_two_addresses_of_the_same_picture_share_a_file(store: Store) -> None:
    fill(store, 2)
    for wanted in store.images.wanted(2, NOW):
        store.images.put(wanted.key, wanted.url, b"same", INFO)
    assert store.images.stored_files() == [(hashlib.sha256(b"same").hexdigest(), 4)]
    assert store.images.totals().stored == 2


def _with_picture(store: Store) -> tuple[int, str]:
    """An article whose text shows its picture, which is stored; (its id, the picture's key)."""
    key = image_key(make_article().lead_image)
    html = f'<p>Open.</p><figure><img src="cache:{key}" alt="A bridge" width="640" height="480"></figure>'
    source = add_source(store)
    (article_id,) = store.articles.apply(source.id, make_feed([make_article(html=html)]), None, NOW).new
    (wanted,) = store.images.wanted(9, NOW)
    store.images.put(wanted.key, wanted.url, b"bridge", PictureInfo("png", 640, 480))
    return article_id, key


def test_a_list_of_pictures_that_lacks_one_is_mended_from_the_text(store: Store) -> None:
    article_id, _ = _with_picture(store)
    before = store.images.of_article(article_id)
    with store._database.transaction(durable=False) as db:
        db.execute("DELETE FROM article_images")
    assert store.images.of_article(article_id) == []
    assert store.packs.want_texts([article_id]) == ()
    assert store.images.of_article(article_id) == before
    assert store.check() == []


def test_a_picture_whose_address_is_lost_is_wanted_from_the_feed_and_the_text_stays(store: Store) -> None:
    article_id, key = _with_picture(store)
    before, article = store.images.of_article(article_id), store.articles.get(article_id)
    assert article is not None
    with store._database.transaction(durable=False) as db:
        db.execute("DELETE FROM article_images")
        db.execute("DELETE FROM images")
    (source_id,) = store.packs.want_texts([article_id])
    kept = store.articles.get(article_id)
    assert kept is not None
    assert kept.html == article.html
    assert store.check() != []
    store.articles.apply(source_id, make_feed([make_article(html=kept.html)]), None, NOW)
    assert (
        [image.key for image in store.images.of_article(article_id)]
        == [image.key for image in before]
        == [key]
    )
    again = store.articles.get(article_id)
    assert again is not None
    assert store.articles.versions(again) == store.articles.versions(article)
    assert store.check() == []
