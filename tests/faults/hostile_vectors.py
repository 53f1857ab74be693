"""HTML made for QTextBrowser: every place where Qt takes an address, with every writing of a file or a host."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from random import Random

CARRIERS = (
    "<img src='{0}'>", "<img src='{0}' width='40' height='40' alt='x'>", "<img src='{0}' srcset='{0} 2x'>",
    "<picture><source srcset='{0}'><img src='{0}'></picture>", "<link rel='stylesheet' href='{0}'>",
    "<head><link rel='stylesheet' type='text/css' href='{0}'></head>", "<style>@import url('{0}');</style>",
    "<style>@import '{0}'; p {{ background-image: url('{0}') }}</style>", "<body background='{0}'><p>x</p></body>",
    "<table background='{0}'><tr><td>x</td></tr></table>", "<table><tr><td background='{0}'>x</td></tr></table>",
    "<p style=\"background-image:url('{0}')\">x</p>", "<p style=\"background:url('{0}')\">x</p>",
    "<ul style=\"list-style-image:url('{0}')\"><li>x</li></ul>", "<ul style=\"list-style:url('{0}')\"><li>x</li></ul>",
    "<table style=\"border-image:url('{0}')\"><tr><td>x</td></tr></table>",
    "<span style=\"content:url('{0}');cursor:url('{0}')\">x</span>",
    "<object data='{0}' type='image/png'></object>", "<embed src='{0}'>", "<iframe src='{0}'></iframe>",
    "<video src='{0}' poster='{0}'></video>", "<audio src='{0}'></audio>", "<input type='image' src='{0}'>",
    "<svg><image href='{0}' xlink:href='{0}'/><use href='{0}#a'/></svg>", "<base href='{0}'><img src='next.png'>",
    "<meta http-equiv='refresh' content='0;url={0}'>", "<script src='{0}'></script>",
    "<a href='{0}'><img src='{0}'></a>", "<img src='{0}'<img src='{0}'>", "<frameset><frame src='{0}'></frameset>",
    "<?xml-stylesheet href='{0}'?><p>x</p>", "<!--><img src='{0}'>-->", "<noscript><img src='{0}'></noscript>",
    "<template><img src='{0}'></template>", "<math><mtext><img src='{0}'></mtext></math>",
)  # fmt: skip


def targets(canary: Path, port: int) -> list[str]:
    """All that lead to the file `canary` or to `port` of this machine."""
    path, name = str(canary), canary.name
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{canary.as_uri()}' width='9' height='9'/></svg>"
    encoded = base64.b64encode(drawing.encode()).decode()
    return [
        canary.as_uri(), f"FILE://{path}", f"file:{path}", f"file://localhost{path}", path, name, f"./{name}",
        f"../{canary.parent.name}/{name}", f"~/{name}", f"file:{name}", f"file:///proc/self/cwd/{name}", f"/{path}",
        f"\\\\localhost\\{name}", f"\\{path}", f"//localhost{path}", path.replace("/", "\\"), f" \t\n{canary.as_uri()}",
        f"\u00a0{canary.as_uri()}", f"fi\tle://{path}", f"\x00{path}", f"{path}\x00.jpg", f"{path}?x#y",
        "".join(f"%{ord(letter):02x}" for letter in path), canary.as_uri().replace("e", "%65", 1),
        "".join(f"&#{ord(letter)};" for letter in canary.as_uri()), f"qrc:{path}", f":{path}", f"qrc:/{name}",
        f"cache:{path}", f"cache:../{name}", f"cache://{path}", f"CACHE:{name}", f"cache:{'0' * 32}#../{name}",
        f"image:{path}", f"data:image/svg+xml;base64,{encoded}", f"data:text/css,@import url({canary.as_uri()})",
        f"blob:{canary.as_uri()}", f"http://127.0.0.1:{port}/a.png", f"//127.0.0.1:{port}/b.png",
        f"HTTP://127.1:{port}/c.png", f"ftp://127.0.0.1:{port}/d.png", f"http://[::ffff:127.0.0.1]:{port}/e.png",
        "/dev/zero", "file:///dev/zero", "/dev/stdin",
    ]  # fmt: skip


def vectors(canary: Path, port: int, rng: Random, each: int) -> Iterator[str]:
    """`each` targets in every carrier: all of them in turn, in an order by chance."""
    aims = targets(canary, port)
    rng.shuffle(aims)
    at = 0
    for carrier in CARRIERS:
        for _ in range(min(each, len(aims))):
            yield carrier.format(aims[at % len(aims)])
            at += 1
