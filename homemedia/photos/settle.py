"""Gives photos that came in what they are owed: the facts of their files, and their pictures. One job does it all.

A photo is looked into once, by a worker; what came of it is one transaction. A photo whose file is damaged stays, with
the reason; one whose pictures could not be kept (a full disk) is tried again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun, Jobs, Retry
from homemedia.core.problems import AppError
from homemedia.library.rendition import KeptRenditions, Rendition
from homemedia.media.models import Format
from homemedia.media.photo_models import PhotoFacts, PhotoRequest, PhotoResult, Variant
from homemedia.media.tools import MediaTools
from homemedia.photos import scanned_store
from homemedia.photos import settle_store as store
from homemedia.photos.dating import Dated, dated
from homemedia.photos.events import PhotosChanged, PhotosReady
from homemedia.photos.kinds import SIDECAR
from homemedia.photos.models import PhotoKind, Todo, month_of
from homemedia.photos.scanned import sidecar_paths
from homemedia.photos.settle_store import Owed
from homemedia.photos.whereabouts import Place

_log = logging.getLogger(__name__)

KIND: Final = "photo.settle"
LANE: Final = "photos"
# A second key, for work that came while the first job looked for the last time.
KEYS: Final = ("first", "second")
AT_ONCE: Final = 2
BATCH: Final = 64
# Version of the pictures: higher, and those of before are made anew.
PIPELINE: Final = 1
ENDINGS: Final[Mapping[str, str]] = MappingProxyType({"webp": ".webp", "jpeg": ".jpg"})
# These say nothing of the photo, so it is tried again later.
PASSING: Final = frozenset({"not_written", "stopping", "busy", "storage_full"})
AGAIN_MS: Final = 60_000
WANTED: Final = Todo.FACTS | Todo.PICTURES


class ImageWish(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that is made of every photo; `short_edge` in pixels."""

    format: Format
    short_edge: int
    quality: int = 80


IMAGES: Final[Mapping[str, ImageWish]] = MappingProxyType(
    {
        "thumbnail": ImageWish(format="webp", short_edge=250),
        "preview": ImageWish(format="jpeg", short_edge=1440),
    }
)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out about a photo; `when` is None where nobody asked."""

    photo: Owed
    result: PhotoResult
    when: Dated | None
    place: Place


class Settle:
    """Works through photos that are owed something. An async context manager.

    Attributes:
        place_of: names of the place at a position; set by who knows them.
        after_facts: told of facts inside their transaction: tags, faces, the other half of a live photo.
        after_all: told of facts once everything is written down.
        images: which pictures are made of each.
        edits_of: where what was said of a scanned photo is kept, by its id, when not beside it.
        is_busy: whether somebody waits for the processor; then only one photo at a time is worked on.
    """

    def __init__(
        self, db: Database, tools: MediaTools, kept: KeptRenditions, jobs: Jobs, clock: Clock | None = None
    ) -> None:
        self._db = db
        self._tools = tools
        self._kept = kept
        self._jobs = jobs
        self._clock = clock or Clock()
        self.place_of: Callable[[float, float], Awaitable[Place]] = _nowhere
        self.after_facts: list[Callable[[Write, Owed, PhotoFacts], Awaitable[None]]] = []
        self.after_all: list[Callable[[Owed, PhotoFacts], Awaitable[None]]] = []
        self.is_busy: Callable[[], bool] = lambda: False
        self.images: Callable[[], Mapping[str, ImageWish]] = lambda: IMAGES
        self.edits_of: Callable[[str], Path] | None = None

    def register(self) -> None:
        """Tell the queue who does jobs of this kind; its lane must be declared."""
        self._jobs.register(KIND, LANE, self._work)

    async def wish(self, tx: Write, _photos: object = None) -> None:
        """Have photos looked after that are owed something: call it in the transaction that makes them owe it.

        Args:
            tx: that transaction.
            _photos: which; the rows themselves say it.
        """
        key = await store.free_key(tx, KIND, KEYS)
        if key is not None:
            await tx.enqueue(KIND, key)

    async def __aenter__(self) -> Self:
        """Go on where a server that was killed stopped."""
        if await store.owed(self._db.read, int(WANTED), limit=1, skipped=set()):
            async with self._db.write() as tx:
                await self.wish(tx)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing of its own is left behind."""

    async def _work(self, run: JobRun) -> None:
        later: set[str] = set()
        done = 0
        while photos := await store.owed(self._db.read, int(WANTED), limit=BATCH, skipped=later):
            if KIND in self._jobs.held:
                raise Retry(AGAIN_MS, "held by an administrator")
            waiting = iter(photos)
            await asyncio.gather(*(self._take_turns(waiting, later, number) for number in range(AT_ONCE)))
            done += len(photos)
            run.progress(done=done)
        if later:
            raise Retry(AGAIN_MS, "pictures could not be kept")

    async def _take_turns(self, waiting: Iterable[Owed], later: set[str], number: int) -> None:
        for photo in waiting:
            if KIND in self._jobs.held or (number and self.is_busy()):
                # What was just taken is owed still, and comes with the next batch.
                return
            found = await self._look(photo)
            is_away = found.result.code == "file_missing" and photo.library_id is not None
            if found.result.code in PASSING or is_away:
                _log.warning("photo %s has to wait: %s", photo.photo_id, found.result.problem)
                later.add(photo.photo_id)
                continue
            await self._write_down(found)

    async def _look(self, photo: Owed) -> Found:
        file = Path(photo.root, photo.path)
        wants_facts = bool(photo.todo & Todo.FACTS)
        request = PhotoRequest(
            source=str(file),
            is_film=photo.kind == PhotoKind.VIDEO.value,
            sidecar=await self._sidecar(photo) if wants_facts else None,
            edits=self._edits(photo) if wants_facts else None,
            wants_facts=wants_facts,
            variants=self._variants(photo.file_id) if photo.todo & Todo.PICTURES else (),
        )
        try:
            result = await self._tools.photo(request)
        except AppError as err:
            result = PhotoResult(code=err.code, problem=err.message)
        if not wants_facts:
            return Found(photo=photo, result=result, when=None, place=Place())
        facts = result.facts or PhotoFacts()
        place = Place()
        if facts.latitude is not None and facts.longitude is not None:
            place = await self.place_of(facts.latitude, facts.longitude)
        when = dated(facts, uploaded_at=photo.taken_at, modified_at=photo.modified_at)
        return Found(photo=photo, result=result, when=when, place=place)

    async def _sidecar(self, photo: Owed) -> str | None:
        """The file that says more of a photo; of one on somebody's own disk, where programs put it."""
        if photo.library_id is None:
            return str(Path(photo.root, photo.path + SIDECAR))
        path = await scanned_store.sidecar(self._db.read, photo.file_id, sidecar_paths(photo.path))
        return None if path is None else str(Path(photo.root, path))

    def _edits(self, photo: Owed) -> str | None:
        return None if photo.library_id is None or self.edits_of is None else str(self.edits_of(photo.photo_id))

    def _variants(self, file_id: int) -> tuple[Variant, ...]:
        return tuple(
            Variant(
                name=name,
                target=str(self._kept.absolute(self._kept.path_for(file_id, name, ENDINGS[wish.format]))),
                format=wish.format,
                short_edge=wish.short_edge,
                quality=wish.quality,
            )
            for name, wish in self.images().items()
        )

    async def _write_down(self, found: Found) -> None:
        photo, result = found.photo, found.result
        paths = {
            made.name: self._kept.path_for(photo.file_id, made.name, ENDINGS[made.mime.partition("/")[2]])
            for made in result.made
        }
        is_there = await self._enter(found, paths)
        if not is_there:
            await self._kept.drop(list(paths.values()))
        elif found.when is not None and result.facts is not None:
            for tell in self.after_all:
                await tell(photo, result.facts)

    async def _enter(self, found: Found, paths: Mapping[str, str]) -> bool:
        """Write down what was found; False when the photo is gone."""
        photo, result, when = found.photo, found.result, found.when
        async with self._db.write() as tx:
            current = await store.now(tx, photo.photo_id)
            if current is None:
                return False
            now, stamp = self._clock.now_ms(), await tx.stamp()
            locked = frozenset(msgspec.json.decode(current["locked"] or "[]", type=list[str]))
            keeps_date = when is None or bool(locked & {"dateTimeOriginal", "timeZone"})
            for made in result.made:
                await self._kept.enter(
                    tx,
                    Rendition(
                        file_id=photo.file_id,
                        variant=made.name,
                        pipeline=PIPELINE,
                        path=paths[made.name],
                        mime=made.mime,
                        width=made.width,
                        height=made.height,
                        size_bytes=made.size_bytes,
                        made_at=now,
                    ),
                )
            width, height = upright_size(result)
            await store.settle(
                tx,
                {
                    "photo_id": photo.photo_id,
                    "taken_at": None if keeps_date or when is None else when.taken_at,
                    "local_taken_at": None if keeps_date or when is None else when.local_taken_at,
                    "month": None if keeps_date or when is None else month_of(when.local_taken_at),
                    "duration_ms": duration_of(photo, result),
                    "width": width,
                    "height": height,
                    "thumbhash": result.thumbhash,
                    "failure": result.problem if photo.todo & Todo.PICTURES else None,
                    "done": photo.todo & int(WANTED),
                    "now": now,
                    "stamp": stamp,
                },
            )
            if photo.library_id is not None and photo.todo & Todo.PICTURES:
                await store.tell_of_file(tx, photo.file_id, result.code, result.problem)
            if when is not None:
                facts = result.facts or PhotoFacts()
                await store.set_exif(tx, exif_row(photo.photo_id, facts, when, found.place, stamp), locked=locked)
                for tell in self.after_facts:
                    await tell(tx, photo, facts)
            tx.announce(PhotosChanged(owner_id=photo.owner_id, photo_ids=(photo.photo_id,)))
            if result.made:
                tx.announce(PhotosReady(owner_id=photo.owner_id, photo_ids=(photo.photo_id,)))
        return True


def upright_size(result: PhotoResult) -> tuple[int | None, int | None]:
    """Width and height as shown: of the picture that was decoded, else as the file says."""
    if result.width and result.height:
        return result.width, result.height
    facts = result.facts
    if facts is None or not facts.width or not facts.height:
        return None, None
    turns = (facts.orientation or 1) >= 5
    return (facts.height, facts.width) if turns else (facts.width, facts.height)


def duration_of(photo: Owed, result: PhotoResult) -> int | None:
    """How long it lasts: what its file says goes before what its device said."""
    return photo.duration_ms if result.facts is None else result.facts.duration_ms


def exif_row(photo_id: str, facts: PhotoFacts, when: Dated, place: Place, stamp: int) -> dict[str, object]:
    """A row of photo_exif."""
    return {
        "photo_id": photo_id,
        "stamp": stamp,
        "make": facts.make,
        "model": facts.model,
        "lens_model": facts.lens_model,
        "exif_width": facts.width,
        "exif_height": facts.height,
        "orientation": str(facts.orientation) if facts.orientation else None,
        "date_time_original": when.taken_at,
        "modify_date": facts.modified_ms,
        "time_zone": when.time_zone,
        "f_number": facts.f_number,
        "focal_length": facts.focal_length,
        "iso": facts.iso,
        "exposure_time": facts.exposure_time,
        "latitude": facts.latitude,
        "longitude": facts.longitude,
        "city": place.city,
        "state": place.state,
        "country": place.country,
        "projection_type": facts.projection_type,
        "description": facts.description,
        "rating": facts.rating,
        "fps": facts.fps,
        "profile_description": facts.profile_description,
        "content_id": facts.content_id,
    }


async def _nowhere(_north: float, _east: float) -> Place:
    await asyncio.sleep(0)
    return Place()
