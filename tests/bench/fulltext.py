"""Choose what finds the article on a page by measurement: readability-lxml, trafilatura, and what we make of the first.

    python -m tests.bench.fulltext [--each] [--output FILE]

The pages stand in tests/data/fulltext with the true text beside each; they were written for this, in the shapes of the
sites that people of the region read. Recall and precision are those of the words of the text after our sanitiser, each
word as often as it stands there. What is not installed is left out: pip install trafilatura lxml_html_clean
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

if __package__ in (None, ""):  # run by its path
    sys.path.insert(0, str(Path(__file__).parents[2]))

from desktop.core.html.image_keys import image_identity
from desktop.core.html.sanitise import sanitise
from desktop.net import fulltext
from desktop.net.feeds.encoding import to_utf8

PAGES = Path(__file__).parents[1] / "data" / "fulltext"
ROUNDS = 5
Extract = Callable[[bytes, str], str]


@dataclass(frozen=True)
class Page:
    """A page, and what is true of it. `kind` is article, or what stands in an article's place."""

    name: str
    url: str
    kind: str
    body: bytes
    text: str
    pictures: frozenset[str]


@dataclass(frozen=True)
class Score:
    """How well the text of one page was found: shares from 0 to 1, and pictures found and true."""

    recall: float
    precision: float
    pictures: int
    all_pictures: int


def pages() -> list[Page]:
    """The whole test set."""
    return [
        Page(
            each["name"],
            each["url"],
            each["kind"],
            (PAGES / f"{each['name']}.html").read_bytes(),
            (PAGES / f"{each['name']}.txt").read_text("utf-8"),
            frozenset(image_identity(url) for url in each["pictures"]),
        )
        for each in json.loads((PAGES / "manifest.json").read_text("utf-8"))
    ]


def score(page: Page, html: str) -> Score:
    """Compare what was found with what is true."""
    clean = sanitise(html, page.url)
    found, true = _words(clean.text), _words(page.text)
    both = sum((found & true).values())
    shown = {image_identity(image.url) for image in clean.images}
    return Score(
        both / max(1, sum(true.values())),
        both / max(1, sum(found.values())),
        len(shown & page.pictures),
        len(page.pictures),
    )


def chorsu(body: bytes, url: str) -> str:
    return fulltext.extract(body, url).html


def readability(body: bytes, url: str) -> str:
    from readability import Document

    return str(Document(to_utf8(body).data.decode(), url=url).summary(html_partial=True))


def trafilatura(body: bytes, url: str, **more: bool) -> str:
    from trafilatura import extract  # type: ignore[import-not-found]

    wanted = {
        "include_images": True,
        "include_tables": True,
        "include_links": True,
        "include_formatting": True,
    }
    return extract(body, url=url, output_format="html", include_comments=False, **wanted, **more) or ""


def trafilatura_recall(body: bytes, url: str) -> str:
    return trafilatura(body, url, favor_recall=True)


def trafilatura_precision(body: bytes, url: str) -> str:
    return trafilatura(body, url, favor_precision=True)


EXTRACTORS: dict[str, tuple[str, Extract]] = {
    "chorsu (on readability-lxml)": ("readability", chorsu),
    "readability-lxml": ("readability", readability),
    "trafilatura": ("trafilatura", trafilatura),
    "trafilatura, for recall": ("trafilatura", trafilatura_recall),
    "trafilatura, for precision": ("trafilatura", trafilatura_precision),
}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--each", action="store_true", help="print every page too")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    articles = [page for page in pages() if page.kind == "article"]
    lines = [
        f"| {len(articles)} pages | recall | precision | worst precision | pictures | ms a page | installed with it |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, (module, extract) in EXTRACTORS.items():
        if importlib.util.find_spec(module) is None:
            print(f"{name}: not installed", file=sys.stderr)
            continue
        lines.append(_line(name, module, extract, articles, each=arguments.each))
    print("\n".join(lines))
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _line(name: str, module: str, extract: Extract, articles: list[Page], *, each: bool) -> str:
    scores = [score(page, extract(page.body, page.url)) for page in articles]
    for page, got in zip(articles, scores, strict=True):
        if each:
            print(f"{name:28} {page.name:26} {got.recall:.2f} {got.precision:.2f}", file=sys.stderr)
    best = min(_seconds(extract, articles) for _ in range(ROUNDS))
    count = len(scores)
    return (
        f"| {name} | {sum(s.recall for s in scores) / count:.3f} | {sum(s.precision for s in scores) / count:.3f}"
        f" | {min(s.precision for s in scores):.2f}"
        f" | {sum(s.pictures for s in scores)} of {sum(s.all_pictures for s in scores)}"
        f" | {1000 * best / count:.1f} | {_megabytes(module):.1f} MB |"
    )


def _seconds(extract: Extract, articles: list[Page]) -> float:
    began = time.perf_counter()
    for page in articles:
        extract(page.body, page.url)
    return time.perf_counter() - began


def _megabytes(module: str) -> float:
    """The size of a library and of all that it needs, without what Chorsu needs anyway."""
    ours = {"lxml", "certifi", "charset-normalizer", "urllib3", "tzdata"}
    names, waiting = set[str](), [{"readability": "readability-lxml"}.get(module, module), "lxml_html_clean"]
    while waiting:
        name = re.split(r"[\s;\[<>=!~(]", waiting.pop(), maxsplit=1)[0]
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in names | ours:
            continue
        try:
            found = metadata.distribution(key)
        except metadata.PackageNotFoundError:
            continue
        names.add(key)
        waiting += [each for each in found.requires or () if "extra ==" not in each]
    files = (file for key in names for file in metadata.files(key) or ())
    return sum(path.stat().st_size for file in files if (path := Path(str(file.locate()))).is_file()) / 1e6


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


if __name__ == "__main__":
    sys.exit(main())
