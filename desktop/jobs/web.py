"""The one way to the web, made by the first request: the start of the window loads no HTTP library."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from desktop.net.gate import Gate

if TYPE_CHECKING:
    from desktop.net.http import Http


class Web:
    """Gives the one Http of the session, to any thread. Its `gate` is asked before every request."""

    def __init__(self) -> None:
        self.gate = Gate()
        self._http: Http | None = None
        self._lock = threading.Lock()
        self._closed = False

    def __call__(self) -> Http:
        with self._lock:
            if self._http is None:
                from desktop.net.http import Http

                self._http = Http(self.gate)
                if self._closed:
                    self._http.close()
            return self._http

    def close(self) -> None:
        """End every request and the reading of what came, and let no request begin."""
        with self._lock:
            self._closed = True
            if self._http is not None:
                from desktop.sync import documents  # what was fetched is read there

                self._http.close()
                documents.close()
