"""Asks where an article goes, and as what."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

KINDS = {
    "Web page, one file (*.html)": "html",
    "Markdown (*.md)": "md",
    "PDF (*.pdf)": "pdf",
}


class SaveDialog(QFileDialog):
    """Proposes `name` (without its ending) in a folder; `fileSelected` gives the path with the ending of its kind."""

    def __init__(self, folder: str, name: str, parent: QWidget) -> None:
        super().__init__(parent, "Save article", folder)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters(list(KINDS))
        self.filterSelected.connect(self._on_kind)
        self.setDefaultSuffix("html")
        self.selectFile(f"{name}.html")

    def _on_kind(self, kind: str) -> None:
        self.setDefaultSuffix(KINDS[kind])
        for path in self.selectedFiles()[:1]:
            name = path.rpartition("/")[2].removesuffix(".html").removesuffix(".md").removesuffix(".pdf")
            self.selectFile(f"{name}.{KINDS[kind]}")
