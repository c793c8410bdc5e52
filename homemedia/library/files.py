"""Files of an item: versions and parts in order, chapters and markers over all parts, and where the bytes lie."""

import os
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

import msgspec

from homemedia.accounts import Member
from homemedia.core.db import Database, Reader
from homemedia.core.http.wire import Wire
from homemedia.core.problems import NotFound, Unavailable
from homemedia.library import files_store as store
from homemedia.library.files_wire import (
    AttachmentWire,
    AudioTrack,
    ChapterWire,
    FileInfo,
    FileWire,
    MarkerWire,
    SubtitleTrack,
    VideoTrack,
)
from homemedia.library.naming.normal import normalise
from homemedia.library.scan.walk import MAX_INODE
from homemedia.library.visible import visible_to
from homemedia.media import Probe, video_resolution
from homemedia.sharing.rights import Right

CONTENT_TYPES: Final = MappingProxyType(
    {
        "mp4": "video/mp4",
        "m4v": "video/mp4",
        "mkv": "video/x-matroska",
        "webm": "video/webm",
        "mov": "video/quicktime",
        "ts": "video/mp2t",
        "m2ts": "video/mp2t",
        "avi": "video/x-msvideo",
        "mp3": "audio/mpeg",
        "flac": "audio/flac",
        "ogg": "audio/ogg",
        "wav": "audio/wav",
        "aac": "audio/aac",
    }
)
BYTES = "application/octet-stream"

# Whole titles of chapters, normalised, in en de fr es it pt nl sv; a number may follow. Nothing else makes a marker.
MARKER_TITLES: Final = MappingProxyType(
    {
        "intro": frozenset(
            (
                "intro",
                "introduction",
                "opening",
                "opening credits",
                "opening titles",
                "opening theme",
                "title sequence",
                "main titles",
                "vorspann",
                "einleitung",
                "generique",
                "generique de debut",
                "generique d ouverture",
                "ouverture",
                "introduccion",
                "apertura",
                "cabecera",
                "creditos iniciales",
                "introduzione",
                "sigla",
                "sigla iniziale",
                "sigla di apertura",
                "titoli di testa",
                "introducao",
                "abertura",
                "creditos iniciais",
                "introductie",
                "begintune",
                "begintitels",
                "openingstitels",
                "vinjett",
                "fortexter",
                "inledning",
            )
        ),
        "recap": frozenset(
            (
                "recap",
                "previously",
                "previously on",
                "was bisher geschah",
                "ruckblick",
                "zusammenfassung",
                "resume",
                "precedemment",
                "resumen",
                "anteriormente",
                "riassunto",
                "nelle puntate precedenti",
                "resumo",
                "samenvatting",
                "wat voorafging",
                "eerder",
                "sammanfattning",
                "tidigare",
            )
        ),
        "credits": frozenset(
            (
                "credits",
                "end credits",
                "closing credits",
                "ending credits",
                "ending",
                "ending theme",
                "end titles",
                "abspann",
                "generique de fin",
                "credits de fin",
                "creditos",
                "creditos finales",
                "creditos finais",
                "titoli di coda",
                "sigla finale",
                "sigla di chiusura",
                "encerramento",
                "aftiteling",
                "eindcredits",
                "eftertexter",
                "sluttexter",
            )
        ),
    }
)
_KIND_OF: Final = {title: kind for kind, titles in MARKER_TITLES.items() for title in titles}
_NUMBER_BEHIND = re.compile(r" ?\d+$")

_FORMAT_OF_ENDING: Final = MappingProxyType(
    {"ssa": "ass", "sub": "microdvd", "idx": "vobsub", "sup": "pgs", "smi": "sami", "dfxp": "ttml"}
)
_PICTURES: Final = frozenset({"vobsub", "pgs", "dvb"})
NOTHING_KNOWN: Final = Probe(container="", duration_ms=None, bitrate=None, size_bytes=0)
W = TypeVar("W", bound=Wire)
_probe_decoder = msgspec.msgpack.Decoder(Probe)


class FilesOfItem(msgspec.Struct, frozen=True):
    """What a page shows of an item's files; chapters and markers are those of the first version."""

    files: list[FileWire]
    chapters: list[ChapterWire]
    markers: list[MarkerWire]


class PlaceOfFile(msgspec.Struct, frozen=True, kw_only=True):
    """Where the bytes of a file lie, what they are, and the item they belong to.

    `scanned` is size, mtime and inode of what the scan found to be media; None when it found none.
    """

    root: Path
    path: Path
    content_type: str
    scanned: tuple[int, int, int] | None = None
    item_id: int = 0
    rating_key: str = ""
    title: str = ""

    def admits(self, facts: os.stat_result) -> bool:
        """Whether the file that was opened at this path is the library's.

        Threat: who can write into a library's folder could put a link to any file of this machine in place of a film.
        Inside the folder anything goes; a link that leads out of it must lead to the very film that the scan saw
        there. Waits for the disk.
        """
        real, root = os.path.realpath(self.path), os.path.realpath(self.root)
        if real.startswith(root.rstrip(os.sep) + os.sep) and os.path.samestat(os.stat(real), facts):  # noqa: PTH116
            return True
        return self.scanned == (facts.st_size, facts.st_mtime_ns, facts.st_ino & MAX_INODE)


class PlayableFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as whoever plays or converts it needs it. `probe` is None as long as nobody looked into it."""

    file_id: int
    place: PlaceOfFile
    size_bytes: int
    mtime_ns: int
    probe: Probe | None
    is_unreadable: bool
    duration_ms: int | None
    item_id: int
    rating_key: str
    title: str

    @property
    def path(self) -> Path:
        return self.place.path


class SidecarFile(msgspec.Struct, frozen=True, kw_only=True):
    """A subtitle file beside a film; `root` is the library's folder that it was found in."""

    root: Path
    path: Path
    language: str | None


def read_probe(blob: bytes | None) -> Probe | None:
    """The probe as the database keeps it; None when there is none, or an older program's that cannot be read."""
    if blob is None:
        return None
    try:
        return _probe_decoder.decode(blob)
    except msgspec.DecodeError:
        return None


def marker_kind(title: str | None) -> str | None:
    """Whether a chapter's title names the intro, the recap or the credits."""
    if not title:
        return None
    return _KIND_OF.get(_NUMBER_BEHIND.sub("", normalise(title)))


def markers_in(chapters: Iterable[ChapterWire]) -> list[MarkerWire]:
    """Stretches a player may skip, in order."""
    return [
        MarkerWire(type=kind, start=chapter.start, end=chapter.end)
        for chapter in chapters
        if (kind := marker_kind(chapter.title)) is not None
    ]


def chapters_of(parts: Sequence[tuple[Probe | None, int]]) -> list[ChapterWire]:
    """Chapters of all parts one after the other.

    Args:
        parts: of one version in order, each with its length in ms.
    """
    chapters: list[ChapterWire] = []
    before = 0
    for probe, duration_ms in parts:
        for chapter in probe.chapters if probe else ():
            title = chapter.title or f"Chapter {len(chapters) + 1}"
            chapters.append(ChapterWire(title=title, start=before + chapter.start_ms, end=before + chapter.end_ms))
        before += duration_ms
    return chapters


def in_order(rows: Sequence[sqlite3.Row]) -> list[sqlite3.Row]:
    """Rows of `store.FILES` of one item: the default version, then the others by falling height; parts in order."""
    heights: dict[int, int] = {}
    for row in rows:
        number = row["version_index"]
        heights[number] = max(heights.get(number, 0), row["height"] or 0)
    return sorted(
        rows,
        key=lambda row: (
            row["version_index"] != 0,
            -heights[row["version_index"]],
            row["version_index"],
            row["part"],
            row["file_id"],
        ),
    )


def files_of_item(rows: Sequence[sqlite3.Row]) -> FilesOfItem:
    """What the rows of `store.FILES` of one item say."""
    ordered = in_order(rows)
    probes = [read_probe(row["probe"]) for row in ordered]
    files = [file_wire(row, probe) for row, probe in zip(ordered, probes, strict=True)]
    first = ordered[0]["version_index"] if ordered else None
    parts = [
        (probe, row["duration_ms"] or 0)
        for row, probe in zip(ordered, probes, strict=True)
        if row["version_index"] == first
    ]
    chapters = chapters_of(parts)
    return FilesOfItem(files, chapters, markers_in(chapters))


def file_wire(row: sqlite3.Row, probe: Probe | None) -> FileWire:
    """A row of `store.FILES` as the answers have it."""
    found = probe or NOTHING_KNOWN
    video, audio = found.main_video, found.main_audio
    beside = row["beside"].split("\x1f") if row["beside"] else []
    return FileWire(
        id=row["file_id"],
        stream_url=f"/api/stream/{row['file_id']}",
        container=row["container"],
        video_codec=video.codec if video else None,
        audio_codec=audio.codec if audio else None,
        video_resolution=video_resolution(row["width"], row["height"]) if row["width"] and row["height"] else None,
        width=row["width"],
        height=row["height"],
        duration=row["duration_ms"],
        size=row["size_bytes"],
        bitrate=_bitrate(found, row),
        version=row["version"],
        version_index=row["version_index"],
        part=row["part"],
        part_count=row["part_count"],
        hdr=video.hdr if video else "none",
        audio_channels=audio.channels if audio else None,
        audio_languages=_languages(stream.language for stream in found.audio),
        subtitle_languages=_languages([*beside, *(stream.language for stream in found.subtitles)]),
        available=bool(row["is_available"]),
        added_at=row["added_at"] // 1000,
    )


def _bitrate(probe: Probe, row: sqlite3.Row) -> int | None:
    """What the container says, else the mean: size over length."""
    if probe.bitrate is not None or not row["duration_ms"]:
        return probe.bitrate
    return int(row["size_bytes"] * 8000 // row["duration_ms"])


def _as(stream: msgspec.Struct, kind: type[W]) -> W:
    """A struct of the probe as the wire struct that has fields of the same names."""
    return kind(**{name: getattr(stream, name) for name in kind.__struct_fields__})


def _languages(found: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(language for language in found if language))


class FileService:
    """Single files, for the members who see an item of them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        # Whether it is known where a file of this number, size and time can be cut: set by who knows.
        self.keyframes: Callable[[int, int, int], Awaitable[str]] = _no_keyframes

    async def place(self, actor: Member, file_id: int) -> PlaceOfFile:
        """Where to read a file from.

        Raises:
            NotFound: `not_found` when the member sees no such file, `file_missing` when it went from the disk.
            Unavailable: `storage_unavailable`: the disk of its library is away.
        """
        return _place(await self._row(actor, file_id))

    async def may_download(self, actor: Member, file_id: int) -> bool:
        """Whether what a member was granted lets him take a file home."""
        visible = visible_to(actor, right=Right.DOWNLOAD).opened
        return await store.one_file(self._db.read, visible, file_id) is not None

    async def playable(self, actor: Member, file_id: int) -> PlayableFile:
        """What is known of a file that shall be played.

        Raises:
            As `place`.
        """
        row = await self._row(actor, file_id)
        return PlayableFile(
            file_id=file_id,
            place=_place(row),
            size_bytes=row["size_bytes"],
            mtime_ns=row["mtime_ns"],
            probe=read_probe(row["probe"]),
            is_unreadable=row["probe_error"] is not None,
            duration_ms=row["duration_ms"],
            item_id=row["item_id"],
            rating_key=row["rating_key"],
            title=row["title"],
        )

    async def info(self, actor: Member, file_id: int) -> FileInfo:
        """Everything the probe found in a file, and the subtitles beside it.

        Raises:
            NotFound: the member sees no such file.
        """
        row = await self._row(actor, file_id)
        found = read_probe(row["probe"]) or NOTHING_KNOWN
        return FileInfo(
            file_id=file_id,
            rating_key=row["rating_key"],
            container=row["container"],
            duration=row["duration_ms"],
            size=row["size_bytes"],
            bitrate=_bitrate(found, row),
            path=os.path.join(row["root"], row["path"]) if actor.is_admin else None,  # noqa: PTH118 - only shown
            video=[_as(stream, VideoTrack) for stream in found.video],
            audio=[_as(stream, AudioTrack) for stream in found.audio],
            subtitles=await subtitles_of(self._db.read, file_id, found),
            chapters=chapters_of([(found, 0)]),
            attachments=[_as(one, AttachmentWire) for one in found.attachments],
            keyframe_index=await self.keyframes(file_id, row["size_bytes"], row["mtime_ns"]),
        )

    async def _row(self, actor: Member, file_id: int) -> sqlite3.Row:
        row = await store.one_file(self._db.read, visible_to(actor).opened, file_id)
        if row is None:
            raise NotFound("There is no such file.")
        return row


def file_gone() -> NotFound:
    return NotFound("This file is no longer on the disk.", code="file_missing")


def disk_away() -> Unavailable:
    return Unavailable(
        "The disk with this file is not connected at the moment.", code="storage_unavailable", retry_after_s=30
    )


def _place(row: sqlite3.Row) -> PlaceOfFile:
    if not row["is_available"]:
        raise disk_away()
    if row["missing_since_at"] is not None:
        raise file_gone()
    is_media = row["probe"] is not None and row["probe_error"] is None
    return PlaceOfFile(
        root=Path(row["root"]),
        path=Path(row["root"], row["path"]),
        content_type=CONTENT_TYPES.get(row["container"] or "", BYTES),
        scanned=(row["size_bytes"], row["mtime_ns"], row["inode"]) if is_media else None,
        item_id=row["item_id"],
        rating_key=row["rating_key"],
        title=row["title"],
    )


async def _no_keyframes(_file_id: int, _size_bytes: int, _mtime_ns: int) -> str:
    return "none"


async def subtitles_of(read: Reader, file_id: int, probe: Probe) -> list[SubtitleTrack]:
    """All subtitles of a file: those beside it by name, then those inside."""
    return _subtitles(file_id, await _beside(read, file_id), probe)


async def sidecar_subtitles(read: Reader, file_id: int) -> list[SidecarFile]:
    """The files of those subtitles of a file that lie beside it, in the same order."""
    return [
        SidecarFile(root=Path(row["root"]), path=Path(row["root"], row["path"]), language=row["language"])
        for row in await _beside(read, file_id)
    ]


async def _beside(read: Reader, file_id: int) -> list[sqlite3.Row]:
    """Rows of subtitles beside a file, one for the two files of VobSub."""
    rows = await store.sidecars(read, file_id)
    pairs = {row["path"][:-4].casefold() for row in rows if row["path"].lower().endswith(".idx")}
    return [row for row in rows if not (row["path"].lower().endswith(".sub") and row["path"][:-4].casefold() in pairs)]


def _subtitles(file_id: int, beside: Sequence[sqlite3.Row], probe: Probe) -> list[SubtitleTrack]:
    tracks: list[SubtitleTrack] = []
    for row in beside:
        ending = row["path"].rsplit(".", 1)[-1].lower()
        form = _FORMAT_OF_ENDING.get(ending, ending)
        flags = row["flags"].split()
        tracks.append(
            SubtitleTrack(
                index=len(tracks),
                track=None,
                format=form,
                text=form not in _PICTURES,
                external=True,
                language=row["language"],
                title=row["title"],
                forced="forced" in flags,
                hearing_impaired="sdh" in flags,
                default="default" in flags,
                url=f"/api/media/{file_id}/subtitle/{len(tracks)}",
            )
        )
    for stream in probe.subtitles:
        tracks.append(
            SubtitleTrack(
                index=len(tracks),
                track=stream.track,
                format=stream.format,
                text=stream.text,
                external=False,
                language=stream.language,
                title=stream.title,
                forced=stream.forced,
                hearing_impaired=stream.hearing_impaired,
                default=stream.default,
                url=f"/api/media/{file_id}/subtitle/{len(tracks)}",
            )
        )
    return tracks
