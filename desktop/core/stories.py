"""Which articles of several sources are copies of one story: told by what an article can be recognised by.

What is not certain is no copy: a story that is shown twice costs a glance, one that is wrongly folded away is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NEAR_S = 7 * 86_400  # two sources that name a page within a week of each other mean the same text there


@dataclass(frozen=True, slots=True)
class Known:
    """An article with its keys as they are kept (`core.identity.Keys`); `story` is 0 while no copy of it is known."""

    id: int
    source_id: int
    guid: str
    url_key: str
    title_key: str
    sort_at: int  # seconds
    story: int

    @property
    def title(self) -> str:
        """What is the same for the same titles."""
        return self.title_key.rpartition("|")[0]


class Copies:
    """Looks among articles for those that are one story. `site` are the sources of one site.

    Copies have the same address, and the same title or about the same date; within a site also the same guid, or the
    same title on the same day. They are of different sources, and a key that two articles of one source share says
    nothing.
    """

    def __init__(self, known: Iterable[Known], site: Iterable[int]) -> None:
        self._site = frozenset(site)
        self._urls: dict[str, list[Known]] = {}
        self._guids: dict[str, list[Known]] = {}
        self._titles: dict[str, list[Known]] = {}
        for one in known:
            # The address of a whole site is that of no article.
            for group, key in (
                (self._urls, one.url_key if "/" in one.url_key or "?" in one.url_key else ""),
                (self._guids, one.guid if one.source_id in self._site else ""),
                (self._titles, one.title_key if one.title and one.source_id in self._site else ""),
            ):
                if key:
                    group.setdefault(key, []).append(one)

    def of(self, article: Known) -> list[Known]:
        """The copies of an article that is among these, the first that was stored first."""
        found = {one.id: one for one in self._all(article)}
        return [found[number] for number in sorted(found)]

    def _all(self, article: Known) -> Iterator[Known]:
        for one in _others(article, self._urls.get(article.url_key, ())):
            if one.title == article.title or abs(one.sort_at - article.sort_at) <= _NEAR_S:
                yield one
        for one in _others(article, self._guids.get(article.guid, ())):
            # "117" numbers the articles of a source, an address or a tag is the world's.
            if ":" in one.guid or one.title == article.title:
                yield one
        yield from _others(article, self._titles.get(article.title_key, ()))


def _others(article: Known, group: Iterable[Known]) -> Iterator[Known]:
    """Those of other sources among articles that share a key, where it means one article in each of the two."""
    sources = [one.source_id for one in group]
    if sources.count(article.source_id) == 1:
        yield from (one for one in group if one is not article and sources.count(one.source_id) == 1)
