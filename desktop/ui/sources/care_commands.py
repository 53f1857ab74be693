"""Looking after sources: properties, health, pause; each can be undone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from desktop.core.models import NewSource, Source, SourceKind
from desktop.ui.sources.commands import SourceCommands
from desktop.ui.sources.sidebar import Sidebar
from desktop.ui.undo import Done, Step

if TYPE_CHECKING:
    from desktop.jobs.session import Session, Summary
    from desktop.ui.actions import Actions
    from desktop.ui.sources.health_window import HealthWindow


GONE = 410


class CareCommands(QObject):
    """Opens the windows about sources and does what they ask for."""

    said = Signal(str, bool)

    def __init__(
        self,
        session: Session,
        sidebar: Sidebar,
        commands: SourceCommands,
        actions: Actions,
        stack: QUndoStack,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._sidebar = sidebar
        self._commands = commands
        self._actions = actions
        self._stack = stack
        self._window = window
        sidebar.query_chosen.connect(self.enable)
        sidebar.refilled.connect(self.enable)
        session.refreshed.connect(self._on_refreshed)
        self.enable()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {
            "properties": self.show_properties,
            "health": self.show_health,
            "pause": self.pause,
            "follow_again": self.follow_again,
        }

    def enable(self) -> None:
        """Let the actions be used that fit the chosen line."""
        source = self._sidebar.source
        follows = source is not None and not source.archived
        for name in ("properties", "pause"):
            self._actions[name].setEnabled(follows)
        self._actions["follow_again"].setEnabled(source is not None and source.archived)
        self._actions["pause"].setChecked(source is not None and follows and not source.enabled)

    def show_properties(self) -> None:
        """The settings of the chosen source."""
        if self._sidebar.source is not None:
            self.show_properties_of(self._sidebar.source.id)

    def show_properties_of(self, source_id: int) -> None:
        from desktop.ui.sources.properties_dialog import PropertiesDialog  # no dialog is needed to start

        dialog = PropertiesDialog(self._session, source_id, self._sidebar.model.folders, self._window)
        dialog.saved.connect(self._on_saved)
        dialog.show()

    def show_health(self) -> HealthWindow:
        """How all sources are; one window, brought to the front when it is open already."""
        from desktop.ui.sources.health_window import (
            HealthWindow,  # no window but the first is needed to start
        )

        shown: HealthWindow | None = self._window.findChild(HealthWindow)
        if shown is None:
            shown = HealthWindow(self._session, self._window)
            shown.retry_wanted.connect(self.retry)
            shown.pause_wanted.connect(self.pause_one)
            shown.remove_wanted.connect(self._commands.remove_one)
            shown.properties_wanted.connect(self.show_properties_of)
            shown.offer_taken.connect(self.take_offer)
        shown.show()
        shown.raise_()
        shown.activateWindow()
        return shown

    def pause(self) -> None:
        """Pause the chosen source, or have it asked again."""
        if self._sidebar.source is not None:
            self.pause_one(self._sidebar.source.id)

    def pause_one(self, source_id: int) -> None:
        """Pause a source, or have it asked again when it is paused."""
        source = self._session.reader.sources.get(source_id)
        set_enabled = self._session.subscriptions.set_enabled
        words = f"“{source.title}” {'paused' if source.enabled else 'is asked again'}"
        self._stack.push(
            Step(
                words,
                partial(set_enabled, [source_id], not source.enabled),
                partial(set_enabled, [source_id], source.enabled),
            )
        )
        self.said.emit(words, True)

    def follow_again(self) -> None:
        """Subscribe to a source again of which only articles were kept."""
        source = self._sidebar.source
        if source is not None and source.archived:
            before = self._session.reader.sources.subscription(source.id)
            self._session.add_sources([before._replace(enabled=True)])
            self.said.emit(f"“{source.title or source.url}” is followed again", False)

    def retry(self, source_id: int) -> None:
        """Ask a source now."""
        connection = self._session.connection
        if connection.online:
            self._session.refresh([source_id], rates=False)
        else:
            self.said.emit(f"Offline ({connection.reason}): nothing was fetched.", False)

    def take_offer(self, source_id: int, url: str) -> None:
        """Follow the feed that was found in the place of a source's own; its articles and marks stay. It is asked at
        once."""
        before = self._session.reader.sources.subscription(source_id)
        after = before._replace(url=url, feed_url=url, kind=SourceKind.FEED, enabled=True)
        edit = self._session.subscriptions.edit
        words = f"“{before.title}” follows {url}"
        self._stack.push(Step(words, partial(edit, source_id, after), partial(edit, source_id, before)))
        self.said.emit(words, True)
        if self._session.connection.online:
            self._session.refresh([source_id], rates=False)

    def _on_refreshed(self, summary: Summary) -> None:
        """What a refresh did to sources by itself can be taken back."""
        present = {source.id: source for source in self._session.reader.sources.all()}
        for done in summary.sources:
            before, now = done.source, present.get(done.source.id)
            if now is None:
                continue
            if before.state.moved_to and now.url == before.state.moved_to != before.url:
                self._tell_moved(before, now)
            elif before.enabled and not now.enabled and getattr(done.error, "status", 0) == GONE:
                put = partial(self._session.subscriptions.set_enabled, [now.id])
                self._tell(
                    f"“{now.title}” was taken down, and is paused", partial(put, False), partial(put, True)
                )

    def _tell_moved(self, before: Source, now: Source) -> None:
        after = self._session.reader.sources.subscription(now.id)
        former = after._replace(url=before.url, feed_url=before.feed_url)
        edit = partial(self._session.subscriptions.edit, now.id)
        self._tell(f"“{now.title}” has moved to {now.url}", partial(edit, after), partial(edit, former))

    def _tell(self, words: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        self._stack.push(Done(words, do, undo))
        self.said.emit(words, True)

    def _on_saved(self, source_id: int, before: NewSource, after: NewSource) -> None:
        edit = self._session.subscriptions.edit
        words = f"“{after.title or after.url}” changed"
        self._stack.push(Done(words, partial(edit, source_id, after), partial(edit, source_id, before)))
        self.said.emit(words, True)
