"""What a playlist file (.m3u, .m3u8) says. Pure; its paths are text that is compared with known files, never opened.

Source:
    There is no standard; Winamp's format as VLC, foobar2000 and Picard write it.
"""

import posixpath
import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import unquote

import msgspec

MAX_ENTRIES = 10_000
MAX_TEXT = 500
MAX_PATH = 4096
MAX_SECONDS = 7 * 24 * 3600
_LINES = re.compile(r"\r\n|\r|\n")
_INFO = re.compile(r"#EXTINF:\s*(?P<seconds>-?\d{1,9})?(?:\.\d+)?(?P<attributes>[^,]*),?(?P<title>.*)", re.IGNORECASE)
_TITLE = re.compile(r"#PLAYLIST:\s*(.+)", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.\-]+://", re.IGNORECASE)
_FILE = re.compile(r"file:(?://[^/]*)?(?=/)", re.IGNORECASE)
_DRIVE = re.compile(r"/?[a-z]:(?=/)", re.IGNORECASE)
# How many folders above a file may differ between here and where the playlist was written.
_TAIL = 6


class Entry(msgspec.Struct, frozen=True):
    """One line: a path as the playlist means it, with `/` between its parts, and what is said of it."""

    path: str
    title: str | None = None
    duration_ms: int | None = None


class Playlist(msgspec.Struct, frozen=True):
    """`title` is None where the file says none."""

    title: str | None
    entries: tuple[Entry, ...]


def parse_playlist(data: bytes) -> Playlist:
    """Read a playlist; every sequence of bytes has an answer.

    Addresses in the net are left out: HomeMedia fetches nothing that a file names.
    """
    title: str | None = None
    entries: list[Entry] = []
    said: tuple[str | None, int | None] = (None, None)
    for raw in _LINES.split(_decoded(data)):
        line = raw.strip().strip("\0")
        if not line:
            continue
        if line.startswith("#"):
            if match := _INFO.fullmatch(line):
                said = (_line(match["title"]), _milliseconds(match["seconds"]))
            elif (match := _TITLE.fullmatch(line)) and title is None:
                title = _line(match[1])
            continue
        path = _path(line)
        if path is not None:
            entries.append(Entry(path, *said))
            if len(entries) == MAX_ENTRIES:
                break
        said = (None, None)
    return Playlist(title, tuple(entries))


def places_of(path: str, folder: str, roots: Sequence[str]) -> list[tuple[int | None, str]]:
    """Where a file named by a playlist may lie: (position of the root, path below it), the likeliest first.

    Nothing outside the roots is ever among them. A path of another machine is tried by its end alone, with the position
    None: it may lie in any root.

    Args:
        path: of an entry.
        folder: absolute, that of the playlist.
        roots: absolute paths of the library's folders.
    """
    is_absolute = path.startswith("/") or _DRIVE.match(path) is not None
    whole = posixpath.normpath(path if is_absolute else f"{folder}/{path}")
    found: list[tuple[int | None, str]] = []
    for position, root in enumerate(roots):
        base = root.rstrip("/")
        if whole.startswith(f"{base}/"):
            found += [(position, form) for form in _forms(whole[len(base) + 1 :])]
    if is_absolute and not found:
        parts = [part for part in posixpath.normpath(f"/{_DRIVE.sub('', path)}").split("/") if part]
        # At least the folder must agree: `01.mp3` lies in many.
        for count in range(min(_TAIL, len(parts)), 1, -1):
            found += [(None, form) for form in _forms("/".join(parts[-count:]))]
    return found


def _forms(path: str) -> list[str]:
    """A path as written, and with its accents composed and apart: macOS writes them apart."""
    return list(dict.fromkeys((path, unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path))))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _path(line: str) -> str | None:
    """The path of a line; None for addresses and what can be no path."""
    if _FILE.match(line):
        line = unquote(_FILE.sub("", line, count=1), errors="replace")
    elif _ADDRESS.match(line):
        return None
    text = line.replace("\\", "/").replace("\0", "")
    if _DRIVE.match(text):
        text = text.lstrip("/")
    text = "".join(letter for letter in text if letter.isprintable() or letter == "\u00a0")
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return text if text.strip("/. ") and len(text) <= MAX_PATH else None


def _line(text: str) -> str | None:
    printable = "".join(letter if letter.isprintable() else " " for letter in text[: 2 * MAX_TEXT])
    return " ".join(printable.encode("utf-8", "ignore").decode("utf-8").split())[:MAX_TEXT].strip() or None


def _milliseconds(seconds: str | None) -> int | None:
    """Of `-1`, which stands for unknown, None."""
    value = int(seconds or 0)
    return value * 1000 if 0 < value <= MAX_SECONDS else None
