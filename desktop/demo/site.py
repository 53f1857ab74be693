"""The built-in edition: a news site and central banks with made-up content on 127.0.0.1, for demos and tests.

with DemoSite(start=datetime.now(UTC)) as site:
    site.url, site.config()
"""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from types import TracebackType

from desktop.core.rates.sources import PASSED_ON
from desktop.demo.bank_calendar import USUAL, BankClock, Scenario
from desktop.demo.banks import PATHS, Banks
from desktop.demo.market import Market, business_day_before
from desktop.demo.newsroom import Newsroom
from desktop.demo.posts import Post
from desktop.demo.server import Reply, Request, WebServer
from desktop.demo.texts import all_sections
from desktop.demo.wordpress import WordPress

SEED = 1312
ARTICLES = 1312
SECONDS_AN_ARTICLE = 45.0
SECONDS_A_FIXING = 180.0
_DAYS_AHEAD = (
    5  # so many days after the start the last live fixing counts from; later ones nobody would believe
)


class DemoSite:
    """The server. All content follows from `seed` and `start`; with `live` it grows by itself while it runs.

    Live, the banks begin one business day late, so that the first new fixing is one that counts today.
    """

    def __init__(
        self,
        start: datetime,
        seed: int = SEED,
        articles: int = ARTICLES,
        *,
        live: bool = False,
        port: int = 0,
        article_seconds: float = SECONDS_AN_ARTICLE,
        fixing_seconds: float = SECONDS_A_FIXING,
    ) -> None:
        self._start = start.astimezone(UTC)
        self._begun = monotonic()
        self._live = live
        self._pace = (article_seconds, fixing_seconds)
        sections = all_sections()
        self._server = WebServer(self._answer, port)
        self.newsroom = Newsroom(sections, seed, self._start, articles, self.url)
        self._wordpress = WordPress(self.url, self.newsroom)
        self._clock = BankClock(self._opening())
        self._banks = Banks(sections, Market(seed, self._start.date()), self._clock)
        self._ended = threading.Event()
        self._timer = threading.Thread(target=self._grow, name="demo-live", daemon=True)

    @property
    def url(self) -> str:
        """The site's address without a slash at its end."""
        return self._server.url

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def log(self) -> list[Request]:
        """Every request so far, oldest first."""
        return self._server.log

    @property
    def errors(self) -> list[Exception]:
        """Faults of the site itself, for tests."""
        return self._server.errors

    @property
    def now(self) -> datetime:
        """The site's time: that of the start, and running only when it lives."""
        return self._start + timedelta(seconds=monotonic() - self._begun) if self._live else self._start

    def config(self) -> dict[str, str]:
        """The settings that point every provider of rates at this server."""
        return {
            "rates.nbk.url": f"{self.url}/nbk/rates_all.xml",
            "rates.nbkr.url": f"{self.url}/nbkr/daily.xml",
            "rates.nbkr.weekly.url": f"{self.url}/nbkr/weekly.xml",
            "rates.nbt.url": f"{self.url}/nbt/export_xml.php",
            "rates.nbt.history_url": f"{self.url}/nbt/export_xml_dynamic.php",
            **{
                f"rates.{name}.history_url": f"{self.url}/nbkr/index1.jsp" for name in ("nbkr", "nbkr.weekly")
            },
            "rates.cbu.url": f"{self.url}/cbu/json/",
            "rates.cbr.url": f"{self.url}/cbr/XML_daily.asp",
            "rates.cbr.history_url": f"{self.url}/cbr/XML_dynamic.asp",
            "rates.cbt.url": f"{self.url}/cbt/kurs",
            "rates.ecb.url": f"{self.url}/ecb/eurofxref-daily.xml",
            "rates.ecb.history_url": f"{self.url}/ecb/eurofxref-hist.zip",
            **{f"rates.{name}.url": f"{self.url}/frankfurter/rates" for name in ("frankfurter", *PASSED_ON)},
            **{
                f"rates.{name}.history_url": f"{self.url}/frankfurter/rates"
                for name in ("frankfurter", *PASSED_ON)
            },
            "rates.erapi.url": f"{self.url}/erapi/latest/USD",
            "rates.fawaz.url": f"{self.url}/fawaz/usd.min.json",
            "rates.fawaz.spare_url": f"{self.url}/fawaz/latest/usd.min.json",
            **{f"rates.{name}.url": f"{self.url}/nobody/{name}" for name in ("cbar", "nbg", "tcmb")},
        }

    def start(self) -> DemoSite:
        """Serve. Content is written when it is asked for."""
        self._server.start()
        if self._live:
            self._timer.start()
        return self

    def stop(self) -> None:
        """End every connection and thread. May be called twice, and without `start`."""
        self._ended.set()
        if self._timer.is_alive():
            self._timer.join()
        self._server.stop()

    def __enter__(self) -> DemoSite:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def publish(self) -> Post:
        """Add a new article, dated now."""
        return self.newsroom.publish(self._after_all())

    def edit(self, post_id: int) -> Post:
        """Change the text of an article. KeyError when there is none of that id."""
        return self.newsroom.edit(post_id, self._after_all())

    def publish_together(self, when: datetime, count: int) -> list[Post]:
        """Add articles that are all dated `when`, as importers and schedules make them."""
        return self.newsroom.insert(when, count, self._after_all())

    def restore(self, post: Post) -> None:
        """Put an article back on the site that was deleted."""
        self.newsroom.restore(post, self._after_all())

    def delete(self, post_id: int) -> None:
        """Take an article off the site. KeyError when there is none of that id."""
        self.newsroom.delete(post_id)

    def set_banks(self, now: datetime, scenario: Scenario = USUAL) -> None:
        """Turn the banks' clock, and let something out of the ordinary be so."""
        self._clock.now = now.astimezone(UTC)
        self._clock.scenario = scenario

    def new_fixing(self) -> date:
        """Let the banks publish the fixing of the next business day that has none; gives that day."""
        return self._clock.advance()

    def _after_all(self) -> datetime:
        """Now, but later than anything that was published or changed before."""
        return max(self.now, self.newsroom.modified + timedelta(seconds=1))

    def _opening(self) -> datetime:
        if not self._live:
            return self._start
        return datetime.combine(business_day_before(self._start.date()), datetime.min.time(), UTC).replace(
            hour=5
        )

    def _grow(self) -> None:
        """Publish until the end; the first fixing comes after half the time."""
        article, fixing = self._pace
        next_article, next_fixing = article, fixing / 2
        begun = monotonic()
        while not self._ended.wait(max(0.0, min(next_article, next_fixing) - (monotonic() - begun))):
            elapsed = monotonic() - begun
            if elapsed >= next_article:
                self.publish()
                next_article += article
            if elapsed >= next_fixing:
                if self._clock.now < self._start + timedelta(days=_DAYS_AHEAD):
                    self.new_fixing()
                next_fixing += fixing

    def _answer(self, request: Request) -> Reply:
        first = request.path.strip("/").partition("/")[0]
        return self._banks.answer(first, request) if first in PATHS else self._wordpress.answer(request)
