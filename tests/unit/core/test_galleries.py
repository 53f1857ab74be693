"""Pictures without a text between them stand side by side; all others, and all words, stay as they were."""

from __future__ import annotations

import re

import pytest

from desktop.core.html import galleries
from desktop.core.html.display import for_display
from desktop.core.html.galleries import columns
from desktop.core.models import StoredImage

IMAGES = {f"k{n}": StoredImage(f"k{n}", "", f"k{n}", "png", 300, 200) for n in range(9)}


def figure(number: int, caption: str = "") -> str:
    words = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><a href="https://a.test/{number}"><img src="cache:k{number}" alt=""></a>{words}</figure>'


def figures(first: int, last: int) -> str:
    return " ".join(figure(number) for number in range(first, last))


def places(html: str) -> list[str]:
    """What stands side by side: the pictures with their places."""
    return re.findall(r"cache:(k\d#\d/\d)", for_display(html, IMAGES))


def test_figures_within_a_figure_stand_side_by_side_with_their_captions_once() -> None:
    html = f"<p>A</p><figure>{figure(0, 'One')}{figure(1)}{figure(2, 'Three')}<figcaption>All</figcaption></figure>"
    shown = for_display(html, IMAGES)
    assert places(html) == ["k0#0/3", "k1#1/3", "k2#2/3"]
    assert shown.count("<img") == 3
    assert '<p class="caption" align="center">One · Three · All</p>' in shown
    assert "https://a.test" not in shown  # a click opens the picture


def test_three_figures_in_a_row_stand_side_by_side_and_two_below_each_other() -> None:
    assert places(figures(0, 3)) == ["k0#0/3", "k1#1/3", "k2#2/3"]
    assert places(figures(0, 2)) == []
    assert places(f"{figures(0, 2)}<p>Words</p>{figures(2, 4)}") == []


def test_a_picture_before_a_gallery_stays_large() -> None:
    html = f"{figure(0)}<figure>{figures(1, 5)}</figure>{figure(5)}"
    assert places(html) == ["k1#0/2", "k2#1/2", "k3#0/2", "k4#1/2"]
    assert for_display(html, IMAGES).count("<img") == 6


@pytest.mark.parametrize(
    "html",
    [
        f"<figure>{figure(0)}words{figure(1)}</figure>",
        f"<figure>{figure(0)}<table><tr><td>{figure(1)}</td></tr></table></figure>",
        f"<table><tr><td><figure>{figures(0, 3)}</figure></td></tr></table>",
        '<figure><figure><img src="cache:unknown"></figure>' + figure(1) + "</figure>",
    ],
)
def test_what_is_no_gallery_stays_as_it_was(html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert places(html) == []
    shown = for_display(html, IMAGES)
    monkeypatch.setattr(galleries, "MOST_TOKENS", 1)
    assert for_display(html, IMAGES) == shown


def test_a_gallery_that_never_ends_is_not_waited_for() -> None:
    html = "<figure>" + "<p>Words</p>" * 3_000
    assert for_display(html, {}).count("Words") == 3_000


@pytest.mark.parametrize(("pictures", "beside"), [(2, 2), (3, 3), (4, 2), (5, 3), (6, 3)])
def test_rows_are_filled(pictures: int, beside: int) -> None:
    assert columns(pictures) == beside
