"""The client's files, read once into memory: about a megabyte, served without touching the disk again."""

import gzip
import hashlib
from importlib import resources
from importlib.resources.abc import Traversable

import msgspec

TYPES = {
    "js": "text/javascript",
    "css": "text/css",
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
    "txt": "text/plain",
}
_TEXT = {"js", "css", "html", "svg", "json", "webmanifest", "txt"}


class ClientFile(msgspec.Struct, frozen=True):
    """One file as it is sent; `zipped` is empty where gzip gains nothing."""

    content: bytes
    zipped: bytes
    content_type: str
    etag: str


class ClientFiles:
    """Every file below `web/client`, and one hash for all of them that stands in their addresses."""

    def __init__(self, folder: Traversable | None = None) -> None:
        root = folder if folder is not None else resources.files("homemedia.web") / "client"
        self._raw = dict(_walk(root, ""))
        together = hashlib.blake2b(digest_size=6)
        for path in sorted(self._raw):
            together.update(path.encode() + b"\0" + self._raw[path] + b"\0")
        self.build = together.hexdigest()
        self._ready: dict[str, ClientFile] = {}

    def text(self, path: str) -> str:
        """The content of a text file of ours.

        Raises:
            KeyError: there is no such file.
        """
        return self._raw[path].decode()

    def get(self, path: str) -> ClientFile | None:
        """The file at `path` ('/' between parts), or None."""
        ready = self._ready.get(path)
        if ready is not None:
            return ready
        raw = self._raw.get(path)
        ending = path.rpartition(".")[2]
        if raw is None or ending not in TYPES:
            return None
        zipped = gzip.compress(raw, 6, mtime=0) if ending in _TEXT else b""
        ready = ClientFile(
            content=raw,
            zipped=zipped,
            content_type=TYPES[ending],
            etag=f'"{hashlib.blake2b(raw, digest_size=8).hexdigest()}"',
        )
        self._ready[path] = ready
        return ready


def _walk(folder: Traversable, prefix: str) -> "list[tuple[str, bytes]]":
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _walk(entry, f"{prefix}{entry.name}/")
        elif not entry.name.startswith(".") and not entry.name.endswith(".md"):
            found.append((prefix + entry.name, entry.read_bytes()))
    return found
