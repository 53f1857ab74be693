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
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from desktop.core.errors import AppError, UsageError
from desktop.core.models import Changes, Source, SourceKind
from desktop.core.schedule import is_due, is_skipped
from desktop.net.http import Http
from desktop.store import Store
from desktop.sync.alerts import evaluate_alerts
from desktop.sync.catch_up import plan_missed_days
from desktop.sync.lacks import Lacks
from desktop.sync.lane import Write
from desktop.sync.news import FetchedSource, NewsRules, fetch_source
from desktop.sync.rate_history import PACE_S, HistoryStep, RateHistory
from desktop.sync.rate_keeping import Kept, keep_quotes
from desktop.sync.rates import Bank, FetchedRates, banks, fetch_rates
from desktop.sync.report import (
    AlertsFired,
    Event,
    Plan,
    RatesDone,
    SourceDone,
    Step,
    Summary,
    TextDone,
)
from desktop.sync.run import Run, by_host
from desktop.sync.source_care import checked, follow, is_fresh
from desktop.sync.withdrawn import look_for_withdrawn

log = logging.getLogger(__name__)

MOST_TEXTS = 500  # of one refresh: the rest comes with the next


class Refresh:
    """One run over a plan. `report` is called from the fetching threads."""

    def __init__(
        self, http: Http, write: Write, report: Callable[[Event], None], now: Callable[[], datetime]
    ) -> None:
        self._run = Run(http, write, report, now)
        self._http = http
        self._write = write
        self._now = now

    def run(self, plan: Plan) -> Summary:
        """Do it all; the fault of one source is reported and stops no other. A fault of ours is raised at the end."""
        now = self._now()
        sources = self._write(lambda store: _chosen(store, plan, now)) if plan.news else []
        if not plan.only_due and plan.sources is None:
            asked_for = len(sources)
            sources = [source for source in sources if not is_fresh(source, now)]
            self._run.summary.left_alone = asked_for - len(sources)
        asked = self._write(lambda store: banks(store, now, only_due=plan.only_due)) if plan.rates else []
        rules = self._write(_news_rules)
        self._run.total = len(sources) + len(asked)
        with self._run:
            jobs: list[Callable[[], None]] = [partial(self._ask_bank, bank) for bank in asked]
            jobs += [partial(self._ask_host, group, rules) for group in by_host(sources, lambda s: s.url)]
            self._run.all(jobs)
            self._ask_next(plan, {bank.provider.id for bank in asked})
            if plan.rates:
                self._look_at_alerts()
            self._run.tell(TextDone(bool(jobs) and not self._run.over))
            lacks = Lacks(self._run)
            if plan.news and plan.full_texts and self._write(_wants_full_texts):
                lacks.fetch_texts(MOST_TEXTS)
            if plan.news and plan.pictures and self._write(_wants_pictures):
                lacks.fetch_pictures()
        return self._run.summary

    def _ask_next(self, plan: Plan, asked: set[str]) -> None:
        """Where a bank failed, ask the next that can answer, until one can or nobody is left."""
        while plan.rates and not self._run.over:
            then = self._write(partial(banks, now=self._now(), only_due=plan.only_due, asked=asked.copy()))
            if not then:
                return
            self._run.total += len(then)
            asked.update(bank.provider.id for bank in then)
            self._run.all([partial(self._ask_bank, bank) for bank in then])

    def _ask_host(self, sources: list[Source], rules: NewsRules) -> None:
        """Ask the sources of one host in turn; when the host itself refuses, the rest of them waits too."""
        for source in sources:
            if self._run.over:
                return
            try:
                self._ask_source(source, rules)
            except AppError:  # of the store: there is no sense in going on
                raise
            except Exception as fault:  # noqa: BLE001 - one source that we stumble over must not hide all others
                log.error("stumbled over source %d", source.id)
                self._run.faults.append(fault)

    def _ask_source(self, source: Source, rules: NewsRules) -> None:
        self._run.tell(Step(self._run.done, self._run.total, source.title))
        with self._run.metered(source.id):
            fetched = fetch_source(self._http, source, self._now(), rules)
            if fetched.state.moved_to:
                fetched = self._write(partial(checked, fetched=fetched, now=self._now()))
            changes = self._write(partial(_keep_source, fetched=fetched, now=self._now()))
            if source.kind is SourceKind.WORDPRESS and fetched.error is None:
                changes = self._look_for_withdrawn(source, fetched, changes)
        if self._run.end_by(fetched.error):
            return
        done = SourceDone(source, changes, fetched.error)
        self._run.summary.sources.append(done)
        self._run.tell(done)
        self._run.step(source.title)

    def _look_for_withdrawn(self, source: Source, fetched: FetchedSource, changes: Changes) -> Changes:
        is_asked = fetched.feed is not None and fetched.feed.format == "wordpress"
        found = look_for_withdrawn(self._http, self._write, source, self._now(), is_asked=is_asked)
        updated = tuple(dict.fromkeys((*changes.updated, *found.updated)))
        return changes._replace(updated=updated, withdrawn=found.withdrawn)

    def _ask_bank(self, bank: Bank) -> None:
        if self._run.over:
            return
        with self._run.metered(0):
            fetched = fetch_rates(self._http, bank, self._now())
        if self._run.end_by(fetched.error):
            return
        kept = self._write(partial(_keep_rates, fetched=fetched, now=self._now()))
        done = RatesDone(bank.provider.id, kept.new, fetched.error, kept.held, bank.is_witness)
        self._run.summary.rates.append(done)
        self._run.tell(done)
        self._run.step(bank.provider.name)

    def _look_at_alerts(self) -> None:
        """See what the new rates set off, and those that an interrupted run stored and did not look at."""
        missed = self._write(lambda store: plan_missed_days(store, self._now()))
        if missed.tasks and not self._run.over:
            self._run.total += missed.requests
            pace = self._write(lambda store: store.settings.get("rates.history_pace", PACE_S))
            history = RateHistory(self._http, self._write, self._on_history, self._now, pace)
            for error in history.run(missed).problems:
                self._run.end_by(error)
        fired = self._write(lambda store: evaluate_alerts(store, self._now()))
        self._run.summary.alerts = fired
        if fired:
            self._run.tell(AlertsFired(fired))

    def _on_history(self, step: HistoryStep) -> None:
        self._run.step(step.label)


def _news_rules(store: Store) -> NewsRules:
    return NewsRules(
        interval=timedelta(minutes=max(1, store.settings.get("refresh.minutes", 30))),
        first_articles=max(1, store.settings.get("news.first_articles", 100)),
    )


def _wants_full_texts(store: Store) -> bool:
    return store.settings.get("news.full_text", True)


def _wants_pictures(store: Store) -> bool:
    return store.settings.get("news.pictures", True)


def _chosen(store: Store, plan: Plan, now: datetime) -> list[Source]:
    if plan.sources is not None:
        return [store.sources.followed(source_id) for source_id in plan.sources]
    sources = [source for source in store.sources.all() if source.enabled]
    if plan.only_due:
        due = [source for source in sources if is_due(source.state.next_due, now, source.state.last_fetch)]
        return [each for each in due if each.state.last_fetch is None or not is_skipped(each.state.wish, now)]
    return sources


def _keep_source(store: Store, fetched: FetchedSource, now: datetime) -> Changes:
    if fetched.feed is not None:
        try:
            changes = store.articles.apply(fetched.source.id, fetched.feed, fetched.state, now)
        except UsageError:  # the person removed the source while it was asked
            return Changes()
        follow(store, fetched, now)
        return changes
    if fetched.state != fetched.source.state:
        store.sources.save_state(fetched.source.id, fetched.state)
        follow(store, fetched, now)
    return Changes()


def _keep_rates(store: Store, fetched: FetchedRates, now: datetime) -> Kept:
    kept = keep_quotes(store, fetched.quotes, now)
    store.rates.save_state(fetched.state)
    return kept
