"""What a person reads when the system cannot show a window."""

from __future__ import annotations

import ctypes
import sys

import pytest

from desktop.qt_libraries import why_no_window

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere Qt brings all of it along"
)


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """A system that lacks the libraries in this set."""
    missing: set[str] = set()

    def load(name: str) -> object:
        if name in missing:
            raise OSError(f"{name}: cannot open shared object file")
        return object()

    monkeypatch.setattr(ctypes, "CDLL", load)
    for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    return missing


def test_a_whole_system_has_nothing_to_say(lacking: set[str]) -> None:
    assert why_no_window() == ""


def test_a_missing_library_is_named_with_the_packages_of_three_systems(lacking: set[str]) -> None:
    lacking.add("libEGL.so.1")
    said = why_no_window()
    assert "libEGL.so.1" in said
    assert all(
        words in said for words in ("sudo apt install", "libegl1", "sudo dnf install", "sudo pacman -S")
    )


def test_what_only_x11_needs_is_not_asked_of_wayland(
    lacking: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking.add("libxcb-cursor.so.0")
    assert "libxcb-cursor.so.0" in why_no_window()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert why_no_window() == ""


def test_without_a_display_the_command_line_is_named(
    lacking: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY")
    assert "chorsu --help" in why_no_window()
