"""A pack's file, opened to be read: what it says of itself is checked first, then every byte and every line of it.

Nothing is unpacked onto the disk by a name that the file gives, and nothing is held in memory whole but one line or one
picture. A file that is damaged, foreign, of a later version, or made to do harm is refused with a sentence.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

from desktop.core.errors import ParseError, UsageError
from desktop.core.pack_file import NAME, VERSION, Manifest, PackedArticle, PackedSource
from desktop.core.rates import Quote
from desktop.store.columns import EPOCH
from desktop.sync.pack_file import lines
from desktop.sync.pack_file.lines import NOTHING_CHANGED, Fields
from desktop.sync.pack_file.writing import MANIFEST, PICTURES, RATES, Progress

T = TypeVar("T")

MOST_MEMBERS = 200_000
LARGEST_LINE = 64 << 20
LARGEST_PICTURE = 10_000_000  # as one that is fetched (net.http.PICTURE)
MOST_QUOTES = 500_000
MOST_TIMES = 150  # as large as the file may all of it be, unpacked: text takes a fifth to a tenth of its size
_LARGEST_MANIFEST = 64 << 20
_LARGEST_LIST = 64 << 20  # of the zip itself, which is read into memory at once
_CHUNK = 1 << 20
_END = (1 << 16) + 200  # the end of a zip stands in its last so many bytes
_ARTICLES = re.compile(r"articles/[1-9][0-9]{0,5}\.jsonl")
_PICTURE = re.compile(re.escape(PICTURES) + "[0-9a-f]{64}")
_SHA256 = re.compile("[0-9a-f]{64}")
_OF_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


def damaged(what: str) -> ParseError:
    return ParseError(f"The pack is damaged: {what}.", f"Have it written once more. {NOTHING_CHANGED}")


def _foreign() -> ParseError:
    return ParseError("The file is not a pack of Chorsu.", NOTHING_CHANGED)


@contextmanager
def opened(path: Path) -> Iterator[PackFile]:
    """The pack in a file. Raises ParseError, and UsageError where the file cannot be read."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror or error}.", NOTHING_CHANGED) from None
    with file:
        if not zipfile.is_zipfile(file):
            raise _foreign()
        if _length_of_list(file) > _LARGEST_LIST:
            raise lines.unreadable("a list of contents that is too large")
        try:
            archive = zipfile.ZipFile(file)
        except _OF_DAMAGE as error:
            raise damaged("its list of contents cannot be read") from error
        with archive:
            yield PackFile(archive, path.stat().st_size)


def _length_of_list(file: IO[bytes]) -> int:
    """How many bytes the list of a zip's members says that it has (APPNOTE 4.3.14 and 4.3.16)."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END))
    tail = file.read(_END)
    at = tail.rfind(b"PK\x05\x06")
    (length,) = struct.unpack_from("<L", tail.ljust(at + 16, b"\0"), at + 12)
    wide = tail.rfind(b"PK\x06\x06", 0, max(at, 0))
    if length == 0xFFFFFFFF and 0 <= wide <= len(tail) - 48:
        (length,) = struct.unpack_from("<Q", tail, wide + 40)
    file.seek(0)
    return int(length)


class PackFile:
    """What is in a file. `verify` comes before anything of it is believed."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        self._members: dict[str, tuple[int, str]] = {}  # size and hash, as the manifest has them
        self._infos = self._listed(size)
        self.manifest = self._manifest(size)
        self._compare()

    def verify(self, progress: Progress = lambda done, total: None) -> None:
        """Read every byte and every line. Raises ParseError; what `progress` raises ends it."""
        total = sum(-(-size // _CHUNK) for size, _ in self._members.values()) or 1
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            progress(min(done, total), total)

        for name in self._members:
            self._check(name, step)
        for source in self.manifest.sources:
            if sum(1 for _ in self.articles(source)) != source.articles:
                raise damaged("there are not as many articles in it as it says")
            progress(done, total)
        if sum(1 for _ in self.quotes()) != self.manifest.quotes:
            raise damaged("there are not as many rates in it as it says")

    def articles(self, source: PackedSource) -> Iterator[PackedArticle]:
        """The articles of one source."""
        return self._lines(source.member, lines.read_article)

    def quotes(self) -> Iterator[Quote]:
        return self._lines(RATES, lines.read_quote)

    def has_picture(self, sha256: str) -> bool:
        return PICTURES + sha256 in self._members

    def pictures(self) -> list[str]:
        """The hashes of the pictures that are in it."""
        return [name.removeprefix(PICTURES) for name in self._members if name.startswith(PICTURES)]

    def picture(self, sha256: str) -> bytes:
        """A picture, measured once more."""
        with self._member(PICTURES + sha256) as member:
            body = member.read(LARGEST_PICTURE + 1)
        if hashlib.sha256(body).hexdigest() != sha256:
            raise damaged("a picture is not what was stored")
        return body

    def _listed(self, size: int) -> dict[str, zipfile.ZipInfo]:
        infos = self._archive.infolist()
        if len(infos) > MOST_MEMBERS:
            raise lines.unreadable(f"{len(infos):,} members")
        found = {info.filename: info for info in infos}
        if MANIFEST not in found:
            raise _foreign()
        if len(found) != len(infos):
            raise lines.unreadable("two members of one name")
        for info in infos:
            if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise lines.unreadable("a member that is packed in another way")
        if sum(info.file_size for info in infos) > MOST_TIMES * size:
            raise lines.unreadable("far more than fits into a file of its size")
        return found

    def _manifest(self, size: int) -> Manifest:
        info = self._infos.pop(MANIFEST)
        if info.file_size > _LARGEST_MANIFEST:
            raise lines.unreadable("a list of contents that is too large")
        with self._member(MANIFEST, info) as member:
            body = member.read(_LARGEST_MANIFEST)
        try:
            values = json.loads(body)
        except (ValueError, RecursionError):
            raise _foreign() from None
        if not isinstance(values, dict) or values.get("format") != NAME:
            raise _foreign()
        version = values.get("version")
        if isinstance(version, int) and version > VERSION:
            raise ParseError(
                "The pack was written by a later version of Chorsu.", f"Update this one. {NOTHING_CHANGED}"
            )
        if version != VERSION:
            raise lines.unreadable("“version”")
        self._members = _members(values.get("members"))
        return _read_manifest(Fields(values), size, hashlib.sha256(body).hexdigest())

    def _compare(self) -> None:
        """The members are those that the manifest names, and as long as it says."""
        if self._infos.keys() != self._members.keys() or RATES not in self._members:
            raise damaged("its parts are not those that it names")
        for name, info in self._infos.items():
            size, sha256 = self._members[name]
            if info.file_size != size:
                raise damaged("a part of it is not as long as it says")
            if name.startswith(PICTURES) and (size > LARGEST_PICTURE or PICTURES + sha256 != name):
                raise lines.unreadable("a picture that is none")
        articles = {name for name in self._members if _ARTICLES.fullmatch(name)}
        named = [source.member for source in self.manifest.sources]
        if len(set(named)) != len(named) or set(named) != articles:
            raise damaged("its articles are not those of its sources")

    def _check(self, name: str, step: Callable[[], None]) -> None:
        size, sha256 = self._members[name]
        digest, left = hashlib.sha256(), size
        with self._member(name) as member:
            while chunk := member.read(_CHUNK):
                left -= len(chunk)
                digest.update(chunk)
                step()
        if left or digest.hexdigest() != sha256:
            raise damaged("a part of it is not what was written")

    def _lines(self, name: str, read: Callable[[bytes], T]) -> Iterator[T]:
        with self._member(name) as member:
            while line := member.readline(LARGEST_LINE):
                if not line.endswith(b"\n"):
                    raise lines.unreadable("a line without an end")
                yield read(line)

    @contextmanager
    def _member(self, name: str, info: zipfile.ZipInfo | None = None) -> Iterator[IO[bytes]]:
        try:
            with self._archive.open(info or self._infos[name]) as member:
                yield member
        except _OF_DAMAGE as error:
            raise damaged("a part of it cannot be read") from error


def _members(values: object) -> dict[str, tuple[int, str]]:
    if not isinstance(values, dict):
        raise lines.unreadable("“members”")
    found: dict[str, tuple[int, str]] = {}
    for name, told in values.items():
        if not (name == RATES or _ARTICLES.fullmatch(name) or _PICTURE.fullmatch(name)):
            raise lines.unreadable("a member of another name")
        if not isinstance(told, list) or len(told) != 2:
            raise lines.unreadable("“members”")
        one = Fields({"size": told[0], "sha256": told[1]})
        found[name] = one.number("size"), one.shape("sha256", _SHA256)
    return found


def _read_manifest(found: Fields, size: int, sha256: str) -> Manifest:
    scope = found.object("scope")
    made_at = max(found.moment("made_at"), EPOCH)
    quotes = found.number("quotes")
    if quotes > MOST_QUOTES:
        raise lines.unreadable("so many rates")
    return Manifest(
        made_at, found.text("program"), min(scope.number("days"), 100_000), scope.flag("starred"),
        scope.number("budget"), min(max(scope.moment("begun_at"), EPOCH), made_at), found.text("proof"),
        found.all("sources", 10_000, lines.read_source), found.all("pairs", 2_000, lines.read_pair), quotes,
        found.number("pictures"), size, sha256,
    )  # fmt: skip
