"""The one switch that every socket passes: shut, nothing reaches the network."""

from __future__ import annotations

import threading

from desktop.core.errors import OfflineError

SWITCHED_OFF = "Chorsu works offline, so nothing was asked."


class Gate:
    """Open or shut, from any thread. Shutting it refuses new requests and connections; it breaks no running
    one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reason = ""
        self._online = True
        self.metered = False  # the system says that what comes is paid for

    @property
    def online(self) -> bool:
        return self._online

    @property
    def reason(self) -> str:
        """The sentence that the gate was shut with; "" while it is open."""
        return self._reason

    def shut(self, reason: str = SWITCHED_OFF) -> None:
        with self._lock:
            self._reason = reason or SWITCHED_OFF
            self._online = False

    def open(self) -> None:
        with self._lock:
            self._reason = ""
            self._online = True

    def check(self) -> None:
        """Raise OfflineError while the gate is shut."""
        with self._lock:
            if not self._online:
                raise OfflineError(self._reason, "What is stored can be read; go online to fetch more.")
