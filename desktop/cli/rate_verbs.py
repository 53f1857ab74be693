"""The verbs about rates, as they are read. Loaded by the parser (desktop/cli/parser.py) when one of them is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.cli.parser import add_verb, positive

if TYPE_CHECKING:
    from desktop.cli.parser import Commands

_WATCH = ("list", "add", "remove", "lists", "import", "export")


def add_verbs(commands: Commands) -> None:
    """Add `rates`, `alerts` and `watch`."""
    rate = add_verb(commands, "rates", "rates.rates", "print rates from the store", json=True)
    rate.add_argument("pairs", nargs="*", metavar="PAIR", help="such as USD/KZT; without one: the watchlist")
    rate.add_argument("--date", default="", metavar="D", help="the rate of a day, YYYY-MM-DD")
    rate.add_argument("--history", type=positive, default=0, metavar="DAYS", help="fixings of the last DAYS")
    rate.add_argument(
        "--accept", action="store_true", help="believe the unconfirmed numbers of these pairs from now on"
    )
    rate.add_argument(
        "--source", default="", metavar="ID", help="by this source alone (default: the best official)"
    )
    rate.add_argument(
        "--fetch", action="store_true", help="with --history: load the fixings that are not stored"
    )
    rate.add_argument("--csv", action="store_true", help="print CSV on standard output")
    alert = add_verb(commands, "alerts", "alerts.alerts", "list, add or remove alerts on rates", json=True)
    alert.add_argument("action", nargs="?", choices=("list", "add", "remove"), default="list")
    alert.add_argument("words", nargs="*", metavar="PAIR|ID", help="a pair in any usual form: dollar tenge")
    kind = alert.add_mutually_exclusive_group()
    kind.add_argument("--level", metavar="RATE", help="the rate reaches this")
    kind.add_argument("--change", metavar="PERCENT", help="the rate moves so much within --days")
    kind.add_argument("--silent", type=positive, metavar="N", help="no new fixing for N business days")
    kind.add_argument("--fixing", action="store_true", help="every new fixing (when nothing else is named)")
    alert.add_argument("--days", type=positive, default=7, metavar="N", help="with --change: within N days")
    way = alert.add_mutually_exclusive_group()
    for name in ("up", "down"):
        way.add_argument(
            f"--{name}", dest="way", action="store_const", const=name, help=f"only on its way {name}"
        )
    alert.set_defaults(way="either")
    alert.add_argument("--source", default="", metavar="ID", help="by this source alone (default: the best)")
    watch = add_verb(commands, "watch", "watch.watch", "show or change the lists of pinned pairs", json=True)
    watch.add_argument("action", nargs="?", choices=_WATCH, default="list", metavar="|".join(_WATCH))
    watch.add_argument("words", nargs="*", metavar="PAIR|FILE", help="a pair in any usual form: dollar tenge")
    watch.add_argument("--list", dest="name", default="", metavar="NAME", help="default: that of the ticker")
    watch.add_argument("--source", default="", metavar="ID", help="with add: ask this source for the pair")
