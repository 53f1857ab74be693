"""What can be done with the open article: cite, save, print, look at its pictures, come back from a note."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QAction, QGuiApplication

from desktop.core.errors import AppError, StoppedError
from desktop.core.models import Article, StoredImage
from desktop.ui.links import checked_url

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.jobs.reading import Step
    from desktop.jobs.session import Session
    from desktop.ui.actions import Actions
    from desktop.ui.articles.list import ArticleList
    from desktop.ui.reader.pane import ReaderPane
    from desktop.ui.reader.print import Manuscript
    from desktop.ui.reader.printing import Printing

FOLDER_SETTING = "reader.save_folder"
MOST_CITED = 100
_MENU = (
    "find",
    "",
    "open",
    "copy_link",
    "copy_citation",
    "",
    "pictures",
    "fetch_again",
    "save_article",
    "print",
    "",
    "toggle_star",
)


class ReaderCommands(QObject):
    """Acts on the article that the reader shows; says so when there is none."""

    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(
        self, session: Session, actions: Actions, reader: ReaderPane, articles: ArticleList, window: QWidget
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._style_action = actions["publisher_style"]
        self._session = session
        self._reader = reader
        self._list = articles
        self._window = window
        reader.picture_chosen.connect(self.show_picture)
        reader.article_opened.connect(self._on_opened)
        reader.view.menu_requested.connect(self.show_menu)
        self._on_opened()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {
            "copy_citation": self.copy_citation,
            "save_article": self.save,
            "print": self.print,
            "print_preview": self.preview,
            "pictures": self.show_pictures,
            "publisher_style": self.set_style,
            "jump_back": self._reader.view.jumps.back,
        }

    def show_menu(self, where: QPoint, link: QUrl) -> None:
        """Show what can be done with the selection, the link and the article."""
        view = self._reader.view
        menu = self._actions.menu(_MENU, self._window)
        first = menu.actions()[0]
        copy = QAction("&Copy", menu)
        copy.setEnabled(view.textCursor().hasSelection())
        copy.triggered.connect(view.copy)
        menu.insertAction(first, copy)
        address = checked_url(link)
        if address is not None:
            copy_address = QAction("Copy the address of the &link", menu)
            text = address.toString(QUrl.ComponentFormattingOption.FullyEncoded)
            copy_address.triggered.connect(partial(self._copy, text))
            menu.insertAction(first, copy_address)
        menu.insertSeparator(first)
        menu.popup(where)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)

    def copy_citation(self) -> None:
        """Put the chosen articles, else the one that is read, on the clipboard as others cite them, one a line."""
        ids = self._list.view.selected_ids
        if len(ids) > MOST_CITED:
            self.said.emit(f"At most {MOST_CITED} citations are copied at once.", False)
            return
        found = map(self._session.reader.articles.get, ids) if len(ids) > 1 else [self._article()]
        articles = [article for article in found if article is not None]
        if not articles:
            return
        from desktop.core.citation import citation

        lines = []
        for article in articles:
            published = article.row.published
            day = published.astimezone().date() if published is not None else None
            lines.append(citation(article, day, self._session.today()))
        QGuiApplication.clipboard().setText("\n".join(lines))
        several = f"{len(lines)} citations are" if len(lines) > 1 else "The citation is"
        self.said.emit(f"{several} on the clipboard.", False)

    def save(self) -> None:
        """Ask where to, and save the article as a web page with its pictures, as Markdown, or as PDF."""
        article = self._article()
        if article is None:
            return
        from desktop.core.citation import file_name
        from desktop.ui.reader.save_dialog import SaveDialog

        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = self._session.setting(FOLDER_SETTING, "") or documents
        dialog = SaveDialog(folder, file_name(article.row.title, ""), self._window)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.open()

    def _on_chosen(self, path: str) -> None:
        self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Save the open article at `path`; its ending says as what."""
        article = self._article()
        if article is None:
            return
        self._session.set_setting(FOLDER_SETTING, str(path.parent))
        ending = path.suffix.lower()
        if ending == ".pdf":
            self.said.emit(f"Writing {path.name}…", False)
            make = self._pdf(article)
        else:
            make = self._markdown(article) if ending in (".md", ".markdown") else self._web_page(article)
        self._session.reading.write_file(path, make, self._on_saved, self._on_failed, self)

    def print(self) -> None:
        """Ask for a printer, and print."""
        article = self._article()
        if article is not None:
            self._printing.ask(self._manuscript(article))

    def preview(self) -> None:
        """Show the article as it would be printed, in a window of its own."""
        article = self._article()
        if article is not None:
            self._printing.preview(self._manuscript(article))

    def set_style(self) -> None:
        """Show the articles of this source in their publisher's colours and alignment, or in ours."""
        self._reader.show_publisher_style(self._style_action.isChecked())

    def _on_opened(self) -> None:
        article = self._reader.article
        self._style_action.setEnabled(article is not None)
        self._style_action.setChecked(
            article is not None and self._session.reading.keeps_style(article.row.source_id)
        )

    def show_pictures(self) -> None:
        """Show the pictures of the article, from the first."""
        self.show_picture("")

    def show_picture(self, key: str) -> None:
        """Show the pictures of the article in a window of their own, beginning with this one."""
        article = self._article()
        if article is None:
            return
        shown = [image for image in self._reader.images.values() if not image.is_beacon]
        if not shown:
            self.said.emit("This article has no pictures.", False)
            return
        from desktop.core.html.picture_captions import captions
        from desktop.ui.reader.picture_viewer import PictureViewer

        images = self._session.reader.images
        viewer = PictureViewer(
            shown,
            images.file,
            captions(article.html),
            partial(self._fetch_pictures, article.row.id),
            self._window,
        )
        viewer.said.connect(self.said)
        viewer.follow(article.row.id, images.of_article)
        self._session.articles_changed.connect(viewer.on_changed)  # ends with the viewer
        viewer.show_key(key)
        viewer.show()

    def _fetch_pictures(self, article_id: int) -> str:
        """Fetch the missing pictures of an article; gives what is to be said meanwhile."""
        connection = self._session.connection
        if not connection.online:
            return f"Offline ({connection.reason}): nothing was fetched."
        self._session.article_fetch.fetch({article_id: False})
        return "Fetching it once more…"

    def _article(self) -> Article | None:
        article = self._reader.article
        if article is None:
            self.said.emit("Open an article first.", False)
        return article

    @cached_property
    def _printing(self) -> Printing:
        from desktop.ui.reader.printing import Printing

        return Printing(self._session, lambda words: self.said.emit(words, False), self._window)

    def _pdf(self, article: Article) -> Callable[[Step], bytes]:
        from desktop.ui.reader.print import article_pdf

        return partial(article_pdf, self._manuscript(article))

    def _manuscript(self, article: Article) -> Manuscript:
        """An article with its pictures as they are now, and how the text is set."""
        from desktop.ui.reader.print import Manuscript

        reader, file = self._reader, self._session.reader.images.file
        return Manuscript(article, dict(reader.images), file, reader.reading_style, QGuiApplication.font())

    def _web_page(self, article: Article) -> Callable[[Step], bytes]:
        from desktop.core.html.standalone import standalone
        from desktop.ui.reader.html import byline

        images, file, lines = dict(self._reader.images), self._session.reader.images.file, byline(article)

        def make(_: Step) -> bytes:
            return standalone(article, lines, lambda key: _stored(images.get(key), file)).encode()

        return make

    def _markdown(self, article: Article) -> Callable[[Step], bytes]:
        from desktop.core.html.markdown import article_markdown
        from desktop.ui.reader.html import byline

        lines = byline(article)
        return lambda _: article_markdown(article, lines).encode()

    def _on_saved(self, path: Path) -> None:
        self.said.emit(f"Saved as {path.name}.", False)

    def _on_failed(self, error: AppError) -> None:
        if isinstance(error, StoppedError):
            self.said.emit(error.message, False)
        else:
            self._session.tell(error)


def _stored(image: StoredImage | None, file: Callable[[str], Path]) -> tuple[str, bytes] | None:
    """Format and bytes of a stored picture; None where there is none."""
    if image is None or not image.sha256:
        return None
    try:
        return image.format, file(image.sha256).read_bytes()
    except OSError:
        return None
