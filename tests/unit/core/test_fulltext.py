"""When a feed's text counts as cut, and when the text of a page may stand beside it."""

from __future__ import annotations

import pytest

from desktop.core.fulltext import SOMETHING_ELSE, Obstacle, is_cut, refusal
from desktop.core.fulltext_values import NO_BETTER

LONG = " ".join(f"sentence {number} tells something of the railway" for number in range(20))
TEASER = (
    "The railway has opened a second track between the harbour and the mountains, the ministry said on Monday"
)
STORY = f"{TEASER}. " + " ".join(f"Passengers told reporter {n} about the journey." for n in range(30))


@pytest.mark.parametrize(
    "end",
    [
        " [&#8230;]",
        " [...]",
        "…",
        "...",
        '... <a href="/x">Read more</a>',
        '&#8230; <a class="more-link">Continue reading <span>The second track</span></a>',
        "<p>Читать далее →</p>",
        "<p><a>Подробнее</a></p>",
        "<p>Толығырақ…</p>",
        "<p>Кененирээк</p>",
        "<p>Batafsil »</p>",
        "<p>Davomini o‘qish</p>",
        "<p>Муфассал...</p>",
        "<p>Doly okamak</p>",
        "<p>ادامه مطلب</p>",
    ],
)
def test_a_text_that_ends_so_is_cut(end: str) -> None:
    assert is_cut(f"<p>{LONG}{end}</p>", LONG)


@pytest.mark.parametrize(
    "between",
    ["</b> <b>", '</b> <a href="https://site.example/a/long/path/">x</a> <b>', "</b>\n<!-- x --><b>"],
)
def test_the_end_of_a_text_is_found_among_tags(between: str) -> None:
    html = f"<p><b>{between.join(LONG.split())}</b></p>"
    assert not is_cut(html, LONG)
    assert is_cut(f"{html}<p><i>Читать</i> далее</p>", LONG)
    assert is_cut(f"{html}&#8230;", LONG)


@pytest.mark.parametrize(
    "end",
    [
        ".",
        "<p>“Wait... what?” he asked.</p>",
        "<p>Read more books, the minister said.</p>",
        "<p>Подробнее он не сказал.</p>",
    ],
)
def test_a_text_that_only_holds_such_words_is_whole(end: str) -> None:
    assert not is_cut(f"<p>{LONG}</p>{end}", LONG)


def test_a_headline_or_a_short_teaser_is_cut() -> None:
    assert is_cut("", "")
    assert is_cut(f"<p>{TEASER}.</p>", TEASER)


def test_a_longer_text_of_the_same_article_is_taken() -> None:
    assert refusal(TEASER, STORY) == ""
    assert refusal("", STORY) == ""


@pytest.mark.parametrize(
    ("feed", "full", "obstacle", "why"),
    [
        (STORY, TEASER, Obstacle.NONE, NO_BETTER),
        (STORY, STORY, Obstacle.NONE, NO_BETTER),
        (TEASER, LONG.replace("railway", "melon"), Obstacle.NONE, SOMETHING_ELSE),
        (TEASER, f"{TEASER} Subscribe to read this article.", Obstacle.PAYWALL, str(Obstacle.PAYWALL)),
        (TEASER, "", Obstacle.SCRIPT, str(Obstacle.SCRIPT)),
        ("", "Not found", Obstacle.NONE, str(Obstacle.NO_ARTICLE)),
    ],
)
def test_a_text_that_is_worse_is_refused_with_a_sentence(
    feed: str, full: str, obstacle: Obstacle, why: str
) -> None:
    assert refusal(feed, full, obstacle) == why


def test_a_page_that_shows_the_whole_article_is_taken_though_it_speaks_of_subscriptions() -> None:
    whole = f"{STORY} " * 3
    assert refusal(TEASER, whole, Obstacle.PAYWALL) == ""
