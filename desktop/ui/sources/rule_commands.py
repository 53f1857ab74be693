"""Rules on arrival in the window: their list, what they did in a refresh, and the way back from all of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from desktop.ui.times import count
from desktop.ui.undo import Done, Step

if TYPE_CHECKING:
    from desktop.core.arrival_rules import ArrivalRule, RuleBatch
    from desktop.jobs.session import Session

_TOLD = 3  # titles in a notification


class RuleCommands(QObject):
    """Whatever rules did can be undone, together for one refresh."""

    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(self, session: Session, stack: QUndoStack, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._stack = stack
        self._window = window
        self._rules = session.searches.rules
        self._rules.acted.connect(self._on_acted)
        session.refreshed.connect(self._rules.gather)

    def show(self, words: str) -> None:
        """Open the list of rules; `words` are offered as the next one."""
        from desktop.ui.sources.rules_window import RulesWindow  # no window is needed to start

        window = RulesWindow(self._session, words, self._window)
        window.put_requested.connect(self._put)
        window.apply_requested.connect(self._apply)
        window.take_back_requested.connect(self._take_back)
        window.show()

    def _put(self, words: str, after: tuple[ArrivalRule, ...]) -> None:
        before = self._session.reader.arrival_rules.all()
        self._stack.push(Step(words, partial(self._rules.put, after), partial(self._rules.put, before)))
        self.said.emit(words, True)

    def _apply(self, rule: ArrivalRule) -> None:
        self._rules.apply(rule, self._session.now(), self._on_applied)

    def _take_back(self, rule: ArrivalRule) -> None:
        self._rules.take_back_rule(rule.id, self._on_taken_back)

    def _on_applied(self, batch: RuleBatch) -> None:
        self._push(f"Rule marked {_articles(batch.marked)}", batch.number)

    def _on_taken_back(self, batch: RuleBatch) -> None:
        words = f"Taken back what a rule did to {_articles(batch.marked + batch.dropped)}"
        do, undo = partial(self._rules.take_back, batch.number), partial(self._rules.do_again, batch.number)
        self._stack.push(Done(words, do, undo))
        self.said.emit(words, True)

    def _on_acted(self, batch: RuleBatch) -> None:
        parts = [
            *([f"marked {_articles(batch.marked)}"] if batch.marked else []),
            *([f"did not keep {_articles(batch.dropped)}"] if batch.dropped else []),
        ]
        if parts:
            self._push(f"Rules {' and '.join(parts)}", batch.number)
        elif batch.told:
            self.said.emit(
                f"Rules told you of {_articles(batch.told)}", False
            )  # there is nothing to take back
        if batch.news:
            self._session.alerts.notify(*news_words(batch.news))

    def _push(self, words: str, number: int) -> None:
        do, undo = partial(self._rules.do_again, number), partial(self._rules.take_back, number)
        self._stack.push(Done(words, do, undo))
        self.said.emit(words, True)


def news_words(news: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """Title and text of a notification about articles that rules found: (title, source) each."""
    if len(news) == 1:
        return news[0]
    told = [f"{title} ({source})" for title, source in news[:_TOLD]]
    more = [f"and {count(len(news) - _TOLD)} more"] if len(news) > _TOLD else []
    return f"{count(len(news))} new articles by your rules", "\n".join([*told, *more])


def _articles(number: int) -> str:
    return f"{count(number)} article{'' if number == 1 else 's'}"
