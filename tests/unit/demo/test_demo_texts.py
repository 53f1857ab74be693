"""The grammar that writes the demo's articles."""

from __future__ import annotations

import random

from desktop.demo.newsroom import slugify
from desktop.demo.posts import themes
from desktop.demo.texts import Voice, all_sections, parse_sections


def voice(separator: str = ",", **sections: tuple[str, ...]) -> Voice:
    return Voice(sections, {"city": "Osh"}, random.Random(1), separator=separator)


def test_sections_are_named_lists_without_comments():
    assert parse_sections("# nothing\n[a]\none\n\n# no\ntwo\n[b]\nthree\n") == {
        "a": ["one", "two"],
        "b": ["three"],
    }


def test_facts_and_sections_fill_slots():
    assert voice(thing=("tea",)).say("{thing} in {city}, {^thing}") == "tea in Osh, Tea"


def test_lines_come_once_before_they_come_again():
    drawn = voice(n=("a", "b", "c"))
    assert sorted(drawn.draw("n") for _ in range(3)) == ["a", "b", "c"]


def test_an_exclamation_mark_keeps_what_was_drawn():
    assert len(set(voice(crop=("rice", "wheat", "oats")).say("{crop!} {crop} {crop!} {crop}").split())) == 1


def test_numbers_are_in_range_and_grouped_as_the_language_does():
    assert 3 <= int(voice().say("{3-9}")) <= 9
    assert voice().number(12345) == "12,345"
    assert voice("\u00a0").number(12345) == "12\u00a0345"
    assert voice("\u00a0").number(2.5) == "2,5"
    assert int(voice().say("{200-900~}")) % 10 == 0


def test_a_named_number_is_repeated():
    first, _, second = voice().say("{a:100-900} and {a}").partition(" and ")
    assert first == second
    assert 100 <= int(first) <= 900


def test_there_are_enough_headlines():
    sections = all_sections()
    english = [theme for theme in themes(sections) if theme.language == "en"]
    assert sum(len(sections[f"{theme.name}.headline"]) for theme in english) >= 60


def test_every_theme_has_what_an_article_needs():
    sections = all_sections()
    for theme in themes(sections):
        for part in ("headline", "text", "caption"):
            assert sections.get(f"{theme.name}.{part}"), f"{theme.name}.{part}"
        opened = all("|" in headline for headline in sections[f"{theme.name}.headline"])
        assert opened or sections.get(f"{theme.name}.lede"), theme.name


def test_slugs_keep_letters_of_any_script():
    assert slugify("Small change: the tenge’s two") == "small-change-the-tenges-two"
    assert slugify("Fargʻona: yangi yoʻl") == "fargona-yangi-yol"
    assert slugify("Алматы: жаңа жол") == "алматы-жаңа-жол"
