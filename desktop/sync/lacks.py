"""What stored articles lack: their full texts and their pictures, of all articles or of those of a pack."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from desktop.core.errors import AppError, FetchError
from desktop.core.settings import PICTURE_KB, SaveData
from desktop.store import Store
from desktop.store.full_texts import WantedText
from desktop.store.images import Wanted
from desktop.sync import pictures
from desktop.sync.fulltext import FetchedText, fetch_posts_of, fetch_text, keep
from desktop.sync.pace import PACE_S, Pace
from desktop.sync.pictures import FetchedPicture, fetch_picture
from desktop.sync.report import FullTextDone, PicturesDone
from desktop.sync.run import Run, by_host

log = logging.getLogger(__name__)

A_ROUND = 48  # so that the newest articles are whole first, whatever their hosts
MOST = 10_000
PATIENCE = 2  # faults of a host in a row, before its other pictures are left for another run


class Lacks:
    """Fetches within a run, the newest articles first. With a pack: for its articles alone, within its budget."""

    def __init__(self, run: Run, pack: int | None = None) -> None:
        self._run = run
        self._pack = pack
        self._failed: dict[str, FetchedText] = {}  # by address: several sources may have the article
        self._host_faults: Counter[str] = Counter()  # in a row; a host is asked by one thread at a time
        self._largest = None if pack else run.write(lambda store: _largest(store, metered=run.http.metered))
        self._room = run.write(lambda store: store.packs.room(pack)) if pack else 0

    def fetch_texts(self, most: int = MOST) -> None:
        """Fetch the full texts that the rules of the sources ask for."""
        run = self._run
        pause = run.write(lambda store: store.settings.get("archive.pause", PACE_S))
        wanted = [] if self._over else run.write(lambda s: s.full_texts.wanted(most, run.now(), self._pack))
        run.count_to(len(wanted))
        for start in range(0, len(wanted), A_ROUND):
            part = wanted[start : start + A_ROUND]
            run.all(partial(self._text_host, g, Pace(pause)) for g in by_host(part, lambda w: w.url))

    def fetch_pictures(self) -> None:
        """Fetch the pictures that articles show, until nothing is wanted any more."""
        run = self._run
        while not self._over and self._largest != 0:
            wanted = run.write(lambda store: store.images.wanted(MOST, run.now(), self._pack))
            if not wanted:
                return
            run.count_to(len(wanted))  # pictures are counted for themselves
            for start in range(0, len(wanted), A_ROUND):
                part = wanted[start : start + A_ROUND]
                run.all(partial(self._picture_host, g) for g in by_host(part, lambda w: w.url))

    @property
    def _over(self) -> bool:
        return self._run.over or (self._pack is not None and self._room <= 0)

    def _text_host(self, wanted: list[WantedText], pace: Pace) -> None:
        """Ask one host for its articles in turn, until it wants to be left alone."""
        try:
            with self._run.metered(wanted[0].source_id):
                posts = {} if self._over else fetch_posts_of(self._run.http, wanted)
            for each in wanted:
                if self._over or self._text(each, posts.get(each.article_id), pace):
                    return
        except FetchError as error:
            self._run.end_by(error)
        except AppError:  # of the store: there is no sense in going on
            raise
        except Exception as fault:  # noqa: BLE001 - one page that we stumble over must not hide all others
            log.error("stumbled over a page of %s", urlsplit(wanted[0].url).hostname)
            self._run.faults.append(fault)

    def _text(self, wanted: WantedText, post: FetchedText | None, pace: Pace) -> bool:
        """Fetch one text; whether its host wants to be left alone."""
        run = self._run
        same = self._failed.get(wanted.url)
        if post is None and same is None:
            pace()
        with run.metered(wanted.source_id):
            again = same and replace(same, article_id=wanted.article_id)
            fetched = post or again or fetch_text(run.http, wanted)
        if fetched.problem:
            self._failed[wanted.url] = fetched
        run.write(partial(keep, fetched=fetched, now=run.now()))
        with run.lock:
            run.summary.full_texts_stored += not fetched.problem
            run.summary.full_texts_missing += bool(fetched.problem)
            self._room -= len(fetched.full.html) // 3 if fetched.full else 0  # as it is packed
        run.tell(FullTextDone(wanted.article_id, fetched.problem))
        run.step("full texts")
        return fetched.leave

    def _picture_host(self, wanted: list[Wanted]) -> None:
        for picture in wanted:
            if self._over:
                return
            try:
                self._picture(picture)
            except FetchError as error:
                self._run.end_by(error)
                return

    def _picture(self, wanted: Wanted) -> None:
        run = self._run
        host = urlsplit(wanted.url).hostname or ""
        if self._host_faults[host] >= PATIENCE:  # or a thousand pictures wait for its name, ten seconds each
            fetched = FetchedPicture(wanted.key, wanted.url, problem=f"{host} could not be reached.")
        else:
            with run.metered(wanted.source_id):
                fetched = fetch_picture(run.http, wanted.key, wanted.url, wanted.source_url, self._largest)
            self._host_faults[host] = self._host_faults[host] + 1 if fetched.host_fails else 0
        articles = run.write(partial(pictures.keep, fetched=fetched, now=run.now()))
        with run.lock:
            run.summary.pictures_stored += not fetched.problem
            run.summary.pictures_missing += bool(fetched.problem)
            self._room -= len(fetched.body)
        run.tell(PicturesDone(int(not fetched.problem), int(bool(fetched.problem)), articles))
        run.step("pictures")


def _largest(store: Store, *, metered: bool) -> int | None:
    """How many bytes a picture may have where the person saves data; None without a bound, 0 for no picture."""
    when = store.settings.get("network.save_data", SaveData.NEVER.value)
    if when == SaveData.NEVER or (when == SaveData.METERED and not metered):
        return None
    return max(0, store.settings.get("network.picture_kb", PICTURE_KB)) * 1000
