"""Loads PySide6 without what it holds ready to explain a wrong call: a fifth of all that a start would do.

Wherever it is imported, PySide6 compiles a dozen modules of its own from their source, six of them only to word its
errors and help. From then on it reads the source of every module that anybody imports, in search of `__feature__`,
which we do not use. Here the six run when something of them is first asked for, the others are kept compiled, and
no source is read.
"""

from __future__ import annotations

import builtins
import marshal
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import MAGIC_NUMBER, source_hash
from pathlib import Path
from threading import RLock
from types import CodeType, ModuleType

from desktop import qt_constants

_EXPLAINING = frozenset(
    f"shibokensupport/signature/{name}.py"
    for name in ("errorhandler", "layout", "parser", "lib/enum_sig", "lib/pyi_generator", "lib/tool")
)  # not `mapping`: PySide6 looks into that without asking its `__getattr__`
_waiting: dict[str, bytes] = {}  # their source, by the names of their files in PySide6's archive
_lock = RLock()  # a wrong call is explained in the thread that makes it


def load() -> None:
    """Import PySide6 and its widgets. Raises ImportError where they cannot be loaded.

    A build of PySide6 that brings its modules otherwise than the wheels on PyPI do is loaded in its own way.
    """
    # Qt shares out every gradient of a hundred lines, as in a scroll bar, to a thread for each core and waits for them:
    # in a first paint 900 calls of the kernel for what one thread has done sooner. It looks for this name then.
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    if "PySide6" not in sys.modules:
        bootstrap = ModuleType("signature_bootstrap")  # PySide6 runs its importer in the module of this name
        vars(bootstrap)["compile"] = _compile
        sys.modules[bootstrap.__name__] = bootstrap
        qt_constants.install()
    import PySide6

    if kept := getattr(builtins, "__orig_import__", None):  # the import that came before the one that reads
        builtins.__import__ = kept
    import PySide6.QtWidgets  # noqa: F401 - whether it loads is what is asked


def _compile(source: bytes, filename: str, mode: str) -> CodeType:
    """What PySide6's importer takes for `compile`. What only explains becomes a module with a late `__getattr__`."""
    if filename not in _EXPLAINING:
        return kept(source, filename, Path(__file__).parent / "__pycache__")
    _waiting[filename] = source
    words = f"from desktop.qt_binding import later\n__getattr__ = later({filename!r}, globals())"
    return compile(words, filename, mode)


def kept(source: bytes, filename: str, folder: Path) -> CodeType:
    """The code of a module, compiled once and kept in `folder`, where there is one, as Python keeps its own (PEP 552):
    with the Python that compiled it and the hash of its source, and it counts while both are the same."""
    head = MAGIC_NUMBER + (0b11).to_bytes(4, "little") + source_hash(source)
    name = f"{filename.removesuffix('.py').replace('/', '-')}.{sys.implementation.cache_tag}.pyc"
    path = folder / name
    with suppress(OSError, EOFError, ValueError, TypeError):
        found = path.read_bytes()
        if found.startswith(head) and isinstance(code := marshal.loads(found[len(head) :]), CodeType):
            return code
    code = compile(source, filename, "exec")
    if not sys.dont_write_bytecode:
        beside = path.with_name(f"{name}.{os.getpid()}")
        with suppress(OSError):  # where nothing can be written, or Python keeps its own elsewhere
            beside.write_bytes(head + marshal.dumps(code))
            beside.replace(path)
    return code


def later(filename: str, namespace: dict[str, object]) -> Callable[[str], object]:
    """The `__getattr__` of a module that runs once something of it is asked for."""

    def find(name: str) -> object:
        if not name.startswith("__"):  # whoever looks through all modules asks for such names
            with _lock:
                if source := _waiting.pop(filename, b""):
                    exec(compile(source, filename, "exec"), namespace)
            if name in namespace:
                return namespace[name]
        raise AttributeError(f"module {namespace['__name__']!r} has no attribute {name!r}")

    return find
