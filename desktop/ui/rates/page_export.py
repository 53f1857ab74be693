"""A watchlist for other programs: as text, as a table for documents and spreadsheets, as CSV."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from desktop.core.rates import PinnedPair, RateAnswer, watch_csv
from desktop.ui.rates.page_model import TITLES, Column, text_of
from desktop.ui.rates.pair_details import citation
from desktop.ui.rates.rows import answer_of, rate_row

if TYPE_CHECKING:
    from desktop.jobs.session import Session

_COLUMNS = (Column.PAIR, Column.RATE, Column.CHANGE, Column.PERCENT, Column.DATE, Column.SOURCE)


def as_text(session: Session, list_name: str) -> str:
    """A sentence for each pair, such as "1 USD = 473.18 KZT (National Bank of Kazakhstan, 24 Nov 2026)"."""
    return "\n".join(citation(answer, session) for _, answer in _answers(session, list_name))


def as_table(session: Session, list_name: str) -> QMimeData:
    """The table as HTML and, for what takes only text, with tabs."""
    heads = [TITLES[column] for column in _COLUMNS]
    rows = [
        [text_of(row, column) for column in _COLUMNS]
        for row in (rate_row(session, pinned) for pinned in session.reader.watchlists.pairs(list_name))
    ]
    data = QMimeData()
    data.setText("\n".join("\t".join(cells) for cells in [heads, *rows]) + "\n")
    data.setHtml(f"<table>{_line(heads, 'th')}{''.join(_line(cells, 'td') for cells in rows)}</table>")
    return data


def as_csv(session: Session, list_name: str) -> str:
    """What `core.watch_csv.read` takes back."""
    return watch_csv.write(_answers(session, list_name))


def _answers(session: Session, list_name: str) -> list[tuple[PinnedPair, RateAnswer]]:
    return [(pinned, answer_of(session, pinned)) for pinned in session.reader.watchlists.pairs(list_name)]


def _line(cells: list[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
