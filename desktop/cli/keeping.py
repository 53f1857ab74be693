"""The verbs about what is kept: check, keep, config."""

from __future__ import annotations

import argparse

from desktop.cli import output as out
from desktop.cli.access import now, reading, writing
from desktop.cli.pack import print_proof, proof_json
from desktop.core import settings
from desktop.core.errors import StoreDamaged, UsageError
from desktop.core.proof import size_words
from desktop.core.retention import Going, Rule
from desktop.paths import Paths
from desktop.store import Store
from desktop.store.images import SHELVES
from desktop.store.opening import FILE
from desktop.store.retention import DEFAULT
from desktop.sync.history_plan import history_settings
from desktop.sync.pack import proof_of
from desktop.sync.rates import rate_settings


def check(options: argparse.Namespace, paths: Paths) -> int:
    """Check the store and what is missing offline; changes nothing, so that a damaged store stays as it is."""
    with Store.open_reader(paths.data) if (paths.data / FILE).exists() else reading(paths) as store:
        problems = store.check()
        totals = store.images.totals()
        pack = store.packs.current()
        proof = None if pack is None else proof_of(store, pack, now())
    if options.json:
        images = {"total": totals.images, "stored": totals.stored, "missing": totals.missing}
        proved = None if proof is None else proof_json(proof)
        out.print_json({"problems": [*problems], "images": {**images}, "pack": proved})
    else:
        print("\n".join(problems) if problems else "The store is whole.")
        print(f"{totals.stored} of {totals.images} pictures are stored.")
        if proof is not None:
            print_proof(proof)
    if problems:
        raise StoreDamaged("The store has faults.", "Nothing was changed.")
    return 1 if totals.missing or (proof is not None and not proof.complete) else 0


def keep(options: argparse.Namespace, paths: Paths) -> int:
    """Say what would go by the rules, or by the one that is given; with --apply let it go."""
    given = [options.days, options.articles, options.megabytes]
    target = options.source or DEFAULT
    with writing(paths) if options.apply else reading(paths) as store:
        if target != DEFAULT:
            store.sources.followed(target)
        rules = store.retention.rules()
        if any(bound is not None for bound in given):
            rules[target] = Rule(*(max(0, bound or 0) for bound in given))
        going = store.retention.preview(now(), rules)
        if options.apply:
            if target in rules:
                store.retention.set_rule(target, rules[target])
            for one in going:
                while store.retention.apply(one.source_id, now())[0]:
                    pass
            for shelf in range(SHELVES):
                store.images.collect(shelf)
    if options.json:
        out.print_json([_going_json(one) for one in going])
    else:
        done = "went" if options.apply else "would go"
        for one in going:
            print(
                f"{one.title}: {one.articles} articles {done}, {size_words(one.size)}; {one.protected} stay"
            )
        if not going:
            out.say("Nothing goes: all articles are within the rules.")
    return 0


def _going_json(one: Going) -> out.Json:
    return {
        "source": one.source_id,
        "title": one.title,
        "articles": one.articles,
        "bytes": one.size,
        "protected": one.protected,
    }


def config(options: argparse.Namespace, paths: Paths) -> int:
    """List, read or change settings."""
    known = {setting.key: setting for setting in (*settings.SETTINGS, *rate_settings(), *history_settings())}
    if options.action != "list" and options.key not in known:
        raise UsageError(f"There is no setting “{options.key}”.", "List them with: chorsu config list")
    if options.action == "set":
        if options.value is None:
            raise UsageError("No value was given.", "Write: chorsu config set KEY VALUE")
        value = settings.parse_value(options.value, known[options.key].default)
        with writing(paths) as store:
            store.settings.set(options.key, value)
        return 0
    with reading(paths) as store:
        stored = store.settings.all()
    chosen = list(known.values()) if options.action == "list" else [known[options.key]]
    values = {setting.key: stored.get(setting.key, setting.default) for setting in chosen}
    if options.json:
        out.print_json({**values})
    elif options.action == "get":
        print(_shown(values[options.key]))
    else:
        out.print_table([(s.key, _shown(values[s.key]), s.text) for s in chosen])
    return 0


def _shown(value: settings.Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
