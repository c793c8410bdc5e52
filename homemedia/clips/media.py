"""The files of clips by the names that clips are shown with (clips §7.7).

Threat: a name comes from outside. No path is made of it: it names a clip by its id, and must be the very name that the
clip is shown with.
"""

import re
from pathlib import Path
from typing import Final

import msgspec

from homemedia.clips import media_store as store
from homemedia.clips.wire import file_name, video_name
from homemedia.core.db import Database
from homemedia.core.problems import Forbidden, NotFound
from homemedia.library.rendition import KeptRenditions

JPEG: Final = "image/jpeg"
BYTES: Final = "application/octet-stream"
KINDS: Final = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".avi": "video/x-msvideo",
    ".ts": "video/mp2t",
    ".flv": "video/x-flv",
    ".3gp": "video/3gpp",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".jpg": JPEG,
}
_UNFIT: Final = ("/", "\\", "..", "\0")
_NAMED: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[.+].+")


class ClipFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a clip.

    Attributes:
        file_id: its number; of one that was made playable, of what it was made of.
        path: where it lies.
        otherwise: what is sent where nothing lies there.
        name: what it is called outside.
    """

    clip_id: str
    file_id: int
    path: Path
    otherwise: Path | None = None
    name: str

    @property
    def content_type(self) -> str:
        return kind_of(self.name)


class Media:
    """Finds the files of clips."""

    def __init__(self, db: Database, kept: KeptRenditions) -> None:
        self._db = db
        self._kept = kept

    async def played(self, clip_id: str) -> ClipFile | None:
        """What plays of a clip: a video as every browser plays it, where such a one was made."""
        row = await store.played(self._db.read, clip_id)
        if row is None:
            return None
        path = Path(row["root"], row["path"])
        remade = row["remade"]
        return ClipFile(
            clip_id=clip_id,
            file_id=row["file_id"],
            path=path if remade is None else self._kept.absolute(remade),
            otherwise=None if remade is None else path,
            name=video_name(row["path"], is_remade=remade is not None) or path.name,
        )

    async def picture(self, clip_id: str) -> ClipFile | None:
        """The small picture of a clip."""
        row = await store.picture(self._db.read, clip_id)
        if row is None:
            return None
        path = Path(row["root"], row["path"])
        return ClipFile(clip_id=clip_id, file_id=row["file_id"], path=path, name=file_name(row["path"]) or path.name)

    async def named(self, name: str, *, is_picture: bool) -> ClipFile:
        """The file that a clip is shown with by this name.

        Raises:
            Forbidden: it is no name of a file.
            NotFound: no clip has it.
        """
        if any(sign in name for sign in _UNFIT):
            raise Forbidden("This is no name of a file.")
        match = _NAMED.fullmatch(name)
        found = None
        if match is not None:
            found = await (self.picture if is_picture else self.played)(match[1])
        if found is None or not _is_called(found, name):
            raise NotFound("There is no such file.", code="no_such_file")
        return found

    async def is_there(self, file: ClipFile) -> bool:
        """Whether a file still belongs to its clip."""
        return await store.has_file(self._db.read, file.clip_id, file.file_id)


def _is_called(file: ClipFile, name: str) -> bool:
    """Whether a file is known by a name: one that was made playable since, also by the one it had."""
    return name == file.name or (file.otherwise is not None and name == file.otherwise.name)


def kind_of(name: str) -> str:
    """What the bytes of a file are, by its name."""
    return KINDS.get(Path(name).suffix.lower(), BYTES)
