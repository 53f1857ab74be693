"""The verb about rules on arrival."""

from __future__ import annotations

import argparse

from desktop.cli import output as out
from desktop.cli.access import reading
from desktop.core.arrival_rules import ArrivalRule, checked
from desktop.core.errors import UsageError
from desktop.core.models import ArticleQuery
from desktop.paths import Paths
from desktop.store import Store


def rules(options: argparse.Namespace, paths: Paths) -> int:
    """List the rules, say what one would find, add or remove one, or show what one did."""
    if options.action == "add":
        with Store.open(paths.data) as store:
            print(store.arrival_rules.add(options.what, read=options.read, star=options.star).id)
        return 0
    if options.action == "remove":
        with Store.open(paths.data) as store:
            known = store.arrival_rules.all()
            gone = _rule(known, options.what)
            store.arrival_rules.put([one for one in known if one != gone])
        return 0
    with reading(paths) as store:
        if options.action == "try":
            _try(store, options)
        elif options.action == "did":
            _show_did(store, options)
        else:
            _show_rules(store, options)
    return 0


def _try(store: Store, options: argparse.Namespace) -> None:
    """The stored articles that a rule would have marked."""
    rule = checked(ArrivalRule(0, options.what, read=True))
    ids = store.articles.ids(ArticleQuery(words=rule.whole_words))
    rows = store.articles.rows(ids[:20])
    if options.json:
        out.print_json({"found": len(ids), "newest": [row.id for row in rows]})
        return
    print(f"{len(ids)} stored articles. Nothing was changed.")
    out.print_table([out.article_row(row) for row in rows], right=frozenset({0}))


def _show_did(store: Store, options: argparse.Namespace) -> None:
    acts = store.arrival_rules.did(_rule(store.arrival_rules.all(), options.what).id)
    if options.json:
        out.print_json([{"at": out.stamp(at), "article": one, "title": title} for at, one, title in acts])
        return
    out.print_table([(f"{at.astimezone():%Y-%m-%d %H:%M}", str(one), title) for at, one, title in acts])


def _show_rules(store: Store, options: argparse.Namespace) -> None:
    known = [(one, store.arrival_rules.count(one.id)) for one in store.arrival_rules.all()]
    if options.json:
        out.print_json(
            [
                {"id": one.id, "query": one.words, "read": one.read, "star": one.star, "marked": marked}
                for one, marked in known
            ]
        )
        return
    out.print_table(
        [(str(one.id), one.words, one.action, f"{marked} marked") for one, marked in known],
        right=frozenset({0}),
    )
    if not known:
        out.say("No rules. Add one with: chorsu rules add QUERY --read")


def _rule(known: tuple[ArrivalRule, ...], text: str) -> ArrivalRule:
    found = next((one for one in known if str(one.id) == text), None)
    if found is None:
        raise UsageError(f"There is no rule “{text}”.", "List them with: chorsu rules")
    return found
