"""Which certificates are believed: those that the system believes. Verification cannot be switched off."""

from __future__ import annotations

import ssl
import sys
import threading
from pathlib import Path

# Where distributions keep their certificates, for a Python (or a frozen program) that was built elsewhere.
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class Certificates:
    """TLS contexts by host, made when first needed.

    On macOS and Windows the system itself judges certificates, through truststore. Its contexts let only one
    handshake happen at a time, so that a stalled server would hold up all others: each host gets its own.
    Elsewhere truststore would read the system's file of certificates again for each connection (20 ms): one
    context that has read it serves all.
    """

    def __init__(self, *, judged_by_system: bool = sys.platform in ("win32", "darwin")) -> None:
        self._judged_by_system = judged_by_system
        self._lock = threading.Lock()
        self._contexts: dict[str, ssl.SSLContext] = {}

    def context(self, host: str) -> ssl.SSLContext:
        key = host if self._judged_by_system else ""
        with self._lock:
            if key not in self._contexts:
                context = _judged_by_system() if self._judged_by_system else _from_files()
                context.minimum_version = ssl.TLSVersion.TLSv1_2
                self._contexts[key] = context
            return self._contexts[key]


def _judged_by_system() -> ssl.SSLContext:
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _from_files() -> ssl.SSLContext:
    """The certificates that OpenSSL was told of, else those of the distribution, else certifi's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    if context.cert_store_stats()["x509_ca"] or _has_hashed_folder():
        return context
    bundle = next((path for path in BUNDLES if Path(path).is_file()), "")
    if not bundle:
        import certifi

        bundle = certifi.where()
    context.load_verify_locations(bundle)
    return context


def _has_hashed_folder() -> bool:
    folder = ssl.get_default_verify_paths().capath
    return folder is not None and any(Path(folder).glob("????????.[0-9]"))
