"""How rows look: painted pictures, not words about them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleRow
from desktop.ui import icons
from desktop.ui.articles.delegate import ArticleDelegate
from desktop.ui.articles.look import COLUMNS, COMPACT, GUTTER, WIDE
from desktop.ui.articles.model import ROW_ROLE
from desktop.ui.articles.text_lines import TextLines, broken, is_right_to_left
from desktop.ui.articles.thumbnails import Thumbnails, read_square
from desktop.ui.sources.sidebar_delegate import quiet_palette
from desktop.ui.theme import contrast
from tests.ui.edition import NOW, make_row

WIDTH = 380


class OneRow(QModelIndex):
    """An index that knows one row."""

    def __init__(self, row: ArticleRow) -> None:
        super().__init__()
        self._row = row

    def data(self, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self._row if role == ROW_ROLE else None


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    image = QImage(600, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("#d02020"))
    image.save(str(tmp_path / "picture"), "PNG")
    return tmp_path / "picture"


@pytest.fixture
def thumbnails(picture: Path, qapp: QApplication) -> Iterator[Thumbnails]:
    made = Thumbnails(lambda sha: picture if sha == "there" else picture.parent / sha, 72)
    yield made
    made.close()


@pytest.fixture
def delegate(thumbnails: Thumbnails) -> ArticleDelegate:
    return ArticleDelegate(thumbnails, lambda: NOW, thumbnails)


def paint(
    delegate: ArticleDelegate,
    row: ArticleRow,
    *,
    state: QStyle.StateFlag = QStyle.StateFlag.State_Enabled,
    direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight,
    palette: QPalette | None = None,
) -> QImage:
    option = QStyleOptionViewItem()
    option.font = QApplication.font()
    option.palette = palette or QApplication.palette()
    option.rect = QRect(0, 0, WIDTH, delegate.row_height(option.font))
    option.state = state
    option.direction = direction
    image = QImage(option.rect.size(), QImage.Format.Format_RGB32)
    image.fill(option.palette.color(QPalette.ColorRole.Base))
    painter = QPainter(image)
    delegate.paint(painter, option, OneRow(row))
    painter.end()
    return image


def inked(image: QImage, rect: QRect) -> int:
    """How many points of `rect` differ from the ground at its corner."""
    ground = image.pixel(rect.topLeft())
    return sum(
        image.pixel(x, y) != ground
        for x in range(rect.left(), rect.right() + 1)
        for y in range(rect.top(), rect.bottom() + 1)
    )


def gutter(image: QImage, *, right: bool = False) -> QRect:
    left = WIDTH - GUTTER + 1 if right else 4
    return QRect(left, 0, GUTTER - 5, image.height() - 1)


def far_edge(image: QImage) -> QRect:
    return QRect(2, 0, 8, image.height() - 1)


def test_an_unread_article_has_a_dot_and_a_read_one_has_none(delegate: ArticleDelegate) -> None:
    unread = paint(delegate, make_row())
    read = paint(delegate, make_row(read=True))

    assert inked(unread, gutter(unread)) > 20
    assert inked(read, gutter(read)) == 0


def test_the_row_is_mirrored_where_the_window_is(delegate: ArticleDelegate) -> None:
    image = paint(delegate, make_row(), direction=Qt.LayoutDirection.RightToLeft)

    assert inked(image, gutter(image, right=True)) > 20
    assert inked(image, far_edge(image)) == 0


def test_a_title_from_right_to_left_stands_at_the_right(delegate: ArticleDelegate) -> None:
    image = paint(delegate, make_row(title="سوق", excerpt=""))
    line = QRect(GUTTER, 8, (WIDTH - GUTTER) // 2, 18)

    assert inked(image, line) == 0
    assert inked(image, line.translated(line.width() - 12, 0)) > 20


def test_a_star_is_painted_in_its_colour(delegate: ArticleDelegate) -> None:
    plain = paint(delegate, make_row())
    starred = paint(delegate, make_row(starred=True))

    assert plain != starred


def test_missing_pictures_look_different_from_kept_ones(delegate: ArticleDelegate) -> None:
    kept = paint(delegate, make_row(images_total=3, images_stored=3))
    missing = paint(delegate, make_row(images_total=3, images_stored=1))

    assert kept != missing


def test_selection_and_hover_can_be_told_apart(delegate: ArticleDelegate) -> None:
    states = (
        QStyle.StateFlag.State_Enabled,
        QStyle.StateFlag.State_MouseOver,
        QStyle.StateFlag.State_Selected,
        QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_Active,
    )
    grounds = [paint(delegate, make_row(), state=state).pixel(GUTTER + 1, 2) for state in states]

    assert len(set(grounds)) == len(states)


def test_a_thumbnail_comes_after_the_first_paint(
    delegate: ArticleDelegate, thumbnails: Thumbnails, qtbot: QtBot
) -> None:
    row = make_row(lead_image="there")
    with qtbot.waitSignal(thumbnails.ready) as ready:
        paint(delegate, row)

    image = paint(delegate, row)

    assert ready.args == ["there"]
    assert QColor(image.pixel(WIDTH - 40, 40)) == QColor("#d02020")


def test_text_takes_the_width_where_a_picture_cannot_be_read(
    delegate: ArticleDelegate, thumbnails: Thumbnails, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(thumbnails.ready):
        paint(delegate, make_row(lead_image="gone"))

    assert paint(delegate, make_row(lead_image="gone")) == paint(delegate, make_row())


def test_a_compact_row_is_lower_and_has_no_picture(delegate: ArticleDelegate, thumbnails: Thumbnails) -> None:
    full = delegate.row_height(QApplication.font())
    delegate.density = COMPACT

    assert delegate.row_height(QApplication.font()) < full * 0.6
    paint(delegate, make_row(lead_image="there"))
    assert not thumbnails._asked


def test_a_row_of_columns_is_one_line_and_says_what_it_can(
    delegate: ArticleDelegate, thumbnails: Thumbnails
) -> None:
    compact = delegate.row_height(QApplication.font()) * 0.5
    delegate.density = COLUMNS

    assert delegate.row_height(QApplication.font()) < compact
    plain = paint(delegate, make_row())
    for one in (
        make_row(read=True),
        make_row(starred=True),
        make_row(title="Another"),
        make_row(source_title="Another"),
        make_row(withdrawn=True),
        make_row(tags=("Banks",)),
    ):
        assert paint(delegate, one) != plain
    paint(delegate, make_row(lead_image="there"))
    assert not thumbnails._asked


def test_a_broad_list_needs_lower_rows(delegate: ArticleDelegate) -> None:
    full = delegate.row_height(QApplication.font())
    delegate.density = WIDE

    assert delegate.row_height(QApplication.font()) < full * 0.75


@pytest.mark.parametrize(
    "body",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n", b"GIF89a"],
)
def test_what_is_no_whole_picture_gives_none(tmp_path: Path, body: bytes, qapp: QApplication) -> None:
    (tmp_path / "file").write_bytes(body)

    assert read_square(tmp_path / "file", 72).isNull()


def test_a_picture_is_cut_square(picture: Path, qapp: QApplication) -> None:
    image = read_square(picture, 72)

    assert (image.width(), image.height()) == (72, 72)
    assert image.pixelColor(0, 0).alpha() == 0  # round corners
    assert image.pixelColor(36, 36) == QColor("#d02020")


def test_lines_are_broken_at_words_and_the_last_is_cut(qapp: QApplication) -> None:
    lines = broken("one two three four five six seven eight nine ten", QApplication.font(), 90, 2)

    assert len(lines) == 2
    assert lines[0].startswith("one two")
    assert not lines[0].endswith(" ")
    assert lines[1].endswith("…")


def test_a_letter_outside_the_basic_plane_is_not_cut_in_two(qapp: QApplication) -> None:
    lines = broken("𝔸𝔹ℂ" * 60, QApplication.font(), 120, 3)

    assert len(lines) == 3
    assert "".join(lines[:2]) == ("𝔸𝔹ℂ" * 60)[: len("".join(lines[:2]))]


def test_lines_are_made_once(qapp: QApplication) -> None:
    made = TextLines()

    assert made.get("a b c", QApplication.font(), 100, 2) is made.get("a b c", QApplication.font(), 100, 2)


@pytest.mark.parametrize(
    ("text", "rtl"), [("abc سوق", False), ("«سوق» abc", True), ("123", False), ("", False)]
)
def test_direction_is_that_of_the_first_letter(text: str, rtl: bool) -> None:
    assert is_right_to_left(text) is rtl


@pytest.mark.parametrize("name", icons.names())
def test_every_icon_has_ink(name: str, qapp: QApplication) -> None:
    image = icons.pixmap(name, QColor("black"), 16).toImage()

    assert any(image.pixelColor(x, y).alpha() > 100 for x in range(16) for y in range(16))


def test_text_can_be_read_on_a_quiet_selection(qapp: QApplication) -> None:
    palette = quiet_palette(QApplication.palette())
    ground = palette.color(QPalette.ColorRole.Highlight)

    assert contrast(palette.color(QPalette.ColorRole.HighlightedText), ground) >= 4.5
