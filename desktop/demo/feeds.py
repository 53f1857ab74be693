"""RSS 2.0, Atom and the comments feed, byte for byte in the manner of WordPress."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from desktop.demo.posts import AUTHORS, Post
from desktop.demo.rendering import Rendered

_RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:atom="http://www.w3.org/2005/Atom"
\txmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
\txmlns:slash="http://purl.org/rss/1.0/modules/slash/"
\t>

<channel>
\t<title>{title}</title>
\t<atom:link href="{self}" rel="self" type="application/rss+xml" />
\t<link>{root}</link>
\t<description>{tagline}</description>
\t<lastBuildDate>{built}</lastBuildDate>
\t<language>en-US</language>
\t<sy:updatePeriod>
\thourly\t</sy:updatePeriod>
\t<sy:updateFrequency>
\t1\t</sy:updateFrequency>
\t<generator>https://wordpress.org/?v=6.1.9</generator>

<image>
\t<url>{icon}</url>
\t<title>{title}</title>
\t<link>{root}</link>
\t<width>32</width>
\t<height>32</height>
</image>\x20
"""
_ITEM = """\t<item>
\t\t<title>{title}</title>
\t\t<link>{link}</link>
\t\t
\t\t<dc:creator><![CDATA[{author}]]></dc:creator>
\t\t<pubDate>{published}</pubDate>
\t\t{categories}
\t\t<guid isPermaLink="false">{guid}</guid>

\t\t\t\t\t<description><![CDATA[{description}]]></description>
\t\t\t\t\t\t\t\t\t\t<content:encoded><![CDATA[{content}]]></content:encoded>
\t\t\t\t\t
\t\t
\t\t
\t\t\t</item>
"""
_ATOM = """<?xml version="1.0" encoding="UTF-8"?><feed
\txmlns="http://www.w3.org/2005/Atom"
\txmlns:thr="http://purl.org/syndication/thread/1.0"
\txml:lang="en-US"
\t>
\t<title type="text">{title}</title>
\t<subtitle type="text">{tagline}</subtitle>

\t<updated>{built}</updated>

\t<link rel="alternate" type="text/html" href="{root}" />
\t<id>{id}</id>
\t<link rel="self" type="application/atom+xml" href="{self}" />

\t<generator uri="https://wordpress.org/" version="6.1.9">WordPress</generator>
<icon>{icon}</icon>
"""
_ENTRY = """\t<entry>
\t\t<author>
\t\t\t<name>{author}</name>
\t\t\t\t\t</author>

\t\t<title type="html"><![CDATA[{title}]]></title>
\t\t<link rel="alternate" type="text/html" href="{link}" />

\t\t<id>{guid}</id>
\t\t<updated>{updated}</updated>
\t\t<published>{published}</published>
\t\t{categories}
\t\t<summary type="html"><![CDATA[{description}]]></summary>

\t\t\t\t\t<content type="html" xml:base="{link}"><![CDATA[{content}]]></content>
\t\t
\t</entry>
"""


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself."""

    root: str  # the site's address without a slash at its end
    title: str
    tagline: str
    target: str  # path and query of the feed
    built: datetime

    @property
    def itself(self) -> str:
        """WordPress builds it from the host name alone, so the port is lost."""
        return f"{self.root.rpartition(':')[0]}{self.target}"

    @property
    def icon(self) -> str:
        return f"{self.root}/wp-content/uploads/2024/11/bazaar-100-1-150x150.png"


Render = Callable[[Post], Rendered]


def link_of(root: str, post: Post) -> str:
    """The address of an article: letters outside ASCII are percent-encoded in lower case."""
    encoded = "".join(c if c.isascii() else quote(c).lower() for c in post.slug)
    return f"{root}/{encoded}/"


def rss(channel: Channel, posts: Sequence[Post], render: Render) -> bytes:
    """An RSS 2.0 document."""
    head = _RSS.format(
        title=_xml(channel.title),
        tagline=_xml(channel.tagline),
        self=_xml(channel.itself),
        root=channel.root,
        icon=channel.icon,
        built=_rfc822(channel.built),
    )
    items = "".join(_item(channel.root, post, render(post)) for post in posts)
    return f"{head}{items}\t</channel>\n</rss>\n".encode()


def atom(channel: Channel, posts: Sequence[Post], render: Render) -> bytes:
    """An Atom document."""
    head = _ATOM.format(
        title=_xml(channel.title),
        tagline=_xml(channel.tagline),
        self=_xml(channel.itself),
        id=f"{channel.root}/feed/atom/",
        root=channel.root,
        icon=channel.icon,
        built=_iso(channel.built),
    )
    return f"{head}{''.join(_entry(channel.root, post, render(post)) for post in posts)}</feed>\n".encode()


def comments(channel: Channel) -> bytes:
    """The comments feed: nobody has commented."""
    return rss(channel, [], lambda post: render_nothing(post))


def render_nothing(post: Post) -> Rendered:
    """For feeds without items."""
    raise LookupError(post.id)


def _item(root: str, post: Post, rendered: Rendered) -> str:
    return _ITEM.format(
        title=_xml(post.title),
        link=link_of(root, post),
        author=html.escape(AUTHORS[post.author]).replace("&amp;", "&#38;"),
        published=_rfc822(post.published),
        categories="\n\t\t".join(f"<category><![CDATA[{c.name}]]></category>" for c in post.categories),
        guid=f"{root}/?p={post.id}",
        description=_cdata(f"{html.escape(rendered.words, quote=False)} [&#8230;]"),
        content=_cdata(rendered.feed),
    )


def _entry(root: str, post: Post, rendered: Rendered) -> str:
    return _ENTRY.format(
        author=_xml(AUTHORS[post.author]),
        title=_cdata(html.escape(post.title, quote=False)),
        link=link_of(root, post),
        guid=f"{root}/?p={post.id}",
        updated=_iso(post.modified),
        published=_iso(post.published),
        categories="".join(f'<category scheme="{root}" term="{_xml(c.name)}" />' for c in post.categories),
        description=_cdata(f"{html.escape(rendered.words, quote=False)} [&#8230;]"),
        content=_cdata(rendered.feed),
    )


def _xml(text: str) -> str:
    return html.escape(text, quote=True).replace("&amp;", "&#38;")


def _cdata(text: str) -> str:
    return text.replace("]]>", "]]&gt;")


def _rfc822(when: datetime) -> str:
    return format_datetime(when)


def _iso(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
