"""What goes wrong while a film is converted: the disk fills up, the file is pulled away, the folder vanishes."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from homemedia.media.hls.fmp4 import Data, Event
from homemedia.playback import session as session_module
from homemedia.playback import space
from homemedia.playback.space import Made, Pieces
from tests.support.app import House
from tests.support.samples import a_film
from tests.support.streams import FAR, Watcher, films, open_stream, session_of, set_pace, watch

IS_LINUX = Path("/proc/self").exists()


class Disk:
    """A disk for segments that is full at `limit` bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.limit = 1 << 40

    @property
    def used(self) -> int:
        return sum(entry.stat().st_size for entry in self.folder.rglob("*") if entry.is_file())


@pytest.fixture
def disk(claimed: House, monkeypatch: pytest.MonkeyPatch) -> Disk:
    found = Disk(claimed.folder / "data" / "cache" / "transcode")

    class Bounded(Pieces):
        def take(self, event: Event) -> Made | None:
            if isinstance(event, Data) and found.used + len(event.body) > found.limit:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().take(event)

    monkeypatch.setattr(session_module, "Pieces", Bounded)
    return found


@pytest.fixture
async def film(claimed: House) -> int:
    """Two minutes that must be encoded, one second at a time."""
    a_film(claimed.media / "Harbour (2001).mkv", seconds=120, size="160x90", rate=10, codec="mpeg4")
    set_pace(claimed, **(FAR | {"least_free_bytes": 0}))
    return (await films(claimed))["Harbour"]


def _folders(disk: Disk) -> list[str]:
    return [entry.name for entry in disk.folder.iterdir() if entry.is_dir()]


async def _refusal(watcher: Watcher, number: int, status: int) -> str:
    async with watcher.client.get(watcher.list.urls[number]) as answer:
        body = await answer.json()
        assert answer.status == status, body
        return str(body["code"])


async def test_full_disk_is_told_and_the_film_goes_on_when_there_is_space(
    claimed: House, film: int, disk: Disk
) -> None:
    watcher = await watch(claimed, film)
    session = session_of(claimed, watcher)
    await watcher.segment(0)
    await session.rest()
    disk.limit = 0

    assert await _refusal(watcher, 12, 507) == "disk_full"
    assert (session.pid, session.failure) == (None, None)
    assert not list(disk.folder.rglob("*.part"))

    disk.limit = 1 << 40
    assert await watcher.segment(12)
    assert await watcher.segment(0)


async def test_full_disk_first_loses_what_nobody_is_near(claimed: House, film: int, disk: Disk) -> None:
    watcher = await watch(claimed, film)
    session = session_of(claimed, watcher)
    for number in range(4):
        await watcher.segment(number)
    await session.rest()
    disk.limit = disk.used

    assert await watcher.segment(29)

    assert not session.has(0)


async def test_disk_for_two_segments_is_enough_to_watch(claimed: House, film: int, disk: Disk) -> None:
    watcher = await watch(claimed, film)
    session = session_of(claimed, watcher)
    sizes = [len(await watcher.segment(number)) for number in range(6)]
    await session.rest()
    await session.forget(range(6))
    disk.limit = disk.used + 2 * max(sizes)

    for number in range(6):
        assert await watcher.segment(number)

    assert disk.used <= disk.limit


async def test_no_stream_begins_on_a_full_disk(
    claimed: House, film: int, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_pace(claimed, least_free_bytes=1 << 30)
    monkeypatch.setattr(space, "free_bytes", lambda _folder: (1 << 30) - 1)

    refused = await claimed.send("POST", f"/api/transcode/{film}", {}, 507)

    assert refused["code"] == "disk_full"
    assert "full" in refused["message"]
    assert not claimed.server.playback.sessions.living()
    assert _folders(disk) == []


async def test_stream_that_cannot_have_its_folder_is_refused(
    claimed: House, film: int, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_folder: Path, _files: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(space, "make", full)

    assert (await claimed.send("POST", f"/api/transcode/{film}", {}, 507))["code"] == "disk_full"
    assert _folders(disk) == []


async def test_folder_that_was_tidied_away_is_made_again(claimed: House, film: int, disk: Disk) -> None:
    shutil.rmtree(disk.folder)

    watcher = await watch(claimed, film)

    assert await watcher.segment(3)
    assert disk.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("way", ["renamed", "removed", "its folder renamed"])
async def test_film_pulled_away_ends_its_stream_and_the_next_is_told_why(
    claimed: House, film: int, disk: Disk, way: str
) -> None:
    watcher = await watch(claimed, film)
    session = session_of(claimed, watcher)
    await watcher.segment(0)
    await session.rest()
    path = claimed.media / "Harbour (2001).mkv"
    if way == "renamed":
        path.rename(path.with_suffix(".away"))
    elif way == "removed":
        path.unlink()
    else:
        claimed.media.rename(claimed.folder / "elsewhere")

    # Never pictures of another place, as for a damaged stretch.
    assert await _refusal(watcher, 20, 404) == "session_not_found"

    await session.close()
    assert not claimed.server.playback.sessions.living()
    assert (session.pid, _folders(disk)) == (None, [])
    status, code = (503, "storage_unavailable") if way == "its folder renamed" else (404, "file_missing")
    assert (await claimed.send("POST", f"/api/transcode/{film}", {}, status))["code"] == code


@pytest.mark.parametrize(
    ("way", "expected"), [("file", (404, "file_missing")), ("folder", (503, "storage_unavailable"))]
)
async def test_what_is_gone_before_a_scan_noticed_is_told_by_every_route(
    claimed: House, film: int, way: str, expected: tuple[int, str]
) -> None:
    if way == "file":
        (claimed.media / "Harbour (2001).mkv").unlink()
    else:
        claimed.media.rename(claimed.folder / "elsewhere")

    for path in (f"/api/stream/{film}", f"/api/media/{film}/playback-info"):
        async with claimed.client.get(path) as answer:
            assert (answer.status, (await answer.json())["code"]) == expected


@pytest.mark.skipif(not IS_LINUX, reason="an open file may not be renamed everywhere")
async def test_film_that_comes_back_plays_again(claimed: House, film: int) -> None:
    path = claimed.media / "Harbour (2001).mkv"
    path.rename(path.with_suffix(".away"))
    await claimed.send("POST", f"/api/transcode/{film}", {}, 404)
    path.with_suffix(".away").rename(path)

    assert await (await watch(claimed, film)).segment(7)


async def test_stream_that_failed_takes_no_place_from_the_next(claimed: House, film: int) -> None:
    set_pace(claimed, max_encoding=1)
    failed = session_of(claimed, await watch(claimed, film, clientName="a"))
    failed._fail("The film is damaged.")

    opened = await open_stream(claimed, film, clientName="b")

    assert [one.session_id for one in claimed.server.playback.sessions.living()] == [opened["sessionId"]]
    assert not failed.folder.exists()
