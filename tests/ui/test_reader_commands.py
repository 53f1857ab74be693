"""What can be done with the open article, in the real window."""

from __future__ import annotations

import base64
import threading

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop.core.html.image_keys import image_key
from desktop.core.incoming import ImageRef, PictureInfo
from desktop.ui.reader import print as print_
from desktop.ui.reader.parts import blocks, fragments
from desktop.ui.reader.picture_viewer import PictureViewer
from tests.ui.edition import make_article
from tests.ui.reading import save_picture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

PICTURE, GONE = "https://courier.test/bridge.png", "https://courier.test/gone.png"
HTML = (
    f'<p>The bridge is <b>open</b>.</p><figure><img src="cache:{image_key(PICTURE)}" alt="The bridge">'
    f'<figcaption>At noon</figcaption></figure><p><img src="cache:{image_key(GONE)}" alt="The old one"></p>'
)


@pytest.fixture
def picture(window, session, arrive, tmp_path):
    """An open article with a stored picture and a missing one; gives the bytes of the first."""
    images = (ImageRef(PICTURE, "The bridge"), ImageRef(GONE, "The old one"))
    (article_id,) = arrive([make_article(500, title="Bridge: open", html=HTML, images=images)]).new
    body = save_picture(tmp_path, "bridge.png", 300, 200).read_bytes()
    key = image_key(PICTURE)
    info = PictureInfo("png", 300, 200)
    session._lane.submit(lambda store: store.images.put(key, PICTURE, body, info)).result()
    window.article_commands.show(article_id)
    return body


@pytest.mark.parametrize("name", ["copy_citation", "save_article", "print", "print_preview", "pictures"])
def test_without_an_article_nothing_happens_but_a_word(window, said, name):
    window.reader.show_article(None)
    window.commands[name].trigger()
    assert said == ["Open an article first."]


def test_the_citation_is_copied(window, picture, said):
    window.commands["copy_citation"].trigger()
    text = QGuiApplication.clipboard().text()
    assert "“Bridge: open”. " in text
    assert text.endswith(" (accessed 24 November 2026).")
    assert said == ["The citation is on the clipboard."]


def test_the_citations_of_all_chosen_articles_are_copied(window, picture, said):
    window.articles.view.selectAll()
    chosen = window.articles.view.selected_ids
    assert len(chosen) > 20
    window.commands["copy_citation"].trigger()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == len(set(lines)) == len(chosen)
    assert said[-1] == f"{len(chosen)} citations are on the clipboard."


def test_a_web_page_has_its_pictures_inside_and_leads_nowhere(window, picture, said, qtbot, tmp_path):
    path = tmp_path / "saved.html"
    window.reader_commands.save_to(path)
    qtbot.waitUntil(lambda: said == ["Saved as saved.html."])
    page = path.read_text("utf-8")
    assert base64.b64encode(picture).decode() in page
    assert "<figcaption" in page
    assert "[The old one]" in page
    assert "default-src 'none'; img-src data:" in page
    assert "cache:" not in page
    assert [each.name for each in tmp_path.glob(".*.part")] == []


def test_markdown_is_saved_with_its_head(window, picture, said, qtbot, tmp_path):
    path = tmp_path / "saved.md"
    window.reader_commands.save_to(path)
    qtbot.waitUntil(lambda: said == ["Saved as saved.md."])
    text = path.read_text("utf-8")
    assert text.startswith("# Bridge: open\n\n")
    assert "The bridge is **open**." in text
    assert "*[The bridge]*" in text


def test_a_pdf_is_saved_with_its_picture_while_the_window_goes_on(
    window, picture, said, qtbot, tmp_path, monkeypatch
):
    threads, made = [], print_.article_pdf
    monkeypatch.setattr(
        print_, "article_pdf", lambda *given: (threads.append(threading.current_thread()), made(*given))[1]
    )
    window.reader_commands.save_to(tmp_path / "with.pdf")
    assert said == ["Writing with.pdf…"]
    qtbot.waitUntil(lambda: said[1:] == ["Saved as with.pdf."])
    assert threads[0] is not threading.main_thread()
    body = (tmp_path / "with.pdf").read_bytes()
    assert body.startswith(b"%PDF-")
    assert body.rstrip().endswith(b"%%EOF")
    assert body.count(b"/Subtype /Image") == 1


def test_a_long_pdf_says_how_far_it_is_and_can_be_stopped(
    window, picture, said, qtbot, session, tmp_path, monkeypatch
):
    path, shown = tmp_path / "long.pdf", []
    path.write_bytes(b"the former one")
    article = window.reader.article
    monkeypatch.setattr(window.reader, "_article", article._replace(html="<p>Words and more.</p>" * 600))
    session.progress_changed.connect(shown.append)
    going_on = threading.Event()
    paint = print_._paint_page

    def slowly(*given):
        paint(*given)
        going_on.wait(10)

    monkeypatch.setattr(print_, "_paint_page", slowly)
    window.reader_commands.save_to(path)
    qtbot.waitUntil(lambda: any(progress.total > 1 for progress in shown))
    assert shown[0].label == "Writing long.pdf"
    assert window.status._stop.isVisible()
    session.stop()
    going_on.set()
    qtbot.waitUntil(lambda: said[1:] == ["Stopped; long.pdf was not written."])
    assert not shown[-1].running
    assert path.read_bytes() == b"the former one"
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []
    window.reader_commands.save_to(path)
    qtbot.waitUntil(lambda: said[-1] == "Saved as long.pdf.")
    pages = path.read_bytes().count(b"/Type /Page\n")
    assert pages > 3
    assert [progress.done for progress in shown if progress.total == pages][-pages:] == list(range(pages))


@pytest.mark.parametrize("ending", ["html", "md", "pdf"])
def test_what_cannot_be_written_is_told_and_leaves_what_was_there(
    window, picture, qtbot, session, tmp_path, ending
):
    told = []
    session.problem.connect(told.append)
    for target in (tmp_path / f"folder.{ending}", tmp_path / "nowhere" / f"file.{ending}"):
        if target.parent == tmp_path:
            target.mkdir()
        window.reader_commands.save_to(target)
        qtbot.waitUntil(lambda: bool(told))
        assert f"{target.name} could not be written" in told.pop().message
    assert (tmp_path / f"folder.{ending}").is_dir()


def test_the_save_dialog_proposes_a_name_and_does_not_block(window, picture):
    window.commands["save_article"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog.isVisible()
    assert dialog.selectedFiles()[0].endswith("/Bridge open.html")
    for kind, ending in (("PDF (*.pdf)", "pdf"), ("Markdown (*.md)", "md")):
        dialog.filterSelected.emit(kind)
        assert dialog.selectedFiles()[0].endswith(f"/Bridge open.{ending}")
    dialog.reject()


def test_a_click_on_a_picture_opens_it_and_the_missing_one_says_why(window, picture, qtbot):
    view = window.reader.view
    view.complete()
    view.viewport().grab()
    places = {}
    for y in range(view.viewport().height()):
        key = view.picture_at(QPoint(view.viewport().width() // 2, y))
        if key:
            places.setdefault(key, y)
    assert list(places) == [image_key(PICTURE), image_key(GONE)]
    for key, y in places.items():
        point = QPoint(view.viewport().width() // 2, y + 4)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        viewer = window.findChild(PictureViewer)
        assert viewer.image.key == key
        assert viewer.missing.isVisible() is (key == image_key(GONE))
        qtbot.waitUntil(lambda viewer=viewer: not viewer._pictures.is_decoding)
        with qtbot.waitSignal(viewer.destroyed):
            viewer.close()


def test_an_article_opens_where_it_was_left_after_a_restart(window, session, arrive, qtbot):
    long = "".join(f"<p>Paragraph {n}. {'words of a text ' * 30}</p>" for n in range(80))
    (article_id,) = arrive([make_article(501, html=long)]).new
    window.article_commands.show(article_id)
    window.reader.view.complete()
    for _ in range(6):
        window.reader.scroll_page()
    place = window.reader.view.top_character
    assert place > 1_000
    window.reader.keep_place()
    qtbot.waitUntil(lambda: session.reader.places.of(article_id) == place)


def test_a_link_to_a_note_leads_there_and_backspace_leads_back(window, arrive, qtbot):
    filler = "".join(f"<p>{'words of a text ' * 30}</p>" for _ in range(40))
    html = (
        f'<p id="a">Text <a href="#n">1</a></p>{filler}<p id="n">The note <a href="#a">back</a></p>{filler}'
    )
    (article_id,) = arrive([make_article(502, html=html)]).new
    window.article_commands.show(article_id)
    assert not window.reader.view.is_complete
    assert window.reader.view.jumps.to("n")
    qtbot.waitUntil(lambda: window.reader.view.verticalScrollBar().value() > 500)
    window.reader.view.setFocus()
    QTest.keyClick(window.reader.view, Qt.Key.Key_Backspace)
    assert window.reader.view.verticalScrollBar().value() == 0


def test_a_publishers_colours_are_shown_where_the_person_wants_them(window, session, arrive, qtbot):
    html = '<p>Plain <span style="color:#8a0000">red</span> and <span style="color:#fefefe">unseen</span></p>'
    first, second = arrive([make_article(503, html=html), make_article(504, html=html)]).new
    action = window.commands["publisher_style"]
    window.article_commands.show(first)
    assert not action.isChecked()
    assert colours(window) == set()
    action.trigger()
    assert colours(window) == {"#8a0000"}
    window.article_commands.show(second)
    assert action.isChecked()
    assert colours(window) == {"#8a0000"}
    source = session.reader.articles.rows([first])[0].source_id
    qtbot.waitUntil(lambda: session.reader.sources.keeps_style(source))
    action.trigger()
    assert colours(window) == set()


def colours(window):
    """Of the words that have a colour of their own."""
    window.reader.view.complete()
    parts = [part for block in blocks(window.reader.view.document()) for part in fragments(block)]
    return {
        part.charFormat().foreground().color().name()
        for part in parts
        if part.text() in ("red", "unseen") and part.charFormat().foreground().color().saturation() > 50
    }


def test_the_menu_of_the_text_copies_a_link_and_what_is_selected(window, picture):
    view = window.reader.view
    view.menu_requested.emit(QPoint(10, 10), QUrl("https://x.test/a b"))
    menu = QApplication.activePopupWidget()
    entries = {action.text().replace("&", ""): action for action in menu.actions()}
    assert not entries["Copy"].isEnabled()
    entries["Copy the address of the link"].trigger()
    assert QGuiApplication.clipboard().text() == "https://x.test/a%20b"
    assert {"Find in article", "Copy citation", "Save article as…", "Pictures\tI"} <= entries.keys()
    menu.close()
    view.selectAll()
    view.menu_requested.emit(QPoint(10, 10), QUrl("file:///etc/passwd"))
    menu = QApplication.activePopupWidget()
    texts = [action.text().replace("&", "") for action in menu.actions()]
    assert "Copy the address of the link" not in texts
    menu.actions()[0].trigger()
    assert "The bridge is open." in QGuiApplication.clipboard().text()
    menu.close()


def test_letters_and_backspace_in_the_search_field_are_for_the_field(window, picture, qtbot):
    window.commands["find"].trigger()
    field = window.reader.sheet.find_bar.field
    qtbot.keyClicks(field, "big")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text() == "bi"
    assert window.findChild(PictureViewer) is None


def test_a_window_hung_while_the_paper_of_a_pdf_was_deleted(window, picture, qtbot, tmp_path, monkeypatch):
    told, delete = [], print_.delete

    def telling(kind):
        return type(
            kind.__name__, (kind,), {"disconnectNotify": lambda self, signal: told.append(kind.__name__)}
        )

    def watched(what):
        told.append("deleting")
        delete(what)
        told.append("deleted")

    for kind in (print_.PictureObject, print_.Pictures, print_.ArticleDocument, print_.Paper):
        monkeypatch.setattr(print_, kind.__name__, telling(kind))
    monkeypatch.setattr(print_, "delete", watched)
    window.reader_commands.save_to(tmp_path / "page.pdf")
    qtbot.waitUntil((tmp_path / "page.pdf").exists)
    assert told[:3] == ["PictureObject", "deleting", "deleted"]
