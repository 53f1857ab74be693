"""The values of full text: what the person chose, what a page brought, what is kept. Light to import."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from desktop.core.models import Article


NO_BETTER = "The page holds no more than the feed."


class FullTextRule(StrEnum):
    """When the text of a source's articles is taken from their pages."""

    NEVER = "never"
    CUT = "cut"  # when the feed cuts it
    ALWAYS = "always"


class FullText(NamedTuple):
    """What is kept beside the feed's text: the text of the page, "" for none, and why there is none yet."""

    html: str = ""
    text: str = ""
    problem: str = ""
    cut: bool = False  # the feed's text is cut

    @property
    def is_lacking(self) -> bool:
        """Whether there is more than the feed's text to be had, or was thought to be."""
        return not self.html and (self.cut or bool(self.problem))


def with_full_text(article: Article) -> Article:
    """The article with the text of its page in the place of the feed's, where there is one."""
    return article._replace(html=article.full.html, text=article.full.text) if article.full.html else article
