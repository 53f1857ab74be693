"""A store in which every text that came from outside, or was typed, is one of twelve hostile strings."""

from __future__ import annotations

import html
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from desktop.core import folders
from desktop.core.arrival_rules import ArrivalRule
from desktop.core.html.sanitise import sanitise
from desktop.core.incoming import IncomingArticle
from desktop.core.models import Enclosure, FetchState, NewSource
from desktop.core.proof import Scope
from desktop.core.rates import Pair, ProviderState, QuoteKind
from desktop.core.rates.alert_rules import AlertKind, AlertRule, Direction, Firing
from desktop.core.rates.amounts import Conversion
from desktop.core.saved_searches import SavedSearch
from desktop.store import Store
from tests.new_store import begin
from tests.ui.desk import make_quote
from tests.ui.edition import LATER, NOW, make_article, make_feed
from tests.ui.hostile_strings import BLANK, MARKED, STRINGS, hostile, mark

PICTURE = "https://pictures.test/{number}.png"
CURRENCIES = ("USD", "EUR", "RUB", "CNY", "GBP", "TRY", "KGS", "UZS", "TJS", "TMT", "CHF", "JPY")
SHORT = {
    "tag",
    "list",
    "search",
    "ruletag",
    "typedtag",
    "typedlabel",
    "typedlist",
    "typedsearch",
    "typedrule",
}  # fields with a limit: the mark stands first, or it would be cut away


class Planted:
    """Which strings were put where; `values` are what is to be seen of them."""

    def __init__(self, canary: str) -> None:
        self.canary = canary
        self.values: dict[tuple[str, int], str] = {}

    def __call__(self, field: str, number: int, without: str = "") -> str:
        """The string for a field, with the letters in `without` left out: those that the field itself reads."""
        value = hostile(field, number, self.canary)
        if field in SHORT and number != BLANK:
            value = f"{mark(field, number)} {value.replace(mark(field, number), 'x')}"
        for letter in without:
            value = value.replace(letter, " ")
        if number != BLANK:
            self.values[field, number] = value
        return value


def plant(folder: Path, canary: str) -> Planted:
    """Fill the store with all of it: a source, an article, a note, a tag ... for each string."""
    put = Planted(canary)
    with Store.open(begin(folder)) as store:
        store.settings.set("welcome.done", True)
        for number in range(len(STRINGS)):
            _source(store, put, number)
        _own(store, put)
        _rates(store, put)
        store.packs.list_articles(store.packs.begin(Scope(), LATER))
    return put


def _source(store: Store, put: Planted, number: int) -> None:
    source = store.sources.add(
        NewSource(
            f"https://s{number}.test/feed",
            title=put("source", number),
            site_url=f"https://s{number}.test/{mark('site', number)}",
            folder=folders.tidy(put("folder", number, "/")),
            language=put("language", number),
            country=put("country", number),
            user_agent=put("agent", number),
            account=put("account", number),
        ),
        NOW,
    )
    state = FetchState(
        last_fetch=NOW,
        last_error=put("error", number),
        failures=3,
        moved_to=f"https://s{number}.test/{put('moved', number)}",
        offered=f"https://s{number}.test/{put('offered', number)}",
    )
    first = _article(put, number)
    store.articles.apply(source.id, make_feed([first]), FetchState(), NOW)
    again = _article(put, number, text=f"The tenge fell. {put('text', number)}")
    found = store.articles.apply(source.id, make_feed([again]), state, LATER)
    (article_id,) = found.updated
    for wanted in store.images.wanted(99, LATER):
        store.images.fail(wanted.key, wanted.url, put("problem", number), LATER)
    store.full_texts.fail(article_id, put("fulltext", number), LATER)
    store.notes.put(article_id, put("note", number), LATER)
    if number != BLANK:
        store.tags.change([article_id], [put("tag", number, '"')])


def _article(put: Planted, number: int, text: str = "") -> IncomingArticle:
    words = text or put("text", number)
    picture = PICTURE.format(number=number)
    alt = put("alt", number)
    cells = "".join(f"<td>{'wide' * 12}</td>" for _ in range(12))
    body = (
        f"<p>{html.escape(words[:2_000])}</p>"
        f'<p><a href="https://elsewhere.test/{number}">https://s{number}.test/</a></p>'
        f'<p><img src="{picture}" alt="{html.escape(alt)}"></p>'
        f"<table><tr>{cells}</tr></table>"
    )
    clean = sanitise(body, f"https://s{number}.test/", None)
    return make_article(
        number,
        f"s{number}",
        title=put("title", number),
        author=put("author", number),
        published_text=put("published", number),
        url=f"https://s{number}.test/{put('address', number)}",
        html=clean.html,
        text=clean.text,
        excerpt=f"The tenge fell. {put('excerpt', number)}",  # beside a chart
        images=clean.images,
        lead_image=picture,
        categories=(put("category", number),),
        enclosures=(
            Enclosure(f"https://s{number}.test/{put('enclosure', number)}", put("kind", number), 5_000),
        ),
        language=put("language", number),
    )


def _own(store: Store, put: Planted) -> None:
    """What the person named."""
    store.saved_searches.put(
        [
            SavedSearch(number, put("search", number), f'"{put("words", number, chr(34))}"')
            for number in MARKED
        ]
    )
    store.arrival_rules.put(
        [
            ArrivalRule(
                number, f'"{put("rule", number, chr(34))}"', star=True, tag=put("ruletag", number, '"')
            )
            for number in MARKED
        ]
    )
    for number in MARKED:
        store.watchlists.create(put("list", number))
        store.watchlists.pin(Pair(CURRENCIES[number], "KZT"), _named(store, number), put("bank", number))


def _named(store: Store, number: int) -> str:
    return next(name for name in store.watchlists.names() if mark("list", number) in name)


def _rates(store: Store, put: Planted) -> None:
    """Numbers as published, of a bank and of publishers with hostile names; alerts on them, and conversions."""
    days = [NOW.date() - timedelta(days=back) for back in (5, 4, 3, 0)]
    for number in range(len(STRINGS)):
        pair = Pair(CURRENCIES[number], "KZT")
        for source in ("nbk", put("bank", number)):
            store.rates.save(
                [
                    make_quote(pair, f"473.{day.day}", raw_value=put("raw", number), raw_nominal=put("nominal", number),
                               previous_value=put("former", number), valid_from=day, source=source,
                               kind=QuoteKind.OFFICIAL)
                    for day in days
                ],
                NOW,
            )  # fmt: skip
            store.rates.save_state(
                ProviderState(source, last_fetch=NOW, last_error=put("bankerror", number), failures=2)
            )
        rule = AlertRule(pair, AlertKind.LEVEL, Direction.UP, Decimal(400), source=put("bank", number))
        alert = store.alerts.add(rule, days[0], NOW)
        followed = store.alerts.get(alert)
        firing = Firing(days[-1], Direction.UP, Decimal("473.18"), Decimal(399))
        store.alerts.record(followed.alert, followed.state, [firing], {}, (), NOW)
        store.conversions.keep(
            Conversion(Decimal(1), pair, Decimal("473.18"), 5, put("result", number), days[-1], days[-1],
                       put("bank", number), NOW + timedelta(minutes=number))
        )  # fmt: skip
