"""Are we online? The person's switch and the system's word, joined into the one gate that every request passes."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from desktop.net.gate import Gate

SWITCHED_OFF = "switched off"
NO_NETWORK = "no network"
READ_ONLY = "the data folder is read-only"
_SENTENCES = {
    SWITCHED_OFF: "Chorsu works offline, so nothing was asked.",
    READ_ONLY: "The data folder cannot be written to, so nothing was asked.",
    NO_NETWORK: "The system sees no network, so nothing was asked.",
}


class Connection(NamedTuple):
    """Whether requests may leave, why not, and when the last refresh ended."""

    online: bool
    reason: str
    last_refresh: datetime | None
    metered: bool = False  # the system says that what comes is paid for


class ConnectionWatch(QObject):
    """Keeps the gate: shut while the person works offline or the system sees no network."""

    changed = Signal()

    def __init__(
        self, gate: Gate, *, offline: bool, read_only: bool = False, parent: QObject | None = None
    ) -> None:
        """`read_only`: nothing that comes could be kept, so nothing is asked."""
        super().__init__(parent)
        self._read_only = read_only
        self._gate = gate
        self._offline = offline
        self._reachable = True
        self._apply()

    @property
    def online(self) -> bool:
        return not self._read_only and not self._offline and self._reachable

    @property
    def offline(self) -> bool:
        """Whether the person switched the network off."""
        return self._offline

    @property
    def reason(self) -> str:
        """Why we are offline; "" when we are online."""
        if self._read_only:
            return READ_ONLY
        if self._offline:
            return SWITCHED_OFF
        return "" if self._reachable else NO_NETWORK

    def set_offline(self, offline: bool) -> None:
        self._offline = offline
        self._apply()

    def follow_system(self) -> None:
        """Listen to what the system says of the network, where it says anything."""
        from PySide6.QtNetwork import QNetworkInformation  # after the first paint: it loads a plugin

        reachability, metered = QNetworkInformation.Feature.Reachability, QNetworkInformation.Feature.Metered
        if not (
            QNetworkInformation.loadBackendByFeatures(reachability | metered)
            or QNetworkInformation.loadBackendByFeatures(reachability)
        ):
            return
        information = QNetworkInformation.instance()
        information.isMeteredChanged.connect(self._on_metered)
        self._on_metered(information.isMetered())
        information.reachabilityChanged.connect(self._on_reachability)
        self._on_reachability(information.reachability())

    def _on_reachability(self, reachability: object) -> None:
        from PySide6.QtNetwork import QNetworkInformation

        # Unknown, local and site count as reachable: only a plain "disconnected" keeps us from asking.
        self._reachable = reachability != QNetworkInformation.Reachability.Disconnected
        self._apply()

    def _on_metered(self, metered: bool) -> None:
        self._gate.metered = metered
        self.changed.emit()

    def _apply(self) -> None:
        if self.online:
            self._gate.open()
        else:
            self._gate.shut(_SENTENCES[self.reason])
        self.changed.emit()
