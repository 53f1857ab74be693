"""A network in which there is only this machine: other readers look for news of themselves and count their users."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET
# Some do nothing where there is no other network than the loopback one: a pair of ends that lead to each other will do.
_ENDS = (
    "link set lo up",
    "link add chorsu0 type veth peer name chorsu1",
    "addr add 192.0.2.1/24 dev chorsu0",
    "link set chorsu0 up",
    "link set chorsu1 up",
)


def leave() -> None:
    """From now on this process and its children reach 127.0.0.1 and nothing else. Before any thread is started.
    Raises OSError where the system does not allow it."""
    if shutil.which("ip") is None:
        raise OSError("ip is not installed")
    user, group = os.getuid(), os.getgid()  # who is not root is root of the new one, and of nothing else
    wanted = _NEW_NETWORK | (_NEW_USER if user else 0)
    if ctypes.CDLL(None, use_errno=True).unshare(wanted) != 0:
        raise OSError(ctypes.get_errno(), "the system gives no network of its own")
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    for words in _ENDS:
        done = subprocess.run(["ip", *words.split()], capture_output=True, text=True, check=False)
        if done.returncode:
            raise OSError(f"ip {words}: {done.stderr.strip()}")
