"""Makes the pictures of the README from the demo: `python tests/e2e/screenshots.py` (no display needed).

The real window on the demo's site and banks, in the states that a person meets: light, dark, narrow, offline, with
nothing in it, and with a source that fails.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.errors import AppError
from desktop.core.models import NewSource
from desktop.core.rates import Pair
from desktop.core.rates.alert_rules import AlertKind, AlertRule, Direction
from desktop.demo.site import DemoSite
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.sync.alerts import add_alert, evaluate_alerts
from desktop.ui.main_window import MainWindow

OUT = ROOT / "resources" / "screenshots"
WIDE, NARROW, DIALOG = (1280, 800), (900, 600), (960, 600)
KZT = Pair("USD", "KZT")
DARK = {
    QPalette.ColorRole.Window: "#2b2b2b",
    QPalette.ColorRole.WindowText: "#e6e6e6",
    QPalette.ColorRole.Base: "#1e1e1e",
    QPalette.ColorRole.AlternateBase: "#262626",
    QPalette.ColorRole.Text: "#e6e6e6",
    QPalette.ColorRole.Button: "#353535",
    QPalette.ColorRole.ButtonText: "#e6e6e6",
    QPalette.ColorRole.Highlight: "#2f6ea5",
    QPalette.ColorRole.HighlightedText: "#ffffff",
    QPalette.ColorRole.ToolTipBase: "#353535",
    QPalette.ColorRole.ToolTipText: "#e6e6e6",
    QPalette.ColorRole.PlaceholderText: "#8a8a8a",
    QPalette.ColorRole.Link: "#6fb3f2",
    QPalette.ColorRole.Mid: "#444444",
    QPalette.ColorRole.Light: "#555555",
    QPalette.ColorRole.Dark: "#222222",
}


def wait(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(ready: Callable[[], bool], seconds: int = 90) -> None:
    for _ in range(seconds * 10):
        if ready():
            return
        wait(100)
    raise SystemExit("the demo did not get ready")


Act = Callable[[Session, MainWindow], QWidget | None]  # gives the window to be drawn, where it is another


def shoot(name: str, folder: Path, size: tuple[int, int], act: Act) -> None:
    session = Session(folder)
    window = MainWindow(session)
    window.complete()
    window.resize(*size)
    window.show()
    wait(300)
    drawn = act(session, window) or window
    wait(900)
    path = OUT / f"{name}.png"
    drawn.grab().save(str(path))
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    window.close()
    window.deleteLater()
    wait(50)  # for the deletion: no window may hear of the next one, nor read a store that is shut
    session.close()
    session.deleteLater()


def read(session: Session, window: MainWindow, row: int = 0) -> None:
    window.sidebar.choose("all")
    wait(200)
    view = window.articles.view
    view.setCurrentIndex(view.model().index(row, 0))


def fill(folder: Path, site: DemoSite) -> None:
    """Follow the site and its banks, as the demo does, until every text, rate and picture is there."""
    with Store.open(folder) as store:
        for key, value in site.config().items():
            store.settings.set(key, value)
        store.settings.set("news.first_articles", 120)
        store.settings.set("welcome.done", True)
        store.settings.set("rates.history_pace", 0.0)
    session = Session(folder)

    def failed(error: AppError) -> None:
        raise SystemExit(str(error))

    session.subscriptions.discover(site.url, lambda found: session.add_sources(found[:1]), failed, session)
    until(lambda: session.reader.images.totals().stored > 0 and not session.refreshing)
    pinned = [(one.pair, "") for one in session.reader.watchlists.pairs()]
    session.history.start([*pinned, (KZT, "cbr")], 1)
    until(lambda: not session.history.running)
    session.close()
    set_alerts(folder)


def set_alerts(folder: Path) -> None:
    """Set alerts on what was stored, as if a fortnight ago, and look at them."""
    now = datetime.now(UTC)
    made = now - timedelta(days=14)
    with Store.open(folder) as store:
        known = store.rates.fixings("nbk", KZT, made.date(), now.date())
        middle = sorted(fixing.rate for fixing in known)[len(known) // 2]
        for rule in (
            AlertRule(KZT, AlertKind.LEVEL, Direction.EITHER, middle),
            AlertRule(Pair("USD", "TJS"), AlertKind.CHANGE, Direction.UP, Decimal(1), 7),
            AlertRule(Pair("USD", "UZS"), AlertKind.SILENT, days=3),
        ):
            add_alert(store, rule, made)
        add_alert(store, AlertRule(Pair("USD", "KGS"), AlertKind.FIXING, source="nbkr"), now)
        evaluate_alerts(store, now)


def fail(session: Session, window: MainWindow) -> None:
    session.add_sources(
        [NewSource("http://127.0.0.1:9/feed/", title="Steppe Wire", feed_url="http://127.0.0.1:9/feed/")]
    )
    until(lambda: any(source.state.last_error for source in session.reader.sources.all()))
    read(session, window, 4)


def chart(session: Session, window: MainWindow) -> QWidget:
    shown = window.rate_windows.show_chart(KZT)
    shown.resize(*DIALOG)
    shown.panel.controls.compare("cbr")
    wait(300)
    shown.panel.chart.point_at(session.today() - timedelta(days=100))
    return shown


def rates(session: Session, window: MainWindow) -> None:
    window.sidebar.choose("rates")
    page = window.rates_commands.page
    if page is not None:
        page.view.select(KZT)


def alerts(session: Session, window: MainWindow) -> QWidget:
    return window.alert_commands.show_list()


def converter(session: Session, window: MainWindow) -> QWidget:
    shown = window.rate_windows.converter()
    shown.amount.setText("1 500,50")
    return shown


def offline(session: Session, window: MainWindow) -> None:
    session.set_offline(True)
    read(session, window, 7)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    light = application.palette()
    dark = QPalette(light)
    for role, colour in DARK.items():
        dark.setColor(role, QColor(colour))
    with tempfile.TemporaryDirectory() as temporary, DemoSite(datetime.now(UTC)) as site:
        folder = Path(temporary) / "demo"
        fill(folder, site)
        shoot("light", folder, WIDE, read)
        shoot("narrow", folder, NARROW, lambda session, window: read(session, window, 2))
        shoot("rates", folder, WIDE, rates)
        shoot("alerts", folder, WIDE, alerts)
        shoot("chart", folder, WIDE, chart)
        shoot("converter", folder, WIDE, converter)
        application.setPalette(dark)
        shoot("dark", folder, WIDE, lambda session, window: read(session, window, 1))
        application.setPalette(light)
        shoot("error", folder, WIDE, fail)
        shoot("offline", folder, WIDE, offline)
        empty = Path(temporary) / "empty"
        with Store.open(empty) as store:
            store.settings.set("welcome.done", True)
        shoot("empty", empty, NARROW, lambda session, window: None)


if __name__ == "__main__":
    main()
