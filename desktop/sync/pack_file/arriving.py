"""An article out of a file becomes one that is safe to keep: its HTML passes the sanitiser again, its pictures get our
own keys, its times are not later than now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from desktop.core.addresses import image_address, link_address
from desktop.core.errors import UsageError
from desktop.core.html.image_keys import image_key
from desktop.core.html.sanitise import Clean, sanitise_kept
from desktop.core.incoming import ImageRef, IncomingArticle, IncomingText
from desktop.core.pack_file import ArrivingArticle, ArrivingVersion, Marks, PackedArticle, in_order
from desktop.core.tags import tag_name
from desktop.core.text import plain

Keys = dict[str, tuple[str, str]]  # our key and the address, by the key in the file


def arriving(article: PackedArticle, now: datetime) -> ArrivingArticle:
    """Clean an article. Pure, and never raises."""
    keys = picture_keys(article)
    feed = _clean(article.html, article.url, keys)
    full = _clean(article.full_html, article.url, keys) if article.full_html else None
    problems = tuple(
        (keys[one.key][0], plain(one.problem, 300))
        for one in article.pictures
        if one.key in keys and one.problem and not one.sha256
    )
    return ArrivingArticle(
        article.order,
        replace(
            bare(article),
            html=feed.html,
            text=feed.text,
            images=_images(article, keys, of_page=False),
            lead_image=keys[article.lead][1] if article.lead in keys else "",
        ),
        min(article.first_seen, now),
        min(article.since, now),
        article.beside,
        None if full is None else IncomingText(full.html, full.text, _images(article, keys, of_page=True)),
        None if article.full_at is None else min(article.full_at, now),
        plain(article.full_problem, 300),
        article.edited,
        None if article.withdrawn is None else min(article.withdrawn, now),
        tuple(
            ArrivingVersion(min(one.since, now), plain(one.title), clean.html, clean.text)
            for one in article.versions
            for clean in (_clean(one.html, article.url, keys),)
        ),
        problems,
        _marks(article.marks, now),
    )


def bare(article: PackedArticle) -> IncomingArticle:
    """What an article can be recognised by, without its texts: as much as telling known from new takes."""
    return IncomingArticle(
        guid=article.guid,
        url=_web_address(article.url),
        title=plain(article.title),
        author=plain(article.author, 200),
        published=article.published,
        published_text=plain(article.published_text, 100),
        updated=article.updated,
        html="",
        text="",
        excerpt=plain(article.excerpt, 400),
        images=(),
        lead_image="",
        categories=tuple(name for name in (plain(c, 100) for c in article.categories) if name),
        enclosures=tuple(
            one._replace(url=link_address(one.url, ""), type=plain(one.type, 100))
            for one in article.enclosures
            if link_address(one.url, "")
        ),
        language=plain(article.language, 20),
        post_id=article.post_id,
        cut=article.cut,
    )


def picture_keys(article: PackedArticle) -> Keys:
    """What the pictures of an article go by here: always by their address, so that nobody's picture is another's."""
    found: Keys = {}
    for picture in article.pictures:
        if url := image_address(picture.image.url, ""):
            found[picture.key] = image_key(url), url
    return found


def _clean(html: str, base_url: str, keys: Keys) -> Clean:
    for key, (ours, _) in keys.items():
        if ours != key:
            html = html.replace(f'"cache:{key}"', f'"cache:{ours}"')
    return sanitise_kept(html, base_url, frozenset(ours for ours, _ in keys.values()))


def _images(article: PackedArticle, keys: Keys, *, of_page: bool) -> tuple[ImageRef, ...]:
    return tuple(
        replace(one.image, url=keys[one.key][1], alt=plain(one.image.alt, 300))
        for one in article.pictures
        if one.key in keys and one.of_page == of_page
    )


def _web_address(url: str) -> str:
    """An article's own address is kept as it is, if it is one of the web."""
    return url if url.startswith(("http://", "https://")) and link_address(url, "") else ""


def _tag(name: str) -> str:
    try:
        return tag_name(name)
    except UsageError:  # nothing is left of it
        return ""


def _marks(marks: Marks, now: datetime) -> Marks:
    return replace(
        marks,
        read_at=None if marks.read_at is None else min(marks.read_at, now),
        noted_at=None if marks.noted_at is None else min(marks.noted_at, now),
        tags=in_order(filter(None, map(_tag, marks.tags))),
    )
