"""Writes an article: headline, text, lists, tables and figures; the same for the same seed and number."""

from __future__ import annotations

import html
import random
from datetime import datetime
from functools import partial
from typing import NamedTuple

from desktop.demo.figures import Figure, figures_of
from desktop.demo.posts import Plan, Post
from desktop.demo.tables import table_of
from desktop.demo.texts import Sections, Voice

_PER_DOLLAR = {
    "kazakhstan": 473.0,
    "kyrgyzstan": 87.45,
    "tajikistan": 9.26,
    "turkmenistan": 3.5,
    "uzbekistan": 12075.0,
}
_GROUPING = {"en": ",", "fa": ",", "ug": ","}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Shape(NamedTuple):
    """Which odd forms an article takes."""

    picture: bool
    caption: str  # "", "figure", "block" or "raw": how the second picture is written
    gallery: bool
    bullets: bool
    emoji: bool
    quote: bool
    updated: bool


def shape_of(post_id: int) -> Shape:
    """The forms by number, spread so that each is found among any few dozen articles."""
    caption = {1: "figure", 3: "block", 5: "raw"}.get(post_id % 7, "")
    return Shape(
        picture=post_id % 6 != 4,
        caption=caption,
        gallery=post_id % 29 == 8,
        bullets=post_id % 5 == 2,
        emoji=post_id % 23 == 6,
        quote=post_id % 4 == 1,
        updated=post_id % 13 == 5,
    )


class Writer:
    """Composes titles and bodies from the texts."""

    def __init__(self, sections: Sections, seed: int, root: str = "") -> None:
        self._sections = sections
        self._seed = seed
        self._root = root

    def is_updated(self, post_id: int) -> bool:
        return shape_of(post_id).updated

    def title(self, post_id: int, plan: Plan, when: datetime) -> str:
        """The headline as plain text."""
        return self._open(post_id, plan, when)[1]

    def body(self, post: Post) -> list[str]:
        """The blocks of the text as HTML, in order; `[gallery]` and figures of pictures are blocks too."""
        voice, _, lede = self._open(post.id, post.plan, post.published)
        theme = post.plan.theme.name
        shape = shape_of(post.id)
        lede = lede or voice.draw(f"{theme}.lede")
        blocks = [_paragraph(f"{lede} {voice.draw(f'{theme}.text')}")]
        blocks += self._middle(voice, post, shape)
        for place, block in self._extras(post, voice, shape):
            blocks.insert(min(place, len(blocks)), block)
        update = f"{_register(post)}.update"
        if post.modified > post.published and shape.updated and voice.has(update):
            blocks.append(f"<p><strong>{_escape(voice.draw(update))}</strong></p>")
        if post.edition:
            blocks.insert(0, f"<p><em>Corrected text, edition {post.edition + 1}.</em></p>")
        return blocks

    def pictures(self, post: Post) -> list[Figure]:
        """The pictures of an article: the featured one first, then those of the text."""
        voice, _, _ = self._open(post.id, post.plan, post.published)
        count = 6 if shape_of(post.id).gallery else 2
        return figures_of(post, self._root, count, partial(voice.draw, f"{post.plan.theme.name}.caption"))

    def _middle(self, voice: Voice, post: Post, shape: Shape) -> list[str]:
        theme, ending = post.plan.theme.name, f"{_register(post)}.ending"
        blocks: list[str] = []
        for number in range(voice.rng.randint(3, 5)):
            if number == 2 and voice.has(f"{theme}.subhead"):
                blocks.append(f"<h3>{_escape(voice.draw(f'{theme}.subhead'))}</h3>")
            if not voice.has(f"{theme}.text"):
                break
            text = voice.draw(f"{theme}.text")
            if number % 2 and voice.has(f"{theme}.quote"):
                text = f"{text} {voice.draw(f'{theme}.quote')}"
            blocks.append(_paragraph(text))
        if shape.quote and voice.has(f"{theme}.quote"):
            quoted = _escape(voice.draw(f"{theme}.quote"))
            blocks.insert(2, f'<blockquote class="wp-block-quote">\n<p>{quoted}</p>\n</blockquote>')
        if voice.has(ending):
            blocks.append(_paragraph(voice.draw(ending)))
        return blocks

    def _extras(self, post: Post, voice: Voice, shape: Shape) -> list[tuple[int, str]]:
        extras: list[tuple[int, str]] = []
        theme = post.plan.theme.name
        pictures = self.pictures(post)
        if shape.bullets and voice.has(f"{theme}.item"):
            items = "".join(f"<li>{_escape(voice.draw(f'{theme}.item'))}</li>\n" for _ in range(3))
            title = next((name for name in (f"{theme}.list", f"{post.language}.list") if voice.has(name)), "")
            extras.append(
                (3, f"{_paragraph(voice.draw(title)) if title else ''}\n<ul>\n{items}</ul>".strip())
            )
        if table := table_of(post, voice):
            extras.append((4, table))
        if shape.caption:
            extras.append((2, pictures[1].markup(shape.caption)))
        if shape.gallery:
            extras.append((5, "[gallery]"))
        if shape.emoji and voice.has(f"{post.language}.emoji"):
            extras.append((99, _paragraph(voice.draw(f"{post.language}.emoji"))))
        return extras

    def _open(self, post_id: int, plan: Plan, when: datetime) -> tuple[Voice, str, str]:
        """The voice of an article after it has said the headline and, where it has one, the headline's sentence."""
        voice = self._voice(post_id, plan, when)
        title, _, lede = plan.headline.partition("|")
        return voice, voice.say(title.strip()), voice.say(lede.strip())

    def _voice(self, post_id: int, plan: Plan, when: datetime) -> Voice:
        rng = random.Random(f"{self._seed} {post_id}")
        language = plan.theme.language
        separator = _GROUPING.get(language, "\u00a0")
        calls = {"usd": partial(self._money, rng, plan)}
        return Voice(self._sections, self._facts(plan, when, rng), rng, separator=separator, calls=calls)

    def _facts(self, plan: Plan, when: datetime, rng: random.Random) -> dict[str, str]:
        """What stays the same throughout an article: its place and its time."""
        language = plan.theme.language
        home = (
            f"{plan.country}.{language}"
            if f"{plan.country}.{language}.city" in self._sections
            else plan.country
        )
        facts = {"month": _MONTHS[when.month - 1], "year": str(when.year), "next_year": str(when.year + 1)}
        facts["last_year"] = str(when.year - 1)
        for kind in ("country", "people", "capital", "money", "river", "region", "pass", "port"):
            if lines := self._sections.get(f"{home}.{kind}"):
                facts[kind] = rng.choice(lines)
        facts["city"], facts["town"] = rng.sample(self._sections[f"{home}.city"], 2)
        return facts

    def _money(self, rng: random.Random, plan: Plan, argument: str) -> str:
        """An amount of millions in dollars with the local one: "usd 3-40"."""
        low, high = (float(part) for part in argument.split("-"))
        dollars = rng.uniform(low, high)
        dollars = round(dollars) if dollars >= 10 else round(dollars, 1 if dollars >= 1 else 3)
        shown = f"${dollars:g} million" if dollars >= 1 else f"${round(dollars * 1000)},000"
        currency = self._sections[f"{plan.country}.money"][0]
        return f"{shown} ({_millions(dollars * _PER_DOLLAR[plan.country])} {currency})"


def _register(post: Post) -> str:
    """Which endings and updates suit an article: those of its language, but opinion has its own."""
    return post.plan.theme.category if post.plan.theme.category == "opinion" else post.language


def _millions(amount: float) -> str:
    """An amount given in millions, in words."""
    for size, name in ((1_000_000, "trillion"), (1_000, "billion")):
        if amount >= size:
            return f"{amount / size:.1f} {name}"
    return f"{amount:.{0 if amount >= 10 else 1}f} million"


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _paragraph(text: str) -> str:
    return f"<p>{_escape(text)}</p>"
