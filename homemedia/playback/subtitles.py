"""Subtitles of files, wherever they are: beside the film or in it, in any format and any characters.

Source:
    Watch contract 3.7 and 10.
"""

import asyncio
import contextlib
import hashlib
import os
import shutil
import stat
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec

from homemedia.accounts import Member
from homemedia.core.db import Database
from homemedia.core.problems import AppError, NotFound, Unavailable, Unsupported
from homemedia.core.threads import Lane
from homemedia.library.files import FileService, PlayableFile, SidecarFile, sidecar_subtitles, subtitles_of
from homemedia.library.files_wire import SubtitleTrack
from homemedia.media import Probe
from homemedia.media.subtitles import CONTENT_TYPES, MAX_BYTES, Target, UnreadableSubtitle, converted
from homemedia.media.subtitles.extract import FONT_ENDINGS, FONTS, MAX_FONTS, extraction_of
from homemedia.playback.subtitles_cache import Source, SubtitleCache

T = TypeVar("T")
R = TypeVar("R")

# Changed when the same file gives other text than before, so that no browser keeps the old.
VERSION: Final = "1"
KEPT_BYTES: Final = 8 << 20
DISK_LIMIT_S: Final = 10.0
BITMAP_HEADS: Final = {".sup": (b"PG",), ".idx": (b"# VobSub", b"\xef\xbb\xbf# VobSub")}
HEAD_BYTES: Final = 16
_ENDINGS: Final = frozenset({".srt", ".ass", ".ssa", ".vtt", ".sub", ".smi", ".idx", ".sup"})
_NO_PROBE: Final = Probe(container="", duration_ms=None, bitrate=None, size_bytes=0)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Text subtitles that were asked for, not yet read: a file `beside` the film, or stream `track` `inside` it."""

    identity: str
    language: str | None
    frame_rate: float | None
    beside: SidecarFile | None = None
    inside: Source | None = None
    track: int = -1

    def tag(self, target: Target, shift_ms: int) -> str:
        """ETag of an answer made of it, quotes included."""
        named = "\0".join((VERSION, self.identity, self.language or "", str(self.frame_rate), target, str(shift_ms)))
        return f'"{hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()[:32]}"'


class Text(msgspec.Struct, frozen=True):
    """Subtitles as they are sent."""

    body: bytes
    content_type: str


class Burnt(msgspec.Struct, frozen=True, kw_only=True):
    """Text to be drawn into a picture: what to write under `name`, and where its fonts lie (None: nowhere)."""

    name: Literal["burnt.ass", "burnt.srt"]
    body: bytes
    fonts: Path | None = None


class Subtitles:
    """Finds, takes out, converts and keeps subtitles.

    Args:
        db: the library's.
        files: what is known of files.
        cache: text taken out of films.
        lane: threads for reading and converting.
        font_dir: fonts for what neither a film's nor the system's fonts can show.
    """

    def __init__(
        self, db: Database, files: FileService, cache: SubtitleCache, lane: Lane, *, font_dir: Path | None = None
    ) -> None:
        self._db = db
        self._files = files
        self._cache = cache
        self._lane = lane
        self._font_dir = font_dir
        self._kept: OrderedDict[str, Text] = OrderedDict()

    async def of_member(self, actor: Member, file_id: int, index: int) -> Found:
        """The subtitles of this number, of a file that the member sees.

        Raises:
            NotFound: `not_found`, `file_missing`.
            Unsupported: `subtitle_not_text`.
            Unavailable: `storage_unavailable`.
        """
        return await self.find(await self._files.playable(actor, file_id), index)

    async def find(self, file: PlayableFile, index: int) -> Found:
        """As `of_member`, for who has a file already."""
        probe = file.probe or _NO_PROBE
        tracks = await subtitles_of(self._db.read, file.file_id, probe)
        if index >= len(tracks):
            raise NotFound("There are no such subtitles.")
        track = tracks[index]
        if not track.text:
            raise Unsupported(
                "These subtitles are pictures; they can only be shown as part of the film.", code="subtitle_not_text"
            )
        rate = probe.main_video.frame_rate if probe.main_video else None
        if track.track is None:
            beside = (await sidecar_subtitles(self._db.read, file.file_id))[index]
            facts = await self._on_disk(_facts_of_sidecar, beside)
            identity = f"{beside.path}\0{facts.st_size}\0{facts.st_mtime_ns}"
            return Found(identity=identity, language=_known(track), frame_rate=rate, beside=beside)
        source = await self._source(file, probe)
        identity = f"{source.key}\0{track.track}"
        return Found(identity=identity, language=_known(track), frame_rate=rate, inside=source, track=track.track)

    async def text(self, found: Found, target: Target, shift_ms: int = 0) -> Text:
        """Subtitles in the wanted format.

        Raises:
            UnreadableSubtitle: `subtitle_unreadable`.
            Unavailable: `subtitle_not_ready`, `ffmpeg_missing`, `storage_unavailable`.
            NotFound: `file_missing`.
        """
        tag = found.tag(target, shift_ms)
        if (kept := self._kept.get(tag)) is not None:
            self._kept.move_to_end(tag)
            return kept
        raw = await self._raw(found)
        body, form = await self._lane.run(
            converted, raw, target, language=found.language, frame_rate=found.frame_rate, shift_ms=shift_ms
        )
        made = Text(body, CONTENT_TYPES[form])
        self._keep(tag, made)
        return made

    async def vtt(self, file: PlayableFile, index: int) -> bytes:
        """Text subtitles of a file as WebVTT; raises as `find` and `text`."""
        return (await self.text(await self.find(file, index), "vtt")).body

    async def burnt(self, file: PlayableFile, index: int) -> Burnt:
        """Text subtitles as ffmpeg's `subtitles` filter shall draw them: scripts with their looks, all else plainly.

        Threat: the filter takes any format ffmpeg knows, playlists among them. What is handed to it was written here
        and begins as its format does.
        """
        found = await self.find(file, index)
        raw = await self._raw(found)
        body, form = await self._lane.run(
            converted, raw, "original", language=found.language, frame_rate=found.frame_rate
        )
        if form != "ass":
            return Burnt(name="burnt.srt", body=(await self.text(found, "srt")).body, fonts=self._font_dir)
        head = body.lower().find(b"[script info]")
        body = body[head:] if head >= 0 else b"[Script Info]\n" + body[max(0, body.find(b"[")) :]
        fonts = self._font_dir
        if found.inside is not None and found.inside.extraction.fonts:
            fonts = await self._cache.folder_of(found.inside) / FONTS
            await self._lane.run(_link_fonts, self._font_dir, fonts)
        return Burnt(name="burnt.ass", body=body, fonts=fonts)

    async def bitmaps(self, file: PlayableFile, index: int) -> Path:
        """The file beside a film with these subtitles in pictures: `.sup`, or `.idx` with its `.sub` next to it.

        Raises:
            NotFound: `not_found`, `file_missing`.
            UnreadableSubtitle: it is something else.
            Unavailable: `storage_unavailable`.
        """
        files = await sidecar_subtitles(self._db.read, file.file_id)
        if index >= len(files):
            raise NotFound("There are no such subtitles.")
        path = files[index].path
        head = await self._on_disk(_head_of_sidecar, files[index])
        # Whatever is named so would be read from end to end in search of the first picture.
        if not head.startswith(BITMAP_HEADS.get(path.suffix.lower(), ())):
            raise UnreadableSubtitle("This file holds no subtitles.")
        return path

    async def expect(self, file: PlayableFile) -> None:
        """Have the text of a film taken out soon: somebody is about to ask for it, and will hear of what is wrong."""
        probe = file.probe or _NO_PROBE
        if extraction_of(probe).streams:
            with contextlib.suppress(AppError):
                self._cache.begin(await self._source(file, probe))

    async def _source(self, file: PlayableFile, probe: Probe) -> Source:
        facts = await self._on_disk(_facts_of_film, file)
        return Source(
            path=str(file.path),
            size_bytes=facts.st_size,
            mtime_ns=facts.st_mtime_ns,
            extraction=extraction_of(probe),
        )

    async def _raw(self, found: Found) -> bytes:
        if found.beside is not None:
            return await self._on_disk(_read_sidecar, found.beside)
        if found.inside is None or (name := found.inside.extraction.name(found.track)) is None:
            raise UnreadableSubtitle("The subtitles in this file cannot be read.")
        folder = await self._cache.folder_of(found.inside)
        raw = await self._on_disk(_read_own, folder / name)
        # A stream in which nothing is said yet is no mistake.
        return raw if raw.strip() else b"WEBVTT\n"

    async def _on_disk(self, call: Callable[[T], R], argument: T) -> R:
        try:
            async with asyncio.timeout(DISK_LIMIT_S):
                return await self._lane.run(call, argument)
        except FileNotFoundError as err:
            raise NotFound("This file is no longer on the disk.", code="file_missing") from err
        except PermissionError as err:
            raise UnreadableSubtitle("The server may not read these subtitles.") from err
        except OSError as err:
            raise Unavailable(
                "The disk with this file does not answer.", code="storage_unavailable", retry_after_s=10
            ) from err

    def _keep(self, tag: str, made: Text) -> None:
        self._kept[tag] = made
        size = sum(len(one.body) for one in self._kept.values())
        while size > KEPT_BYTES:
            _, gone = self._kept.popitem(last=False)
            size -= len(gone.body)


def _known(track: SubtitleTrack) -> str | None:
    return None if track.language in {None, "", "und"} else track.language


def _facts_of_film(file: PlayableFile) -> os.stat_result:
    facts = os.stat(file.path)  # noqa: PTH116 - as `admits` wants it
    if not file.place.admits(facts):
        raise FileNotFoundError(file.path)
    return facts


def _facts_of_sidecar(beside: SidecarFile) -> os.stat_result:
    descriptor = _opened(beside)
    try:
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)


def _head_of_sidecar(beside: SidecarFile) -> bytes:
    with os.fdopen(_opened(beside), "rb") as file:
        return file.read(HEAD_BYTES)


def _read_sidecar(beside: SidecarFile) -> bytes:
    with os.fdopen(_opened(beside), "rb") as file:
        return file.read(MAX_BYTES + 1)


def _read_own(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _opened(beside: SidecarFile) -> int:
    """A descriptor of a subtitle file.

    Threat: who can write into a library's folder could put a link to any file of this machine there, named as
    subtitles. Inside the folder anything goes; out of it a link may lead to what is itself named as subtitles.
    """
    path = os.fspath(beside.path)
    # Before it is opened: a named pipe would hold the thread for ever.
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - a hot path, on text
        raise FileNotFoundError(path)
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
    is_ours = False
    try:
        real, root = os.path.realpath(path), os.path.realpath(beside.root)
        if real.startswith(root.rstrip(os.sep) + os.sep) or Path(real).suffix.lower() in _ENDINGS:
            # Asked of what is open, so that nobody can put another file there in between.
            is_ours = os.path.samestat(os.stat(real), os.fstat(descriptor))  # noqa: PTH116 - likewise
    finally:
        if not is_ours:
            os.close(descriptor)
    if not is_ours:
        raise FileNotFoundError(path)
    return descriptor


def _link_fonts(source: Path | None, target: Path) -> None:
    """Have further fonts in a film's folder of them; without those that cannot be had a film is drawn all the same."""
    if source is None:
        return
    with contextlib.suppress(OSError):
        fonts = sorted(one for one in source.iterdir() if one.suffix.lower() in FONT_ENDINGS)
        for number, font in enumerate(fonts[:MAX_FONTS]):
            link = target / f"more-{number}{font.suffix.lower()}"
            if link.exists():
                continue
            try:
                link.symlink_to(font)
            except OSError:  # Windows lets few people make links
                shutil.copyfile(font, link)
