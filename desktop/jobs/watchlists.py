"""The person's watchlists behind the window: every change is written in the lane, told, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.core.rates import Pair, Watchlist
from desktop.store import Store
from desktop.store.watchlists import Line
from desktop.store.watchlists import Watchlists as Stored

R = TypeVar("R")


class Write(Protocol):
    """Hands a job to the store lane; what it gives comes back on the GUI thread."""

    def __call__(self, job: Callable[[Store], R], done: Callable[[R], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class Act:
    """Something that the person did to the lists: in words, and all lists before and after it."""

    words: str
    before: tuple[Watchlist, ...]
    after: tuple[Watchlist, ...]
    quiet: bool  # it is seen at once where it was done, and needs no message


class Watchlists(QObject):
    """Changes lists by name; "" is the list of the ticker. What cannot be done is told, and changes nothing."""

    changed = Signal()
    acted = Signal(object)  # Act

    def __init__(self, write: Write, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._to_lane = write

    def pin(self, pair: Pair, list_name: str = "", source: str = "") -> None:
        self._act(f"{pair} pinned", lambda lists: lists.pin(pair, list_name, source))

    def pin_all(self, lines: Sequence[Line], list_name: str, words: str) -> None:
        """Pin several at once, as one act that `words` tell of."""
        kept = tuple(lines)
        self._act(words, lambda lists: lists.pin_all(kept, list_name))

    def unpin(self, pair: Pair, list_name: str = "") -> None:
        self._act(f"{pair} unpinned", lambda lists: lists.unpin(pair, list_name))

    def flip(self, pair: Pair, list_name: str = "") -> None:
        self._act(f"{pair} flipped", lambda lists: lists.flip(pair, list_name), quiet=True)

    def move(self, pair: Pair, position: int, list_name: str = "") -> None:
        self._act(f"{pair} moved", lambda lists: lists.move(pair, position, list_name), quiet=True)

    def shift(self, pair: Pair, by: int, list_name: str = "") -> None:
        """Move a pair by so many places; right even while earlier moves are still on their way."""
        self._act(f"{pair} moved", lambda lists: lists.shift(pair, by, list_name), quiet=True)

    def set_source(self, pair: Pair, source: str, list_name: str = "") -> None:
        self._act(f"Source of {pair} chosen", lambda lists: lists.set_source(pair, source, list_name))

    def create(self, name: str) -> None:
        self._act(f"List “{name}” made", lambda lists: lists.create(name), quiet=True)

    def rename(self, name: str, new_name: str) -> None:
        self._act(f"List “{name}” renamed", lambda lists: lists.rename(name, new_name), quiet=True)

    def delete(self, name: str) -> None:
        self._act(f"List “{name}” deleted", lambda lists: lists.delete(name))

    def move_list(self, name: str, position: int) -> None:
        self._act(f"List “{name}” moved", lambda lists: lists.move_list(name, position), quiet=True)

    def show_in_ticker(self, name: str) -> None:
        self._act(f"The ticker shows “{name}”", lambda lists: lists.show_in_ticker(name))

    def take_back(self, act: Act) -> None:
        """Put the lists back as they were before `act`."""
        self._to_lane(lambda store: store.watchlists.restore(act.before, act.after), self._on_restored)

    def do_again(self, act: Act) -> None:
        """The way back from `take_back`."""
        self._to_lane(lambda store: store.watchlists.restore(act.after, act.before), self._on_restored)

    def _act(self, words: str, do: Callable[[Stored], None], *, quiet: bool = False) -> None:
        def job(store: Store) -> Act:
            before = store.watchlists.all()
            do(store.watchlists)
            return Act(words, before, store.watchlists.all(), quiet)

        self._to_lane(job, self._on_acted)

    def _on_acted(self, act: Act) -> None:
        if act.before != act.after:
            self.changed.emit()
            self.acted.emit(act)

    def _on_restored(self, _: object) -> None:
        self.changed.emit()
