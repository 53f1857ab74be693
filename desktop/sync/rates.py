"""One bank: ask for its numbers and hand back quotes. Knows the store only to see whom to ask."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from desktop.core.errors import AppError, FetchError, OfflineError, ParseError, StoppedError
from desktop.core.models import Validators
from desktop.core.rates import ProviderState, Quote, QuoteKind
from desktop.core.schedule import is_due, next_attempt
from desktop.core.settings import Setting
from desktop.net.http import RATES, Http
from desktop.net.rates import PROVIDERS, Provider
from desktop.store import Store

log = logging.getLogger(__name__)

# A bank that gives no change of its own is asked for the days before, until one differs: over a long holiday.
DAYS_BACK = 10


@dataclass(frozen=True, slots=True)
class Bank:
    """A provider at its (perhaps configured) address, and what is known of the talks with it."""

    provider: Provider
    state: ProviderState
    interval: timedelta


@dataclass(frozen=True, slots=True)
class FetchedRates:
    """What one talk with a bank brought."""

    state: ProviderState
    quotes: tuple[Quote, ...] = ()
    error: AppError | None = None


def rate_settings() -> tuple[Setting, ...]:
    """The address of each provider is a setting: tests and people behind mirrors need it."""
    return tuple(
        Setting(f"rates.{provider.id}.url", provider.url, f"where {provider.name} is asked")
        for provider in PROVIDERS.values()
        if provider.url
    )


def banks(store: Store, now: datetime, *, only_due: bool) -> list[Bank]:
    """The providers to ask now. An aggregator that said when it publishes next is not asked before."""
    states = store.rates.provider_states()
    interval = timedelta(minutes=max(1, store.settings.get("refresh.rates_minutes", 60)))
    found: list[Bank] = []
    for provider in PROVIDERS.values():
        if not provider.url:
            continue
        state = states.get(provider.id, ProviderState(provider.id))
        waits = not is_due(state.next_due, now)
        if waits and (only_due or (provider.kind is QuoteKind.BLENDED and not state.last_error)):
            continue
        address = store.settings.get(f"rates.{provider.id}.url", provider.url)
        found.append(Bank(provider.at(address), state, interval))
    return found


def fetch_rates(http: Http, bank: Bank, now: datetime) -> FetchedRates:
    """Ask one bank. The world's faults come back as `error`; the good quotes that are stored stay in place."""
    try:
        return _fetch(http, bank, now)
    except (OfflineError, StoppedError) as error:
        return FetchedRates(bank.state, error=error)
    except (FetchError, ParseError) as error:
        log.info("%s: %s", bank.provider.id, error)
        failures = bank.state.failures + 1
        retry_at = error.retry_at if isinstance(error, FetchError) else None
        due = next_attempt(failures, now, retry_at, random.random)
        state = replace(bank.state, last_fetch=now, last_error=str(error), failures=failures, next_due=due)
        return FetchedRates(state, error=error)


def _fetch(http: Http, bank: Bank, now: datetime) -> FetchedRates:
    provider = bank.provider
    state = replace(
        bank.state, last_fetch=now, last_success=now, last_error="", failures=0, next_due=now + bank.interval
    )
    today = provider.rule.local(now).date()
    quotes: list[Quote] = []
    for request in provider.requests(today=today):
        # Where the address names the day, today's body was never kept: nothing may vouch for it.
        kept = not provider.latest_tail
        known = Validators(bank.state.etag, bank.state.last_modified) if kept else Validators()
        response = http.get(request.url, limits=RATES, validators=known)
        state = replace(state, etag=response.validators.etag, last_modified=response.validators.last_modified)
        if response.not_modified:
            continue
        parsed = provider.read(response.body, now, request.asked)
        quotes += parsed.quotes
        for note in parsed.notes:
            log.info("%s: %s", provider.id, note)
        if parsed.next_update is not None:
            state = replace(state, next_due=max(parsed.next_update, now + bank.interval))
    if bank.state.last_success is None and not any(_tells_change(quote) for quote in quotes):
        quotes += _fixing_before(http, provider, quotes, now)
    return FetchedRates(state, tuple(quotes))


def _tells_change(quote: Quote) -> bool:
    """Whether the bank itself says what the number was before; on a carried day it says "no change" of all."""
    return bool(quote.previous_value) and Decimal(quote.previous_value) != Decimal(quote.raw_value)


def _fixing_before(http: Http, provider: Provider, latest: list[Quote], now: datetime) -> list[Quote]:
    """The last fixing that differs from `latest`, for a first change to show; what cannot be had is left out."""
    if not provider.has_days or not latest:
        return []
    values = {(quote.base, quote.quote): quote.rate for quote in latest}
    day = max(quote.valid_from for quote in latest)
    found: list[Quote] = []
    for _ in range(DAYS_BACK):
        day = provider.previous_day(day)
        for request in provider.requests(day):
            try:
                response = http.get(request.url, limits=RATES)
                older = provider.parse(response.body, now, request.asked)
            except (OfflineError, StoppedError):
                raise
            except (FetchError, ParseError) as error:
                log.info("%s on %s: %s", provider.id, day, error)
                return found
            found += older
            if any(values.get((quote.base, quote.quote), quote.rate) != quote.rate for quote in older):
                return found
    return found
