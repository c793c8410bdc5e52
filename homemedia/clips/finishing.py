"""What becomes of what was fetched: it is looked into, made playable, given a picture, and becomes a clip to watch.

A person waits for it, so nothing here waits for a quiet house; the program that converts is only below everything
else. Nothing is kept before the one transaction at the end: a server that is killed leaves a work folder, which is
emptied at the next start.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Self

import msgspec

from homemedia.clips import downloads_store as store
from homemedia.clips import talk, unwatched
from homemedia.clips.download.models import DownloadRefused, Fetched
from homemedia.clips.events import ClipsChanged
from homemedia.clips.facts import duration_ms, kept_facts
from homemedia.clips.models import ClipRow
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.digests import Digests
from homemedia.core.problems import TimedOut, Unavailable, Unprocessable
from homemedia.core.threads import Lane
from homemedia.library.managed import Managed
from homemedia.library.managed_store import Spot
from homemedia.library.rendition_video import PASSING, VideoRenditions
from homemedia.media import MediaTools, OperationFailed, ProbeRequest, RenderRequest, WorkerCrashed
from homemedia.media.boxes import is_index_first
from homemedia.media.models import Probe
from homemedia.media.playable import Conversion, Policy, conversion_of

_log = logging.getLogger(__name__)

CLIPS: Final = "clips"
THUMBNAIL_WIDTH: Final = 1280
# What phones and browsers of every make play; of containers MP4 alone.
POLICY: Final = Policy(
    when="required", video_codecs=("h264",), audio_codecs=("aac", "mp3"), containers=(), lines=1080, preset="veryfast"
)
MP4, MP3, JPEG = "video/mp4", "audio/mpeg", "image/jpeg"
AUDIO_TYPES: Final = {"mp3": MP3, "mp4": "audio/mp4", "ogg": "audio/ogg", "flac": "audio/flac"}
AUDIO_ENDINGS: Final = {"mp3": ".mp3", "mp4": ".m4a", "ogg": ".ogg", "flac": ".flac"}
KINDS: Final = {True: "audio", False: "video"}
NO_PICTURE = (OperationFailed, TimedOut, WorkerCrashed)
# Told how much of a video is made, in percent.
Report = Callable[[int | None], None]


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is to become the clip's."""

    path: Path
    name: str
    mime: str
    kind: str
    digests: Digests


class _Media(msgspec.Struct, frozen=True, kw_only=True):
    """A film or song that plays, where it lies."""

    path: Path
    ending: str
    mime: str
    probe: Probe


class Gone(Exception):  # noqa: N818 - ends the work, and is no fault
    """There is no clip any more that waits for this download."""


class Finishing:
    """Makes clips of what was fetched. An async context manager; leaving it waits for what is being committed.

    Args:
        db: where clips stand.
        managed: keeps their files.
        tools: looks into files.
        videos: makes those playable that are not; one that waits for nobody.
        clock: the time.

    Attributes:
        program: answers the path of ffmpeg, None where there is none.
    """

    def __init__(
        self, db: Database, managed: Managed, tools: MediaTools, videos: VideoRenditions, clock: Clock | None = None
    ) -> None:
        self._db = db
        self._managed = managed
        self._tools = tools
        self._videos = videos
        self._clock = clock or Clock()
        self._lane = Lane("clips", 2)
        self._one_at_a_time = asyncio.Semaphore(1)
        self._keeping: set[asyncio.Task[None]] = set()
        self.program: Callable[[], Awaitable[str | None]] = _none

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._keeping:
            await asyncio.wait(self._keeping)
        await self._lane.close()

    async def finish(self, clip: ClipRow, fetched: Fetched, max_bytes: int | None, report: Report) -> None:
        """Make a clip of what was fetched.

        Args:
            clip: as it waits.
            fetched: in a work folder below the managed root's staging.
            max_bytes: what film and picture may weigh together.
            report: told how far a conversion is.

        Raises:
            Gone: the clip was deleted meanwhile; nothing is kept.
            DownloadRefused: `too_large`; `unsupported`: there is nothing that could be played; `disk_full`.
            StorageFull, Unavailable: the disk refuses.
        """
        weight = await self._lane.run(_weight, fetched.media, fetched.thumbnail)
        if max_bytes is not None and weight > max_bytes:
            raise DownloadRefused("too_large", "")
        is_music = clip.content_type == "music"
        media = await self._song(fetched.media) if is_music else await self._film(fetched.media, report)
        picture = await self._picture(fetched, media.path, is_music=is_music)
        parts = [await self._part(clip.clip_id, media.path, media.ending, media.mime, KINDS[is_music])]
        if picture is not None:
            parts.append(await self._part(clip.clip_id, picture, ".jpg", JPEG, "image"))
        task = asyncio.create_task(self._keep(clip, fetched, media.probe, parts))
        self._keeping.add(task)
        task.add_done_callback(self._kept)
        await asyncio.shield(task)

    def _kept(self, task: asyncio.Task[None]) -> None:
        self._keeping.discard(task)
        if not task.cancelled():
            task.exception()  # who was stopped meanwhile hears of nothing

    async def _song(self, path: Path) -> _Media:
        found = await self._look(path, needs_video=False)
        if found.main_audio is None:
            raise _nothing_to_play()
        kind = found.container if found.container in AUDIO_TYPES else "mp3"
        return _Media(path=path, ending=AUDIO_ENDINGS[kind], mime=AUDIO_TYPES[kind], probe=found)

    async def _film(self, path: Path, report: Report) -> _Media:
        """A video as every browser plays it, made where it is not."""
        found = await self._look(path, needs_video=True)
        as_it_is = _Media(path=path, ending=".mp4", mime=MP4, probe=found)
        wish = conversion_of(found, POLICY)
        if wish is not None:
            return await self._made(path, found, wish, report)
        # Packed anew as if it were of another kind: the same picture and sound, the index in front of them.
        wish = conversion_of(msgspec.structs.replace(found, container=""), POLICY)
        if wish is None or await self._lane.run(_begins_at_once, path):
            return as_it_is
        try:
            return await self._made(path, found, wish, report)
        except DownloadRefused:
            return as_it_is

    async def _made(self, path: Path, found: Probe, wish: Conversion, report: Report) -> _Media:
        await self._managed.staging.check_room(found.size_bytes)
        program = await self.program()
        if program is None:
            raise _nothing_to_play()
        part = path.with_name("playable.mp4")
        whole_ms = found.duration_ms or 0
        report(None)
        # Two at once would be no quicker; what is only packed anew is done in a moment.
        turn = self._one_at_a_time if wish.video.action == "transcode" else contextlib.nullcontext()
        async with turn:
            try:
                made = await self._videos.converted(
                    program,
                    path,
                    part,
                    wish,
                    POLICY,
                    lambda at_ms: report(min(99, at_ms * 100 // whole_ms) if whole_ms else None),
                )
            except (Unprocessable, TimedOut) as err:
                _log.info("a fetched video cannot be made playable: %s", err.message)
                raise _nothing_to_play() from err
        return _Media(path=part, ending=".mp4", mime=MP4, probe=made)

    async def _look(self, path: Path, *, needs_video: bool) -> Probe:
        (found,) = await self._tools.probe([ProbeRequest(str(path), needs_video=needs_video)])
        if found.code in PASSING:
            # Nothing is said of the file; a server that stops begins anew.
            raise Unavailable("The file could not be looked into.", code=found.code)
        if found.probe is None:
            _log.info("a fetched file cannot be read: %s", found.error)
            raise _nothing_to_play()
        return found.probe

    async def _picture(self, fetched: Fetched, media: Path, *, is_music: bool) -> Path | None:
        """A JPEG of the source's picture; else of what the file shows."""
        target = fetched.media.with_name("picture.jpg")
        if fetched.thumbnail is not None:
            with contextlib.suppress(*NO_PICTURE):
                await self._jpeg(fetched.thumbnail, target)
                return target
        try:
            if is_music:
                cover = fetched.media.with_name("cover")
                await self._tools.cover(media, cover)
                await self._jpeg(cover, target)
            else:
                await self._tools.still(media, target, max_width=THUMBNAIL_WIDTH)
        except NO_PICTURE as err:
            _log.info("no picture of a clip: %s", err.message)
            return None
        return target

    async def _jpeg(self, source: Path, target: Path) -> None:
        made = await self._tools.render(RenderRequest(source=str(source), width=THUMBNAIL_WIDTH, format="jpeg"))
        await self._lane.run(target.write_bytes, made.body)

    async def _part(self, clip_id: str, path: Path, ending: str, mime: str, kind: str) -> _Part:
        await self._lane.run(_synced, path)
        digests = await self._managed.digests(path.relative_to(self._managed.folder).as_posix())
        return _Part(path=path, name=f"{clip_id}{ending}", mime=mime, kind=kind, digests=digests)

    async def _keep(self, clip: ClipRow, fetched: Fetched, probe: Probe, parts: list[_Part]) -> None:
        """Put the files in their place and let the clip be ready, all or nothing."""
        now = self._clock.now_ms()
        async with contextlib.AsyncExitStack() as places:
            spots = []
            for part in parts:
                # Of the same clip at an earlier time, which was not deleted yet.
                await self._managed.drop_stray(f"{CLIPS}/{part.name}")
                place = self._managed.placed(part.path, folder=CLIPS, name=part.name, modified_at=now)
                spots.append(await places.enter_async_context(place))
            async with self._db.write(durable=True) as tx:
                await self._enter(tx, clip, fetched, probe, list(zip(parts, spots, strict=True)))

    async def _enter(
        self, tx: Write, clip: ClipRow, fetched: Fetched, probe: Probe, placed: list[tuple[_Part, Spot]]
    ) -> None:
        is_music = clip.content_type == "music"
        files = {
            part.kind: await self._managed.enter(tx, spot, part.digests, part.mime, part.kind) for part, spot in placed
        }
        shown = None if is_music else probe.main_video
        is_turned = shown is not None and shown.rotation % 180 != 0
        columns: dict[str, object] = {
            "video_file_id": files.get("video"),
            "audio_file_id": files.get("audio"),
            "thumbnail_file_id": files.get("image"),
            "size_bytes": sum(spot.size_bytes for _, spot in placed),
            "duration_ms": duration_ms(fetched.facts.duration_s, probe.duration_ms),
            "width": None if shown is None else shown.height if is_turned else shown.width,
            "height": None if shown is None else shown.width if is_turned else shown.height,
        }
        if await store.ready(tx, clip.clip_id, columns, self._clock.now_ms()) is None:
            raise Gone
        await store.learn(tx, clip.clip_id, kept_facts(fetched.facts, is_music=is_music))
        await unwatched.came(tx, clip.clip_id)
        await talk.came(tx, clip.clip_id, now=self._clock.now_ms())
        tx.announce(ClipsChanged(clip_ids=(clip.clip_id,), what="status"))


def _nothing_to_play() -> DownloadRefused:
    return DownloadRefused("unsupported", "")


def _weight(media: Path, thumbnail: Path | None) -> int:
    return media.stat().st_size + (thumbnail.stat().st_size if thumbnail is not None else 0)


def _begins_at_once(path: Path) -> bool:
    with path.open("rb") as file:
        return is_index_first(file)


def _synced(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


async def _none() -> str | None:
    return None
