"""Hostile HTML made by rule, and an oracle that knows nothing of the sanitiser: a walk with html.parser."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

BASE = "https://steppe.example/news/2026/story/"

_TAG_NAMES = """
    p br hr h2 h3 h4 h5 h6 b strong i em u s del ins sub sup small code pre kbd blockquote ul ol li dl dt dd
    table caption thead tbody tfoot tr th td figure figcaption img a span div abbr cite q time
"""
TAGS = frozenset(_TAG_NAMES.split())
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
STYLE = r"(?:color:#[0-9a-f]{6};?)?(?:background-color:#[0-9a-f]{6};?)?(?:text-align:[a-z]+)?(?<!;)"
NUMBERS = {"width", "height", "colspan", "rowspan", "start"}

# Where Qt, a browser or the system would go for more than a page of the web.
TARGETS = (
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html,<script>1</script>",
    ),
    *("file:///etc/passwd", "FILE:///etc/passwd", "file://host/share/x.png", "/etc/../../x.png", "~/x.png"),
    *(
        r"\\host\share\x.png",
        r"C:\x.png",
        "//host/x.png",
        "qrc:/x.png",
        ":/x.png",
        "blob:https://a.example/1",
    ),
    *(
        "ftp://a.example/x",
        "smb://host/x",
        "view-source:https://a.example/",
        "ms-msdt:/id",
        "search-ms:query=x",
    ),
    *("cache:0123456789abcdef0123456789abcdef", "cache:../../x", "CACHE:0123456789abcdef0123456789abcdef"),
    *("about:blank", "feed:javascript:alert(1)", "jar:https://a.example!/x", "tel:+70000000000", "xmpp:a@b"),
)
# How a scheme hides.
DISGUISES = (
    lambda url: url,
    lambda url: f" \t\n{url}",
    lambda url: f"\u00a0{url}",
    lambda url: f"\u2003\ufeff{url}",
    lambda url: f"\x01{url}",
    lambda url: "".join(f"&#{ord(letter)};" for letter in url),
    lambda url: "".join(f"&#x{ord(letter):x}" for letter in url) if ":" in url else url,
    lambda url: url.replace(":", "&colon;", 1),
    lambda url: url[:2] + "&Tab;" + url[2:],
    lambda url: url[:2] + "\n" + url[2:],
    lambda url: url[:3] + "\x00" + url[3:],
    lambda url: f"\u202e{url}",
)
# What could carry an address.
CARRIERS = (
    '<a href="{0}">words</a>',
    "<a href='{0}' target=_blank ping='{0}'>words</a>",
    '<img src="{0}" alt="words">',
    '<img data-src="{0}" srcset="{0} 2x" alt="words">',
    '<picture><source srcset="{0}"><img src="{0}" alt="words"></picture>',
    '<iframe src="{0}" title="words"></iframe>',
    '<video src="{0}" poster="{0}"><source src="{0}"></video>',
    '<audio><source src="{0}"></audio>',
    '<object data="{0}"><embed src="{0}"></object>',
    '<table background="{0}"><tr><td background="{0}">words</td></tr></table>',
    '<p style="background-image:url({0});list-style-image:url({0})">words</p>',
    '<form action="{0}"><input type=image src="{0}" formaction="{0}"></form>',
    '<svg><image href="{0}"/><use xlink:href="{0}"/><a xlink:href="{0}"><text>x</text></a></svg>',
    '<math><mtext xlink:href="{0}">x</mtext></math>',
    '<base href="{0}"><a href="next">words</a><img src="next.png">',
    '<link rel=stylesheet href="{0}"><meta http-equiv=refresh content="0;url={0}">',
    '<body background="{0}"><area href="{0}"><blockquote cite="{0}">words</blockquote>',
    "[embed]{0}[/embed] [audio src=\"{0}\"] [caption]<img src='{0}'> words[/caption]",
)
# What came out otherwise when it was cleaned again: found by fuzzing, some of it made as short as it can be.
UNSETTLED = (
    "<h1>one<h2/>ou<table><b>mt=3>b/h1>one<h2>t",
    "<h1>one<h2/>ou<table><tr><td>two</td><b>mt=3>b/h1>one<h2>t",
    "<figure><e<h2>t>a<table><b>b<h3>c",
    "<figure><table><b>a<h2>b<p>c</table>d",
    "<p><table><i><p>a<h2>b</table>c</p>d",
    "<table><li>a<b><li>b<dl><dt>c<i><dd>d",
    "<a href=/x>a<table><a href=/y>b<p>c",
    *("<p id=n><a href='#n'>", "<a href='#n'>a</a><p>The post <span id=n>b</span> appeared first on c.</p>"),
    *("<span id=n><a href='#n'><!--", "<a href='#n'><span id=n><video src=/v>"),
    "<a href='#n'><img src=/b.svg><p id=n>",
    *("<pre>a&#13;b", "<pre>a&#13;\nb<img src=/a.png>", "<pre>\n\n<b>\nx", "<td><div>a <div><p>b</div></div> c"),
    "a <div> <p>b</p></div> c",
    "<p>The post a b appeared first on c.</p><p>The post a b appeared first on d.</p>",
    "The post <a href=/x>a appeared first on b</a>The post a appeared first on b",
    "The post a appeared first on b<table><tr>",
    "<blockquote>" * 99 + "<table><tr><td>a</table><ul><li>b<ul><li>c</ul></ul><img src=/b.svg><video src=/x></video>",
    "<b>" * 98 + "<p>https://a.example/b<table><td>c",
    "".join(f"<b style='color:#0000{n:02x}'>" for n in range(60)) + "<p>x" * 10 + "<table><p>y",
)  # fmt: skip
CONFUSIONS = (
    "</>a",
    "<p>a</p></>b",
    'qrc:/x.png">words</>words</a>',
    *("<a<b>words", "<p title='>' onclick=x>words", "<p/onclick=x/onload=y>words", "<p\x00onclick=x>words"),
    *(
        "<<script>alert(1)</script>words",
        "<scr<script>ipt>alert(1)</script>words",
        "<script>words",
        "<style>p{}",
    ),
    *(
        "<!--><img src=x onerror=y>-->words",
        "<!-- --!><img src=x onerror=y> -->words",
        "<!--words",
        "<!->words",
    ),
    *("<![CDATA[<img src=x onerror=y>]]>words", "<?php echo '<b>' ?>words", "<!DOCTYPE html><html><p>words"),
    *(
        "<noscript><p title='</noscript><img src=x onerror=y>'>words",
        "<template><img src=x onerror=y></template>",
    ),
    *("<plaintext><p>words", "<xmp><img src=x onerror=y></xmp>words", "<textarea><img src=x onerror=y>words"),
    *("<title><img src=x onerror=y></title>words", "<noembed><img src=x onerror=y></noembed>words"),
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=y&gt;'>",
    "<svg></p><style><a id='</style><img src=x onerror=y>'>words",
    "<svg><foreignObject><p onclick=x>words</p></foreignObject></svg>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=y>",
    "<select><option><img src=x onerror=y></select>words",
    *(
        "<img src='x\" onerror=\"y'>words",
        "<img src=x' onerror='y>words",
        "<img alt='`><script>y</script>`'>words",
    ),
    *(
        "<a href='https://a.example/' href='javascript:x'>words</a>",
        "<a href=javascript:x href=https://a/>words</a>",
    ),
    *(
        "<a href=https://a.example/?a=1&copy=2&lt=3>words</a>",
        "<a href='https://a.example/\"onclick=x'>words</a>",
    ),
    *(
        "<a href='https://user:pass@a.example/'>words</a>",
        "<a href='https://a.example\\@b.example/'>words</a>",
    ),
    *(
        "<a href='https://①②⑦.⓪.⓪.①/'>words</a>",
        "<a href='https://[::1'>words</a>",
        "<a href='https://a:b/'>words</a>",
    ),
    *("<a href='http:///x'>words</a>", "<a href='https:a'>words</a>", "<a href='https://%00/'>words</a>"),
    *("<a href='mailto:a@b.example?attach=/etc/passwd&bcc=c@d'>words</a>", "<a href='#fn1'>words</a>"),
    *(
        "＜script＞alert(1)＜/script＞",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&amp;lt;script&amp;gt;",
        "&#60;b>",
    ),
    *("<p dir=rtl lang=x class=y id=z style='color:red' title=t>words", "<b onmouseover=x>words</b>"),
    *(
        "<img src=https://a.example/1.png width=1e9 height=-5>",
        "<img src=https://a.example/1.png width=NaN height=9%>",
    ),
    *("<img src=https://a.example/1.png width=99999999999999999999>", "<td colspan=1e9 rowspan=-1>words"),
    "<table><tr><td colspan=1000000000 rowspan=65534>words</table>",
    "<ol start=-999999999999999999999><li value=9e9>words</ol>",
    *("<p>&#0;&#x110000;&#xD800;&#99999999999;&bogus;&amp", "words\x00\x08\x0b\ufffe\ud800 end"),
    *("<p>one<p>two</p></p></div>three", "</p></b></table>words", "<table><p>words<tr>more", "<tr><td>words"),
    *(
        "<li>one<li>two",
        "<dd>words<dt>more",
        "<b><p>words</b>more</p>",
        "<a href=https://a.example/><a>words",
    ),
    "<h1>one<h2>two</h1>three",
    "<figure><figure><figcaption><figure>words",
    "<pre>\n\nwords\n  <b>more</b>\n</pre>",
    "<font size=7 color=red>words</font><center>more</center><marquee>and</marquee><blink>on</blink>",
    "<iframe srcdoc='&lt;script&gt;1&lt;/script&gt;'></iframe>words",
    "<iframe src='https://v.example/'/>words",
)


def address_vectors() -> Iterator[tuple[str, str]]:
    """(name, HTML): every carrier with every target, the disguises in turn."""
    number = 0
    for carrier_number, carrier in enumerate(CARRIERS):
        for target in TARGETS:
            disguise = DISGUISES[number % len(DISGUISES)]
            number += 1
            yield f"{carrier_number}-{target[:18]}-{number}", carrier.replace("{0}", disguise(target))


class Oracle(HTMLParser):
    """Walks a document and notes whatever must not be there."""

    def __init__(self, keys: Collection[str] = ()) -> None:
        super().__init__(convert_charrefs=True)
        self.keys = frozenset(keys)
        self.faults: list[str] = []
        self.words: list[str] = []
        self.pictures: list[str] = []
        self.links: list[str] = []
        self.places: set[str] = set()
        self.aims: set[str] = set()  # places of the same page that links lead to

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name == "id" and re.fullmatch(r"[\w.:-]{1,80}", value or ""):
                self.places.add(value or "")
            elif name == "style" and re.fullmatch(STYLE, value or ""):
                continue
            elif name not in ATTRIBUTES.get(tag, ()):
                self.faults.append(f"<{tag} {name}>")
            elif name == "href":
                self._link(value or "")
            elif name == "src":
                self._picture(value or "")
            elif name in NUMBERS and not re.fullmatch(r"-?[0-9]{1,7}", value or ""):
                self.faults.append(f"{name}={value}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data!r}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"declaration {data!r}")

    def close(self) -> None:
        super().close()
        if self.places != self.aims:
            self.faults.append(f"links lead to {self.aims}, and there are {self.places}")

    def _link(self, address: str) -> None:
        if address.startswith("#"):
            self.aims.add(address[1:])
            return
        self.links.append(address)
        if not re.match(r"https?://[^/?#\s]|mailto:[^\s]", address) or re.search(
            r"[\x00-\x20\"<>\\]", address
        ):
            self.faults.append(f"link {address!r}")
        elif address.startswith("http") and not urlsplit(address).hostname:
            self.faults.append(f"link without host {address!r}")

    def _picture(self, address: str) -> None:
        self.pictures.append(address)
        if not re.fullmatch(r"cache:[0-9a-f]{32}", address) or address[6:] not in self.keys:
            self.faults.append(f"picture {address!r}")


def examine(html: str, keys: Collection[str] = ()) -> Oracle:
    """What the oracle has to say of `html`, in which pictures of `keys` may stand."""
    oracle = Oracle(keys)
    oracle.feed(html)
    oracle.close()
    return oracle
