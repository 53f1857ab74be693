"""The WordPress REST routes of the demo site: the index, posts and categories."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

from desktop.demo.feeds import Render
from desktop.demo.posts import CATEGORIES, Post
from desktop.demo.rest_objects import Json, category_object, post_object
from desktop.demo.server import Reply, Request

LOCAL = timezone(timedelta(hours=5))  # the site's own time, as Asia/Almaty is
_TYPE = "application/json; charset=UTF-8"
_ORDERS = (
    "author",
    "date",
    "id",
    "include",
    "modified",
    "parent",
    "relevance",
    "slug",
    "include_slugs",
    "title",
)
_DATES = ("after", "before", "modified_after", "modified_before")


class BadRequest(Exception):
    """A request that WordPress answers with an error object."""

    def __init__(
        self, code: str, message: str, status: int = 400, params: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        data: Json = {"status": status} | ({"params": dict(params)} if params else {})
        self.body: Json = {"code": code, "message": message, "data": data}


class Rest:
    """Answers /wp-json/."""

    def __init__(self, root: str, title: str, tagline: str, render: Render) -> None:
        self._root = root
        self._title = title
        self._tagline = tagline
        self._render = render
        self._asked = 0

    def answer(self, request: Request, route: str, posts: Sequence[Post]) -> Reply:
        """`route` is what stands behind /wp-json."""
        try:
            return self._route(request, route.strip("/"), posts)
        except BadRequest as error:
            return self._reply(error.body, error.status)

    def _route(self, request: Request, route: str, posts: Sequence[Post]) -> Reply:
        query = request.query
        if not route:
            return self._reply(_chosen(self._index(), query))
        if route == "wp/v2/posts":
            return self._list(request, posts)
        if route == "wp/v2/categories":
            counts = {c.id: sum(c in post.categories for post in posts) for c in CATEGORIES}
            found = [
                category_object(self._root, c, counts[c.id]) for c in sorted(CATEGORIES, key=lambda c: c.name)
            ]
            return self._reply([_chosen(item, query) for item in found], headers=_totals(len(found), 1))
        if route.startswith("wp/v2/posts/"):
            wanted = route.removeprefix("wp/v2/posts/")
            post = next((p for p in posts if str(p.id) == wanted), None)
            if post is None:
                raise BadRequest("rest_post_invalid_id", "Invalid post ID.", 404)
            return self._reply(self._object(post, query))
        message = "No route was found matching the URL and request method."
        raise BadRequest("rest_no_route", message, 404)

    def _list(self, request: Request, posts: Sequence[Post]) -> Reply:
        query = request.query
        size, page = _integer(query, "per_page", 10, 100), _integer(query, "page", 1)
        self._asked += 1
        found = _ordered(self._matching(query, posts), query, self._asked)
        pages = -(-len(found) // size)
        if page > max(pages, 1):
            message = "The page number requested is larger than the number of pages available."
            raise BadRequest("rest_post_invalid_page_number", message)
        start = _integer(query, "offset", (page - 1) * size, least=0)
        shown = (
            [self._object(post, query) for post in found[start : start + size]]
            if request.method != "HEAD"
            else []
        )
        links = self._links(request, page, pages)
        return self._reply(shown, headers=(*_totals(len(found), pages), *links))

    def _matching(self, query: Mapping[str, str], posts: Sequence[Post]) -> list[Post]:
        dates = {name: _date(query, name) for name in _DATES}
        wanted = _ids(query, "categories")
        included = _ids(query, "include")
        words = query.get("search", "").casefold().split()
        slugs = {slug for slug in query.get("slug", "").split(",") if slug}
        return [
            post
            for post in posts
            if _in_time(post, dates)
            and (not wanted or any(c.id in wanted for c in post.categories))
            and (not included or post.id in included)
            and (not slugs or post.slug in slugs)
            and all(word in f"{post.title} {self._render(post).text}".casefold() for word in words)
        ]

    def _object(self, post: Post, query: Mapping[str, str]) -> Json:
        return _chosen(post_object(self._root, post, self._render(post), LOCAL, query), query)

    def _links(self, request: Request, page: int, pages: int) -> tuple[tuple[str, str], ...]:
        rest = "".join(
            f"{name}={quote(value, safe=',:')}&" for name, value in request.query.items() if name != "page"
        )
        address = f"{self._root}/wp-json/wp/v2/posts?{rest}page="
        links = []
        if page > 1:
            links.append(f'<{address}{page - 1}>; rel="prev"')
        if page < pages:
            links.append(f'<{address}{page + 1}>; rel="next"')
        return (("Link", ", ".join(links)),) if links else ()

    def _index(self) -> Json:
        return {
            "name": self._title,
            "description": html.escape(self._tagline, quote=False),
            "url": self._root,
            "home": self._root,
            "gmt_offset": 5,
            "timezone_string": "Asia/Almaty",
            "namespaces": ["oembed/1.0", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1"],
            "site_icon_url": f"{self._root}/wp-content/uploads/2024/11/bazaar-100-1.png",
            "_links": {"help": [{"href": "https://developer.wordpress.org/rest-api/"}]},
        }

    def _reply(self, value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
        body = json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()
        always = (("X-Robots-Tag", "noindex"), ("X-Content-Type-Options", "nosniff"), ("Allow", "GET"))
        api = () if headers else (("Link", f'<{self._root}/wp-json/>; rel="https://api.w.org/"'),)
        return Reply(body, _TYPE, status, (*always, *headers, *api))


def _totals(count: int, pages: int) -> tuple[tuple[str, str], ...]:
    return ("X-WP-Total", str(count)), ("X-WP-TotalPages", str(pages))


def _invalid(name: str, reason: str) -> BadRequest:
    return BadRequest("rest_invalid_param", f"Invalid parameter(s): {name}", params={name: reason})


def _integer(query: Mapping[str, str], name: str, default: int, most: int = 1_000_000, least: int = 1) -> int:
    text = query.get(name, str(default))
    if not text.isdigit() or not least <= int(text) <= most:
        raise _invalid(name, f"{name} must be between {least} (inclusive) and {most} (inclusive)")
    return int(text)


def _ids(query: Mapping[str, str], name: str) -> set[int]:
    parts = [part for part in query.get(name, "").split(",") if part]
    if not all(part.strip().isdigit() for part in parts):
        raise _invalid(name, f"{name} is not a valid Term ID List. Reason: {name}[0] is not of type integer.")
    return {int(part) for part in parts}


def _date(query: Mapping[str, str], name: str) -> datetime | None:
    """A full date-time; without a zone it is the site's own."""
    text = query.get(name, "")
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise _invalid(name, "Invalid date.") from None
    if "T" not in text:
        raise _invalid(name, "Invalid date.")
    return (when if when.tzinfo else when.replace(tzinfo=LOCAL)).astimezone(UTC)


def _in_time(post: Post, dates: Mapping[str, datetime | None]) -> bool:
    after, before = dates["after"], dates["before"]
    changed_after, changed_before = dates["modified_after"], dates["modified_before"]
    return (
        (after is None or post.published > after)
        and (before is None or post.published < before)
        and (changed_after is None or post.modified > changed_after)
        and (changed_before is None or post.modified < changed_before)
    )


def _ordered(posts: list[Post], query: Mapping[str, str], asked: int) -> list[Post]:
    """In order; posts of one date come in another order with every request, as the database happens to find them."""
    by, order = query.get("orderby", "date"), query.get("order", "desc")
    if by not in _ORDERS:
        raise _invalid("orderby", f"orderby is not one of {', '.join(_ORDERS)}.")
    if order not in ("asc", "desc"):
        raise _invalid("order", "order is not one of asc, and desc.")
    keys = {
        "id": lambda post: (post.id,),
        "modified": lambda post: (post.modified, post.id),
        "title": lambda post: (post.title, post.id),
        "slug": lambda post: (post.slug, post.id),
    }
    key = keys.get(by, lambda post: (post.published, post.id * 7919 * asked % 101))
    return sorted(posts, key=key, reverse=order == "desc")


def _chosen(item: Json, query: Mapping[str, str]) -> Json:
    """Only the fields that `_fields` names; embedded objects only with `_links` beside them."""
    fields = {name.strip() for name in query.get("_fields", "").split(",") if name.strip()}
    if not fields:
        return item
    tops = {name.partition(".")[0] for name in fields}
    if "_links" not in tops:
        tops.discard("_embedded")
    return {name: value for name, value in item.items() if name in tops}
