"""The sidebar: its tree, its counts, what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, Changes, FetchState, Source, SourceKind, View
from desktop.jobs.session import Session
from desktop.ui.sources.sidebar import Sidebar
from desktop.ui.sources.sidebar_delegate import SidebarDelegate
from desktop.ui.sources.sidebar_model import SidebarModel
from tests.ui.edition import NOW, make_article

Show = Callable[[QWidget], QWidget]


def make_source(number: int, title: str, folder: str = "", error: str = "") -> Source:
    state = FetchState(last_error=error)
    url = f"https://s{number}.test/feed"
    return Source(number, url, SourceKind.FEED, title, "", url, folder, "", "", True, NOW, state)


def counted(**unread: int) -> dict[int, SimpleNamespace]:
    return {
        int(key[1:]): SimpleNamespace(total=10, unread=number, starred=1, noted=2, updated=0, kept=7)
        for key, number in unread.items()
    }


def lines(model: SidebarModel, parent: QModelIndex | None = None) -> list[object]:
    """The tree as nested lists of "title count"."""
    found: list[object] = []
    for row in range(model.rowCount(parent or QModelIndex())):
        index = model.index(row, 0, parent or QModelIndex())
        node = model.node(index)
        assert node is not None
        found.append(f"{node.title} {node.count}")
        if model.rowCount(index):
            found.append(lines(model, index))
    return found


@pytest.fixture
def model(qapp: object) -> SidebarModel:
    made = SidebarModel()
    made.tester = QAbstractItemModelTester(  # type: ignore[attr-defined]
        made, QAbstractItemModelTester.FailureReportingMode.Fatal, made
    )
    made.update(
        [make_source(1, "Zeta"), make_source(2, "Alpha", "Banks"), make_source(3, "beta", "Banks")],
        counted(s1=4, s2=0, s3=5),
        today=2,
    )
    return made


@pytest.fixture
def sidebar(session: Session, show: Show) -> Sidebar:
    made = Sidebar(session)
    show(made)
    return made


def test_shows_views_folders_and_sources_with_counts(model: SidebarModel) -> None:
    assert lines(model) == [
        "Unread 9",
        "Today 2",
        "Starred 3",
        "Read later 0",
        "Notes 6",
        "Kept offline 21",
        "Updated 0",
        "All articles 30",
        "Banks 5",
        ["Alpha 0", "beta 5"],
        "Zeta 4",
    ]


def test_folders_lie_in_folders_and_count_all_that_is_in_them(model: SidebarModel) -> None:
    model.update(
        [
            make_source(1, "Zeta"),
            make_source(2, "Аlпhа", "Орта Азия/Су"),
            make_source(3, "beta", "Орта Азия"),
            make_source(4, "gamma", "Орта Азия/Су/Көл"),
        ],
        counted(s1=4, s2=1, s3=5, s4=2),
        today=2,
    )
    assert lines(model)[8:] == [
        "Орта Азия 8",
        ["Су 3", ["Көл 2", ["gamma 2"], "Аlпhа 1"], "beta 5"],
        "Zeta 4",
    ]
    assert model.folders == ["Орта Азия", "Орта Азия/Су", "Орта Азия/Су/Көл"]


def test_a_line_is_dragged_into_a_folder_and_out_of_it(model: SidebarModel, qtbot: QtBot) -> None:
    data = model.mimeData([model.index_of("source:1")])
    action = Qt.DropAction.MoveAction
    with qtbot.waitSignal(model.move_requested) as asked:
        model.dropMimeData(data, action, -1, -1, model.index_of("folder:Banks"))
    assert asked.args == [["source:1"], "Banks"]
    with qtbot.waitSignal(model.move_requested) as asked:
        model.dropMimeData(data, action, -1, -1, model.index_of("source:2"))  # onto a source: beside it
    assert asked.args == [["source:1"], "Banks"]
    with qtbot.waitSignal(model.move_requested) as asked:
        model.dropMimeData(data, action, -1, -1, QModelIndex())
    assert asked.args == [["source:1"], ""]


def test_counts_change_in_place(model: SidebarModel) -> None:
    changed: list[str] = []
    resets: list[None] = []
    model.dataChanged.connect(lambda top, _: changed.append(top.data()))
    model.modelReset.connect(lambda: resets.append(None))
    sources = [make_source(1, "Zeta"), make_source(2, "Alpha", "Banks"), make_source(3, "beta", "Banks")]

    model.update(sources, counted(s1=4, s2=0, s3=4), today=2)

    assert (sorted(changed), resets) == (["Banks", "Unread", "beta"], [])


def test_a_problem_is_told_in_the_tooltip_and_to_a_screen_reader(model: SidebarModel) -> None:
    error = "The server is <b>away</b>."
    sources = [
        make_source(1, "Zeta", error=error),
        make_source(2, "Alpha", "Banks"),
        make_source(3, "beta", "Banks"),
    ]
    model.update(sources, counted(s1=4), today=0)
    index = model.index_of("source:1")

    assert "&lt;b&gt;away" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == f"Zeta, 4 unread, problem: {error}"


def test_a_new_title_for_a_source_is_asked_for(model: SidebarModel, qtbot: QtBot) -> None:
    index = model.index_of("source:1")

    with qtbot.waitSignal(model.rename_requested) as asked:
        model.setData(index, "  Omega ")

    assert asked.args == [1, "Omega"]
    assert not model.setData(index, "   ")
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsEditable


def test_choosing_a_line_asks_for_its_articles(sidebar: Sidebar, qtbot: QtBot) -> None:
    source = sidebar.model.index_of("folder:Kyrgyzstan")

    with qtbot.waitSignal(sidebar.query_chosen) as asked:
        sidebar.tree.setCurrentIndex(source)

    assert asked.args == [ArticleQuery(folder="Kyrgyzstan")]
    assert sidebar.current_key == "folder:Kyrgyzstan"


def test_the_line_under_the_mouse_has_another_ground(sidebar: Sidebar, qtbot: QtBot) -> None:
    tree = sidebar.tree
    line = sidebar.model.index(4, 0)
    place = tree.visualRect(line)

    def ground() -> QColor:
        return tree.viewport().grab().toImage().pixelColor(place.topRight() - QPoint(2, -2))

    plain = ground()
    qtbot.mouseMove(tree.viewport(), place.center())
    qtbot.waitUntil(lambda: ground() != plain)
    hovered = ground()
    tree.setCurrentIndex(line)

    assert ground() not in (plain, hovered)


def test_counts_follow_what_is_read(sidebar: Sidebar, session: Session, qtbot: QtBot) -> None:
    assert sidebar.model.unread == 60
    ids = [row.id for row in session.reader.articles.page(ArticleQuery(), None, 10)]

    with qtbot.waitSignal(sidebar.unread_changed) as told:
        session.set_read(ids, True)

    assert told.args == [50]


def test_the_place_is_kept_when_the_tree_changes(sidebar: Sidebar, session: Session, qtbot: QtBot) -> None:
    herald = next(source for source in session.reader.sources.all() if source.title == "Osh Herald")
    sidebar.choose(f"source:{herald.id}")

    with qtbot.waitSignal(sidebar.model.rebuilt):
        session.subscriptions.move({herald.id: "Abroad"})

    assert sidebar.current is not None
    assert sidebar.current.key == f"source:{herald.id}"
    assert sidebar.tree.isExpanded(sidebar.model.index_of("folder:Abroad"))


def test_a_closed_folder_stays_closed(sidebar: Sidebar, session: Session, qtbot: QtBot, show: Show) -> None:
    sidebar.tree.collapse(sidebar.model.index_of("folder:Kyrgyzstan"))
    qtbot.waitUntil(lambda: session.setting("window.closed_folders", "") == "Kyrgyzstan")

    again = Sidebar(session)
    show(again)

    assert not again.tree.isExpanded(again.model.index_of("folder:Kyrgyzstan"))


def test_a_removed_source_that_was_chosen_leaves_us_at_unread(
    sidebar: Sidebar, session: Session, qtbot: QtBot
) -> None:
    source = session.reader.sources.all()[0]
    sidebar.choose(f"source:{source.id}")

    with qtbot.waitSignal(sidebar.model.rebuilt):
        session.acts.remove_source(source.id)

    assert sidebar.current is not None
    assert sidebar.current.query.view is View.UNREAD


def test_without_sources_it_offers_to_add_one(
    open_session: Callable[[int], Session], show: Show, qtbot: QtBot
) -> None:
    sidebar = Sidebar(open_session(0))
    show(sidebar)

    assert sidebar.empty.isVisible()
    assert sidebar.empty.words[0] == "No sources yet"
    with qtbot.waitSignal(sidebar.add_requested):
        sidebar.empty.press()


def test_today_counts_from_local_midnight(
    sidebar: Sidebar, arrive: Callable[..., object], qtbot: QtBot
) -> None:
    before = sidebar.model.node(sidebar.model.index_of("today"))
    assert before is not None
    count = before.count

    arrive([make_article(0)])

    qtbot.waitUntil(lambda: before.count == count + 1)


def test_every_control_has_a_name(sidebar: Sidebar) -> None:
    assert sidebar.tree.accessibleName() == "Views and sources"
    assert sidebar._add.accessibleName() == "Add source"
    assert sidebar._refresh.accessibleName() == "Refresh"


def test_tags_stand_under_their_head_with_what_is_unread_and_the_head_chooses_nothing(
    sidebar: Sidebar, session: Session, qtbot: QtBot
) -> None:
    model = sidebar.model
    assert not model.index_of("tags").isValid()
    ids = [row.id for row in session.reader.articles.page(ArticleQuery(), limit=3)]
    asked: list[ArticleQuery] = []
    sidebar.query_chosen.connect(asked.append)
    with qtbot.waitSignal(model.rebuilt):
        session.acts.tag(ids, ["Су", "Read later"], [], lambda change, count: None)
    unread = session.reader.articles.unread_count(ArticleQuery(tag="Су"))
    tags = lines(model)[lines(model).index("Tags 0") + 1]
    assert tags == [f"Су {unread}"]
    assert lines(model)[3] == "Read later 3"
    sidebar.tree.setCurrentIndex(model.index_of("tags"))
    assert asked == []
    assert sidebar.choose("tag:Су")
    assert sidebar.choose("later")
    assert asked == [ArticleQuery(tag="Су"), ArticleQuery(tag="Read later")]


def test_the_sidebar_is_read_once_for_all_that_a_refresh_brings_in_a_moment(
    qtbot: QtBot, session: Session, show: Show
) -> None:
    sidebar = Sidebar(session)
    show(sidebar)
    times: list[None] = []
    sidebar.refilled.connect(lambda: times.append(None))
    with qtbot.waitSignal(sidebar.refilled):
        for _ in range(100):
            session.sources_changed.emit()
            session.articles_changed.emit(Changes())
    assert len(times) == 1


def test_the_chosen_line_had_two_grounds_while_the_keyboard_was_elsewhere(
    session: Session, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    sidebar = Sidebar(session)
    show(sidebar)
    sidebar.activateWindow()
    tree = sidebar.tree
    monkeypatch.setattr(type(tree), "underMouse", lambda view: False)
    tree.setCurrentIndex(sidebar.model.index(1, 0))
    for has_keyboard in (True, False):
        tree.setFocus() if has_keyboard else tree.clearFocus()
        line = tree.visualRect(tree.currentIndex())
        picture = tree.viewport().grab().toImage()
        beside = picture.pixelColor(2, line.center().y())
        assert picture.pixelColor(line.right() - 2, line.top() + 3) == beside, has_keyboard
        assert beside != picture.pixelColor(2, line.bottom() + 3)


def test_lines_take_the_colours_and_the_letters_of_today(sidebar: Sidebar, show: Show) -> None:
    show(sidebar)
    tree = sidebar.tree
    pictures = [tree.viewport().grab().toImage()]
    larger = QFont(sidebar.font())
    larger.setPointSizeF(larger.pointSizeF() * 1.5)
    for change in (lambda: sidebar.setPalette(QPalette(QColor("#202020"))), lambda: tree.setFont(larger)):
        change()
        seen = tree.viewport().grab().toImage()
        tree.setItemDelegate(SidebarDelegate(tree))  # which knows nothing of before
        assert seen == tree.viewport().grab().toImage()
        assert seen not in pictures
        pictures.append(seen)
