"""Articles of the store into a file: those of a list, or some that were chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from desktop.core.collection import ENDINGS, Item, pieces
from desktop.core.errors import AppError, UsageError
from desktop.core.models import ArticleQuery, ArticleRow, Cursor, SourceKind, StoredImage
from desktop.store import Store
from desktop.store.files import writing_whole

_PAGE = 200


def export_articles(
    store: Store,
    path: Path,
    chosen: ArticleQuery | Sequence[int],
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Write a file in the form that its ending names, whole or not at all; gives how many articles are in it.

    One article at a time is in memory; what `progress` raises ends it. Raises UsageError for another ending,
    AppError where the file cannot be written.
    """
    ending = path.suffix.removeprefix(".").lower()
    if ending not in ENDINGS:
        raise UsageError(
            f"Articles cannot be written as “{path.name}”.",
            f"Name the file with one of: .{', .'.join(ENDINGS)}",
        )
    number = 0
    total = store.articles.count(chosen) if isinstance(chosen, ArticleQuery) else len(chosen)

    def counted() -> Iterator[Item]:
        nonlocal number
        for item in _items(store, chosen):
            number += 1
            progress(number, total)
            yield item

    try:
        with writing_whole(path) as file:
            for piece in pieces(ending, path.stem, counted()):
                file.write(piece.encode("utf-8", "replace"))
    except OSError as error:
        raise AppError(
            f"{path.name} could not be written: {error.strerror or error}.",
            "Choose another place, or make room; the articles are as they were.",
        ) from error
    return number


def _items(store: Store, chosen: ArticleQuery | Sequence[int]) -> Iterator[Item]:
    kinds = {source.id: source.kind for source in store.sources.all()}
    for row in _rows(store, chosen):
        article = store.articles.get(row.id)
        if article is not None:
            yield Item(article, kinds.get(row.source_id, SourceKind.FEED), _pictures(store, row.id))


def _rows(store: Store, chosen: ArticleQuery | Sequence[int]) -> Iterator[ArticleRow]:
    if not isinstance(chosen, ArticleQuery):
        yield from store.articles.rows(chosen)
        return
    after: Cursor | None = None
    while rows := store.articles.page(chosen, after, _PAGE):
        yield from rows
        after = Cursor(rows[-1].sort_at, rows[-1].id)


def _pictures(store: Store, article_id: int) -> Callable[[str], tuple[str, bytes] | None]:
    """The stored pictures of an article by their keys, read when they are asked for."""
    kept: dict[str, StoredImage] = {}

    def picture(key: str) -> tuple[str, bytes] | None:
        if not kept:
            kept.update({image.key: image for image in store.images.of_article(article_id)})
        image = kept.get(key)
        if image is None or not image.sha256:
            return None
        try:
            return image.format, store.images.file(image.sha256).read_bytes()
        except OSError:
            return None

    return picture
