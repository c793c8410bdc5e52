"""A stand-in for what brings the files of clips, and short ways to send links in."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from homemedia.clips.download.models import DownloadRefused, Facts, Fetched, Progress, RefusalCode, Wish
from tests.support.app import House

LINK = "https://www.tiktok.com/@ann/video/{}"
SONG = "https://open.spotify.com/track/{}"


class Plan(msgspec.Struct, kw_only=True):
    """What comes of a link: a copy of `media`, or a refusal.

    Attributes:
        early: what is told of it before the file is there.
        gate: what it waits for in the middle, half a file written.
    """

    media: Path | None = None
    thumbnail: Path | None = None
    facts: Facts = Facts()
    early: Facts | None = None
    refusal: RefusalCode | None = None
    gate: asyncio.Event | None = None
    progress: tuple[Progress, ...] = ()


class StandIn:
    """Brings what was planned for the end of a link, else what was planned for all.

    Attributes:
        wishes: what was asked of it.
        running: clips that are being fetched right now; `most` is how many there were at once.
    """

    def __init__(self) -> None:
        self.plans: dict[str, Plan] = {}
        self.usual = Plan(refusal="unavailable")
        self.wishes: list[Wish] = []
        self.running: set[str] = set()
        self.most = 0

    async def fetch(self, wish: Wish, report: Callable[[Progress], None]) -> Fetched:
        self.wishes.append(wish)
        self.running.add(wish.clip_id)
        self.most = max(self.most, len(self.running))
        try:
            return await self._fetch(self.plans.get(wish.url.rpartition("/")[2], self.usual), wish, report)
        finally:
            self.running.discard(wish.clip_id)

    async def _fetch(self, plan: Plan, wish: Wish, report: Callable[[Progress], None]) -> Fetched:
        for progress in plan.progress:
            report(progress)
        if plan.early is not None:
            report(Progress(stage="fetching", facts=plan.early))
        if plan.gate is not None:
            (wish.folder / "half.part").write_bytes(b"half")
            await plan.gate.wait()
        if plan.refusal is not None or plan.media is None:
            raise DownloadRefused(plan.refusal or "other", "planned")
        media = wish.folder / f"{wish.clip_id}{plan.media.suffix}"
        shutil.copyfile(plan.media, media)
        thumbnail = None
        if plan.thumbnail is not None:
            thumbnail = wish.folder / f"thumb{plan.thumbnail.suffix}"
            shutil.copyfile(plan.thumbnail, thumbnail)
        return Fetched(media=media, thumbnail=thumbnail, facts=plan.facts)


def stand_in(house: House) -> StandIn:
    """Have a house fetch from a stand-in."""
    found = StandIn()
    house.server.clips.downloads.downloader = found
    house.server.clips.downloads.is_provided = _yes
    house.server.clips.intake.is_provided = _yes
    return found


async def submitted(house: House, url: str, client: Any = None, **more: Any) -> str:
    """The id of a clip that was sent in."""
    async with (client or house.client).post("/api/clips", json={"url": url, **more}) as answer:
        body = await answer.json()
        assert answer.status == 201, body
        return str(body["clip"]["id"])


async def clip_row(house: House, clip_id: str) -> dict[str, Any]:
    rows = await house.server.db.read("SELECT * FROM clip WHERE clip_id = :id", {"id": clip_id})
    return dict(rows[0])


def clip_files(house: House) -> list[str]:
    """Names of all files of clips, and of what is being received."""
    folder = house.server.photos.managed.folder
    return sorted(
        path.relative_to(folder).as_posix()
        for part in ("clips", "staging")
        for path in (folder / part).rglob("*")
        if path.is_file()
    )


async def _yes() -> bool:
    return True
