"""Films that a browser cannot play as they are: playlists, segments, and a player that reads them to the end."""

import os
import subprocess
import time
from typing import Any

import msgspec
import pytest

from homemedia.core.threads import Lane
from homemedia.playback.means import Means
from homemedia.playback.session import Session
from tests.support.app import House
from tests.support.samples import a_film, ffmpeg_path
from tests.support.streams import Watcher, packets, widest_gap

READ_LIMIT_S = 60
DAY_S = 86_400


async def _films(house: House) -> dict[str, int]:
    """File ids by title of what lies in the library's folder."""
    then = time.time() - DAY_S
    for film in house.media.iterdir():
        os.utime(film, (then, then))  # nobody waits for what has lain there since yesterday to become steady
    library = await house.add_library("Films", "movie", house.media)
    page = await house.get(f"/api/libraries/{library['id']}/items")
    found: dict[str, int] = {}
    for item in page["items"]:
        detail = await house.get(f"/api/media/{item['id']}")
        found[detail["title"]] = detail["files"][0]["id"]
    return found


async def _open(house: House, file_id: int, **body: Any) -> Any:
    return await house.send("POST", f"/api/transcode/{file_id}", body, 201)


def _read(url: str, *more: str) -> str:
    """Have ffmpeg read a playlist to its end; what it says of it."""
    command = [ffmpeg_path(), "-nostdin", "-hide_banner", "-loglevel", "info", "-i", url, *more, "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=READ_LIMIT_S)
    said = done.stderr.decode(errors="replace")
    assert done.returncode == 0, said
    return said


async def _read_beside(url: str, *more: str) -> str:
    async with Lane("reader", 1) as lane:
        return await lane.run(_read, url, *more)


def _frames(said: str) -> int:
    return int(said.rpartition("frame=")[2].split()[0])


@pytest.mark.parametrize(
    ("codec", "method", "action"),
    [("h264", "remux", "copy"), ("mpeg4", "transcode", "transcode")],
)
async def test_player_reads_a_stream_to_its_end(claimed: House, codec: str, method: str, action: str) -> None:
    a_film(claimed.media / "Harbour (2001).mkv", seconds=24, size="160x90", rate=10, codec=codec)
    films = await _films(claimed)

    opened = await _open(claimed, films["Harbour"])
    said = await _read_beside(claimed.url + opened["playlistUrl"])

    assert (opened["method"], opened["video"]["action"]) == (method, action)
    assert abs(_frames(said) - 240) <= 2
    assert "non-monoton" not in said.lower()


async def _watch(house: House, file_id: int, **body: Any) -> Watcher:
    return await Watcher(house, await _open(house, file_id, **body)).start()


def _session(house: House, watcher: Watcher) -> Session:
    return next(one for one in house.server.playing.living() if one.session_id == watcher.id)


def _pace(house: House, **bounds: Any) -> None:
    """Have sessions begin with other bounds."""
    means = house.server._means
    known = means.means

    async def bounded() -> Means:
        found = await known()
        return msgspec.structs.replace(found, pace=msgspec.structs.replace(found.pace, **bounds))

    means.means = bounded  # type: ignore[method-assign]


# A film of a few pixels is made so fast that every segment would be awaited.
FAR = {"ahead_s": 1.0, "soon_s": 0.0, "soon_segments": 1, "calm_s": 0.0}


@pytest.fixture(params=["copied", "encoded"])
def two_minutes(request: pytest.FixtureRequest, claimed: House) -> str:
    codec = "h264" if request.param == "copied" else "mpeg4"
    options = {"bf": 2, "b_strategy": 0} if request.param == "copied" else {}
    a_film(claimed.media / "Harbour (2001).mkv", seconds=120, size="160x90", rate=10, codec=codec, options=options)
    return str(request.param)


async def test_frames_are_all_there_and_in_order(claimed: House, two_minutes: str) -> None:
    films = await _films(claimed)
    opened = await _open(claimed, films["Harbour"])

    said = await _read_beside(claimed.url + opened["playlistUrl"], "-c", "copy")

    assert abs(_frames(said) - 1200) <= 2
    assert "non-monoton" not in said.lower()


async def test_segments_of_many_runs_join_without_gaps(claimed: House, two_minutes: str) -> None:
    _pace(claimed, **FAR)
    films = await _films(claimed)
    watcher = await _watch(claimed, films["Harbour"])
    order = [0, 15, 7, 13, 28, 1]
    got = {number: await watcher.segment(number) for number in order}
    for number in range(len(watcher.list.urls)):
        got.setdefault(number, await watcher.segment(number))

    whole = [got[number] for number in range(len(watcher.list.urls))]

    assert _session(claimed, watcher).starts >= 3
    assert widest_gap(packets(watcher.init, whole, "vide")) <= 0.1
    assert widest_gap(packets(watcher.init, whole, "soun")) <= 0.022


async def test_each_segment_begins_where_its_table_says_in_every_run(claimed: House, two_minutes: str) -> None:
    _pace(claimed, **FAR)
    films = await _films(claimed)
    watcher = await _watch(claimed, films["Harbour"])

    for number in [0, 15, 16, 7, 13, 28, 1, 2, 29]:
        shown = packets(watcher.init, [await watcher.segment(number)], "vide")
        assert abs(min(at for at, _, _ in shown) - watcher.list.starts[number]) <= 0.1, number
