"""A small WordPress with the habits that trip readers up, as routes of a loopback server."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

from tests.server import Answer, LoopbackServer, Reply, Request, Route

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
JSON = {"Content-Type": "application/json; charset=UTF-8"}
RSS = {"Content-Type": "application/rss+xml; charset=UTF-8"}
HTML = {"Content-Type": "text/html; charset=UTF-8"}
SIGN_IN = Reply(
    200, HTML, "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Wi-Fi</body></html>"
)
PER_FEED = 10
HIDDEN = {"code": "rest_no_route", "message": "No route was found.", "data": {"status": 404}}


@dataclass(frozen=True)
class Post:
    """A published post; `modified` may lie before `published` where it was scheduled."""

    number: int
    published: datetime
    modified: datetime
    title: str = ""
    body: str = ""
    embedded: Mapping[str, Any] = field(default_factory=dict)


def make_post(number: int, published: datetime, **changes: Any) -> Post:
    """Post `number`, untouched since it was published."""
    return Post(number, published, **{"modified": published, "title": f"Story {number}", **changes})


def hourly(count: int, start: datetime = NOW) -> list[Post]:
    """Posts 1 to `count`, the first an hour before `start` and the oldest."""
    return [make_post(n, start - timedelta(hours=1 + count - n)) for n in range(1, count + 1)]


class Press:
    """The site. Posts of one second come in another order with every REST request."""

    def __init__(self, posts: Sequence[Post] = ()) -> None:
        self.posts = list(posts)
        self.after_request: Callable[[], None] = lambda: None
        self.server = LoopbackServer(self.routes())
        self._asked = 0

    def routes(self) -> dict[str, Route]:
        return {
            "/feed/": self.feed,
            "/wp-json/": self.index,
            "/wp-json/wp/v2/posts": self.rest,
            "/index.php": self._plain,
        }

    @property
    def api(self) -> str:
        return self.server.address("/wp-json/")

    @property
    def feed_url(self) -> str:
        return self.server.address("/feed/")

    @property
    def rest_requests(self) -> list[Request]:
        return self.server.asked("/wp-json/wp/v2/posts")

    def shut(self, path: str, answer: Answer) -> None:
        """Give this answer at `path` from now on."""
        self.server.routes[path] = answer

    def reopen(self) -> None:
        """Answer as a healthy site again."""
        self.server.routes.update(self.routes())

    def feed(self, request: Request) -> Reply:
        changed = max((post.modified for post in self.posts), default=NOW)
        tag = f'"{changed.timestamp():.0f}"'
        headers = {**RSS, "ETag": f"W/{tag}", "Last-Modified": format_datetime(changed, usegmt=True)}
        asked = (request.headers.get("if-none-match"), request.headers.get("if-modified-since"))
        if asked == (tag, headers["Last-Modified"]):  # compared as strings, and both must match
            return Reply(304, headers)
        first = (int(request.query.get("paged", "1")) - 1) * PER_FEED
        posts = sorted(self.posts, key=lambda post: post.published, reverse=True)
        newest = posts[first : first + PER_FEED]
        if first and not newest:
            return Reply(404, RSS, rss([]))
        return Reply(200, headers, rss([self._item(post) for post in newest]))

    def index(self, _: Request) -> Reply:
        value = {
            "name": "The Reed Pen",
            "home": self.server.url,
            "url": self.server.url,
            "namespaces": ["wp/v2"],
        }
        return Reply(200, JSON, json.dumps(value))

    def rest(self, request: Request) -> Reply:
        self._asked += 1
        query = request.query
        included = {int(number) for number in query.get("include", "").split(",") if number}
        found = [post for post in self.posts if _in_time(post, query)]
        found = [post for post in found if not included or post.number in included]
        if query.get("orderby") == "id":
            found.sort(key=lambda post: post.number, reverse=True)
        else:
            found.sort(key=lambda post: (post.published, post.number * 7 % (self._asked + 5)), reverse=True)
        size, page = int(query.get("per_page", "10")), int(query.get("page", "1"))
        if page > max(1, -(-len(found) // size)):
            error = {
                "code": "rest_post_invalid_page_number",
                "message": "Past the end.",
                "data": {"status": 400},
            }
            return Reply(400, JSON, json.dumps(error))
        shown = [self._object(post) for post in found[(page - 1) * size : page * size]]
        self.after_request()
        return Reply(200, {**JSON, "X-WP-Total": str(len(found))}, json.dumps(shown))

    def _plain(self, request: Request) -> Answer:
        route = request.query.get("rest_route", "")
        return self.rest(request) if route.startswith("/wp/v2/posts") else self.index(request)

    def _item(self, post: Post) -> str:
        return (
            f"<item><title>{escape(post.title)}</title><link>{self.server.url}/{post.number}/</link>"
            f"<guid isPermaLink='false'>{self.server.url}/?p={post.number}</guid>"
            f"<pubDate>{format_datetime(post.published)}</pubDate>"
            f"<description>{escape(post.body)}</description></item>"
        )

    def _object(self, post: Post) -> dict[str, Any]:
        container = f'<div class="wp-container-{self._asked}"><p>{post.body}</p></div>'
        return {
            "id": post.number,
            "date_gmt": f"{post.published:%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{post.modified:%Y-%m-%dT%H:%M:%S}",
            "guid": {"rendered": f"{self.server.url}/?p={post.number}"},
            "link": f"{self.server.url}/{post.number}/",
            "title": {"rendered": post.title},
            "content": {"rendered": container, "protected": False},
            "_embedded": dict(post.embedded),
        }


def edited(press: Press, number: int, minutes: int = 5, **changes: object) -> None:
    """Change a post, so many minutes after the start."""
    at = next(i for i, post in enumerate(press.posts) if post.number == number)
    old = press.posts[at]
    modified = NOW + timedelta(minutes=minutes)
    press.posts[at] = make_post(number, old.published, **{"modified": modified, "body": old.body, **changes})


def rss(items: Sequence[str], title: str = "The Reed Pen") -> str:
    """A feed of these items."""
    head = f"<title>{title}</title><link>http://reed.test</link><description/>"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'


def story(number: int, extra: str = "") -> str:
    """An item of a plain feed."""
    when = format_datetime(NOW - timedelta(hours=number))
    link = f"http://reed.test/{number}"
    return f"<item><title>Story {number}</title><link>{link}</link><pubDate>{when}</pubDate>{extra}</item>"


def png(width: int = 8, height: int = 6) -> bytes:
    """The head of a picture, as far as anybody looks at it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + bytes(4)


def _in_time(post: Post, query: Mapping[str, str]) -> bool:
    limits = {
        name: datetime.fromisoformat(query[name])
        for name in ("after", "before", "modified_after")
        if name in query
    }
    return (
        post.published > limits.get("after", datetime.min.replace(tzinfo=UTC))
        and post.published < limits.get("before", datetime.max.replace(tzinfo=UTC))
        and post.modified > limits.get("modified_after", datetime.min.replace(tzinfo=UTC))
    )
