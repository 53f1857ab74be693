"""One refresh: news and rates, then full texts, then pictures. The window and the command line run this same pipeline.

    sources, by host  | xargs -P 6 fetch_source   | write: articles.apply -> SourceDone
    rate providers    | xargs -P 6 fetch_provider | write: keep_quotes    -> RatesDone
    rate providers    | xargs -P 6 fetch_provider | write: keep_quotes    -> RatesDone
    alerts            |                           | write: alerts.record  -> AlertsFired
    full texts wanted | xargs -P 6 fetch_text     | write: full_texts.put -> FullTextDone
    pictures wanted   | xargs -P 6 fetch_picture  | write: images.put     -> PicturesDone

Only fetching is parallel, and never two requests to one host; every write goes through `write`, one at a time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

from desktop.core.errors import AppError, FetchError, OfflineError, StoppedError, UsageError
from desktop.core.models import Changes, Source, SourceKind
from desktop.core.schedule import is_due
from desktop.net.http import Http
from desktop.store import Store
from desktop.store.full_texts import WantedText
from desktop.store.images import Wanted
from desktop.sync import pictures
from desktop.sync.alerts import evaluate_alerts
from desktop.sync.catch_up import plan_missed_days
from desktop.sync.fulltext import FetchedText, fetch_posts_of, fetch_text, keep
from desktop.sync.lane import Write
from desktop.sync.news import FetchedSource, NewsRules, fetch_source
from desktop.sync.pace import Pace
from desktop.sync.pictures import fetch_picture
from desktop.sync.rate_history import PACE_S, HistoryStep, RateHistory
from desktop.sync.rate_keeping import Kept, keep_quotes
from desktop.sync.rates import Bank, FetchedRates, banks, fetch_rates
from desktop.sync.report import (
    AlertsFired,
    Event,
    FullTextDone,
    PicturesDone,
    Plan,
    RatesDone,
    SourceDone,
    Step,
    Summary,
    TextDone,
)
from desktop.sync.withdrawn import look_for_withdrawn

log = logging.getLogger(__name__)

T = TypeVar("T")
FETCHERS = 6
PICTURES_A_ROUND = 48  # so that the newest articles are whole first, whatever their hosts
MOST_PICTURES = 10_000
TEXTS_A_ROUND = 48
MOST_TEXTS = 500  # of one refresh: the rest comes with the next


class Refresh:
    """One run over a plan. `report` is called from the fetching threads."""

    def __init__(
        self, http: Http, write: Write, report: Callable[[Event], None], now: Callable[[], datetime]
    ) -> None:
        self._http = http
        self._write = write
        self._tell = report
        self._now = now
        self._lock = threading.Lock()
        self._done = 0
        self._total = 0
        self._summary = Summary()
        self._faults: list[Exception] = []

    def run(self, plan: Plan) -> Summary:
        """Do it all; the fault of one source is reported and stops no other. A fault of ours is raised at the end."""
        now = self._now()
        sources = self._write(lambda store: _chosen(store, plan, now)) if plan.news else []
        asked = self._write(lambda store: banks(store, now, only_due=plan.only_due)) if plan.rates else []
        rules = self._write(_news_rules)
        self._total = len(sources) + len(asked)
        with ThreadPoolExecutor(FETCHERS, "fetch") as pool:
            jobs: list[Callable[[], None]] = [partial(self._ask_bank, bank) for bank in asked]
            jobs += [partial(self._ask_host, group, rules) for group in _by_host(sources, lambda s: s.url)]
            self._all(pool, jobs)
            self._ask_next(pool, plan, {bank.provider.id for bank in asked})
            if plan.rates:
                self._look_at_alerts()
            self._tell(TextDone(bool(jobs) and not self._over))
            if plan.news and plan.full_texts:
                self._fetch_full_texts(pool)
            if plan.news and plan.pictures and self._write(_wants_pictures):
                self._fetch_pictures(pool)
        if self._faults:
            raise self._faults[0]
        return self._summary

    def _ask_next(self, pool: ThreadPoolExecutor, plan: Plan, asked: set[str]) -> None:
        """Where a bank failed, ask the next that can answer, until one can or nobody is left."""
        while plan.rates and not self._over:
            then = self._write(partial(banks, now=self._now(), only_due=plan.only_due, asked=asked.copy()))
            if not then:
                return
            self._total += len(then)
            asked.update(bank.provider.id for bank in then)
            self._all(pool, [partial(self._ask_bank, bank) for bank in then])

    @property
    def _over(self) -> bool:
        return self._summary.stopped or self._summary.offline

    def _all(self, pool: ThreadPoolExecutor, jobs: Iterable[Callable[[], None]]) -> None:
        for future in [pool.submit(job) for job in jobs]:
            future.result()

    def _step(self, label: str) -> None:
        with self._lock:
            self._done += 1
            step = Step(self._done, self._total, label)
        self._tell(step)

    def _end_by(self, error: AppError | None) -> bool:
        """Note that the person stopped us or that we are offline: nobody else is asked then."""
        if isinstance(error, StoppedError):
            self._summary.stopped = True
        elif isinstance(error, OfflineError):
            self._summary.offline = True
        else:
            return False
        return True

    def _ask_host(self, sources: list[Source], rules: NewsRules) -> None:
        """Ask the sources of one host in turn; when the host itself refuses, the rest of them waits too."""
        for source in sources:
            if self._over:
                return
            try:
                self._ask_source(source, rules)
            except AppError:  # of the store: there is no sense in going on
                raise
            except Exception as fault:  # noqa: BLE001 - one source that we stumble over must not hide all others
                log.error("stumbled over source %d", source.id)
                self._faults.append(fault)

    def _ask_source(self, source: Source, rules: NewsRules) -> None:
        self._tell(Step(self._done, self._total, source.title))
        fetched = fetch_source(self._http, source, self._now(), rules)
        changes = self._write(partial(_keep_source, fetched=fetched, now=self._now()))
        if source.kind is SourceKind.WORDPRESS and fetched.error is None:
            changes = self._look_for_withdrawn(source, fetched, changes)
        if self._end_by(fetched.error):
            return
        done = SourceDone(source, changes, fetched.error)
        self._summary.sources.append(done)
        self._tell(done)
        self._step(source.title)

    def _look_for_withdrawn(self, source: Source, fetched: FetchedSource, changes: Changes) -> Changes:
        is_asked = fetched.feed is not None and fetched.feed.format == "wordpress"
        found = look_for_withdrawn(self._http, self._write, source, self._now(), is_asked=is_asked)
        updated = tuple(dict.fromkeys((*changes.updated, *found.updated)))
        return replace(changes, updated=updated, withdrawn=found.withdrawn)

    def _ask_bank(self, bank: Bank) -> None:
        if self._over:
            return
        fetched = fetch_rates(self._http, bank, self._now())
        if self._end_by(fetched.error):
            return
        kept = self._write(partial(_keep_rates, fetched=fetched, now=self._now()))
        done = RatesDone(bank.provider.id, kept.new, fetched.error, kept.held, bank.is_witness)
        self._summary.rates.append(done)
        self._tell(done)
        self._step(bank.provider.name)

    def _look_at_alerts(self) -> None:
        """See what the new rates set off, and those that an interrupted run stored and did not look at."""
        missed = self._write(lambda store: plan_missed_days(store, self._now()))
        if missed.tasks and not self._over:
            self._total += missed.requests
            pace = self._write(lambda store: store.settings.get("rates.history_pace", PACE_S))
            history = RateHistory(self._http, self._write, self._on_history, self._now, pace)
            for error in history.run(missed).problems:
                self._end_by(error)
        fired = self._write(lambda store: evaluate_alerts(store, self._now()))
        self._summary.alerts = fired
        if fired:
            self._tell(AlertsFired(fired))

    def _on_history(self, step: HistoryStep) -> None:
        self._step(step.label)

    def _fetch_full_texts(self, pool: ThreadPoolExecutor) -> None:
        """Fetch what the rules of the sources ask for and we lack, the newest articles first."""
        wanted = [] if self._over else self._write(lambda store: _texts_wanted(store, self._now()))
        pause = self._write(lambda store: store.settings.get("archive.pause", PACE_S))
        self._done, self._total = 0, len(wanted)
        for start in range(0, len(wanted), TEXTS_A_ROUND):
            part = wanted[start : start + TEXTS_A_ROUND]
            self._all(
                pool, [partial(self._full_text_host, g, Pace(pause)) for g in _by_host(part, lambda w: w.url)]
            )

    def _full_text_host(self, wanted: list[WantedText], pace: Pace) -> None:
        """Ask one host for its articles in turn, until it wants to be left alone."""
        try:
            posts = {} if self._over else fetch_posts_of(self._http, wanted)
            for each in wanted:
                if self._over:
                    return
                fetched = posts.get(each.article_id) or _paced(pace, self._http, each)
                self._write(partial(keep, fetched=fetched, now=self._now()))
                with self._lock:
                    self._summary.full_texts_stored += not fetched.problem
                    self._summary.full_texts_missing += bool(fetched.problem)
                self._tell(FullTextDone(each.article_id, fetched.problem))
                self._step("full texts")
                if fetched.leave:
                    return
        except FetchError as error:
            self._end_by(error)
        except AppError:  # of the store: there is no sense in going on
            raise
        except Exception as fault:  # noqa: BLE001 - one page that we stumble over must not hide all others
            log.error("stumbled over a page of %s", urlsplit(wanted[0].url).hostname)
            self._faults.append(fault)

    def _fetch_pictures(self, pool: ThreadPoolExecutor) -> None:
        """Fetch what articles show and we lack, newest articles first, until nothing is wanted any more."""
        while not self._over:
            wanted = self._write(lambda store: store.images.wanted(MOST_PICTURES, self._now()))
            if not wanted:
                return
            self._done, self._total = 0, len(wanted)  # pictures are counted for themselves
            for start in range(0, len(wanted), PICTURES_A_ROUND):
                if self._over:
                    return
                part = wanted[start : start + PICTURES_A_ROUND]
                self._all(pool, [partial(self._picture_host, g) for g in _by_host(part, lambda w: w.url)])

    def _picture_host(self, wanted: list[Wanted]) -> None:
        for picture in wanted:
            if self._over:
                return
            try:
                fetched = fetch_picture(self._http, picture.key, picture.url, picture.source_url)
            except FetchError as error:
                self._end_by(error)
                return
            articles = self._write(partial(pictures.keep, fetched=fetched, now=self._now()))
            with self._lock:
                self._summary.pictures_stored += not fetched.problem
                self._summary.pictures_missing += bool(fetched.problem)
            self._tell(PicturesDone(int(not fetched.problem), int(bool(fetched.problem)), articles))
            self._step("pictures")


def _news_rules(store: Store) -> NewsRules:
    return NewsRules(
        interval=timedelta(minutes=max(1, store.settings.get("refresh.minutes", 30))),
        first_articles=max(1, store.settings.get("news.first_articles", 100)),
    )


def _paced(pace: Pace, http: Http, wanted: WantedText) -> FetchedText:
    pace()
    return fetch_text(http, wanted)


def _texts_wanted(store: Store, now: datetime) -> list[WantedText]:
    return store.full_texts.wanted(MOST_TEXTS, now) if store.settings.get("news.full_text", True) else []


def _wants_pictures(store: Store) -> bool:
    return store.settings.get("news.pictures", True)


def _chosen(store: Store, plan: Plan, now: datetime) -> list[Source]:
    if plan.sources is not None:
        return [store.sources.get(source_id) for source_id in plan.sources]
    sources = [source for source in store.sources.all() if source.enabled]
    if plan.only_due:
        sources = [source for source in sources if is_due(source.state.next_due, now)]
    return sources


def _by_host(items: Iterable[T], url: Callable[[T], str]) -> list[list[T]]:
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(urlsplit(url(item)).netloc, []).append(item)
    return list(groups.values())


def _keep_source(store: Store, fetched: FetchedSource, now: datetime) -> Changes:
    if fetched.feed is not None:
        try:
            return store.articles.apply(fetched.source.id, fetched.feed, fetched.state, now)
        except UsageError:  # the person removed the source while it was asked
            return Changes()
    if fetched.state != fetched.source.state:
        store.sources.save_state(fetched.source.id, fetched.state)
    return Changes()


def _keep_rates(store: Store, fetched: FetchedRates, now: datetime) -> Kept:
    kept = keep_quotes(store, fetched.quotes, now)
    store.rates.save_state(fetched.state)
    return kept
