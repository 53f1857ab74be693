"""Players, maps and posts of other sites become links to them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from desktop.core.addresses import host_name, link_address
from desktop.core.html.tree import Node
from desktop.core.text import plain
from desktop.core.trackers import is_beacon

_KINDS = {
    "Video": "youtube.com youtube-nocookie.com youtu.be vimeo.com dailymotion.com rutube.ru ok.ru vk.com vk.ru "
    "vkvideo.ru tiktok.com twitch.tv videopress.com wistia.net bitchute.com kaltura.com brightcove.net streamable.com",
    "Audio": "soundcloud.com spotify.com anchor.fm podbean.com mixcloud.com bandcamp.com podcasts.apple.com "
    "megaphone.fm buzzsprout.com libsyn.com audioboom.com castbox.fm music.yandex.ru",
    "Map": "maps.google.com openstreetmap.org 2gis.ru 2gis.kz yandex.ru/map-widget",
    "Post": "twitter.com x.com instagram.com facebook.com t.me telegram.org reddit.com threads.net bsky.app",
    "Chart": "datawrapper.de datawrapper.dwcdn.net flourish.studio infogram.com tableau.com",
}
_YOUTUBE = re.compile(r"^/(?:embed|v|shorts)/([\w-]{6,20})")
_VIMEO = re.compile(r"^/video/(\d+)")


def frame_link(node: Node, base_url: str) -> Node | None:
    """The link that stands for an <iframe>; None when it shows nothing to anybody."""
    for name in ("data-src", "data-lazy-src", "src"):
        url = link_address(node.attributes.get(name, ""), base_url)
        if url.startswith("http"):
            break
    else:
        return None
    sizes = {node.attributes.get("width", "").strip(), node.attributes.get("height", "").strip()}
    if is_beacon(url) or sizes & {"0", "1"}:
        return None
    return _link(page_of(url), _kind(url), node.attributes.get("title", ""))


def media_link(node: Node, base_url: str) -> Node | None:
    """The link that stands for <audio> or <video>."""
    sources = [node, *(child for child in node.walk() if child.tag == "source")]
    for source in sources:
        url = link_address(source.attributes.get("src", ""), base_url)
        if url.startswith("http"):
            return _link(url, "Audio" if node.tag == "audio" else "Video", node.attributes.get("title", ""))
    return None


def page_of(url: str) -> str:
    """The page that shows what a player's address plays."""
    host, path = host_name(url), urlsplit(url).path
    if host.endswith(("youtube.com", "youtube-nocookie.com")) and (video := _YOUTUBE.match(path)):
        return f"https://www.youtube.com/watch?v={video[1]}"
    if host == "player.vimeo.com" and (video := _VIMEO.match(path)):
        return f"https://vimeo.com/{video[1]}"
    return url


def address_link(text: str) -> Node | None:
    """The link for a text that is nothing but an address."""
    address = text.strip()
    if not re.fullmatch(r"https?://[^\s<>\"]+", address) or not (url := link_address(address, "")):
        return None
    return (
        _link(page_of(url), _kind(url), "")
        if _kind(url) != "Embedded"
        else Node("a", {"href": url}, [address])
    )


def _link(url: str, kind: str, title: str) -> Node:
    host = host_name(url)
    name = plain(title, 120)
    label = f"{kind}: {name} ({host})" if name and not name.lower().endswith("player") else f"{kind}: {host}"
    return Node("a", {"href": url, "embed": ""}, [label])


def _kind(url: str) -> str:
    host = host_name(url)
    whole = host + urlsplit(url).path
    if host.startswith("google.") and "/maps" in whole:
        return "Map"
    for kind, hosts in _KINDS.items():
        if any(host == each or host.endswith(f".{each}") or whole.startswith(each) for each in hosts.split()):
            return kind
    return "Embedded"
