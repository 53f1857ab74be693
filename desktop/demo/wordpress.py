"""Answers requests as a stock WordPress does, with the habits that trip clients up."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from email.utils import format_datetime

from desktop.demo import feeds, pages
from desktop.demo.drawing import picture
from desktop.demo.figures import UPLOADS, parse_path
from desktop.demo.newsroom import Newsroom
from desktop.demo.posts import Post, category
from desktop.demo.rendering import Rendered, render
from desktop.demo.rest import Rest
from desktop.demo.server import Cached, Reply, Request

TITLE = "The Saksaul Herald"
TAGLINE = "Made-up news from five countries & one railway, for trying out a reader"
PER_FEED = 10
_NO_CACHE = (
    ("Expires", "Wed, 11 Jan 1984 05:00:00 GMT"),
    ("Cache-Control", "no-cache, must-revalidate, max-age=0"),
)


class WordPress:
    """The site: `answer` takes any path of it."""

    def __init__(self, root: str, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._site = pages.Site(root, TITLE, TAGLINE)
        self._rest = Rest(root, TITLE, TAGLINE, self._render)
        self._rendered: dict[tuple[int, int], Rendered] = {}

    def answer(self, request: Request) -> Reply:
        """Every path has an answer; what is not there is 404."""
        path, posts = request.path, self._newsroom.posts
        if path.startswith("/wp-json"):
            return self._rest.answer(request, path.removeprefix("/wp-json"), posts)
        if path.startswith(UPLOADS):
            return self._picture(path)
        if "rest_route" in request.query:
            return self._rest.answer(request, request.query["rest_route"], posts)
        if "feed" in request.query:
            return self._feed(request, f"feed/{request.query['feed']}", posts)
        if request.query.get("p", "").isdigit():
            return self._redirect_to(self._newsroom.by_id(int(request.query["p"])))
        return self._page(request, path.strip("/"), posts)

    def _page(self, request: Request, path: str, posts: Sequence[Post]) -> Reply:
        if path.startswith("category/"):
            slug, _, rest = path.removeprefix("category/").partition("/")
            found = category(slug)
            chosen = [post for post in posts if found in post.categories]
            if _is_feed(rest):
                return self._feed(request, rest, chosen, found.name if found else "")
            number = _page_number(rest)
            text = (
                pages.archive(self._site, chosen, number, self._render, found) if found and number else None
            )
            return self._html(text)
        if path == "comments/feed":
            return self._wrap(feeds.comments(self._channel(request, f"Comments for {TITLE}")), "rss")
        if _is_feed(path):
            return self._feed(request, path, posts)
        if number := _page_number(path):
            return self._html(pages.archive(self._site, posts, number, self._render))
        return self._single(request, path)

    def _single(self, request: Request, slug: str) -> Reply:
        post = self._newsroom.by_slug(slug)
        if post is None:
            return self._html(None)
        if not request.path.endswith("/"):
            return self._redirect_to(post)
        root = self._site.root
        links = (
            ("Link", f'<{root}/wp-json/wp/v2/posts/{post.id}>; rel="alternate"; type="application/json"'),
            ("Link", f"<{root}/?p={post.id}>; rel=shortlink"),
        )
        return self._html(pages.single(self._site, post, self._render), links)

    def _feed(self, request: Request, kind: str, posts: Sequence[Post], name: str = "") -> Reply:
        """Ten a page. There is one ETag for all feeds of the site, even for pages past the end."""
        paged = request.query.get("paged", "1")
        page = int(paged) if paged.isdigit() and int(paged) else 1
        if request.query.get("orderby") == "modified":
            posts = sorted(posts, key=lambda post: (post.modified, post.id), reverse=True)
        shown = posts[(page - 1) * PER_FEED : page * PER_FEED]
        gone = not shown and page > 1
        title = "Page not found \u2013 " * gone + (f"{name} \u2013 {TITLE}" if name else TITLE)
        atom = kind.endswith("atom")
        channel = self._channel(request, title)
        body = (feeds.atom if atom else feeds.rss)(channel, shown, self._render)
        return self._wrap(body, "atom" if atom else "rss", gone)

    def _channel(self, request: Request, title: str) -> feeds.Channel:
        return feeds.Channel(self._site.root, title, TAGLINE, request.target, self._newsroom.modified)

    def _wrap(self, body: bytes, kind: str, gone: bool = False) -> Reply:
        changed = format_datetime(self._newsroom.modified, usegmt=True)
        return Reply(
            body,
            f"application/{kind}+xml; charset=UTF-8",
            404 if gone else 200,
            (*(_NO_CACHE if gone else ()), self._api_link),
            Cached.WORDPRESS,
            f'"{hashlib.md5(changed.encode(), usedforsecurity=False).hexdigest()}"',
            changed,
        )

    def _html(self, text: str | None, links: tuple[tuple[str, str], ...] = ()) -> Reply:
        if text is None:
            missing = pages.not_found(self._site).encode()
            return Reply(missing, status=404, headers=(*_NO_CACHE, self._api_link))
        return Reply(text.encode(), headers=(self._api_link, *links))

    def _redirect_to(self, post: Post | None) -> Reply:
        if post is None:
            return self._html(None)
        place = feeds.link_of(self._site.root, post)
        return Reply(status=301, headers=(("X-Redirect-By", "WordPress"), ("Location", place)))

    def _picture(self, path: str) -> Reply:
        wanted = parse_path(path)
        if wanted is None:
            return self._html(None)
        scene, post_id, number, size = wanted
        tag = f'"{hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()[:13]}"'
        changed = "Tue, 03 Nov 2020 08:00:00 GMT"
        body = picture(scene, f"{post_id}-{number}", size)
        return Reply(body, "image/png", 200, (("Accept-Ranges", "none"),), Cached.FILE, tag, changed)

    def _render(self, post: Post) -> Rendered:
        key = (post.id, post.edition)
        if key not in self._rendered:
            self._rendered[key] = render(self._newsroom.writer, post)
        return self._rendered[key]

    @property
    def _api_link(self) -> tuple[str, str]:
        return "Link", f'<{self._site.root}/wp-json/>; rel="https://api.w.org/"'


def _is_feed(path: str) -> bool:
    return path in ("feed", "feed/rss2", "feed/atom", "rss2", "atom")


def _page_number(path: str) -> int:
    """1 for the front page, N for page/N, 0 for something else."""
    if not path:
        return 1
    number = path.removeprefix("page/")
    return int(number) if path.startswith("page/") and number.isdigit() else 0
