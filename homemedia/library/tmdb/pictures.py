"""Pictures of TMDb: the chosen ones come into the data folder, the others are fetched when somebody looks at them.

What is only offered is named `t-` and a letter for its kind and what TMDb's image server calls it; we serve it.
"""

import asyncio
import functools
import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.places import Places
from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.library.artwork.downloads import Downloads, Kept
from homemedia.library.artwork.maker import UNUSABLE
from homemedia.library.artwork.models import PictureKind
from homemedia.library.artwork.routes import Found
from homemedia.library.tmdb import store
from homemedia.library.tmdb.client import PICTURE_NAME, TmdbClient
from homemedia.library.tmdb.facts import Offered
from homemedia.library.tmdb.problems import NotThere, TmdbError
from homemedia.library.tmdb.shelf import Shelf
from homemedia.media import MediaTools

_log = logging.getLogger(__name__)

Shape = Literal["poster", "backdrop", "still", "face"]
LETTERS: dict[Shape, str] = {"poster": "p", "backdrop": "b", "still": "s", "face": "f"}
SHAPES = {letter: shape for shape, letter in LETTERS.items()}
# As the image server names sizes: what is kept, and what is looked at while choosing.
FULL = {"poster": "w780", "backdrop": "w1280", "still": "w780", "face": "h632"}
SMALL = {"poster": "w342", "backdrop": "w780", "still": "w300", "face": "w185"}
PREFIX, IN_PERFORMER = "t-", "tmdb:"
LIMIT_BYTES = 256 << 20
# How many of the offered pictures are tried before an item goes without.
TRIED = 3


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A picture on offer. `id` is an address' part: `/api/artwork/{id}/thumb`."""

    id: str
    kind: PictureKind
    width: int | None
    height: int | None
    language: str | None


class PictureHouse:
    """An async context manager: it owns a thread."""

    def __init__(self, db: Database, client: TmdbClient, tools: MediaTools, places: Places, clock: Clock) -> None:
        self._db = db
        self._client = client
        self._clock = clock
        self._shelf = Shelf(places.cache_dir / "tmdb" / "pictures", limit_bytes=LIMIT_BYTES)
        self._lane = Lane("tmdb pictures", 1)
        self._downloads = Downloads(db, tools, places.artwork_dir, clock, self._lane)
        self._fetching: dict[str, asyncio.Task[Path]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in list(self._fetching.values()):
            task.cancel()
            await asyncio.wait([task])
        await self._lane.close()

    async def download(
        self,
        item_id: int,
        library_id: str,
        kind: PictureKind,
        shape: Shape,
        offered: Sequence[Offered],
        *,
        is_patient: bool = True,
    ) -> bool:
        """Give an item the first of these pictures that can be had; older downloads go.

        An item that has a picture beside its files, or one that its NFO names, needs none.

        Returns:
            Whether something changed.

        Raises:
            Unreachable, RateLimited, KeyRefused: the picture cannot be fetched now.
        """
        rows = [row for row in await self._db.read(store.DOWNLOADS, {"item_id": item_id}) if row["kind"] == kind]
        if any(not row["is_broken"] and (row["source"] == "local" or _is_address(row["origin"])) for row in rows):
            return False
        there = {row["origin"]: row for row in rows if row["source"] == "download"}
        for one in offered[:TRIED]:
            origin = candidate_id(shape, one.name)
            row = there.get(origin)
            if row is not None and not row["is_broken"]:
                return await self._drop_others(item_id, library_id, kind, row["path"])
            if row is None:
                made = await self._fetch_whole(shape, one.name, is_patient=is_patient)
                if made is not None:
                    await self._downloads.give(item_id, library_id, kind, origin, made)
                    return True
        return await self._drop_others(item_id, library_id, kind, None) if there else False

    async def found(self, name: str) -> Found | None:
        """A picture on offer by what stands behind `t-`; None when there is none, or none can be had now."""
        path = await self.picture_of(PREFIX + name)
        if path is None:
            return None
        return Found(str(path), hashlib.blake2b(name.encode(), digest_size=16).hexdigest())

    async def picture_of(self, candidate: str, *, whole: bool = False) -> Path | None:
        """A file with a picture on offer, fetched when it is not there; None when it cannot be had now.

        Args:
            candidate: its id with `t-`.
            whole: large enough to be kept; else to be chosen from. Either may be thrown away later.
        """
        letter, _, name = candidate.removeprefix(PREFIX).partition(".")
        shape = SHAPES.get(letter)
        if shape is None or not PICTURE_NAME.fullmatch(name):
            return None
        size = (FULL if whole else SMALL)[shape]
        kept = self._shelf.path(f"{size}/{name}")
        if await self._lane.run(kept.exists):
            return kept
        try:
            return await self._fetch_small(size, name)
        except TmdbError as err:
            _log.info("a picture on offer cannot be fetched: %s", err.code)
        except OSError as err:
            _log.warning("a picture on offer cannot be kept: %s", err.strerror)
        return None

    async def _fetch_small(self, size: str, name: str) -> Path:
        """Fetch once, however many ask."""
        key = f"{size}/{name}"
        task = self._fetching.get(key)
        if task is None:
            task = asyncio.create_task(self._fetch(size, name), name="tmdb-picture")
            self._fetching[key] = task
            task.add_done_callback(functools.partial(self._fetched, key))
        return await asyncio.shield(task)

    def _fetched(self, key: str, task: asyncio.Task[Path]) -> None:
        self._fetching.pop(key, None)
        if not task.cancelled():
            task.exception()  # whoever asked may be gone

    async def _fetch(self, size: str, name: str) -> Path:
        body = await self._client.picture(size, name, is_patient=False)
        return await self._lane.run(self._shelf.put, f"{size}/{name}", body, self._clock.now_ms())

    async def _fetch_whole(self, shape: Shape, name: str, *, is_patient: bool) -> Kept | None:
        """A picture in the data folder; None when TMDb has lost it, or when it is none."""
        try:
            return await self._downloads.keep(await self._client.picture(FULL[shape], name, is_patient=is_patient))
        except NotThere:
            return None
        except AppError as err:
            if err.code not in UNUSABLE:
                raise
            _log.info("a picture of TMDb cannot be used: %s", err.code)
            return None

    async def _drop_others(self, item_id: int, library_id: str, kind: PictureKind, path: str | None) -> bool:
        """Forget downloads that are meant no more; whether there were any."""
        rows = await self._db.read(store.DOWNLOADS, {"item_id": item_id})
        if not any(
            row["kind"] == kind and row["source"] == "download" and row["path"] != path and not row["is_chosen"]
            for row in rows
        ):
            return False
        await self._downloads.drop(item_id, library_id, kind, but=path)
        return True


def _is_address(origin: str | None) -> bool:
    """Whether a download came from an address in an NFO."""
    return origin is not None and origin.startswith("http")


def candidate_id(shape: Shape, name: str) -> str:
    """What a picture is called while it is only on offer."""
    return f"{PREFIX}{LETTERS[shape]}.{name}"


def offered(kind: PictureKind, shape: Shape, pictures: Sequence[Offered]) -> list[Candidate]:
    """Pictures as they are offered on an edit page."""
    return [
        Candidate(
            id=candidate_id(shape, one.name), kind=kind, width=one.width, height=one.height, language=one.language
        )
        for one in pictures
    ]
