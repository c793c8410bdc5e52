"""`homemedia doctor`: what is found, what is missing, what to do. Looks only; changes nothing."""

import asyncio
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from homemedia import __version__
from homemedia.clips.download.launch import look
from homemedia.core.fs import DataLock
from homemedia.core.places import Places
from homemedia.desktop import checks
from homemedia.media.ffmpeg import find_ffmpeg
from homemedia.schema import NewerDatabase, check, pending
from homemedia.server.updates.how import how_installed
from homemedia.settings import Settings

LOW_SPACE_BYTES = 2 << 30
# A household with more folders than this needs a higher limit for all of them to be watched.
FEW_WATCHES = 65_536
ROOTS = "SELECT library.name AS name, root.path AS path FROM root JOIN library USING (library_id) ORDER BY name, path"


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at: well, not well (with what to do), or merely worth knowing."""

    state: str  # ok | note | bad
    what: str
    advice: str = ""


SIGNS = {"ok": "✓", "note": "·", "bad": "✗"}


def run(settings: Settings, places: Places, *, config_file: Path | None) -> int:
    """Print the findings; 1 when something must be mended."""
    findings = list(examine(settings, places, config_file))
    for finding in findings:
        sys.stdout.write(f"{SIGNS[finding.state]} {finding.what}\n")
        if finding.advice:
            sys.stdout.write(f"    {finding.advice}\n")
    bad = sum(finding.state == "bad" for finding in findings)
    sys.stdout.write(f"\n{bad} to mend.\n" if bad else "\nAll is well.\n")
    return 1 if bad else 0


def examine(settings: Settings, places: Places, config_file: Path | None) -> Iterator[Finding]:
    """Look at everything, in the order in which a start would need it."""
    yield Finding("ok", f"HomeMedia {__version__} on Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}")
    yield from _program()
    yield Finding("ok" if config_file else "note", f"settings file: {config_file or 'none, which is fine'}")
    yield from _data_folder(places)
    yield from _database(places)
    yield _port(settings, places)
    yield from _ffmpeg(settings)
    yield from _downloader()
    yield from _watches()
    yield from of_desktop(settings)


HOW = {
    "pip": "installed with pip",
    "deb": "installed as a package of the system",
    "windows": "installed by its Windows installer",
    "macos": "the application for macOS",
    "container": "running in a container",
    "tarball": "unpacked from an archive",
    "source": "running from its source",
}


def _program() -> Iterator[Finding]:
    wrong = checks.packed()
    if wrong is not None:
        yield Finding("bad", wrong, "Install it again.")
    else:
        yield Finding("ok", f"{HOW[how_installed()]}, at {sys.executable}")


def _data_folder(places: Places) -> Iterator[Finding]:
    folder = places.data_dir
    if not folder.exists():
        yield Finding("note", f"data folder {folder} will be made at the first start")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(
            "bad", f"data folder {folder} cannot be written", "Give it to this user, or choose another: --data-dir."
        )
        return
    free = shutil.disk_usage(folder).free
    words = f"data folder {folder}, {free / (1 << 30):.1f} GB free"
    if free < LOW_SPACE_BYTES:
        yield Finding("bad", words, "Free some space: pictures and the database need room.")
    else:
        yield Finding("ok", words)


def _database(places: Places) -> Iterator[Finding]:
    if not places.database.exists():
        return
    try:
        with closing(sqlite3.connect(f"file:{places.database}?mode=ro", uri=True, timeout=5)) as connection:
            check(connection)
            yield Finding("ok", f"database is whole, {places.database.stat().st_size / (1 << 20):.1f} MB")
            todo = pending(connection, places.backup_dir)
            if todo:
                yield Finding(
                    "note",
                    f"the database is of an older version; the next start copies it to {places.backup_dir} and brings "
                    f"it up to date ({len(todo)} steps)",
                )
            yield from _roots(connection)
    except NewerDatabase as err:
        yield Finding("bad", str(err))
    except sqlite3.DatabaseError as err:
        copies = sorted(places.backup_dir.glob("*.db"))
        advice = (
            f"The newest backup is {copies[-1]}." if copies else "There is no backup; move it away to start afresh."
        )
        yield Finding("bad", f"database {places.database} is damaged: {err}", advice)


def _roots(connection: sqlite3.Connection) -> Iterator[Finding]:
    try:
        roots = connection.execute(ROOTS).fetchall()
    except sqlite3.OperationalError:
        yield Finding("note", "the database is of another version and will be brought up to date at the start")
        return
    for name, path in roots:
        if os.access(path, os.R_OK | os.X_OK):
            yield Finding("ok", f"library {name}: {path}")
        else:
            yield Finding(
                "bad",
                f"library {name}: {path} is not there or cannot be read",
                "Connect the disk. Nothing is forgotten.",
            )


def _port(settings: Settings, places: Places) -> Finding:
    port = settings.server.port
    lock = DataLock(places.lock)
    if places.lock.exists():
        holder = lock.acquire()
        if holder is not None:
            return Finding("ok", f"running at {holder.url or 'an address still being opened'} (process {holder.pid})")
        lock.release()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.server.host or "0.0.0.0", port))  # noqa: S104 - where the server itself would listen
        except OSError as err:
            return Finding("bad", f"port {port} is not free: {err.strerror}", "Choose another: homemedia serve --port.")
    return Finding("ok", f"port {port} is free")


def _ffmpeg(settings: Settings) -> Iterator[Finding]:
    found = find_ffmpeg(settings.ffmpeg)
    if found is None:
        yield Finding(
            "bad", "no ffmpeg", "Install HomeMedia with pip again (imageio-ffmpeg carries one), or install ffmpeg."
        )
    else:
        yield Finding("ok", f"ffmpeg {found.version} ({found.origin}): {found.path}")


def _downloader() -> Iterator[Finding]:
    found = asyncio.run(look(None))
    if found is None:
        yield Finding("note", "no downloader of clips", "Install HomeMedia with pip again: yt-dlp comes along.")
        return
    yield Finding("ok", f"yt-dlp {found.version}")
    if not found.runtimes:
        yield Finding(
            "note",
            "nothing here runs YouTube's scripts; some of its clips cannot be fetched",
            "Install deno, or node 22.",
        )


def _watches() -> Iterator[Finding]:
    limit = Path("/proc/sys/fs/inotify/max_user_watches")
    if not limit.exists():
        return
    number = int(limit.read_text(encoding="ascii"))
    if number < FEW_WATCHES:
        yield Finding(
            "note",
            f"{number} folders can be watched; larger libraries are read on a timer instead",
            "To raise it: sysctl fs.inotify.max_user_watches=524288",
        )
    else:
        yield Finding("ok", f"{number} folders can be watched")


def of_desktop(settings: Settings) -> Iterator[Finding]:
    """The icon, what starts with the computer, and what keeps other devices out."""
    yield _icon()
    yield _starts()
    if settings.server.host.startswith("127.") or settings.server.host == "::1":
        yield Finding("note", f"only this machine is let in: server.host is {settings.server.host}")
        return
    for wall in checks.walls(settings.server.port):
        if wall.lets_in:
            yield Finding("ok", f"{wall.name} lets other devices in")
        else:
            words = "keeps other devices out" if wall.lets_in is False else "may keep other devices out"
            yield Finding("note", f"{wall.name} {words}", wall.advice)


def _icon() -> Finding:
    match checks.toolkit():
        case "own" | "menu":
            return Finding("ok", "the icon beside the clock can be shown, with its menu")
        case "gtk":
            return Finding(
                "note",
                "the icon beside the clock can be shown, but on some desktops not",
                "Install gir1.2-ayatanaappindicator3-0.1 (Debian and Ubuntu) or libayatana-appindicator-gtk3 (Fedora).",
            )
        case "no desktop":
            return Finding("ok", "no desktop here, so no icon beside the clock")
        case "none":
            return Finding(
                "note",
                "the icon beside the clock has no menu here",
                "Install python3-gi, gir1.2-gtk-3.0 and gir1.2-ayatanaappindicator3-0.1, as Debian calls them.",
            )


def _starts() -> Finding:
    try:
        found = checks.starts()
    except OSError as err:
        return Finding("note", f"whether HomeMedia starts with this computer cannot be seen: {err.strerror}")
    if found.missing is not None:
        return Finding(
            "bad", f"{found.missing} shall start with this computer and is not there", "Anew: homemedia autostart on"
        )
    if found.ways:
        return Finding("ok", f"starts with this computer: {', '.join(found.ways)}")
    return Finding("note", "does not start with this computer", "To change that: homemedia autostart on")
