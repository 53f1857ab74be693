"""A watchlist for other programs: as text, as a table for documents and spreadsheets, as CSV."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QGuiApplication

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


def put_on_clipboard(data: QMimeData) -> None:
    """Have the clipboard hold `data` until the program ends. Qt destroys it after Python has gone, and what Python made
    would crash then; so its text stays in the end, as Qt's own."""
    QGuiApplication.clipboard().setMimeData(data)
    if (program := QCoreApplication.instance()) is not None:
        program.aboutToQuit.connect(partial(_keep_text, data))


def _keep_text(data: QMimeData) -> None:
    clipboard = QGuiApplication.clipboard()
    if clipboard.mimeData() is data:  # else somebody has copied something since
        clipboard.setText(data.text())


def as_csv(session: Session, list_name: str) -> str:
    """What `core.watch_csv.read` takes back."""
    return watch_csv.write(_answers(session, list_name))


def _answers(session: Session, list_name: str) -> list[tuple[PinnedPair, RateAnswer]]:
    return [(pinned, answer_of(session, pinned)) for pinned in session.reader.watchlists.pairs(list_name)]


def _line(cells: list[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
