"""What a child process does between fork and exec: die with its parent, give up being root."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilityData(ctypes.Structure):
    _fields_ = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this signal to the calling process when its parent dies (Linux only)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def child_setup(number: int = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn` after which the child gets this signal when its parent is gone."""
    parent = os.getpid()

    def setup() -> None:
        die_with_parent(number)
        if os.getppid() != parent:  # the parent died before we asked
            os._exit(1)

    return setup


def unprivileged_setup(number: int) -> Callable[[], None]:
    """As `child_setup`, and a root child becomes nobody first, for PostgreSQL refuses to run as root.

    The child keeps the right to pass any folder, so that the state may lie below a home that only root
    can enter. Where the system denies that right, the child goes on without it.
    """
    if os.geteuid() != 0:
        return child_setup(number)
    account = unprivileged_account()

    def setup() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        _keep_path_access()
        die_with_parent(number)  # last, because setuid forgets it

    return setup


def unprivileged_account() -> pwd.struct_passwd:
    """The account that servers run as when we are root."""
    return pwd.getpwnam("nobody")


def _keep_path_access() -> None:
    if _libc is None:
        return
    header = _CapabilityHeader(CAPABILITY_VERSION_3, 0)
    data = (_CapabilityData * 2)()
    wanted = 1 << CAP_DAC_OVERRIDE
    data[0].effective = data[0].permitted = data[0].inheritable = wanted
    if _libc.capset(ctypes.byref(header), data) == 0:
        _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)
