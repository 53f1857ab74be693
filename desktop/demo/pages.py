"""The HTML pages of the demo site: the archive with six articles a page, and single articles."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.demo.feeds import Render, link_of
from desktop.demo.posts import AUTHORS, Category, Post
from desktop.demo.rendering import title_html

PER_PAGE = 6
_PAGE = """<!DOCTYPE html>
<html lang="en-US">
<head>
\t<meta charset="UTF-8" />
\t<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>{heading}</title>
<link rel="alternate" type="application/rss+xml" title="{site} &raquo; Feed" href="{root}/feed/" />
<link rel="alternate" type="application/rss+xml" title="{site} &raquo; Comments Feed" \
href="{root}/comments/feed/" />
{links}<link rel="https://api.w.org/" href="{root}/wp-json/" />
<meta name="generator" content="WordPress 6.1.9" />
<style>body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #222;
font: 1.05rem/1.55 Georgia, serif }}
img {{ max-width: 100%; height: auto }} a {{ color: #175e6d }} table {{ border-collapse: collapse }}
td, th {{ border: 1px solid #ccc; padding: .2rem .6rem }} article {{ margin: 2rem 0 }}</style>
</head>
<body class="{css}">
<header><p class="site-title"><a href="{root}" rel="home">{site}</a></p><p>{tagline}</p></header>
<main>
{body}
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says of the site."""

    root: str
    title: str
    tagline: str


def archive(
    site: Site, posts: Sequence[Post], page: int, render: Render, category: Category | None = None
) -> str | None:
    """A page of six, None past the end."""
    pages = max(1, -(-len(posts) // PER_PAGE))
    if not 1 <= page <= pages:
        return None
    first = (page - 1) * PER_PAGE
    shown = posts[first : first + PER_PAGE]
    folder = f"{site.root}/category/{category.slug}" if category else site.root
    links = ""
    if category:
        title = f"{html.escape(site.title)} &raquo; {html.escape(category.name)} Category Feed"
        links = f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{folder}/feed/" />\n'
    results = f"<p>Viewing results {first + 1} - {first + len(shown)} of {len(posts)}</p>" if shown else ""
    items = "\n".join(_teaser(site.root, post, render) for post in shown)
    body = f"{results}\n{items}\n{_navigation(folder, page, pages)}"
    heading = f"{category.name} &#8211; {site.title}" if category else site.title
    return _page(site, heading if page == 1 else f"{heading} &#8211; Page {page}", links, "home blog", body)


def single(site: Site, post: Post, render: Render) -> str:
    """The page of one article."""
    rendered = render(post)
    root = site.root
    links = (
        f'<link rel="alternate" type="application/json" href="{root}/wp-json/wp/v2/posts/{post.id}" />\n'
        f'<link rel="canonical" href="{link_of(root, post)}" />\n'
        f"<link rel='shortlink' href='{root}/?p={post.id}' />\n"
    )
    picture = ""
    if rendered.featured:
        image = rendered.featured.image("full", "attachment-post-thumbnail size-post-thumbnail wp-post-image")
        picture = f'<figure class="wp-block-post-featured-image">{image}</figure>'
    body = (
        f'<article id="post-{post.id}" class="post-{post.id} post type-post {_css(post)}">\n'
        f'<h1 class="entry-title">{title_html(post.title)}</h1>\n<p>{_time(post)} · '
        f'<span class="author">{html.escape(AUTHORS[post.author])}</span></p>\n{picture}\n'
        f'<div class="entry-content">{rendered.rest}</div>\n</article>'
    )
    title = f"{title_html(post.title)} &#8211; {site.title}"
    return _page(site, title, links, f"single single-post postid-{post.id}", body)


def not_found(site: Site) -> str:
    """The page of what is not there."""
    return _page(site, f"Page not found &#8211; {site.title}", "", "error404", "<h1>Page not found</h1>")


def _page(site: Site, heading: str, links: str, css: str, body: str) -> str:
    title, tagline = html.escape(site.title), html.escape(site.tagline)
    return _PAGE.format(
        heading=heading, site=title, tagline=tagline, root=site.root, links=links, css=css, body=body
    )


def _teaser(root: str, post: Post, render: Render) -> str:
    rendered = render(post)
    link = link_of(root, post)
    picture = ""
    if rendered.featured:
        image = rendered.featured.image("medium", "attachment-medium wp-post-image")
        picture = f'<figure class="post-thumbnail"><a href="{link}">{image}</a></figure>\n'
    return (
        f'<article id="post-{post.id}" class="post-{post.id} post type-post {_css(post)}">\n{picture}'
        f'<h2 class="entry-title"><a href="{link}" rel="bookmark">{title_html(post.title)}</a></h2>\n'
        f'<div class="entry-summary"><p>{html.escape(rendered.teaser, quote=False)}</p></div>\n'
        f"{_time(post)}\n</article>"
    )


def _navigation(folder: str, page: int, pages: int) -> str:
    newer = f'<a class="prev page-numbers" href="{folder}/page/{page - 1}/">Newer</a>\n' if page > 1 else ""
    older = (
        f'<a class="next page-numbers" href="{folder}/page/{page + 1}/">Older</a>\n' if page < pages else ""
    )
    return f'<nav class="pagination">\n{newer}{older}</nav>'


def _css(post: Post) -> str:
    return " ".join(f"category-{category.slug}" for category in post.categories)


def _time(post: Post) -> str:
    shown = f"{post.published:%B} {post.published.day}, {post.published.year}"
    return f'<time class="entry-date published" datetime="{post.published.isoformat()}">{shown}</time>'
