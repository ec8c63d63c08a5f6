"""Doing something inside a network namespace without starting a program there."""

from __future__ import annotations

import ctypes
import os
import socket
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000


def inside(namespace: str, do: Callable[[], T]) -> T:
    """The result of `do` called in the namespace. A thread of its own enters it, so the caller stays outside."""
    result: list[T] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            _enter(namespace)
            result.append(do())
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return result[0]


def connect(namespace: str, address: str, port: int, timeout: float = 5) -> socket.socket:
    """A TCP connection that starts inside the namespace; a socket stays where it was made."""
    return inside(namespace, lambda: socket.create_connection((address, port), timeout))


def _enter(namespace: str) -> None:
    handle = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if _libc.setns(handle, _CLONE_NEWNET):
            number = ctypes.get_errno()
            raise OSError(number, f"cannot enter the network namespace {namespace}: {os.strerror(number)}")
    finally:
        os.close(handle)
