"""The objects of the WordPress REST interface: posts with what they embed, pictures, terms."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from desktop.demo.feeds import link_of
from desktop.demo.figures import SIZES, Figure
from desktop.demo.posts import AUTHORS, Category, Post
from desktop.demo.rendering import Rendered, title_html

Json = dict[str, Any]


def post_object(root: str, post: Post, rendered: Rendered, zone: timezone, query: Mapping[str, str]) -> Json:
    """A post; with `_embed` its picture, terms and author are inside."""
    featured = rendered.featured
    item: Json = {
        "id": post.id,
        "date": _local(post.published, zone),
        "date_gmt": _gmt(post.published),
        "guid": {"rendered": f"{root}/?p={post.id}"},
        "modified": _local(post.modified, zone),
        "modified_gmt": _gmt(post.modified),
        "slug": link_of("", post).strip("/"),
        "status": "publish",
        "type": "post",
        "link": link_of(root, post),
        "title": {"rendered": title_html(post.title)},
        "content": {"rendered": rendered.rest, "protected": False},
        "excerpt": {
            "rendered": f"<p>{html.escape(rendered.words, quote=False)} [&hellip;]</p>\n",
            "protected": False,
        },
        "author": post.author + 2,
        "featured_media": featured.media_id if featured else 0,
        "comment_status": "closed",
        "ping_status": "closed",
        "sticky": False,
        "template": "",
        "format": "standard",
        "meta": [],
        "categories": [category.id for category in post.categories],
        "tags": [],
        "_links": _post_links(root, post, featured),
    }
    if "_embed" in query:
        item["_embedded"] = _embedded(root, post, featured, query["_embed"])
    return item


def category_object(root: str, category: Category, count: int) -> Json:
    """A term of the taxonomy category, with how many posts it has."""
    return {
        "id": category.id,
        "count": count,
        "description": "",
        **_term(root, category),
        "parent": 0,
        "meta": [],
    }


def _embedded(root: str, post: Post, featured: Figure | None, wanted: str) -> Json:
    """All that is embeddable, or what `_embed` lists."""
    names = {name.strip() for name in wanted.split(",")} - {"", "1", "true"}
    embedded: Json = {"author": [_author(root, post)]}
    if featured:
        embedded["wp:featuredmedia"] = [_media(root, post, featured)]
    embedded["wp:term"] = [[_term(root, category) for category in post.categories], []]
    return {name: value for name, value in embedded.items() if not names or name in names}


def _author(root: str, post: Post) -> Json:
    name = AUTHORS[post.author]
    slug = name.lower().replace(" & ", "-").replace(" ", "-")
    return {
        "id": post.author + 2,
        "name": html.escape(name),
        "url": "",
        "description": "",
        "link": f"{root}/author/{slug}/",
        "slug": slug,
    }


def _term(root: str, category: Category) -> Json:
    return {
        "id": category.id,
        "link": f"{root}/category/{category.slug}/",
        "name": html.escape(category.name),
        "slug": category.slug,
        "taxonomy": "category",
    }


def _media(root: str, post: Post, figure: Figure) -> Json:
    sizes = {
        name: {
            "file": figure.sized(name).rpartition("/")[2],
            "width": width,
            "height": height,
            "mime_type": "image/png",
            "source_url": figure.sized(name),
        }
        for name, (width, height) in SIZES.items()
    }
    file = figure.url.partition("/uploads/")[2]
    full = SIZES["full"]
    return {
        "id": figure.media_id,
        "date": _gmt(figure.made),
        "slug": file.rpartition("/")[2].removesuffix(".png"),
        "type": "attachment",
        "link": f"{root}/?attachment_id={figure.media_id}",
        "title": {"rendered": title_html(figure.caption)},
        "author": post.author + 2,
        "caption": {"rendered": f"<p>{title_html(figure.caption)}</p>\n"},
        "alt_text": figure.caption,
        "media_type": "image",
        "mime_type": "image/png",
        "media_details": {
            "width": full[0],
            "height": full[1],
            "file": file,
            "sizes": sizes,
            "image_meta": {},
        },
        "source_url": figure.url,
    }


def _post_links(root: str, post: Post, featured: Figure | None) -> Json:
    api = f"{root}/wp-json/wp/v2"
    links: Json = {
        "self": [{"href": f"{api}/posts/{post.id}"}],
        "collection": [{"href": f"{api}/posts"}],
        "author": [{"embeddable": True, "href": f"{api}/users/{post.author + 2}"}],
    }
    if featured:
        links["wp:featuredmedia"] = [{"embeddable": True, "href": f"{api}/media/{featured.media_id}"}]
    links["wp:term"] = [
        {"taxonomy": "category", "embeddable": True, "href": f"{api}/categories?post={post.id}"},
        {"taxonomy": "post_tag", "embeddable": True, "href": f"{api}/tags?post={post.id}"},
    ]
    links["curies"] = [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}]
    return links


def _local(when: datetime, zone: timezone) -> str:
    return when.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")


def _gmt(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S")
