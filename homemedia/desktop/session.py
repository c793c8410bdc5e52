"""Whether the desktop's session that we were started in is over: its display is gone. Linux and its kin.

Not every session tells its programs that it ends, and a program that is started with it is not always ended with it.
"""

import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

_LOCAL_DISPLAY = re.compile(r"(?:unix)?:(\d{1,5})(?:\.\d+)?")
X_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where the X server has it


def displays(environment: Mapping[str, str]) -> list[Path] | None:
    """The sockets of this session's displays, all on this machine; None where one is elsewhere or unknown."""
    if sys.platform in ("win32", "darwin"):  # who names a display there has a server of X beside the desktop
        return None
    found = []
    if wayland := environment.get("WAYLAND_DISPLAY", ""):
        folder = environment.get("XDG_RUNTIME_DIR", "")
        if not wayland.startswith("/") and not folder:
            return None
        found.append(Path(folder) / wayland)
    if display := environment.get("DISPLAY", ""):
        number = _LOCAL_DISPLAY.fullmatch(display)
        if number is None:
            return None
        found.append(X_SOCKETS / f"X{number[1]}")
    return found or None


def is_over(environment: Mapping[str, str]) -> bool:
    """Whether nobody answers at any display of this session any more. Does not wait."""
    found = displays(environment)
    return found is not None and not any(_answers(path) for path in found)


def _answers(path: Path) -> bool:
    """Whether a program listens there, by the file or, as X servers on Linux do, by the same name without one."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        # On this machine one is taken in at once, or refused, or has to come again.
        probe.setblocking(False)
        for name in (str(path), f"\0{path}"):
            try:
                probe.connect(name)
            except BlockingIOError:
                # It is there and too busy to answer, perhaps for long: no reason to end.
                return True
            except OSError:
                continue
            return True
    return False
