"""The articles of the demo site: who is published when, and what changes while the site lives."""

from __future__ import annotations

import random
import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from desktop.demo.posts import Plan, Post, plans
from desktop.demo.texts import Sections
from desktop.demo.writer import Writer

FIRST_ID = 101
SPAN = timedelta(days=730)
_BUSY = 60  # the newest articles are close together, as on a working day


class Newsroom:
    """All articles, newest first. Readers take `posts` once and work on that; writers replace it."""

    def __init__(self, sections: Sections, seed: int, start: datetime, count: int, root: str) -> None:
        self.writer = Writer(sections, seed, root)
        self._plans = plans(sections, random.Random(f"{seed} plans"))
        self._rng = random.Random(f"{seed} changes")
        self._lock = threading.Lock()
        self._slugs: set[str] = set()
        self._next_id = FIRST_ID
        times = _times(start, count, random.Random(f"{seed} times"))
        made = [self._make(next(self._plans), when, start) for when in times]
        self.posts: tuple[Post, ...] = tuple(reversed(made))

    @property
    def modified(self) -> datetime:
        """The newest change of any published article."""
        return max(post.modified for post in self.posts)

    def by_id(self, post_id: int) -> Post | None:
        return next((post for post in self.posts if post.id == post_id), None)

    def by_slug(self, slug: str) -> Post | None:
        return next((post for post in self.posts if post.slug == slug), None)

    def publish(self, now: datetime) -> Post:
        """Write the next article."""
        with self._lock:
            post = self._make(next(self._plans), now.replace(microsecond=0), now)
            self.posts = (post, *self.posts)
            return post

    def edit(self, post_id: int, now: datetime) -> Post:
        """Change the text of an article. KeyError when there is none of that id."""
        with self._lock:
            old = self._existing(post_id)
            new = replace(old, edition=old.edition + 1, modified=now.replace(microsecond=0))
            self.posts = tuple(new if post is old else post for post in self.posts)
            return new

    def insert(self, when: datetime, count: int, now: datetime) -> list[Post]:
        """Write `count` articles that are all dated `when`, in one second."""
        with self._lock:
            made = [self._make(next(self._plans), when.replace(microsecond=0), now) for _ in range(count)]
            self.posts = tuple(sorted((*made, *self.posts), key=_date, reverse=True))
            return made

    def restore(self, post: Post, now: datetime) -> None:
        """Put an article back that was taken off the site."""
        with self._lock:
            back = replace(post, modified=now.replace(microsecond=0))
            self.posts = tuple(sorted((back, *self.posts), key=_date, reverse=True))

    def delete(self, post_id: int) -> None:
        """Take an article off the site. KeyError when there is none of that id."""
        with self._lock:
            gone = self._existing(post_id)
            self.posts = tuple(post for post in self.posts if post is not gone)

    def _existing(self, post_id: int) -> Post:
        post = self.by_id(post_id)
        if post is None:
            raise KeyError(post_id)
        return post

    def _make(self, plan: Plan, when: datetime, now: datetime) -> Post:
        post_id = self._next_id
        self._next_id += 1
        title = self.writer.title(post_id, plan, when)
        later = when + timedelta(minutes=50 + post_id % 400)
        updated = later if self.writer.is_updated(post_id) and later < now else when
        return Post(post_id, self._slug(title), title, plan, when, updated)

    def _slug(self, title: str) -> str:
        base = slugify(title)
        slug, number = base, 2
        while slug in self._slugs:
            slug, number = f"{base}-{number}", number + 1
        self._slugs.add(slug)
        return slug


def _date(post: Post) -> tuple[datetime, int]:
    return post.published, post.id


def slugify(title: str) -> str:
    """The last part of an article's address: other scripts stay as they are, apostrophes vanish."""
    text = unicodedata.normalize("NFC", title).lower().replace("’", "").replace("ʻ", "").replace("ʼ", "")
    return re.sub(r"[^\w]+", "-", text).strip("-")[:120].strip("-")


def _times(start: datetime, count: int, rng: random.Random) -> Sequence[datetime]:
    """When the articles came out, oldest first: the last some minutes ago, the first two years back."""
    when = start.replace(microsecond=0) - timedelta(minutes=7)
    times: list[datetime] = []
    rest = max(1, count - _BUSY)
    for number in range(count):
        times.append(when)
        mean = 75.0 if number < _BUSY else (SPAN.total_seconds() / 60 - 75 * _BUSY) / rest
        when -= timedelta(seconds=round(60 * mean * rng.uniform(0.3, 1.7)))
    return times[::-1]
