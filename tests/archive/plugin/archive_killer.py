"""A format plug-in for tests: files that kill, stop or trip the process reading them.

It uses the public entry point group of formats, so that nothing in gaitkit knows it.
"""

from __future__ import annotations

import os
import signal
import time

from gaitkit.io.formats import Format

KILL = b"gaitkit test: kill"
HANG = b"gaitkit test: hang"
TRIP = b"gaitkit test: trip"
SLOW = b"gaitkit test: slow"
FOREVER_S = 600.0
SLOW_S = 1.0


def _act(head: bytes) -> bool:
    if head.startswith(KILL):
        os.kill(os.getpid(), signal.SIGKILL)
    if head.startswith(HANG):
        time.sleep(FOREVER_S)
    if head.startswith(TRIP):
        msg = "a bug in a plug-in met Piet Jansen, born 12-03-1950"
        raise RuntimeError(msg)
    if head.startswith(SLOW):
        time.sleep(SLOW_S)
    return False


KILLER = Format(name="killer", kind=None, recognises=_act)
