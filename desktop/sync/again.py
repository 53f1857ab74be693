"""Fetch again what one article lacks, because the person asked: its full text and its missing pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from desktop.net.http import Http
from desktop.store.full_texts import WantedText
from desktop.sync import pictures
from desktop.sync.fulltext import fetch_posts_of, fetch_text, keep
from desktop.sync.lane import Write
from desktop.sync.pictures import fetch_picture


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came. `problem` says why the full text did not, "" when it did or was not asked for."""

    full_text: bool = False
    problem: str = ""
    pictures: int = 0
    missing: int = 0


def fetch_again(
    http: Http, write: Write, article_id: int, now: Callable[[], datetime], *, text: bool
) -> Fetched:
    """Ask once for everything that is missing, whatever was to be waited for; the full text only with `text`.

    Raises OfflineError and StoppedError; what came before is stored.
    """
    wanted = write(lambda store: store.full_texts.one(article_id)) if text else None
    problem = _full_text(http, write, wanted, now) if wanted is not None else ""
    stored = missing = 0
    write(
        lambda store: store.packs.want_texts([article_id])
    )  # what only the feed knows comes with the next refresh
    write(lambda store: store.images.forget_damaged(article_id))
    for picture in write(lambda store: store.images.missing_of(article_id)):
        fetched = fetch_picture(http, picture.key, picture.url, picture.source_url)
        write(partial(pictures.keep, fetched=fetched, now=now()))
        stored += not fetched.problem
        missing += bool(fetched.problem)
    return Fetched(wanted is not None and not problem, problem, stored, missing)


def _full_text(http: Http, write: Write, wanted: WantedText, now: Callable[[], datetime]) -> str:
    posts = fetch_posts_of(http, [wanted])
    fetched = posts.get(wanted.article_id) or fetch_text(http, wanted)
    write(partial(keep, fetched=fetched, now=now()))
    return fetched.problem
