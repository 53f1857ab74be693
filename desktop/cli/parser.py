"""The words of the command line: every verb and its options. Its window needs none of this to start without a verb."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import __version__

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

FORMS = ("text", "html", "markdown", "json", "changes")


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> argparse.Namespace:
    """The options. Words that follow an option (`alerts add --level 520 dollar tenge`) are the verb's words all the
    same; argparse leaves them over where none stood before it."""
    options, left = parser.parse_known_args(argv)
    if any(word.startswith("-") for word in left) or (left and getattr(options, "words", None) != []):
        parser.error(f"unrecognized arguments: {' '.join(left)}")
    if left:
        options.words = left
    return options


def with_verb(argv: Sequence[str]) -> tuple[list[str], str]:
    """The words and their verb: "window" is put in where none is written, so that `chorsu URL` offers an address; ""
    where all verbs are asked about."""
    words = list(argv)
    at = 0
    while at < len(words) and words[at].startswith("-"):
        if words[at] in ("-h", "--help", "--version"):
            return words, ""
        at += 2 if words[at] == "--data-dir" else 1
    if at >= len(words) or not any(words[at] in verbs for verbs in GROUPS.values()):
        words.insert(min(at, len(words)), "window")
    return words, words[min(at, len(words) - 1)]


def build_parser(verb: str = "") -> argparse.ArgumentParser:
    """The parser of a verb and those of its group, which is all that a start waits for; "" for all verbs."""
    parser = argparse.ArgumentParser(
        prog="chorsu",
        description="A desktop news and rates reader that works offline. Without a verb it opens the window; "
        "addresses are offered as new sources.",
        epilog="Exit status: 0 all right, 1 something could not be fetched or is missing, 2 wrong use, "
        "3 the store is damaged or locked.",
    )
    parser.add_argument("--version", action="version", version=f"chorsu {__version__}")
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="keep everything, settings too, under DIR"
    )
    parser.add_argument("--verbose", action="store_true", help="write more into the log")
    parser.add_argument("--offline", action="store_true", help="open no connection")
    parser.add_argument("--hidden", action="store_true", help="open the window minimised")
    commands = parser.add_subparsers(metavar="VERB", required=True)
    for add_verbs, names in GROUPS.items():
        if not verb or verb in names:
            add_verbs(commands)
    return parser


def add_verb(
    commands: Commands, name: str, handler: str, about: str, *, json: bool = False
) -> argparse.ArgumentParser:
    """Add a verb; `handler` is its function by module and name within this package."""
    command = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    command.set_defaults(handler=handler, keeps=True)
    if json:
        command.add_argument("--json", action="store_true", help="print JSON on standard output")
    return command


def positive(text: str) -> int:
    """A number of 1 or more, as the type of an option."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _window_verbs(commands: Commands) -> None:
    window = add_verb(commands, "window", "windows.window", "open the window (the same as no verb)")
    window.add_argument(
        "urls", nargs="*", metavar="URL", help="offer this address as a new source; look at this list or pack"
    )
    demo = add_verb(
        commands, "demo", "windows.demo", "open the window on a made-up site, in a temporary folder"
    )
    demo.set_defaults(keeps=False)  # it leaves nothing behind, so it touches nobody's folder
    demo.add_argument("--serve", action="store_true", help="only run the made-up site, and print its address")
    demo.add_argument("--port", type=int, default=0, help="with --serve: the port (default: any free one)")


def _source_verbs(commands: Commands) -> None:
    add = add_verb(commands, "add", "sources.add", "find the feed of an address and follow it; prints its id")
    add.add_argument("url", metavar="URL")
    add.add_argument("--title", default="", metavar="T")
    add.add_argument("--folder", default="", metavar="F")
    add.add_argument(
        "--full-text",
        choices=("never", "cut", "always"),
        default="cut",
        help="when articles' pages are asked",
    )
    add.add_argument("--kind", choices=("auto", "feed", "wordpress"), default="auto")
    add_verb(commands, "sources", "sources.sources", "list the sources", json=True)
    remove = add_verb(
        commands, "remove", "sources.remove", "stop following a source; marks and stars are kept"
    )
    remove.add_argument("id", type=int, metavar="ID")
    remove.add_argument(
        "--keep-marked",
        action="store_true",
        help="keep its articles that are starred, noted, tagged, to be read later or packed, and say how many",
    )
    take = add_verb(
        commands,
        "import",
        "library.take",
        "follow the feeds of an OPML file, or of QuiteRSS or RSS Guard",
        json=True,
    )
    take.add_argument("file", metavar="FILE", help="- reads standard input")
    take.add_argument("--folder", default="", metavar="F", help="put them, with their folders, into this one")
    give = add_verb(
        commands, "export", "library.give", "write sources (.opml) or articles (.html .md .json .csv)"
    )
    give.add_argument(
        "file", metavar="FILE", help="its ending says what; - writes all sources to standard output"
    )
    give.add_argument("--source", type=int, metavar="ID", help="articles of this source")
    give.add_argument("--folder", metavar="F", help="articles of this folder")
    give.add_argument("--unread", action="store_true", help="unread articles")
    give.add_argument("--starred", action="store_true", help="starred articles")
    give.add_argument("--tag", default="", metavar="T", help="articles with this tag")
    give.add_argument("--search", default="", metavar="WORDS", help="articles with these words")
    sync = add_verb(commands, "sync", "sources.sync", "refresh once: news, rates and pictures", json=True)
    sync.add_argument("--source", type=int, action="append", metavar="ID", help="only this one (repeatable)")
    only = sync.add_mutually_exclusive_group()
    only.add_argument("--news", action="store_true", help="news only")
    only.add_argument("--rates", action="store_true", help="rates only")


def _archive_verbs(commands: Commands) -> None:
    about = "fetch what is missing of a source, then older articles from its archive"
    fill = add_verb(commands, "backfill", "archive.backfill", about, json=True)
    fill.add_argument("id", type=int, metavar="ID")
    fill.add_argument("--max", type=positive, metavar="N", help="at most so many new articles")
    fill.add_argument("--since", default="", metavar="DATE", help="nothing older than this day, YYYY-MM-DD")


def _article_verbs(commands: Commands) -> None:
    listing = add_verb(commands, "articles", "articles.articles", "list articles, newest first", json=True)
    listing.add_argument("--source", type=int, metavar="ID")
    listing.add_argument("--folder", metavar="F")
    listing.add_argument("--unread", action="store_true")
    views = listing.add_mutually_exclusive_group()
    for view in ("starred", "notes", "updated", "kept"):
        views.add_argument(f"--{view}", dest="view", action="store_const", const=view, default="all")
    listing.add_argument("--tag", default="", metavar="T", help="that have this tag")
    listing.add_argument("--limit", type=positive, default=50, metavar="N")
    listing.add_argument("--before", default="", metavar="CURSOR", help="go on after this article's cursor")
    show = add_verb(commands, "show", "articles.show", "print one article")
    show.add_argument("id", type=int, metavar="ID")
    show.add_argument("--as", dest="form", choices=FORMS, default="text")
    note = add_verb(commands, "note", "articles.note", "print the note on an article, or write one")
    note.add_argument("id", type=int, metavar="ID")
    note.add_argument("text", nargs="?", metavar="TEXT", help='"" takes the note away')
    mark = add_verb(commands, "mark", "articles.mark", "mark articles")
    mark.add_argument("id", type=int, nargs="+", metavar="ID")
    how = mark.add_mutually_exclusive_group()
    for name in ("read", "unread", "star", "unstar"):
        how.add_argument(f"--{name}", dest="how", action="store_const", const=name)
    for name, about in (("tag", "put this tag on"), ("untag", "take this tag off")):
        mark.add_argument(f"--{name}", action="append", default=[], metavar="T", help=f"{about} (repeatable)")
    delete = add_verb(
        commands, "delete", "articles.delete", "delete articles; a refresh does not bring them back"
    )
    delete.add_argument("id", type=int, nargs="+", metavar="ID")
    delete.add_argument(
        "--held", action="store_true", help="also what is starred, tagged, noted or taken offline"
    )
    tags = add_verb(commands, "tags", "articles.tags", "list, rename or remove tags", json=True)
    tags.add_argument("action", nargs="?", choices=("list", "rename", "remove"), default="list")
    tags.add_argument("tag", nargs="?", default="", metavar="TAG")
    tags.add_argument(
        "new", nargs="?", default="", metavar="NAME", help="with rename; one that is there joins"
    )
    search = add_verb(commands, "search", "articles.search", "find articles by words and filters", json=True)
    search.add_argument(
        "query",
        metavar="QUERY",
        help='such as: tokayev "exchange rate" OR tenge -sport source:herald is:unread after:2026-01-31',
    )
    search.add_argument("--limit", type=positive, default=50, metavar="N")
    search.add_argument("--order", choices=("newest", "best"), default="newest", help="default: newest")


def _rate_verbs(commands: Commands) -> None:
    from desktop.cli.rate_verbs import add_verbs  # the window needs none of them

    add_verbs(commands)


def _rule_verbs(commands: Commands) -> None:
    about = "rules on arrival: list, try, add, remove or apply them, show or undo what one did"
    rules = add_verb(commands, "rules", "arrival.rules", about, json=True)
    verbs = ("list", "try", "add", "remove", "apply", "did", "undo")
    rules.add_argument("action", nargs="?", choices=verbs, default="list")
    rules.add_argument("what", nargs="?", default="", metavar="QUERY|ID")
    rules.add_argument("--tag", default="", metavar="TAG", help="with add: put this tag on it")
    for act in ("read", "star", "notify", "skip-pictures", "never-keep"):
        rules.add_argument(f"--{act}", action="store_true", help=f"with add: {act.replace('-', ' ')}")


def _store_verbs(commands: Commands) -> None:
    from desktop.cli.pack_options import add_pack_options

    add_verb(commands, "check", "keeping.check", "check the store and the pack; changes nothing", json=True)
    keep = add_verb(
        commands, "keep", "keeping.keep", "show what the rules of keeping let go, or do it", json=True
    )
    keep.add_argument(
        "--source", type=int, metavar="ID", help="a rule of this source (default: of all others)"
    )
    for bound, about in (
        ("days", "keep what is younger"),
        ("articles", "keep the newest N"),
        ("megabytes", "keep the newest N MB"),
    ):
        keep.add_argument(f"--{bound}", type=int, default=None, metavar="N", help=f"{about}; 0: no bound")
    keep.add_argument(
        "--apply", action="store_true", help="keep this rule from now on, and let go what it says"
    )
    about = "take articles, pictures and rates offline, and prove it; or carry that over in a file"
    add_pack_options(add_verb(commands, "pack", "pack.pack", about, json=True))
    backup = add_verb(commands, "backup", "library.backup", "write everything into one file", json=True)
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--no-pictures", action="store_true", help="leave the pictures out")
    about = "take what is kept from a backup; without FILE list what there is in the data folder"
    restore = add_verb(commands, "restore", "library.restore", about, json=True)
    restore.add_argument("file", type=Path, nargs="?", metavar="FILE", help="a backup, a daily copy, a store")
    restore.add_argument("--preview", action="store_true", help="only say what is in it and what it replaces")
    config = add_verb(commands, "config", "keeping.config", "list, read or change settings", json=True)
    config.add_argument("action", nargs="?", choices=("list", "get", "set"), default="list")
    config.add_argument("key", nargs="?", default="", metavar="KEY")
    config.add_argument("value", nargs="?", default=None, metavar="VALUE")


# Who adds which verbs: a start makes the parser of the one group that it needs.
GROUPS: Mapping[Callable[[Commands], None], tuple[str, ...]] = {
    _window_verbs: ("window", "demo"),
    _source_verbs: ("add", "sources", "remove", "import", "export", "sync"),
    _archive_verbs: ("backfill",),
    _article_verbs: ("articles", "show", "note", "mark", "delete", "tags", "search"),
    _rate_verbs: ("rates", "alerts", "watch"),
    _rule_verbs: ("rules",),
    _store_verbs: ("check", "keep", "pack", "backup", "restore", "config"),
}
