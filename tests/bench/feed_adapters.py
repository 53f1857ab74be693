"""Results of three feed parsers in the shape that feedparser's expectations look at."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import fastfeedparser
import feedparser

from desktop.core.incoming import ParsedArticle
from desktop.net import feeds
from tests.bench.feed_expectations import Case, Html, Plain

Result = dict[str, Any]


class Record(dict[str, Any]):
    """A dictionary whose keys are attributes too, and `url` another name of `href`, as in feedparser."""

    def __missing__(self, name: str) -> Any:
        if name == "url" and "href" in self:
            return self["href"]
        raise KeyError(name)

    def __getattr__(self, name: str) -> Any:
        return self[name]

    def has_key(self, name: str) -> bool:
        return name in self


def by_chorsu(case: Case) -> Result:
    """Our parser's result."""
    feed = feeds.parse(case.body, case.url, case.content_type)
    about = Record(
        title=Plain(feed.title),
        title_detail=Record(value=Plain(feed.title)),
        link=feed.site_url,
        language=feed.language,
        ttl=str(feed.ttl_minutes),
        icon=feed.icon_url,
        logo=feed.icon_url,
        image=Record(href=feed.icon_url),
    )
    for name in ("description", "subtitle", "tagline"):
        about[name] = Plain(feed.description)
        about[f"{name}_detail"] = Record(value=Plain(feed.description))
    about = Record({key: value for key, value in about.items() if value or key == "description"})
    return {"feed": about, "entries": [_entry(article) for article in feed.articles]}


def _entry(article: ParsedArticle) -> Record:
    body = article.content_html or article.summary_html
    content = Record(value=Html(body), base=article.base_url, language=article.language or None)
    summary = Html(article.summary_html or body)
    updated = article.updated or article.published
    entry = Record(
        title=Plain(article.title),
        title_detail=Record(value=Plain(article.title)),
        link=article.url,
        id=article.guid,
        guid=article.guid,
        author=article.author,
        author_detail=Record(name=article.author),
        authors=[Record(name=name) for name in article.author.split(", ")],
        language=article.language,
        category=article.categories[0] if article.categories else "",
        tags=[Record(term=name) for name in article.categories],
        published=article.published_text,
        published_parsed=_parsed(article.published),
        updated_parsed=_parsed(updated),
        summary=summary,
        summary_detail=Record(value=summary),
        content=[content],
        enclosures=[
            Record(href=each.url, type=each.type, length=str(each.length)) for each in article.enclosures
        ],
    )
    entry["description"] = Html(article.summary_html or body)
    return Record({key: value for key, value in entry.items() if value or key in ("title", "description")})


def _parsed(moment: datetime | None) -> tuple[int, ...] | None:
    return tuple(moment.utctimetuple()) if moment else None


def by_feedparser(case: Case) -> Result:
    """feedparser's result, compared without any allowance: it is the measure."""
    headers = dict(case.headers)
    if "/http_" in case.name or "/base/" in case.name or "Header" in str(headers):
        headers.setdefault("content-location", case.url)
    result: Result = feedparser.parse(io.BytesIO(case.body), response_headers=headers)
    return result


def by_fastfeedparser(case: Case) -> Result:
    """fastfeedparser's result, with the allowances of ours and its dates as tuples."""
    result = fastfeedparser.parse(case.body)
    return {"feed": _allowed(result["feed"]), "entries": [_allowed(entry) for entry in result["entries"]]}


def _allowed(record: Any) -> Record:
    wrapped = Record()
    for key in list(record.keys()):
        wrapped[key] = _wrapped(key, record[key])
    for key in ("published", "updated"):
        value = wrapped.get(key)
        if isinstance(value, str) and value:
            wrapped[f"{key}_parsed"] = _parsed(datetime.fromisoformat(value))
    if "published_parsed" in wrapped:
        wrapped.setdefault("updated_parsed", wrapped["published_parsed"])
    if "description" in wrapped or "summary" in wrapped:
        text = wrapped.get("summary", wrapped.get("description"))
        wrapped.setdefault("summary", text)
        wrapped.setdefault("description", text)
        wrapped.setdefault("summary_detail", Record(value=text))
    if wrapped.get("tags"):
        wrapped.setdefault("category", wrapped["tags"][0].get("term"))
    for enclosure in wrapped.get("enclosures") or ():
        enclosure.setdefault("href", enclosure.get("url"))
        enclosure["length"] = str(enclosure.get("length", ""))
    wrapped.setdefault("guid", wrapped.get("id"))
    wrapped.setdefault("title_detail", Record(value=wrapped.get("title")))
    wrapped.setdefault("author_detail", Record(name=wrapped.get("author")))
    return wrapped


def _wrapped(key: str, value: Any) -> Any:
    if isinstance(value, str):
        if key in ("title", "subtitle", "tagline"):
            return Plain(value)
        return Html(value) if key in ("description", "summary", "value") else value
    if isinstance(value, list):
        return [_wrapped("", each) for each in value]
    if hasattr(value, "keys"):
        return Record({inner: _wrapped(inner, value[inner]) for inner in value.keys()})  # noqa: SIM118
    return value


PARSERS: dict[str, Callable[[Case], Result]] = {
    "feedparser": by_feedparser,
    "chorsu": by_chorsu,
    "fastfeedparser": by_fastfeedparser,
}
