"""The verbs about articles: articles, search, show, note, mark, tags."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from desktop.cli import output as out
from desktop.cli.access import now, reading, writing
from desktop.core.errors import UsageError
from desktop.core.fulltext_values import with_full_text
from desktop.core.models import Article, ArticleQuery, Cursor, Order, SourceKind, View
from desktop.core.tags import tag_key
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
        tag=options.tag,
    )
    return _list(options, paths, query, _read_cursor(options.before))


def search(options: argparse.Namespace, paths: Paths) -> int:
    """Find articles."""
    from desktop.core.search import parse  # the other verbs need no search

    problem = parse(options.query).problem
    if problem:
        out.say(problem)
    with reading(paths) as store:
        if store.indexing.remaking:
            out.say(
                "Older articles are still being indexed, and may be missing. The next refresh goes on with it."
            )
        if waiting := store.words_waiting:  # the window has the store, and is about to
            out.say(f"{waiting} articles that have just come in are still being indexed, and may be missing.")
    order = Order.BEST if options.order == "best" else Order.NEWEST
    return _list(options, paths, ArticleQuery(words=options.query, order=order), None)


def _list(options: argparse.Namespace, paths: Paths, query: ArticleQuery, after: Cursor | None) -> int:
    with reading(paths) as store:
        if query.source_id is not None:
            store.sources.get(query.source_id)  # an unknown one is a mistake, not an empty list
        articles = store.articles
        if query.order is Order.BEST:
            rows = articles.rows(articles.best(query, options.limit))
        else:
            rows = articles.page(query, after, options.limit)
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
        out.print_text(article.html)
    elif options.form == "markdown":
        from desktop.core.html.markdown import article_markdown

        out.print_text(article_markdown(article, ()).removesuffix("\n"))
    else:
        out.print_text(f"{row.title}\n{row.url}\n\n{article.text}")
    return 0


def _print_changes(versions: Sequence[Version]) -> None:
    """What each version changed of the one before, the newest first."""
    from desktop.core.difference import compare, marked

    for later, former in pairwise(versions):
        print(f"Changed {out.stamp(later.since)}: [-removed-] {{+added+}}\n")
        out.print_text(f"{marked(compare(former.whole, later.whole))}\n")
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
            out.print_text(store.notes.of(options.id))
        return 0
    with writing(paths) as store:
        _article(store, options.id)
        store.notes.put(options.id, options.text.strip(), now())
    return 0


def mark(options: argparse.Namespace, paths: Paths) -> int:
    """Mark articles read, unread, starred or not; put tags on them and take them off."""
    if not (options.how or options.tag or options.untag):
        raise UsageError("Say how to mark them.", "One of: --read --unread --star --unstar --tag T --untag T")
    with writing(paths) as store:
        for article_id in options.id:
            _article(store, article_id)
        if options.how in ("read", "unread"):
            store.articles.set_read(options.id, options.how == "read")
        elif options.how:
            store.articles.set_starred(options.id, options.how == "star")
        if options.tag or options.untag:
            store.tags.change(options.id, options.tag, options.untag)
    return 0


def delete(options: argparse.Namespace, paths: Paths) -> int:
    """Delete articles; they do not come back with the next refresh."""
    with writing(paths) as store:
        for article_id in options.id:
            _article(store, article_id)
        if not options.held and (held := store.retention.held(options.id)):
            raise UsageError(
                f"Starred, tagged, noted or taken offline: {', '.join(map(str, held))}. Nothing was deleted.",
                "Say --held to delete these too.",
            )
        deleted = store.retention.delete(options.id, now())
    number = len(deleted.changes.removed)
    out.say(f"{'1 article' if number == 1 else f'{number:,} articles'} deleted.")
    return 0


def tags(options: argparse.Namespace, paths: Paths) -> int:
    """List the tags, give one another name, or take one off everything."""
    if options.action == "list":
        with reading(paths) as store:
            found = store.tags.all()
        if options.json:
            out.print_json([{"tag": one.name, "articles": one.total, "unread": one.unread} for one in found])
            return 0
        out.print_table(
            [(one.name, str(one.total), str(one.unread)) for one in found], right=frozenset({1, 2})
        )
        if not found:
            out.say("No tags. Put one on an article with: chorsu mark ID --tag T")
        return 0
    with writing(paths) as store:
        if all(tag_key(one.name) != tag_key(options.tag) for one in store.tags.all()):
            raise UsageError(f"There is no tag “{options.tag}”.", "List them with: chorsu tags")
        if options.action == "rename":
            store.tags.rename(options.tag, options.new)
        else:
            store.tags.delete(options.tag)
    return 0
