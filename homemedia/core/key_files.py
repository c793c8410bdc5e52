"""Key pairs of the server in files of their own, readable by their owner alone; the first start makes them."""

import binascii
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from homemedia.core.fs import write_whole
from homemedia.core.problems import StartRefused

P = TypeVar("P", bound=msgspec.Struct)


def key_of(path: Path, kind: type[P], *, is_whole: Callable[[P], bool], make: Callable[[], P], loss: str) -> P:
    """Read a pair, or make it where there is none.

    Args:
        path: of its file.
        kind: what it is, as JSON.
        is_whole: whether its parts are what they should be; may raise ValueError for no.
        make: a new one.
        loss: what it means when a new one has to be made, said to whoever finds the file damaged.

    Raises:
        StartRefused: the file is damaged, or cannot be read or written.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return _made(path, make())
    except OSError as err:
        raise StartRefused(
            f"The key file {path} cannot be read: {err.strerror}. Make it readable and start again."
        ) from err
    try:
        pair = msgspec.json.decode(raw, type=kind)
        is_good = is_whole(pair)
    except (msgspec.DecodeError, UnicodeDecodeError, binascii.Error, ValueError):
        is_good = False
    if not is_good:
        raise StartRefused(
            f"The key file {path} is damaged. Put it back from a backup, or move it away: then a new one is made and "
            f"{loss}"
        )
    with contextlib.suppress(OSError):
        path.chmod(0o600)
    return pair


def _made(path: Path, pair: P) -> P:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, msgspec.json.encode(pair))
    except OSError as err:
        raise StartRefused(f"The key file {path} cannot be written: {err.strerror}. Make its folder writable.") from err
    return pair
