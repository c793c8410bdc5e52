"""Why the program could not start, told to somebody who clicked on it and sees no terminal."""

import html
import os
import sys
import tempfile
import webbrowser
from pathlib import Path

from homemedia.desktop.launch import is_frozen

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>HomeMedia could not start</title>
<style>
body {{ font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem }}
h1 {{ font-size: 1.75rem; line-height: 1.2 }} p {{ overflow-wrap: anywhere }}
</style></head>
<body><h1>HomeMedia could not start</h1><p>{words}</p></body></html>
"""


def is_read() -> bool:
    """Whether somebody reads what is written to stderr.

    Source:
        Microsoft: "GetConsoleProcessList function"; PyInstaller: `hide_console="hide-early"`.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        return False
    if sys.platform == "win32" and is_frozen():
        # A click gives the packed program a console of its own, which it hides: only one that a shell shares is seen.
        import ctypes  # noqa: PLC0415 - for Windows alone

        return int(ctypes.windll.kernel32.GetConsoleProcessList((ctypes.c_uint32 * 2)(), 2)) > 1
    return True


def tell(words: str) -> None:
    """Show the sentence: in a window on Windows, elsewhere as a page of the browser."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows alone has it

        ctypes.windll.user32.MessageBoxW(None, words, "HomeMedia could not start", 0x10)
        return
    webbrowser.open(written(words).as_uri())


def written(words: str) -> Path:
    """The page, in a file of its own that only this user reads."""
    descriptor, name = tempfile.mkstemp(prefix="homemedia-", suffix=".html")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(PAGE.format(words=html.escape(words)))
    return Path(name)
