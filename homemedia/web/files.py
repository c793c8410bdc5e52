"""The client's files as they are sent: three megabytes, of which each is read and packed when somebody first asks."""

import gzip
import hashlib
import logging
from importlib import resources
from importlib.resources.abc import Traversable

import msgspec

_log = logging.getLogger(__name__)

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
    """One file as it is sent. `body` is packed with gzip where that gains something."""

    body: bytes
    is_zipped: bool
    content_type: str
    etag: str

    def plain(self) -> bytes:
        """For the few who cannot unpack it."""
        return gzip.decompress(self.body) if self.is_zipped else self.body


class ClientFiles:
    """Every file below `web/client`, and one hash for all of them that stands in their addresses."""

    def __init__(self, folder: Traversable | None = None) -> None:
        root = folder if folder is not None else resources.files("homemedia.web") / "client"
        self._files = dict(sorted(_walk(root, "")))
        self._etags: dict[str, str] = {}
        together = hashlib.blake2b(digest_size=6)
        for path, file in self._files.items():
            raw = file.read_bytes()
            together.update(path.encode() + b"\0" + raw + b"\0")
            self._etags[path] = _etag(raw)
        self.build = together.hexdigest()
        self._ready: dict[str, ClientFile] = {}

    def text(self, path: str) -> str:
        """The content of a text file of ours. Blocking.

        Raises:
            KeyError: there is no such file.
        """
        return self._files[path].read_text(encoding="utf-8")

    def ready(self, path: str) -> ClientFile | None:
        """The file at `path`, if somebody has asked for it before."""
        return self._ready.get(path)

    def get(self, path: str) -> ClientFile | None:
        """The file at `path` ('/' between parts), or None. Blocking.

        What is not as it was at the start is none of this build, whose addresses browsers keep for ever.
        """
        file = self._files.get(path)
        ending = path.rpartition(".")[2]
        if file is None or ending not in TYPES:
            return None
        try:
            raw = file.read_bytes()
        except OSError:
            raw = b""
        etag = _etag(raw)
        if etag != self._etags[path]:
            _log.warning("%s has changed since the start: another version lies there, which a restart brings", path)
            return None
        is_text = ending in _TEXT
        ready = ClientFile(
            body=gzip.compress(raw, 6, mtime=0) if is_text else raw,
            is_zipped=is_text,
            content_type=TYPES[ending],
            etag=etag,
        )
        self._ready[path] = ready
        return ready


def _etag(raw: bytes) -> str:
    return f'"{hashlib.blake2b(raw, digest_size=8).hexdigest()}"'


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _walk(entry, f"{prefix}{entry.name}/")
        elif not entry.name.startswith(".") and not entry.name.endswith(".md"):
            found.append((prefix + entry.name, entry))
    return found
