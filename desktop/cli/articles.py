"""The verbs about articles: articles, search, show, mark."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from desktop.cli import output as out
from desktop.cli.access import now, reading
from desktop.core.errors import UsageError
from desktop.core.fulltext_values import with_full_text
from desktop.core.models import Article, ArticleQuery, Cursor, SourceKind, View
from desktop.core.versions import Version
from desktop.paths import Paths
from desktop.store import Store


def articles(options: argparse.Namespace, paths: Paths) -> int:
    """List articles."""
    query = ArticleQuery(
        view=View(options.view),
        source_id=options.source,
        folder=options.folder,
        unread_only=options.unread,
    )
    return _list(options, paths, query, _read_cursor(options.before))


def search(options: argparse.Namespace, paths: Paths) -> int:
    """Find articles."""
    from desktop.core.search import parse  # the other verbs need no search

    problem = parse(options.query).problem
    if problem:
        out.say(problem)
    with reading(paths) as store:
        if store.indexing.pending:
            out.say(
                "Older articles are still being indexed, and may be missing. The next refresh goes on with it."
            )
    return _list(options, paths, ArticleQuery(words=options.query), None)


def _list(options: argparse.Namespace, paths: Paths, query: ArticleQuery, after: Cursor | None) -> int:
    with reading(paths) as store:
        if query.source_id is not None:
            store.sources.get(query.source_id)  # an unknown one is a mistake, not an empty list
        rows = store.articles.page(query, after, options.limit)
        if options.json:
            kinds = {source.id: source.kind for source in store.sources.all()}
            found = [article for row in rows if (article := store.articles.get(row.id))]
            out.print_json([out.article_json(a, kinds.get(a.row.source_id, SourceKind.FEED)) for a in found])
            return 0
    out.print_table([out.article_row(row) for row in rows], right=frozenset({0}))
    if not rows:
        out.say("No articles.")
    return 0


def _read_cursor(text: str) -> Cursor | None:
    if not text:
        return None
    moment, _, number = text.partition(".")
    try:
        return Cursor(datetime.fromtimestamp(int(moment), UTC), int(number))
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"“{text}” is not a cursor.", "Take it from the output of: chorsu articles --json"
        ) from None


def show(options: argparse.Namespace, paths: Paths) -> int:
    """Print one article."""
    with reading(paths) as store:
        article = _article(store, options.id)
        kind = store.sources.get(article.row.source_id).kind
        versions = store.articles.versions(article) if options.form == "changes" else []
    row, article = article.row, with_full_text(article)
    if options.form == "json":
        problem = article.full.problem or None
        out.print_json(
            {
                **out.article_json(article, kind),
                "html": article.html,
                "text": article.text,
                "problem": problem,
            }
        )
    elif options.form == "changes":
        _print_changes(versions)
    elif options.form == "html":
        print(article.html)
    elif options.form == "markdown":
        from desktop.core.html.markdown import article_markdown

        print(article_markdown(article, ()), end="")
    else:
        print(f"{row.title}\n{row.url}\n\n{article.text}")
    return 0


def _print_changes(versions: Sequence[Version]) -> None:
    """What each version changed of the one before, the newest first."""
    from desktop.core.difference import compare, marked

    for later, former in pairwise(versions):
        print(f"Changed {out.stamp(later.since)}: [-removed-] {{+added+}}\n")
        print(f"{marked(compare(former.whole, later.whole))}\n")
    if len(versions) == 1:
        out.say("The article has not changed since it was stored.")


def _article(store: Store, article_id: int) -> Article:
    article = store.articles.get(article_id)
    if article is None:
        raise UsageError(f"There is no article {article_id}.", "List them with: chorsu articles")
    return article


def note(options: argparse.Namespace, paths: Paths) -> int:
    """Print the note on an article; with a text, write it in its place."""
    if options.text is None:
        with reading(paths) as store:
            _article(store, options.id)
            print(store.notes.of(options.id))
        return 0
    with Store.open(paths.data) as store:
        _article(store, options.id)
        store.notes.put(options.id, options.text.strip(), now())
    return 0


def mark(options: argparse.Namespace, paths: Paths) -> int:
    """Mark articles read, unread, starred or not."""
    with Store.open(paths.data) as store:
        for article_id in options.id:
            _article(store, article_id)
        if options.how in ("read", "unread"):
            store.articles.set_read(options.id, options.how == "read")
        else:
            store.articles.set_starred(options.id, options.how == "star")
    return 0
