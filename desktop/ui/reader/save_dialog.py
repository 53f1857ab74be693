"""Asks where an article, or several, go, and as what."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from desktop.ui.file_dialog import FileDialog

KINDS = {
    "Web page, one file (*.html)": "html",
    "Markdown (*.md)": "md",
    "PDF (*.pdf)": "pdf",
}


class SaveDialog(FileDialog):
    """Proposes `name` (without its ending) in a folder; `fileSelected` gives the path with the ending of its kind."""

    def __init__(
        self,
        folder: str,
        name: str,
        parent: QWidget,
        title: str = "Save article",
        kinds: Mapping[str, str] = KINDS,
    ) -> None:
        super().__init__(parent, title, folder=folder)
        self._kinds = kinds
        self.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        self.setNameFilters(list(kinds))
        self.filterSelected.connect(self._on_kind)
        self.setDefaultSuffix("html")
        self.selectFile(f"{name}.html")

    def _on_kind(self, kind: str) -> None:
        self.setDefaultSuffix(self._kinds[kind])
        for path in self.selectedFiles()[:1]:
            name, _, ending = path.rpartition("/")[2].rpartition(".")
            self.selectFile(f"{name if ending in self._kinds.values() else ending}.{self._kinds[kind]}")
