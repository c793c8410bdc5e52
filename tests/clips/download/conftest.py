"""A downloader without a house around it, and the site it fetches from."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from homemedia.clips.download.downloader import Downloader
from homemedia.clips.download.models import ContentType, DownloadRefused, Fetched, Progress, Wish
from tests.support.samples import ffmpeg_path
from tests.support.video_site import VideoSite


class Bundled:
    """The copy that comes along, always on."""

    @contextlib.asynccontextmanager
    async def using(self) -> AsyncIterator[Path | None]:
        yield None


class Fetching:
    """Fetches from the site, and keeps what is told on the way."""

    def __init__(self, site: VideoSite, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self.told: list[Progress] = []
        self.hears: Callable[[Progress], None] = lambda _: None

    def downloader(self, **more: Any) -> Downloader:
        async def ffmpeg() -> str | None:
            return ffmpeg_path()

        given: dict[str, Any] = {"ffmpeg": ffmpeg, "private_hosts": [self.site.host], "limit_s": 60.0}
        return Downloader(Bundled(), **(given | more))

    def wish(self, path: str, *, content_type: ContentType = "video", **more: Any) -> Wish:
        url = path if "://" in path or ":" in path.split("/", maxsplit=1)[0] else self.site.url(path)
        return Wish(clip_id="c1", url=url, content_type=content_type, folder=self.folder, **more)

    def hear(self, progress: Progress) -> None:
        self.told.append(progress)
        self.hears(progress)

    async def fetch(self, path: str, *, given: dict[str, Any] | None = None, **more: Any) -> Fetched:
        async with self.downloader(**(given or {})) as downloader:
            return await downloader.fetch(self.wish(path, **more), self.hear)

    async def refused(self, path: str, *, given: dict[str, Any] | None = None, **more: Any) -> str:
        """Why there is nothing; whatever was fetched before is gone."""
        with pytest.raises(DownloadRefused) as caught:
            await self.fetch(path, given=given, **more)
        assert self.left() == []
        return caught.value.code

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


Ffmpeg = Callable[[], Awaitable[str | None]]


@pytest.fixture
async def site() -> AsyncIterator[VideoSite]:
    async with VideoSite() as opened:
        yield opened


@pytest.fixture
def fetching(site: VideoSite, tmp_path: Path) -> Fetching:
    return Fetching(site, tmp_path / "work")
