"""The WordPress REST interface: addresses to ask, and its posts as a ParsedFeed.

Dates come from the *_gmt fields, which are UTC without saying so. `guid` is the same as in the site's feeds.
Raises ParseError and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from desktop.core.addresses import host_name
from desktop.core.errors import ParseError
from desktop.core.html.image_keys import preference
from desktop.core.incoming import ParsedArticle, ParsedFeed
from desktop.core.text import plain
from desktop.net import dates
from desktop.net.feeds import json as feed_json
from desktop.net.feeds import links as feed_links
from desktop.net.feeds import strings as feed_text
from desktop.net.feeds.encoding import to_utf8
from desktop.net.feeds.json import Object, objects, text
from desktop.net.safe_xml import MAX_BYTES

FIELDS = (
    "id,date_gmt,modified_gmt,guid,link,title,excerpt,content,_links.wp:featuredmedia,_links.wp:term,_links.author,"
    "_embedded"
)
EMBEDDED = "wp:featuredmedia,wp:term,author"
SITE_FIELDS = "name,description,url,home,gmt_offset,timezone_string,namespaces,site_icon_url"
PAST_THE_END = "rest_post_invalid_page_number"
MOST_POSTS = 1000
MOST_A_PAGE = 100  # WordPress refuses to give more
MOST_CATEGORIES = 20  # that are offered of a site
POST_GUID = re.compile(r"https?://[^?#]{1,300}\?p=([0-9]{1,12})")
VALUE_START = re.compile(rb"[\[{]")
FEED_INSTEAD = "The feed of the site is used instead."


@dataclass(frozen=True, slots=True)
class Site:
    """What a site's REST index says of it. `has_posts`: it serves posts."""

    title: str
    home_url: str
    description: str = ""
    icon_url: str = ""
    timezone: str = ""
    has_posts: bool = True


def posts_url(
    api_root: str,
    *,
    per_page: int = 20,
    page: int = 1,
    after: datetime | None = None,
    modified_after: datetime | None = None,
    before: datetime | None = None,
    by_id: bool = False,
    include: Sequence[int] = (),
) -> str:
    """The address of a page of posts, the last published first, or by number, or those that `include` numbers.

    `api_root` is .../wp-json/ or .../?rest_route=/. Both borders are exclusive, in whole seconds.
    """
    query: dict[str, str] = {"per_page": str(max(1, min(per_page, MOST_A_PAGE)))}
    if page > 1:
        query["page"] = str(page)
    if by_id:
        query["orderby"] = "id"
    if include:
        query["include"] = ",".join(map(str, include))
    query |= _borders(after=after, before=before, modified_after=modified_after)
    return _address(api_root, "wp/v2/posts", {**query, "_fields": FIELDS, "_embed": EMBEDDED})


def count_url(api_root: str, *, after: datetime | None = None, before: datetime | None = None) -> str:
    """The address of an answer whose headers tell how many posts there are; its body is a few bytes."""
    query = {"per_page": "1", **_borders(after=after, before=before), "_fields": "id"}
    return _address(api_root, "wp/v2/posts", query)


def public_url(api_root: str, numbers: Sequence[int]) -> str:
    """The address that lists which of at most 100 posts are still public."""
    included = ",".join(map(str, numbers[:MOST_A_PAGE]))
    query = {"include": included, "per_page": str(MOST_A_PAGE), "_fields": "id"}
    return _address(api_root, "wp/v2/posts", query)


def parse_public(body: bytes) -> frozenset[int]:
    """The numbers of the posts of an answer to `public_url`."""
    value = _value(body)
    if not isinstance(value, list):
        raise _refused(value)
    return frozenset(_number(post.get("id")) for post in value if isinstance(post, dict)) - {0}


def total(headers: Mapping[str, str]) -> int | None:
    """How many posts the question has in all, by the headers of an answer; None where they do not tell."""
    for name, value in headers.items():
        if name.lower() == "x-wp-total" and value.strip().isdecimal():
            return int(value.strip()[:15])
    return None


def _borders(**borders: datetime | None) -> dict[str, str]:
    moments = {name: moment.astimezone(UTC) for name, moment in borders.items() if moment is not None}
    return {name: moment.strftime("%Y-%m-%dT%H:%M:%SZ") for name, moment in moments.items()}


def post_id(guid: str, sites: Iterable[str]) -> int | None:
    """The id of a post that a guid names, where its host is that of one of the site's own addresses."""
    found = POST_GUID.fullmatch(guid)
    own = host_name(guid) in [host_name(url) for url in sites if url]
    return int(found[1]) if found is not None and own else None


def index_url(api_root: str) -> str:
    """The address of the short index of a site; the whole one is over a hundred kilobytes."""
    return _address(api_root, "", {"_fields": SITE_FIELDS})


def categories_url(api_root: str) -> str:
    """The address that lists the categories of a site, those with most posts first."""
    query = {"per_page": str(MOST_CATEGORIES), "orderby": "count", "order": "desc", "hide_empty": "true"}
    return _address(api_root, "wp/v2/categories", {**query, "_fields": "name,link,count"})


def parse_categories(body: bytes, url: str) -> list[tuple[str, str]]:
    """Names of categories that have posts, with the addresses of their feeds."""
    found = []
    for each in objects(_value(body)):
        name, link = (
            plain(feed_text.from_html(text(each.get("name")))),
            feed_links.absolute(text(each.get("link")), url),
        )
        if name and link and _number(each.get("count")):
            found.append((name, f"{link}&feed=rss2" if urlsplit(link).query else f"{link.rstrip('/')}/feed/"))
    return found[:MOST_CATEGORIES]


def _address(api_root: str, route: str, query: dict[str, str]) -> str:
    parts = urlsplit(api_root)
    kept = dict(parse_qsl(parts.query, keep_blank_values=True))
    path = parts.path
    if "rest_route" in kept:
        kept["rest_route"] = (kept["rest_route"].rstrip("/") + "/" + route).rstrip("/") or "/"
    else:
        path = path.rstrip("/") + "/" + route
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode({**kept, **query}, safe=":/,"), ""))


def parse_posts(body: bytes, url: str, headers: Mapping[str, str], site_url: str = "") -> ParsedFeed:
    """A page of posts. `headers` give the total; without them it is not known."""
    value = _value(body)
    if not isinstance(value, list):
        raise _refused(value)
    posts = [each for each in value if isinstance(each, dict) and ("title" in each or "link" in each)]
    if value and not posts:
        raise ParseError("The server sent JSON that holds no posts.", FEED_INSTEAD)
    site = site_url or _site_of(url)
    return ParsedFeed(
        format="wordpress",
        title="",
        url=url,
        site_url=site,
        articles=tuple(_article(post, site) for post in posts[:MOST_POSTS]),
        total=total(headers),
    )


def parse_index(body: bytes, url: str) -> Site:
    """What a site says of itself. ParseError when `url` is no REST interface."""
    value = _value(body)
    if not isinstance(value, dict) or not isinstance(value.get("namespaces"), list):
        raise _refused(value)
    return Site(
        title=plain(feed_text.from_html(text(value.get("name")))),
        home_url=feed_links.absolute(text(value.get("home")) or text(value.get("url")), url),
        description=plain(feed_text.from_html(text(value.get("description")))),
        icon_url=feed_links.absolute(text(value.get("site_icon_url")), url),
        timezone=text(value.get("timezone_string"))[:64],
        has_posts="wp/v2" in value["namespaces"],
    )


def is_past_the_end(body: bytes) -> bool:
    """Whether the body of an error (400) says that there are no more pages: the normal end of paging."""
    try:
        value = _value(body)
    except ParseError:
        return False
    return isinstance(value, dict) and value.get("code") == PAST_THE_END


def _value(body: bytes) -> Any:
    """The JSON value of an answer; PHP's notices in front of it are passed over."""
    if len(body) > MAX_BYTES:
        raise ParseError("The answer is larger than 10 MB.", "Ask for fewer posts at once.")
    data = to_utf8(body).data.strip(b"\xef\xbb\xbf \t\r\n\0")
    if not data:
        raise ParseError("The server sent an empty answer instead of posts.", FEED_INSTEAD)
    if data[:1] not in b"[{":
        data = _behind_notices(data)
    return feed_json.loads(data)


def _behind_notices(data: bytes) -> bytes:
    is_page = b"<html" in data[:2000].lower() or b"<!doctype" in data[:200].lower()
    for found in () if is_page else VALUE_START.finditer(data[:65_536]):
        # A notice may hold a bracket itself; the value goes to the end of the answer.
        follows = data[found.end() : found.end() + 1]
        if data[-1:] == (b"]" if found.group() == b"[" else b"}") and follows in b'{}]" \n\r\t':
            return data[found.start() :]
    if is_page:
        raise ParseError("The server sent a web page instead of posts.", FEED_INSTEAD, is_html=True)
    raise ParseError("The server's answer is not JSON.", FEED_INSTEAD)


def _refused(value: Any) -> ParseError:
    message = plain(feed_text.from_html(text(value.get("message"))), 200) if isinstance(value, dict) else ""
    if message:
        return ParseError(f"The site's interface refused: {message}", FEED_INSTEAD)
    return ParseError("The server sent JSON that is not what WordPress sends.", FEED_INSTEAD)


def _site_of(url: str) -> str:
    """The site's address, as far as the address of its interface tells."""
    parts = urlsplit(url)
    before = parts.path.partition("/wp-json")[0].removesuffix("index.php")
    return urlunsplit((parts.scheme, parts.netloc, before.rstrip("/") + "/", "", ""))


def _number(value: Any) -> int:
    return value if type(value) is int and 0 < value < 2**53 else 0  # true is an int to Python


def _article(post: Object, site: str) -> ParsedArticle:
    link = feed_links.absolute(text(post.get("link")), site)
    embedded = post.get("_embedded")
    linked: Object = embedded if isinstance(embedded, dict) else {}
    picture = _picture(linked, link or site)
    published = text(post.get("date_gmt"))
    return ParsedArticle(
        guid=_rendered(post.get("guid")) or link,
        url=link,
        post_id=_number(post.get("id")),
        title=feed_text.from_html(_rendered(post.get("title"))),
        author=_author(linked),
        published=_moment(post, "date"),
        published_text=(published + "Z" if published else text(post.get("date")))[: dates.LONGEST],
        updated=_moment(post, "modified"),
        summary_html=_body(post.get("excerpt")),
        content_html=_body(post.get("content")),
        base_url=link or site,
        image_url=picture.url,
        image_alt=picture.alt,
        categories=feed_links.categories(_terms(linked)),
    )


def _moment(post: Object, name: str) -> datetime | None:
    """From the UTC field; the site's own time, as if it were UTC, where a site hides that."""
    return dates.parse(text(post.get(f"{name}_gmt"))) or dates.parse(text(post.get(name)))


def _rendered(value: Any) -> str:
    return text(value.get("rendered")) if isinstance(value, dict) else text(value)


def _body(value: Any) -> str:
    """The HTML of a post; nothing of one that asks for a password."""
    if isinstance(value, dict) and value.get("protected") is True:
        return ""
    return _rendered(value)


def _author(linked: Object) -> str:
    """The name; sites that hide their users embed an error in its place."""
    return feed_text.joined(
        [feed_text.from_html(text(each.get("name"))) for each in objects(linked.get("author"))]
    )


def _picture(linked: Object, base: str) -> feed_links.Picture:
    """The featured picture. In place of a deleted one the index of the whole interface may be embedded."""
    for media in objects(linked.get("wp:featuredmedia")):
        url = feed_links.absolute(text(media.get("source_url")), base)
        kind = text(media.get("media_type")) or "image"
        if url and kind == "image" and "svg" not in text(media.get("mime_type")):
            alt = feed_text.from_html(text(media.get("alt_text")))
            return max(_sizes(media, url, alt, base), key=lambda each: preference(each.width))
    return feed_links.Picture("")


def _sizes(media: Object, url: str, alt: str, base: str) -> Iterator[feed_links.Picture]:
    """The picture as it was uploaded, and in the smaller sizes that were made of it."""
    found = media.get("media_details")
    details: Object = found if isinstance(found, dict) else {}
    yield feed_links.Picture(url, alt, _number(details.get("width")))
    sizes = details.get("sizes")
    for size in objects(list(sizes.values()) if isinstance(sizes, dict) else []):
        smaller = feed_links.absolute(text(size.get("source_url")), base)
        if smaller and _number(size.get("width")) <= _number(details.get("width")):
            yield feed_links.Picture(smaller, alt, _number(size.get("width")))


def _terms(linked: Object) -> Iterator[str]:
    """The names of categories first, then of tags."""
    groups = linked.get("wp:term")
    terms = [each for group in groups for each in objects(group)] if isinstance(groups, list) else []
    for taxonomy in ("category", "post_tag"):
        for term in terms:
            if term.get("taxonomy") == taxonomy:
                yield feed_text.from_html(text(term.get("name")))
