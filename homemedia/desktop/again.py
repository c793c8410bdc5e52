"""Starting the program once more with the command line it was started with, when everything of it is closed."""

import os
import subprocess
import sys
import threading
from typing import NoReturn

from homemedia.desktop.launch import is_frozen

# What our units have begun again (`Restart=on-failure`).
FAILED = 1


def command_line() -> list[str]:
    """What this process was started with, the program by its full path."""
    if is_frozen():
        return [sys.executable, *sys.argv[1:]]
    return [sys.executable, *sys.orig_argv[1:]]


def start_again() -> NoReturn:
    """Become the program once more; nothing of ours may be open any more.

    On Windows, and where a thread hangs in the kernel (which would hold up the change), another process takes over.
    Of a service systemd would end that one with us, so there it is systemd that starts it.
    """
    command = command_line()
    sys.stdout.flush()
    sys.stderr.flush()
    if sys.platform != "win32" and not has_stuck_threads():
        os.execv(command[0], command)  # noqa: S606 - a command line of our own
    if is_service():
        os._exit(FAILED)
    subprocess.Popen(command, close_fds=True)
    os._exit(0)


def is_service() -> bool:
    """Whether systemd itself started us as our units do; an entry of a desktop says `start`.

    Source:
        systemd.exec(5), "SYSTEMD_EXEC_PID": inherited by children, who have another number.
    """
    return sys.argv[1:2] == ["serve"] and os.environ.get("SYSTEMD_EXEC_PID") == str(os.getpid())


def has_stuck_threads() -> bool:
    """Whether a thread still runs that Python would wait for."""
    main = threading.main_thread()
    return any(thread is not main and not thread.daemon for thread in threading.enumerate())
