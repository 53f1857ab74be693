"""Where the person left off."""

from __future__ import annotations

from desktop.store import Store
from tests.unit.store.builders import NOW, add_source, make_article, make_feed


def test_a_place_is_kept_over_a_start_and_goes_with_its_article(tmp_path):
    with Store.open(tmp_path) as store:
        source = add_source(store)
        (article_id,) = store.articles.apply(source.id, make_feed([make_article(1)]), None, NOW).new
        store.places.keep(article_id, 4_321)
        store.places.keep(article_id + 1, 5)
    with Store.open(tmp_path) as store:
        assert store.places.of(article_id) == 4_321
        assert store.places.of(article_id + 1) == 0
        store.places.keep(article_id, 0)
        assert store.places.of(article_id) == 0
        store.places.keep(article_id, 7)
        store.sources.remove(source.id)
        assert store.places.of(article_id) == 0
