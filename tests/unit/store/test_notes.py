"""Notes are the person's: they outlive the article, its source and a rule that lets old articles go."""

from __future__ import annotations

from pathlib import Path

from desktop.core.models import ArticleQuery, NewSource, View
from desktop.store import Store
from tests.unit.store.builders import NOW, add_source, make_article, make_feed

NOTES = ArticleQuery(view=View.NOTES)


def test_a_note_is_found_again_when_article_and_source_come_back(tmp_path: Path) -> None:
    with Store.open(tmp_path / "profile") as store:
        source = add_source(store)
        (first, second) = store.articles.apply(
            source.id, make_feed([make_article(1), make_article(2)]), None, NOW
        ).new
        assert store.notes.put(first, "Сурау керек: кім?", NOW).updated == (first,)
        assert [row.id for row in store.articles.page(NOTES)] == [first]
        assert store.articles.count(NOTES) == 1
        assert store.notes.of(second) == ""
        url = source.url
        store.sources.remove(source.id)
        assert store.articles.page(NOTES) == []
        again = store.sources.add(NewSource(url), NOW)
        store.articles.apply(again.id, make_feed([make_article(1), make_article(2)]), None, NOW)
        (row,) = store.articles.page(NOTES)
        assert store.notes.of(row.id) == "Сурау керек: кім?"
        assert store.articles.page(ArticleQuery(view=View.NOTES, source_id=again.id)) == [row]
        store.notes.put(row.id, " ", NOW)
        assert store.articles.page(NOTES) == []
        assert store.check() == []
