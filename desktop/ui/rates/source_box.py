"""Whose rates are wanted: the sources that can answer a pair by themselves, in a box or a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QWidget

from desktop.core.rates import Pair

if TYPE_CHECKING:
    from desktop.jobs.session import Session

BEST = "Best official"
UNASKED = " (not fetched yet)"


def offered(
    session: Session, pair: Pair, chosen: str = "", none: str = BEST, *, stored: bool = False
) -> dict[str, str]:
    """The sources of a pair with their names, most trusted first, after a line for none of them in particular: those
    that have sent it, the one that was `chosen`, and then, unless only what is `stored` is of use, those that would
    have to be asked first."""
    have = dict.fromkeys((*session.sources_of(pair), *filter(None, (chosen,))))
    names = {source: session.provider_name(source) for source in have}
    others = [] if stored else [source for source in session.publishers.of(pair) if source not in have]
    return {"": none} | names | {source: f"{session.provider_name(source)}{UNASKED}" for source in others}


class SourceBox(QComboBox):
    """One of the sources of a pair, or none in particular. `stored`: only what has sent the pair is offered."""

    def __init__(
        self, session: Session, name: str, parent: QWidget, none: str = BEST, *, stored: bool = False
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._none = none
        self._stored = stored
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)

    @property
    def source(self) -> str:
        """The source that is chosen; "" for none in particular."""
        return str(self.currentData() or "")

    def offer(self, pair: Pair, chosen: str = "") -> None:
        """Offer the sources of a pair, without telling that the choice may be another."""
        with QSignalBlocker(self):
            self.clear()
            for source, name in offered(self._session, pair, chosen, self._none, stored=self._stored).items():
                self.addItem(name, source)
            self.choose(chosen)

    def offer_again(self, pair: Pair) -> None:
        """Offer the sources of another pair; what was chosen stays so where it knows that pair too."""
        self.offer(pair, self.source if self.source in self._session.sources_of(pair) else "")

    def choose(self, source: str) -> None:
        """Choose a source; none in particular where it is not offered."""
        self.setCurrentIndex(max(0, self.findData(source)))
