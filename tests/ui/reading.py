"""A stand-in for the session with articles and pictures in memory, for tests of the reader alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QImage

from desktop.core.models import Article, ArticleRow, Changes, StoredImage

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def make_row(**changes: object) -> ArticleRow:
    """The row of article 1."""
    fields: dict[str, object] = {
        "id": 1,
        "source_id": 1,
        "source_title": "The Valley Courier",
        "title": "Lorries wait a day at the pass",
        "url": "https://courier.test/lorries",
        "excerpt": "",
        "sort_at": NOW,
        "published": NOW,
        "read": False,
        "starred": False,
        "updated": False,
        "lead_image": "",
        "images_total": 0,
        "images_stored": 0,
    }
    return ArticleRow(**{**fields, **changes})  # type: ignore[arg-type]


def make_stored_article(html: str = "<p>Text.</p>", **changes: object) -> Article:
    """Article 1; what concerns its row is given to `make_row` as `row`."""
    fields: dict[str, object] = {
        "row": make_row(),
        "guid": "g1",
        "author": "A. Writer",
        "updated_at": None,
        "first_seen": NOW,
        "published_text": "",
        "html": html,
        "text": "word " * 440,
        "categories": (),
        "enclosures": (),
        "language": "en",
        "site_url": "",
    }
    return Article(**{**fields, **changes})  # type: ignore[arg-type]


def save_picture(folder: Path, name: str, width: int, height: int, kind: str = "PNG") -> Path:
    """A picture file with a gradient, so that it is not all one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    for x in range(0, width, 2):
        image.setPixelColor(x, 0, QColor(x % 256, 0, 0))
    path = folder / name
    image.save(str(path), kind)
    return path


class ReadingDesk(QObject):
    """Articles by id and pictures of every article, as the session's reading store gives them."""

    articles_changed = Signal(object)

    def __init__(self, folder: Path, articles: Sequence[Article] = ()) -> None:
        super().__init__()
        self.folder = folder
        self.articles = {article.row.id: article for article in articles}
        self.images: list[StoredImage] = []
        self.settings: dict[str, object] = {}
        self.bodies_read = 0
        self.places: dict[int, int] = {}
        self.reading = SimpleNamespace(
            place=lambda article_id: self.places.get(article_id, 0),
            keep_place=self.places.__setitem__,
            keeps_style=lambda source_id: False,
        )
        self.reader = SimpleNamespace(
            articles=SimpleNamespace(get=self._get, rows=self._rows),
            full_texts=SimpleNamespace(of=lambda article_id: self.articles[article_id].full),
            images=SimpleNamespace(of_article=lambda article_id: list(self.images), file=self._file),
        )

    def setting(self, key: str, default: int) -> object:
        return self.settings.get(key, default)

    def set_setting(self, key: str, value: object) -> None:
        self.settings[key] = value

    def tell(self, *ids: int) -> None:
        """Says that articles have changed."""
        self.articles_changed.emit(Changes(updated=ids))

    def mark(self, **changes: object) -> None:
        """Changes the row of article 1 as the store does, and says so."""
        article = self.articles[1]
        self.articles[1] = article._replace(row=article.row._replace(**changes))  # type: ignore[arg-type]
        self.tell(1)

    def _get(self, article_id: int) -> Article | None:
        self.bodies_read += 1
        return self.articles.get(article_id)

    def _rows(self, ids: Sequence[int]) -> list[ArticleRow]:
        return [self.articles[one].row for one in ids if one in self.articles]

    def _file(self, sha256: str) -> Path:
        return self.folder / sha256
