"""Acts on many articles, marks and the removal of a source, each with its way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.models import Changes
from desktop.core.shown import Shown
from desktop.jobs.delivery import Delivery
from desktop.store import Store
from desktop.sync.lane import StoreLane

R = TypeVar("R")


class Acts(QObject):
    """One write each; the store remembers which articles an act changed, and what went."""

    noted = Signal()
    tagged = Signal()
    returned = Signal(object)  # Changes: articles known to the person, back with their source or their marks

    def __init__(
        self,
        lane: StoreLane,
        delivery: Delivery,
        changed: Callable[[Changes], None],
        tell: Callable[[AppError], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._delivery = delivery
        self._changed = changed
        self._tell = tell

    def mark_read(self, which: Shown | Sequence[int], done: Callable[[int, int], None]) -> None:
        """Mark what a list showed, or some of its articles, as read; `done` is given the number of the set, and how
        many articles it has."""

        def on_done(result: tuple[int, Changes]) -> None:
            set_id, changes = result
            self._changed(changes)
            done(set_id, len(changes.updated))

        self._follow(lambda store: store.marks.read(which), on_done)

    def put_marks(self, set_id: int, read: bool) -> None:
        """Mark the articles of a set read or unread: the way back, and there again."""

        def on_done(changes: Changes) -> None:
            self._changed(changes)
            if not read:
                self.returned.emit(Changes(new=changes.updated))

        self._follow(lambda store: store.marks.put(set_id, read=read), on_done)

    def note(self, article_id: int, text: str, now: datetime) -> None:
        """Write a note on an article, "" for none."""

        def on_done(changes: Changes) -> None:
            self._changed(changes)
            self.noted.emit()

        self._follow(lambda store: store.notes.put(article_id, text, now), on_done)

    def tag(
        self,
        which: Shown | Sequence[int],
        add: Sequence[str],
        remove: Sequence[str],
        done: Callable[[int, int], None],
    ) -> None:
        """Put tags on articles, what a list showed or some, and take others off; `done` is given the number of the
        change, and how many articles it changed."""
        kept, on, off = (which if isinstance(which, Shown) else tuple(which)), tuple(add), tuple(remove)
        self._follow(lambda store: store.tags.change(kept, on, off), partial(self._on_tags, done))

    def rename_tag(self, name: str, new: str, done: Callable[[int, int], None]) -> None:
        """Give a tag another name; `done` as for `tag`."""
        self._follow(lambda store: store.tags.rename(name, new), partial(self._on_tags, done))

    def delete_tag(self, name: str, done: Callable[[int, int], None]) -> None:
        """Take a tag off everything that has it; `done` as for `tag`."""
        self._follow(lambda store: store.tags.delete(name), partial(self._on_tags, done))

    def put_tags(self, change_id: int, back: bool) -> None:
        """Take back what an act on tags changed, or do it again."""

        def on_done(changes: Changes) -> None:
            self._changed(changes)
            self.returned.emit(Changes(new=changes.updated))
            self.tagged.emit()

        self._follow(lambda store: store.tags.put(change_id, back=back), on_done)

    def _on_tags(self, done: Callable[[int, int], None], result: tuple[int, Changes]) -> None:
        change_id, changes = result
        self._changed(changes)
        self.tagged.emit()
        done(change_id, len(changes.updated))

    def remove_source(self, source_id: int) -> None:
        """Unsubscribe; its articles go, until `put_back_source`."""
        self._follow(lambda store: store.sources.remove(source_id), self._changed)

    def remove_source_keeping(self, source_id: int, done: Callable[[int], None]) -> None:
        """Unsubscribe and keep the articles that the person holds on to; `done` is given how many go."""

        def on_done(changes: Changes) -> None:
            self._changed(changes)
            done(len(changes.removed))

        self._follow(lambda store: store.sources.remove(source_id, keep_marked=True), on_done)

    def count_staying(self, source_id: int, done: Callable[[int], None]) -> None:
        """Tell how many articles `remove_source_keeping` would leave."""
        self._follow(lambda store: store.sources.staying(source_id), done)

    def put_back_source(self, source_id: int) -> None:
        """Bring back what the last removal took of a source, articles, texts and pictures."""

        def on_done(changes: Changes) -> None:
            self._changed(Changes())
            self.returned.emit(changes)

        self._follow(lambda store: store.sources.put_back(source_id), on_done)

    def _follow(self, job: Callable[[Store], R], done: Callable[[R], None]) -> None:
        self._delivery.follow(self._lane.submit(job), done, self._tell, self)
