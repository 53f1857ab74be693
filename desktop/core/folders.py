"""Folders of sources: paths of names, "Outer/Inner", "" for the top level. A folder exists while a source is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop.core.text import plain


def tidy(path: str) -> str:
    """A path as it is stored, of what a person wrote: without empty names, spaces around names, and what hides."""
    return "/".join(filter(None, (plain(name) for name in path.split("/"))))


def parent(path: str) -> str:
    """The folder around a folder."""
    return path.rpartition("/")[0]


def name(path: str) -> str:
    """What a folder is called within its parent."""
    return path.rpartition("/")[2]


def holds(outer: str, path: str) -> bool:
    """Whether `path` is the folder `outer` itself or lies in it, however deep; the top level holds all."""
    return not outer or path == outer or path.startswith(f"{outer}/")


def around(path: str) -> list[str]:
    """The folder and all that it lies in, the outermost first."""
    names = path.split("/")
    return list(filter(None, ("/".join(names[: depth + 1]) for depth in range(len(names)))))


def shared(one: str, other: str) -> str | None:
    """The innermost folder that two sources of these folders lie in, "" for two without any; None where it takes a list
    of everything to hold both."""
    if one == other:
        return one
    return next((path for path in reversed(around(one)) if holds(path, other)), None)


def moved(folders: Mapping[int, str], path: str, to: str) -> dict[int, str]:
    """The new folders of the sources in `path` when it is called `to`; those whose folder stays are left out.

    Nothing moves into itself.
    """
    if holds(path, to):
        return {}
    return {
        source_id: tidy(f"{to}/{folder[len(path) :]}")
        for source_id, folder in folders.items()
        if folder and holds(path, folder)
    }


def all_of(paths: Iterable[str]) -> list[str]:
    """Every folder that there is, those around others too, in order."""
    found = {folder for path in paths for folder in around(path)}
    return sorted(found, key=lambda path: path.casefold().split("/"))
