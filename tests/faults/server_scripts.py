"""What servers do wrong, and what is right to come of it: 200 scripts as data, played by `misbehaving`.

Each script answers the requests for one source. `Expect` says what must be so after all its rounds (one refresh each,
31 minutes apart): the articles that are stored, the words of the error, and what is kept of the talk. The address, the
title and the marks of a source never change unless it says so.
"""

from __future__ import annotations

import gzip
import itertools
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from desktop.core.models import Validators
from tests.server import Answer, Pause, Reply, Request, Script, Step, drip, endless, head, script

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MONDAY = "Mon, 23 Nov 2026 10:00:00 GMT"
XML = {"Content-Type": "application/rss+xml; charset=UTF-8"}
HTML = {"Content-Type": "text/html; charset=UTF-8"}
MINUTES = 31  # between two rounds
PORTAL = "<!DOCTYPE html><html><head><title>Welcome to the hotel</title></head><body>Sign in</body></html>"

# What errors say.
SLOW = "did not answer fully within"
LARGE = "larger than"
BOMB = "unpacks to far more"
PACKED = "packed in a way that cannot be read"
SHORT = "before it was complete"
ODD = "no web server should give"
PAGE = "web page instead of a feed"
MISLED = "Open the address in a browser"


@dataclass(frozen=True)
class Expect:
    """What must be so in the end. `wait` is in minutes from the last refresh to the next try."""

    articles: int = 0
    fails: bool = False  # the last talk was not good
    error: str = ""  # words of what is said of it
    wait: tuple[float, float] = (25, 36)
    validators: Validators | None = None
    requests: int | None = None  # that reached the server
    enabled: bool = True
    title: str = ""  # of the newest article
    moved: str = ""  # the path that the source has moved to


Turn = Callable[[Request, int], Answer]


@dataclass(frozen=True)
class Case:
    """One script: what answers the n-th request (from 0), and what must come of it."""

    name: str
    answer: Turn
    expect: Expect
    rounds: int = 1
    slow: bool = False  # runs into its deadline
    large: bool = False  # sends megabytes
    scheme: str = "http"
    certificate: str = ""  # of the server on loopback that speaks TLS
    days: float = 0  # between two rounds, instead of MINUTES
    network: str = ""  # where it stalls before HTTP: "name", "connect", "accept" or "handshake"


def after(failures: int) -> tuple[float, float]:
    """Minutes to the next try after so many failures in a row: 15, doubling, and by chance a fifth more or less."""
    usual = 15 * 2 ** (failures - 1)
    return 0.8 * usual - 0.1, 1.2 * usual + 0.1


FAILED = after(1)
GOOD = Expect(articles=2)


def feed(
    count: int = 2, title: str = "Reed", first: int = 1, encoding: str = "UTF-8", story: str = "Story"
) -> str:
    """A feed of so many articles, the newest first."""
    items = "".join(
        f"<item><title>{story} {n}</title><link>http://reed.example/{n}</link><guid>{title}-{n}</guid>"
        f"<pubDate>{format_datetime(NOW - timedelta(hours=n))}</pubDate></item>"
        for n in range(first, first + count)
    )
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>http://reed.example</link><description/>{items}</channel></rss>"
    )


def good(**headers: str) -> Reply:
    return Reply(200, XML | {name.replace("_", "-"): value for name, value in headers.items()}, feed())


def always(answer: Answer) -> Turn:
    return lambda request, turn: answer


def in_turn(*answers: Answer) -> Turn:
    """One answer after another, the last for ever."""
    return lambda request, turn: answers[min(turn, len(answers) - 1)]


def by_path(start: Answer, **paths: Answer) -> Turn:
    """Answers by the first part of the path; `start` where none is named."""
    return lambda request, turn: paths.get(request.path.strip("/").partition("/")[0].partition("?")[0], start)


def refused(error: str, wait: tuple[float, float] = FAILED, **more: object) -> Expect:
    return Expect(fails=True, error=error, wait=wait, **more)  # type: ignore[arg-type]


def kept(error: str, **more: object) -> Expect:
    """The two articles of the first round are still there after a second round that failed."""
    return Expect(articles=2, fails=True, error=error, wait=FAILED, **more)  # type: ignore[arg-type]


def cases() -> list[Case]:
    """All of them, each with a name of its own."""
    large = [replace(case, large=True) for case in (*_endless(), *_bombs())]
    made = [
        *_stalls(), *_drips(), *large, *_packed(), *_lengths(), *_broken(), *_odd(), *_charsets(),
        *_redirects(), *_moves(), *_portals(), *_conditional(), *_retry_after(), *_statuses(), *_private(), *_tls(),
    ]  # fmt: skip
    assert len({case.name for case in made}) == len(made)
    return made


def _stalls() -> Iterator[Case]:
    whole = head(Content_Length=str(len(feed())))
    stages = {
        "before the answer": script(Step.STALL),
        "in the status line": script(b"HTTP/1.1 2", Step.STALL),
        "after the status line": script(b"HTTP/1.1 200 OK\r\n", Step.STALL),
        "in a header's name": script(b"HTTP/1.1 200 OK\r\nContent-Le", Step.STALL),
        "before the end of the headers": script(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", Step.STALL),
        "before the body": script(whole, Step.STALL),
        "in the body": script(whole + feed().encode()[:100], Step.STALL),
        "before the last byte": script(whole + feed().encode()[:-1], Step.STALL),
        "after a body without a length": script(head() + feed().encode(), Step.STALL),
        "in a chunk's size": script(head(Transfer_Encoding="chunked") + b"a", Step.STALL),
        "in a chunk": script(head(Transfer_Encoding="chunked") + b"a\r\n<?xml", Step.STALL),
        "after a chunk": script(head(Transfer_Encoding="chunked") + b"5\r\n<?xml\r\n", Step.STALL),
        "in the trailer": script(head(Transfer_Encoding="chunked") + b"5\r\n<?xml\r\n0\r\nX-", Step.STALL),
        "in a packed body": script(
            head(Content_Encoding="gzip", Content_Length="900") + gzip.compress(feed().encode())[:40],
            Step.STALL,
        ),
        "after a redirect": script(head("302 Found", Location="/stalled", Content_Length="0")),
    }
    for stage, answer in stages.items():
        turn = by_path(answer, stalled=script(Step.STALL)) if "redirect" in stage else always(answer)
        yield Case(f"stalls {stage}", turn, refused(SLOW), slow=True)
    for stage in ("name", "connect", "accept", "handshake"):
        scheme = "https" if stage == "handshake" else "http"
        yield Case(
            f"stalls at its {stage}",
            always(good()),
            refused("did not answer"),
            slow=True,
            scheme=scheme,
            network=stage,
        )
    again = in_turn(good(), script(Step.STALL))
    yield Case("stalls at the second talk", again, kept(SLOW), rounds=2, slow=True)


def _drips() -> Iterator[Case]:
    packed = gzip.compress(feed().encode() * 50, 0)
    flood = Script(
        lambda: (step for _ in range(999) for step in (b"HTTP/1.1 100 Continue\r\n\r\n", Pause(0.03)))
    )
    slow = {
        "status line": drip(b"HTTP/1.1 200 OK" + b" " * 500, 0.03),
        "headers": drip(b"X-Slow: 1\r\n" * 100, 0.03, b"HTTP/1.1 200 OK\r\n"),
        "body": drip(feed().encode(), 0.03, head(Content_Length=str(len(feed())))),
        "body without a length": drip(feed().encode(), 0.03, head()),
        "chunk sizes": drip(b"0" * 500, 0.03, head(Transfer_Encoding="chunked")),
        "trailer": drip(b"X: 1\r\n" * 100, 0.03, head(Transfer_Encoding="chunked") + b"0\r\n"),
        "packed body": drip(packed, 0.03, head(Content_Encoding="gzip", Content_Length=str(len(packed)))),
        "interim answers": flood,
    }
    for part, answer in slow.items():
        yield Case(f"drips the {part}", always(answer), refused(SLOW), slow=True)


def _endless() -> Iterator[Case]:
    block = b"x" * 65536
    chunk = b"10000\r\n" + block + b"\r\n"
    yield Case("sends a body without end", always(endless(head(), block)), refused(LARGE))
    yield Case(
        "sends chunks without end", always(endless(head(Transfer_Encoding="chunked"), chunk)), refused(LARGE)
    )
    lines = {
        "a status line": endless(b"HTTP/1.1 200 ", b"O" * 65536),
        "a header line": endless(b"HTTP/1.1 200 OK\r\nX-Long: ", block),
        "headers": endless(b"HTTP/1.1 200 OK\r\n", b"X-Many: 1\r\n" * 999),
        "a chunk's size": endless(head(Transfer_Encoding="chunked"), b"0" * 65536),
        "a chunk's extension": endless(head(Transfer_Encoding="chunked") + b"5;", block),
    }
    for part, answer in lines.items():
        yield Case(f"sends {part} without end", always(answer), refused(ODD))
    for size in ("200000000", "9" * 30):
        announced = script(head(Content_Length=size) + b"<?xml", Step.STALL)
        yield Case(f"announces {size} bytes", always(announced), refused(LARGE))
    wide = Reply(200, XML | {"X-Wide": "x" * 60_000, "X-Wider": "x" * 60_000}, feed())
    yield Case("sends 120 KB of headers", always(wide), refused(ODD))
    yield Case("sends 11 MB of feed", _padded(11), refused(LARGE))
    yield Case("sends 9 MB of blanks after a feed", _padded(9), GOOD)


def _padded(megabytes: int) -> Turn:
    """A feed with so many blanks behind it."""
    return always(
        Script(lambda: itertools.chain([head() + feed().encode()], [b" " * 1000] * (megabytes * 1000)))
    )


def _zeros(megabytes: int, wbits: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


def _bombs() -> Iterator[Case]:
    bombs = {
        "gzip": (_zeros(300, 31), "gzip"),
        "deflate": (_zeros(300, 15), "deflate"),
        "raw deflate": (_zeros(300, -15), "deflate"),
        "gzip in gzip": (gzip.compress(_zeros(100, 31)), "gzip, gzip"),
        "deflate in gzip": (gzip.compress(_zeros(100, 15)), "deflate, gzip"),
        "a feed before 100 MB of blanks": (
            gzip.compress(feed().encode()) + gzip.compress(b" " * 100_000_000),
            "gzip",
        ),
    }
    for name, (body, encoding) in bombs.items():
        reply = Reply(200, XML | {"Content-Encoding": encoding}, body)
        yield Case(f"sends a bomb of {name}", always(reply), refused(BOMB))
    stream = Script(lambda: itertools.chain([head(Content_Encoding="gzip")], _gzip_for_ever()))
    yield Case("packs a body without end", always(stream), refused(BOMB))
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{entities}]>' + feed(story="&a11;").partition("?>")[2]
    yield Case("sends a bomb of entities", always(Reply(200, XML, laughs)), Expect(articles=2))
    deep = "<a>" * 100_000
    yield Case("nests 100,000 elements", always(Reply(200, XML, feed().replace("<item>", deep, 1))), Expect())


def _gzip_for_ever() -> Iterator[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    while True:
        yield packer.compress(bytes(1_000_000))


def _packed() -> Iterator[Case]:
    body = feed().encode()
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = gzip.compress(body)
    spoilt = packed[:-8] + b"12345678"
    fine = {
        "gzip": ("gzip", packed),
        "x-gzip": ("x-gzip", packed),
        "GZIP in capitals": ("GZIP", packed),
        "zlib": ("deflate", zlib.compress(body)),
        "raw deflate": ("deflate", raw.compress(body) + raw.flush()),
        "gzip twice": ("gzip, gzip", gzip.compress(packed)),
        "two members": ("gzip", gzip.compress(body[:50]) + gzip.compress(body[50:])),
        "gzip with garbage behind": ("gzip", packed + b"garbage"),
        "identity": ("identity", body),
    }
    for name, (encoding, sent) in fine.items():
        yield Case(f"packs as {name}", always(Reply(200, XML | {"Content-Encoding": encoding}, sent)), GOOD)
    unfit = {
        "br": ("br", body),
        "zstd": ("zstd", b"\x28\xb5\x2f\xfd" + body),
        "compress": ("compress", body),
        "three layers": ("gzip, gzip, gzip", gzip.compress(gzip.compress(packed))),
        "gzip that is none": ("gzip", body),
        "gzip with a wrong checksum": ("gzip", spoilt),
        "a word nobody knows": ("rot13", body),
    }
    for name, (encoding, sent) in unfit.items():
        reply = Reply(200, XML | {"Content-Encoding": encoding}, sent)
        yield Case(f"packs as {name}", always(reply), refused(PACKED))
    cut = Reply(200, XML | {"Content-Encoding": "gzip"}, packed[:-20])
    yield Case("packs and leaves off the end", always(cut), refused(SHORT))
    yield Case("packs and does not say so", always(Reply(200, XML, packed)), refused("not well-formed"))


def _lengths() -> Iterator[Case]:
    body = feed().encode()

    def sent(length: str, sent: bytes = body) -> Turn:
        return always(script(head(Content_Length=length) + sent))

    yield Case("announces more than it sends", sent(str(len(body) + 50)), refused(SHORT))
    until = body.index(b"<item>", body.index(b"<item>") + 1)
    yield Case("announces less than it sends", sent(str(until)), Expect(articles=1))
    yield Case("announces nothing and sends a feed", sent("0"), refused("empty document"))
    for length in ("-5", "many", "5, 6", "0x40"):
        yield Case(f"announces {length!r} bytes", sent(length), refused(ODD))
    two = script(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n" + body)
    yield Case("announces two lengths", always(two), refused(ODD))
    same = (
        f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    yield Case("announces one length twice", always(script(same)), GOOD)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    both = head(Content_Length="7", Transfer_Encoding="chunked")
    yield Case("announces a length and chunks", always(script(both + chunked)), GOOD)
    yield Case("sends chunks", always(script(head(Transfer_Encoding="chunked") + chunked)), GOOD)
    broken = {
        "garbage for a chunk's size": (b"zz\r\n" + body, SHORT),
        "a negative size of a chunk": (b"-5\r\n" + body, ODD),
        "a chunk of 2 to the 64": (b"f" * 16 + b"\r\n" + body, SHORT),
        "a chunk with more than its size": (b"5\r\n" + body, SHORT),
        "no last chunk": (b"%x\r\n%s\r\n" % (len(body), body), SHORT),
        "an empty line for a chunk": (b"\r\n" + body, SHORT),
        "a feed in place of chunks": (body, SHORT),
    }
    for name, (rest, words) in broken.items():
        yield Case(f"sends {name}", always(script(head(Transfer_Encoding="chunked") + rest)), refused(words))
    open_ended = script(head() + body)
    yield Case("ends its feed with the connection", always(open_ended), GOOD)
    yield Case(
        "ends in the middle without a length", always(script(head() + body[:until])), Expect(articles=1)
    )


def _broken() -> Iterator[Case]:
    body = feed().encode()
    whole = head(Content_Length=str(len(body)))
    breaks = {
        "before the answer": (),
        "in the status line": (b"HTTP/1.1 20",),
        "in the headers": (b"HTTP/1.1 200 OK\r\nContent-",),
        "in the body": (whole + body[:100],),
        "in a chunk": (head(Transfer_Encoding="chunked") + b"ff\r\n<?xml",),
    }
    for stage, sent in breaks.items():
        words = "complete" if stage in ("before the answer", "in the body", "in a chunk") else ""
        yield Case(f"closes {stage}", always(script(*sent)), refused(words))
        yield Case(f"resets {stage}", always(script(*sent, Step.RESET)), refused(""))
    yield Case("resets at the second talk", in_turn(good(), script(Step.RESET)), kept(""), rounds=2)
    yield Case("sends nothing", always(Reply(200, XML)), refused("empty document"))
    yield Case("sends blanks", always(Reply(200, XML, " \r\n" * 100)), refused("empty document"))
    yield Case(
        "sends nothing the second time", in_turn(good(), Reply(200, XML)), kept("empty document"), rounds=2
    )
    yield Case("has no content", always(Reply(204)), refused("(204)"))
    yield Case("resets the content", always(Reply(205)), refused("(205)"))
    yield Case("sends a part that nobody asked for", always(Reply(206, XML, feed())), refused("(206)"))
    poisoned = script(whole + body + head(Content_Length="6") + b"poison")
    yield Case("answers twice", always(poisoned), Expect(articles=2, requests=2), rounds=2)


def _odd() -> Iterator[Case]:
    body = feed().encode()
    tail = b"Content-Length: %d\r\n\r\n" % len(body) + body
    fine = {
        "line feeds alone": b"HTTP/1.1 200 OK\nContent-Length: %d\n\n" % len(body) + body,
        "100 Continue first": head("100 Continue") + b"HTTP/1.1 200 OK\r\n" + tail,
        "103 Early Hints first": head("103 Early Hints", Link="</x>; rel=preload")
        + b"HTTP/1.1 200 OK\r\n"
        + tail,
        "letters beyond ASCII in a header": b"HTTP/1.1 200 OK\r\nX-Name: \xd0\xa7\xff\r\n" + tail,
        "a folded header": b"HTTP/1.1 200 OK\r\nX-Folded: a\r\n  b\r\n" + tail,
        "a status without words": b"HTTP/1.1 200\r\n" + tail,
        "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\n" + body,
        "status 203": b"HTTP/1.1 203 From a proxy\r\n" + tail,
    }
    for name, sent in fine.items():
        yield Case(f"answers with {name}", always(script(sent)), GOOD)
    unfit = {
        "HTTP/0.9": body,
        "the greeting of SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
        "the greeting of mail": b"220 mail.example ESMTP\r\n",
        "HTTP/9.9": b"HTTP/9.9 200 OK\r\n" + tail,
        "letters for a status": b"HTTP/1.1 abc OK\r\n" + tail,
        "a status of four digits": b"HTTP/1.1 2000 OK\r\n" + tail,
        "an empty line": b"\r\n\r\n",
        "random bytes": bytes(range(256)) * 4,
    }
    for name, sent in unfit.items():
        yield Case(f"answers with {name}", always(script(sent)), refused(ODD))
    switch = script(head("101 Switching Protocols", Upgrade="websocket"))
    yield Case("switches to another protocol", always(switch), refused(""))


def _charsets() -> Iterator[Case]:
    title = "Новости"
    russian = Expect(articles=2, title=f"{title} 1")

    def said(charset: str, body: bytes) -> Turn:
        kind = f"application/xml; charset={charset}" if charset else "application/xml"
        return always(Reply(200, {"Content-Type": kind}, body))

    undeclared = feed(story=title).replace(' encoding="UTF-8"', "")
    cyrillic = feed(story=title, encoding="windows-1251")
    yield Case(
        "says windows-1251 in the header alone", said("windows-1251", undeclared.encode("cp1251")), russian
    )
    yield Case("says windows-1251 in the document alone", said("", cyrillic.encode("cp1251")), russian)
    yield Case("says UTF-8 of windows-1251", said("utf-8", cyrillic.encode("cp1251")), russian)
    yield Case("says ISO-8859-1 of UTF-8", said("iso-8859-1", feed(story=title).encode()), russian)
    yield Case("says a charset that nobody knows", said("x-none", feed(story=title).encode()), russian)
    yield Case("says nothing of UTF-8", said("", undeclared.encode()), russian)
    koi = feed(story=title, encoding="koi8-r")
    yield Case("says KOI8-R in the document", said("", koi.encode("koi8-r")), russian)
    wide = feed(story=title, encoding="utf-16")
    yield Case("sends UTF-16 with its mark", said("", wide.encode("utf-16")), russian)
    yield Case(
        "sends two byte order marks", said("utf-8", b"\xef\xbb\xbf" * 2 + undeclared.encode()), russian
    )
    kinds = {
        "a web page's type": "text/html",
        "a picture's type": "image/png",
        "plain text": "text/plain",
        "no type that there is": ";;;",
        "a download": "application/octet-stream",
    }
    for name, kind in kinds.items():
        yield Case(f"calls its feed {name}", always(Reply(200, {"Content-Type": kind}, feed())), GOOD)
    yield Case("does not say what it sends", always(Reply(200, {}, feed())), GOOD)
    warned = "<br />\n<b>Warning</b>: include(x.php) in <b>/srv/w.php</b> on line <b>3</b><br />\n" + feed()
    yield Case("complains before its feed", always(Reply(200, XML, warned)), GOOD)
    download = XML | {"Content-Disposition": 'attachment; filename="../../../.bashrc"'}
    yield Case("names a file to write", always(Reply(200, download, feed())), GOOD)
    nul = feed(story="Sto\x00ry").encode()
    yield Case("sends zero bytes within its feed", always(Reply(200, XML, nul)), GOOD)


def _to(location: str, status: int = 302) -> Reply:
    return Reply(status, {"Location": location})


def _redirects() -> Iterator[Case]:
    yield Case("sends to itself", always(_to("/feed.xml")), refused(MISLED, requests=1))
    yield Case("sends in a circle", by_path(_to("/a"), a=_to("/b"), b=_to("/a")), refused(MISLED, requests=3))
    for hops in (5, 6):
        chain = {f"h{n}": _to(f"/h{n + 1}") for n in range(1, hops)} | {f"h{hops}": good()}
        expected = GOOD if hops == 5 else refused(MISLED, requests=6)
        yield Case(f"sends on {hops} times", by_path(_to("/h1"), **chain), expected)
    endless_path = lambda request, turn: _to(f"/{turn + 1}")  # noqa: E731
    yield Case("sends on for ever", endless_path, refused(MISLED, requests=6))
    for location in (
        "file:///etc/passwd", "FILE:/etc/passwd", "ftp://reed.example/x", "javascript:alert(1)", "data:text/xml,x",
        "mailto:a@reed.example", "feed:x", "gopher://x", "http://", "https://[::1", "//",
        "http://user:word@reed.example/feed.xml", "http://reed.example:0/", "http://reed.example:99999/", " ",
        "cache:abc",
    ):  # fmt: skip
        yield Case(f"sends to {location!r}", always(_to(location)), refused("", requests=1))
    for location in ("http:///etc/passwd", "\\\\server\\share"):  # nothing but odd paths of the same host
        yield Case(f"sends to {location!r}", always(_to(location)), refused(MISLED, requests=2))
    yield Case("sends nowhere", always(Reply(302)), refused("(302)"))
    contrary = script(b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")
    yield Case("sends to two places", always(contrary), refused(MISLED))
    yield Case("offers a choice", always(Reply(300, {"Location": "/a"})), refused("(300)"))
    yield Case(
        "names a proxy to use", always(Reply(305, {"Location": "http://reed.example/"})), refused("(305)")
    )
    fine = {
        "relative": "other.xml",
        "without a scheme": "//elsewhere-at.example/other.xml",
        "with a fragment": "/other.xml#top",
        "with letters beyond ASCII": "/other.xml?q=\u00d1\u0082",
        "with dots": "/x/../other.xml",
    }
    for name, location in fine.items():
        answer = lambda request, turn, to=location: good() if "other" in request.path else _to(to)  # noqa: E731
        yield Case(f"sends to an address {name}", answer, GOOD)
    yield Case(
        "asks for a refresh elsewhere",
        always(good(Refresh="0; url=http://evil.example/")),
        Expect(articles=2, requests=1),
    )


def _moves() -> Iterator[Case]:
    still = Expect(articles=2, wait=(25, 400))
    for status in (302, 303, 307):
        yield Case(
            f"has gone elsewhere for a while ({status})",
            by_path(_to("/new", status), new=good()),
            still,
            rounds=5,
            days=1,
        )
    for status in (301, 308):
        yield Case(
            f"has moved for good ({status})",
            by_path(_to("/new", status), new=good()),
            Expect(articles=2, moved="/new", wait=(-1, 400)),
            rounds=4,
            days=1,
        )
        lie = in_turn(good(), _to("/other", status))
        another = Reply(200, XML, feed(3, title="Another", story="Offer", first=50))
        lying = lambda request, turn, lie=lie, another=another: (  # noqa: E731
            another if "other" in request.path else lie(request, turn)
        )
        yield Case(
            f"lies that it has moved to another feed ({status})",
            lying,
            Expect(articles=2, fails=True, error="nothing in common", wait=after(4)),
            rounds=5,
            days=1,
        )
        portal = lambda request, turn, lie=lie: (  # noqa: E731
            Reply(200, HTML, PORTAL) if "other" in request.path else lie(request, turn)
        )
        yield Case(
            f"lies that it has moved to a portal ({status})",
            portal,
            Expect(articles=2, fails=True, error="web page", wait=after(4)),
            rounds=5,
            days=1,
        )
    yield Case("says in one hour that it has moved", by_path(_to("/new", 301), new=good()), still, rounds=3)
    flapping = lambda request, turn: (  # noqa: E731
        good() if request.path != "/feed.xml" else _to(f"/new{turn}", 301)
    )
    yield Case("moves elsewhere each time", flapping, still, rounds=5, days=1)
    mixed = by_path(_to("/a", 302), a=_to("/new", 301), new=good())
    yield Case("moves for good only behind a detour", mixed, still, rounds=5, days=1)


def _portals() -> Iterator[Case]:
    page = Reply(200, HTML | {"ETag": '"portal"', "Last-Modified": MONDAY}, PORTAL)
    own = Validators('"1"', MONDAY)
    first = good(ETag='"1"', Last_Modified=MONDAY)
    sign_in = "wants you to sign in"
    yield Case("is a portal from the first", always(page), refused("web page", validators=Validators()))
    yield Case("is a portal later on", in_turn(first, page), kept("web page", validators=own), rounds=2)
    yield Case(
        "is a portal for two days",
        in_turn(first, page),
        Expect(articles=2, fails=True, error="web page", wait=after(4), validators=own),
        rounds=5,
        days=0.5,
    )
    yield Case(
        "is a portal for an hour",
        in_turn(first, page, Reply(304)),
        Expect(articles=2, validators=own),
        rounds=3,
    )
    sent = lambda request, turn: first if turn == 0 else page if "login" in request.path else _to("/login")  # noqa: E731
    yield Case("sends to a portal", sent, kept("web page", validators=own), rounds=2)
    yield Case(
        "is behind a portal that says so", in_turn(first, Reply(511, HTML, PORTAL)), kept(sign_in), rounds=2
    )
    named = PORTAL.replace(
        "<title>", '<link rel="alternate" type="application/rss+xml" href="/ads.xml"><title>'
    )
    yield Case("is a portal with a feed", in_turn(first, Reply(200, HTML, named)), kept("web page"), rounds=2)
    login = Reply(200, {"Content-Type": "application/json"}, '{"login": true}')
    yield Case("is a portal in JSON", in_turn(first, login), kept("", validators=own), rounds=2)
    xhtml = Reply(200, XML, f'<?xml version="1.0"?>{PORTAL}')
    yield Case(
        "is a portal that calls itself a feed", in_turn(first, xhtml), kept("", validators=own), rounds=2
    )
    yield Case("is a line of text", in_turn(first, Reply(200, XML, "OK")), kept("", validators=own), rounds=2)
    yield Case(
        "is a picture", in_turn(first, Reply(200, XML, b"\x89PNG\r\n\x1a\n" + bytes(99))), kept(""), rounds=2
    )
    nothing = Reply(200, XML, feed(0))
    yield Case("has an empty feed the second time", in_turn(first, nothing), Expect(articles=2), rounds=2)
    yield Case("has an empty feed from the first", always(nothing), Expect(articles=0))
    renamed = Reply(200, XML, feed(title="PWNED").replace("PWNED-", "Reed-"))
    yield Case("takes another name", in_turn(first, renamed), Expect(articles=2), rounds=2)


def _conditional() -> Iterator[Case]:
    own = Validators('"1"', MONDAY)
    first = good(ETag='"1"', Last_Modified=MONDAY)

    def then(name: str, second: Answer, expected: Expect, rounds: int = 2) -> Case:
        return Case(name, in_turn(first, second), expected, rounds)

    yield Case("says 304 at the first talk", always(Reply(304)), refused("(304)", validators=Validators()))
    yield Case(
        "says 304 without having given a validator", in_turn(good(), Reply(304)), kept("(304)"), rounds=2
    )
    yield then("says 304", Reply(304), Expect(articles=2, validators=own))
    yield then("says 304 with another tag", Reply(304, {"ETag": '"2"'}), Expect(articles=2, validators=own))
    later = "Tue, 24 Nov 2026 10:00:00 GMT"
    yield then(
        "says 304 with a later date", Reply(304, {"Last-Modified": later}), Expect(articles=2, validators=own)
    )
    loud = script(head("304 Not Modified", Content_Length="5") + b"<rss>")
    yield then("says 304 with a body", loud, Expect(articles=2, validators=own))
    yield then("says 304 for ever", Reply(304), Expect(articles=2, validators=own), rounds=4)
    yield then("does not know its own tag", first, Expect(articles=2), rounds=3)
    retagged = good(ETag='"2"', Last_Modified=later)
    yield then(
        "has the same body under another tag",
        retagged,
        Expect(articles=2, validators=Validators('"2"', later)),
    )
    changed = Reply(200, XML | {"ETag": '"1"', "Last-Modified": MONDAY}, feed(3))
    yield then("has another body under the same tag", changed, Expect(articles=3, validators=own))
    yield then("takes its validators back", good(), Expect(articles=2, validators=Validators()))
    yield then("refuses the condition", Reply(412), kept("(412)", validators=own))
    yield then("sends a difference that nobody asked for", Reply(226, XML, feed(1)), kept("(226)"))
    tags = {
        "a weak tag": 'W/"1"',
        "a tag without quotes": "1",
        "an empty tag": '""',
        "a tag with a comma": '"a, b"',
        "a star for a tag": "*",
    }
    for name, tag in tags.items():
        exact = _exactly(tag)
        yield Case(f"gives {name}", exact, Expect(articles=2, validators=Validators(tag, MONDAY)), rounds=3)
    yield Case(
        "gives a tag of 5 KB",
        always(good(ETag=f'"{"x" * 5000}"')),
        Expect(articles=2, validators=Validators()),
    )
    yield Case("gives a date that is none", _exactly('"1"', "yesterday"), Expect(articles=2), rounds=3)
    yield Case(
        "gives a date to come", _exactly('"1"', "Fri, 01 Jan 2100 00:00:00 GMT"), Expect(articles=2), rounds=3
    )
    cookie = lambda request, turn: (  # noqa: E731
        Reply(500) if "cookie" in request.headers else good(Set_Cookie="id=1; Path=/; Max-Age=99999")
    )
    yield Case("sets a cookie", cookie, Expect(articles=2), rounds=3)
    crumbs = lambda request, turn: (  # noqa: E731
        Reply(500)
        if "cookie" in request.headers
        else good()
        if "c=1" in request.path
        else Reply(302, {"Location": "/feed.xml?c=1", "Set-Cookie": "id=1"})
    )
    yield Case("sets a cookie and sends on", crumbs, GOOD)
    yield Case("wants another protocol", always(good(Alt_Svc='h3=":443"', Upgrade="h2c")), GOOD)
    yield Case("wants strict transport", always(good(Strict_Transport_Security="max-age=9")), GOOD, rounds=2)


def _exactly(etag: str, modified: str = MONDAY) -> Turn:
    """A server that knows its validators to the letter, and is in trouble over any others."""

    def answer(request: Request, turn: int) -> Answer:
        sent = (request.headers.get("if-none-match"), request.headers.get("if-modified-since"))
        if sent == (None, None):
            return good(ETag=etag, Last_Modified=modified) if turn == 0 else Reply(500)
        return Reply(304) if sent == (etag, modified) else Reply(500)

    return answer


def _retry_after() -> Iterator[Case]:
    day = 24 * 60.0
    later = (9.9, 12.1)  # without a word: ten minutes, and some
    forms: dict[str, tuple[str, tuple[float, float]]] = {
        "two minutes": ("120", FAILED),
        "an hour": ("3600", (60, 60)),
        "five days": (str(5 * 86400), (day, day)),
        "a hundred digits": ("9" * 100, (day, day)),
        "zero": ("0", FAILED),
        "a negative number": ("-60", FAILED),
        "a fraction": ("90.5", FAILED),
        "a word": ("soon", FAILED),
        "nothing": ("", FAILED),
        "blanks around it": ("  3600  ", (60, 60)),
        "a date in two hours": (_http_date(hours=2), (120, 120)),
        "a date in the past": (_http_date(hours=-5), FAILED),
        "a date in ten years": (_http_date(days=3650), (day, day)),
        "a date of the year 9999": ("Fri, 31 Dec 9999 23:59:59 GMT", (day, day)),
        "a date that is none": ("Fri, 99 Foo 2026 99:99:99 GMT", FAILED),
        "a date of RFC 850": (_http_date(hours=2, form="%A, %d-%b-%y %H:%M:%S GMT"), (120, 120)),
        "digits of another script": ("٣٦٠٠", FAILED),
    }
    for status in (429, 503):
        for name, (value, wait) in forms.items():
            headers = {"Retry-After": value.encode("utf-8").decode("latin-1")}
            expected = Expect(fails=True, error="left alone", wait=(wait[0] - 0.1, wait[1] + 0.1), requests=1)
            yield Case(f"is too busy for {name} ({status})", always(Reply(status, headers)), expected)
        silent = Expect(
            fails=True, error="left alone", wait=(min(later[0], FAILED[0]), FAILED[1]), requests=1
        )
        yield Case(f"is too busy and says no more ({status})", always(Reply(status)), silent)
    own = Validators('"1"', MONDAY)
    first = good(ETag='"1"', Last_Modified=MONDAY)
    busy = Reply(429, {"Retry-After": "36000"})
    expected = Expect(articles=2, fails=True, error="left alone", wait=(500, 700), validators=own, requests=2)
    yield Case("is too busy and is asked again too soon", in_turn(first, busy), expected, rounds=4)
    yield Case("answers well and wants a rest", always(good(Retry_After="36000")), GOOD)
    sent = by_path(_to("/busy"), busy=busy)
    yield Case("sends to where it is busy", sent, refused("left alone", wait=(599, 601)))


def _http_date(form: str = "%a, %d %b %Y %H:%M:%S GMT", **later: float) -> str:
    return (NOW + timedelta(**later)).strftime(form)


def _statuses() -> Iterator[Case]:
    words = {
        401: "user name and a password", 402: "paid", 403: "refuses feed readers", 404: "nothing at this address",
        407: "proxy asks", 451: "legal reasons",
    }  # fmt: skip
    for status in (
        400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 413, 414, 418, 421, 423, 425, 428, 431, 451,
        500, 501, 502, 504, 505, 507, 508, 520, 522, 530, 599, 600, 999,
    ):  # fmt: skip
        said = words.get(status, f"({status})")
        reply = Reply(status, {"WWW-Authenticate": "Basic realm=x"} if status == 401 else {}, PORTAL)
        yield Case(f"answers {status}", always(reply), refused(said, requests=1))
    gone = Expect(
        articles=2, fails=True, error="taken this address down", enabled=False, wait=(0, 10**6), requests=2
    )
    yield Case("is gone for good", in_turn(good(), Reply(410)), gone, rounds=4)
    trouble = Expect(articles=2, fails=True, error="in trouble", wait=after(3), requests=4)
    yield Case("is in trouble three times", in_turn(good(), Reply(500)), trouble, rounds=4)
    back = in_turn(good(), Reply(500), Reply(500), Reply(200, XML, feed(3)))
    yield Case("comes back from trouble", back, Expect(articles=3), rounds=4)
    for challenge in ("Digest realm=x", "Bearer", "Negotiate", "NTLM", "Basic"):
        reply = Reply(401, {"WWW-Authenticate": challenge})
        yield Case(f"wants {challenge}", always(reply), refused("user name and a password", requests=1))


def _private() -> Iterator[Case]:
    words = "private network"
    for place in ("127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1", "[::1]", "router.lan", "printer"):
        yield Case(f"sends to {place}", always(_to(f"http://{place}/admin")), refused(words, requests=1))
    yield Case(
        "sends to a mail server", always(_to("http://elsewhere-at.example:25/")), refused("port", requests=1)
    )


def _tls() -> Iterator[Case]:
    for name, words in {
        "expired": "has expired",
        "early": "not valid yet",
        "elsewhere": "another site",
        "self": "signed by nobody but itself",
    }.items():
        yield Case(
            f"shows a certificate: {name}", always(good()), refused(words), scheme="https", certificate=name
        )
    yield Case("is protected", always(good()), GOOD, scheme="https", certificate="good")
    down = always(_to("http://elsewhere-at.example/feed.xml"))
    yield Case(
        "leads from protected to not", down, refused("protected address"), scheme="https", certificate="good"
    )
    cut = always(script(head(Content_Length="9000") + b"<?xml"))
    yield Case("is cut in a protected body", cut, refused(""), scheme="https", certificate="good")
    silent = always(script(Step.STALL))
    yield Case(
        "is protected and silent", silent, refused(SLOW), slow=True, scheme="https", certificate="good"
    )
    yield Case("does not speak TLS", always(good()), refused("No protected connection"), scheme="https")
