"""Reads folders: names, sizes and times, folder by folder, in an order that stays the same.

Runs in a thread. A generator, so that a library of a million files needs the memory of one folder; where a folder
cannot be read it says so and goes on.
"""

# Paths are text here: a Path of each file would cost more than reading its folder.
# ruff: noqa: PTH118, PTH123
import errno
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from homemedia.library.naming.ignore import (
    CLOSING_FILE,
    PATTERN_FILES,
    Ignored,
    IgnoreRules,
    file_kind,
    ignored_name,
    is_closed,
)
from homemedia.library.naming.normal import same_name
from homemedia.library.scan.kinds import is_artwork

MAX_PATTERN_BYTES = 64 * 1024
# What SQLite can hold; some file systems number their files beyond.
MAX_INODE = (1 << 63) - 1
NO_PATTERNS = IgnoreRules()
BATCH_FILES = 1000
BATCH_FOLDERS = 500
# Every 512th file of one folder: a share answers for each in a millisecond or in twenty.
BEAT_MASK = 511


class Entry(NamedTuple):
    """A file that a scan takes. A tuple, because a scan makes one of each file."""

    name: str
    size_bytes: int
    mtime_ns: int
    inode: int
    kind: str


class Trouble(NamedTuple):
    """What could not be listed: path below the root in readable form, and a code of `SENTENCES`."""

    path: str
    code: str


SENTENCES = {
    "name_not_utf8": "This name is not valid UTF-8, so it cannot be shown or opened everywhere. Rename it.",
    "path_too_long": "This path is longer than the system can open. Shorten the names of the folders above it.",
    "folder_unreadable": "HomeMedia may not read this folder. Allow the user it runs as to read it.",
    "file_unreadable": "HomeMedia may not look at this file. Allow the user it runs as to read it.",
    "read_error": "The disk did not answer when this was read. Check the disk and its cable.",
}


class Listing(msgspec.Struct, kw_only=True):
    """One folder: `path` below the root ('' for the root itself), its entries by name, what was left out and why.

    `digest` tells whether anything of `entries` changed. A folder of which something could not be read has `is_whole`
    false: what was known of it stays as it was, except when it is gone. `is_read` is false when nothing could.
    """

    path: str
    entries: list[Entry]
    ignored: Counter[str]
    failed: list[Trouble]
    digest: str = ""
    is_whole: bool = True
    is_read: bool = True
    is_gone: bool = False


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What a walk leaves out, and how deep it goes.

    Args:
        kind: of the library, which tells what files it takes.
        ignore: patterns of the library, git-ignore syntax.
        owned: real paths of our own folders, never entered.
        enters: whether a sub-folder, by its path below the root, is visited; every one by default.
        follows: called with the path below the root and the real target of each link to a folder that is entered.
        stays: whether links that lead out of the root are left alone.
        beat: called each time the disk answered, so that one who waits knows a slow disk from a dead one.
    """

    kind: str
    ignore: tuple[str, ...] = ()
    owned: frozenset[str] = frozenset()
    enters: Callable[[str], bool] | None = None
    stays: bool = False
    beat: Callable[[], None] = lambda: None
    follows: Callable[[str, str], None] = lambda _path, _target: None


def readable(name: str) -> str:
    """A name as text that can be shown and stored, whatever bytes it was made of."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def walk(root: str, start: str, rules: Rules) -> Iterator[Listing]:
    """The folder `start` and those below it, a folder before its sub-folders, siblings by name.

    Symbolic links to folders are followed once and never to where the walk comes by itself: a link into the library,
    to a folder around it, or to a folder linked before is cut. That also ends every loop.

    Args:
        root: real path of the library's folder.
        start: where to begin, below the root; '' for the root. Nothing where the walk would not come to it.
        rules: what to leave out.
    """
    linked: set[str] = set()
    ignores = _rules_above(root, start, rules)
    if ignores is None:
        return
    real_root = os.path.realpath(root)
    if rules.stays and not f"{os.path.realpath(os.path.join(root, start))}{os.sep}".startswith(real_root + os.sep):
        return
    pending: list[tuple[str, IgnoreRules]] = [(start, ignores)]
    while pending:
        path, above = pending.pop()
        rules.beat()
        listing, folders, inherited = _read_folder(root, path, above, rules)
        below: list[tuple[str, IgnoreRules]] = []
        for name, is_link in folders:
            child = f"{path}/{name}" if path else name
            if rules.enters is not None and not rules.enters(child):
                continue
            if is_link and (why := _why_cut(child, root, real_root, linked, rules)):
                listing.ignored[why] += 1
                continue
            below.append((child, inherited))
        yield listing
        below.reverse()
        pending.extend(below)


def _rules_above(root: str, start: str, rules: Rules) -> IgnoreRules | None:
    """The patterns that hold at a folder by what is written above it; None where no walk from the root comes to it."""
    ignores = NO_PATTERNS.within("", ["\n".join(rules.ignore)]) if rules.ignore else NO_PATTERNS
    above = ""
    for name in start.split("/") if start else ():
        absolute = os.path.join(root, above) if above else root
        there = [one for one in (*PATTERN_FILES, CLOSING_FILE) if os.path.lexists(os.path.join(absolute, one))]
        texts = {one: _text(os.path.join(absolute, one)) for one in sorted(there) if one != CLOSING_FILE}
        if is_closed(there, texts):
            return None
        ignores = ignores.within(above, texts.values()) if texts else ignores
        above = f"{above}/{name}" if above else name
        if ignored_name(name, is_folder=True) is not None or ignores.ignores(above, is_folder=True):
            return None
    return ignores


def is_left_out(root: str, path: str) -> bool:
    """Whether a file, there or not yet, is left out by what is written in the folders above it. Blocking.

    Args:
        root: real path of the library's folder.
        path: of the file, below it.
    """
    folder = path.rpartition("/")[0]
    # The rules that would hold for a folder in its place: those of all folders above it.
    rules = _rules_above(root, f"{folder}/_" if folder else "_", Rules(kind=""))
    return rules is None or rules.ignores(path)


def take(listings: Iterator[Listing], files: int = BATCH_FILES, folders: int = BATCH_FOLDERS) -> list[Listing]:
    """The next listings, about so many files; empty at the end."""
    batch: list[Listing] = []
    gathered = 0
    for listing in listings:
        batch.append(listing)
        gathered += len(listing.entries)
        if gathered >= files or len(batch) >= folders:
            break
    return batch


def _why_cut(path: str, given_root: str, root: str, linked: set[str], rules: Rules) -> str | None:
    try:
        target = os.path.realpath(os.path.join(given_root, path), strict=True)
    except OSError:
        return "broken_link"
    inside = target + os.sep
    if rules.stays and not inside.startswith(root + os.sep):
        return "link_outside"
    if inside.startswith(root + os.sep) or (root + os.sep).startswith(inside):
        return "link_into_library"
    if any(inside.startswith(own + os.sep) or (own + os.sep).startswith(inside) for own in rules.owned):
        return "own_folder"
    if any(inside.startswith(seen + os.sep) or (seen + os.sep).startswith(inside) for seen in linked):
        return "linked_before"
    linked.add(target)
    rules.follows(path, target)
    return None


def _read_folder(
    root: str, path: str, above: IgnoreRules, rules: Rules
) -> tuple[Listing, list[tuple[str, bool]], IgnoreRules]:
    """One folder, its sub-folders in order (name, whether a link), and the patterns that hold below it."""
    listing = Listing(path=path, entries=[], ignored=Counter(), failed=[])
    absolute = os.path.join(root, path) if path else root
    files: list[os.DirEntry[str]] = []
    folders: list[tuple[str, bool]] = []
    markers: list[str] = []
    try:
        with os.scandir(absolute) as found:
            for entry in found:
                name = entry.name
                if name[0] == ".":
                    if name == CLOSING_FILE or name in PATTERN_FILES:
                        markers.append(name)
                    listing.ignored[Ignored.HIDDEN] += 1
                elif entry.is_dir(follow_symlinks=False):
                    folders.append((name, False))
                elif entry.is_symlink() and entry.is_dir():
                    folders.append((name, True))
                else:
                    files.append(entry)
    except OSError as err:
        _note_unread(listing, path, err)
        return listing, [], above
    inherited = above
    if markers:
        texts = {name: _text(os.path.join(absolute, name)) for name in sorted(markers) if name != CLOSING_FILE}
        if is_closed(markers, texts):
            listing.ignored["folder_says_so"] += len(files) + len(folders)
            return listing, [], above
        inherited = above.within(path, texts.values())
    _take_files(listing, files, inherited, root, rules)
    kept = [
        (name, is_link) for name, is_link in sorted(folders) if _is_entered(listing, name, absolute, inherited, rules)
    ]
    return listing, kept, inherited


def _is_entered(listing: Listing, name: str, absolute: str, ignores: IgnoreRules, rules: Rules) -> bool:
    path = _below(listing, name)
    if not name.isascii() and readable(name) != name:
        listing.failed.append(Trouble(readable(path), "name_not_utf8"))
    elif why := ignored_name(name, is_folder=True):
        listing.ignored[why] += 1
    elif ignores is not NO_PATTERNS and ignores.ignores(path, is_folder=True):
        listing.ignored[Ignored.PATTERN] += 1
    elif rules.owned and os.path.join(absolute, name) in rules.owned:
        listing.ignored["own_folder"] += 1
    else:
        return True
    return False


def _take_files(listing: Listing, files: list[os.DirEntry[str]], ignores: IgnoreRules, root: str, rules: Rules) -> None:
    pictures: list[Entry] = []
    for at, file in enumerate(files):
        if at & BEAT_MASK == BEAT_MASK:
            rules.beat()
        kind = file_kind(file.name, rules.kind)
        if kind is None:
            listing.ignored[ignored_name(file.name, is_folder=False) or Ignored.OTHER_KIND] += 1
            continue
        entry = _entry(listing, file, kind, ignores, root, rules)
        if entry is None:
            continue
        if kind == "image":
            pictures.append(entry)
        else:
            listing.entries.append(entry)
    # Names are compared only where there is something to compare them with.
    stems = (
        {same_name(entry.name.rpartition(".")[0]) for entry in listing.entries if entry.kind == "video"}
        if pictures
        else set()
    )
    for picture in pictures:
        if is_artwork(picture.name, stems):
            listing.entries.append(picture)
        else:
            listing.ignored["other_picture"] += 1
    listing.entries.sort()
    listing.digest = _digest(listing.entries)


def _entry(
    listing: Listing, file: os.DirEntry[str], kind: str, ignores: IgnoreRules, root: str, rules: Rules
) -> Entry | None:
    """A file that is taken; None when it is not, which is then noted in the listing."""
    name = file.name
    if not name.isascii() and readable(name) != name:
        listing.failed.append(Trouble(readable(_below(listing, name)), "name_not_utf8"))
        return None
    if ignores is not NO_PATTERNS and ignores.ignores(_below(listing, name)):
        listing.ignored[Ignored.PATTERN] += 1
        return None
    is_link = file.is_symlink()
    try:
        facts = file.stat()
    except OSError as err:
        _note_unstatted(listing, _below(listing, name), err, is_link=is_link)
        return None
    if is_link and (rules.stays or os.path.realpath(file.path).startswith(root + os.sep)):
        listing.ignored["link_outside" if rules.stays else "link_into_library"] += 1
        return None
    return Entry(name, facts.st_size, facts.st_mtime_ns, facts.st_ino & MAX_INODE, kind)


def _below(listing: Listing, name: str) -> str:
    return f"{listing.path}/{name}" if listing.path else name


def _digest(entries: list[Entry]) -> str:
    # A slash stands in no name, so two lists never read alike.
    text = "/".join([f"{name}/{size}/{mtime}/{inode}" for name, size, mtime, inode, _ in entries])
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _text(path: str) -> str:
    """The beginning of a file of patterns; one that cannot be read holds a comment, so that it closes nothing."""
    try:
        with open(path, "rb") as file:
            return file.read(MAX_PATTERN_BYTES).decode("utf-8", "replace")
    except OSError:
        return "# unreadable"


def _note_unread(listing: Listing, path: str, err: OSError) -> None:
    listing.is_whole = listing.is_read = False
    if isinstance(err, FileNotFoundError | NotADirectoryError):
        listing.is_gone = True
    else:
        listing.failed.append(Trouble(readable(path), _code(err, "folder_unreadable")))


def _note_unstatted(listing: Listing, path: str, err: OSError, *, is_link: bool) -> None:
    if isinstance(err, FileNotFoundError):
        listing.ignored["broken_link" if is_link else "vanished"] += 1
    else:
        listing.failed.append(Trouble(readable(path), _code(err, "file_unreadable")))
        # The file may still be there: what is known of this folder is not to be dropped.
        listing.is_whole = False


def _code(err: OSError, refused: str) -> str:
    if err.errno == errno.ENAMETOOLONG:
        return "path_too_long"
    return refused if isinstance(err, PermissionError) else "read_error"
