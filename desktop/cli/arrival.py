"""The verb about rules on arrival."""

from __future__ import annotations

import argparse

from desktop.cli import output as out
from desktop.cli.access import now, reading, writing
from desktop.core.arrival_rules import ACTS, ArrivalRule, checked
from desktop.core.errors import UsageError
from desktop.core.models import ArticleQuery
from desktop.paths import Paths
from desktop.store import Store


def rules(options: argparse.Namespace, paths: Paths) -> int:
    """List the rules, try one, add or remove one, follow one among what is stored, say or take back what one did."""
    if options.action in ("add", "remove", "apply", "undo"):
        with writing(paths) as store:
            _change(store, options)
        return 0
    with reading(paths) as store:
        if options.action == "try":
            _try(store, options)
        elif options.action == "did":
            _show_did(store, options)
        else:
            _show_rules(store, options)
    return 0


def _change(store: Store, options: argparse.Namespace) -> None:
    kept = store.arrival_rules
    if options.action == "add":
        print(kept.add(options.what, tag=options.tag, **{name: getattr(options, name) for name in ACTS}).id)
        return
    rule = _rule(kept.all(), options.what)
    if options.action == "remove":
        kept.put([one for one in kept.all() if one != rule])
    elif options.action == "apply":
        batch = kept.apply(rule, store.articles.ids(ArticleQuery(words=rule.whole_words)), now())
        print(f"Stored articles marked: {batch.marked}.")
        out.say(f"It can be taken back with: chorsu rules undo {rule.id}")
    else:
        changes = kept.acts.take_back(kept.acts.batch_of(rule.id).number)
        print(f"Marks taken back: {len(changes.updated)}. Articles brought back: {len(changes.new)}.")
        if changes.new:
            out.say("They have their first words; the next refresh fetches their texts.")


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
    acts = store.arrival_rules.acts.of(_rule(store.arrival_rules.all(), options.what).id)
    if options.json:
        out.print_json(
            [
                {"at": out.stamp(one.at), "article": one.article_id, "title": one.title, "undone": one.undone}
                for one in acts
            ]
        )
        return
    out.print_table(
        [
            (
                f"{one.at.astimezone():%Y-%m-%d %H:%M}",
                "not kept" if one.article_id is None else str(one.article_id),
                "taken back" if one.undone else "",
                one.title,
            )
            for one in acts
        ]
    )


def _show_rules(store: Store, options: argparse.Namespace) -> None:
    known = [(one, store.arrival_rules.acts.count(one.id)) for one in store.arrival_rules.all()]
    if options.json:
        out.print_json(
            [
                {
                    "id": one.id,
                    "query": one.words,
                    "tag": one.tag,
                    **{name: getattr(one, name) for name in ACTS},
                    "marked": marked,
                }
                for one, marked in known
            ]
        )
        return
    out.print_table(
        [(str(one.id), one.words, one.action, f"{marked} found") for one, marked in known],
        right=frozenset({0}),
    )
    if not known:
        out.say("No rules. Add one with: chorsu rules add QUERY --read")


def _rule(known: tuple[ArrivalRule, ...], text: str) -> ArrivalRule:
    found = next((one for one in known if str(one.id) == text), None)
    if found is None:
        raise UsageError(f"There is no rule “{text}”.", "List them with: chorsu rules")
    return found
