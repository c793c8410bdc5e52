"""Films that a browser cannot play as they are: playlists, segments, and a player that reads them to the end."""

import subprocess

import pytest

from homemedia.core.threads import Lane
from tests.support.app import House
from tests.support.samples import a_film, ffmpeg_path
from tests.support.streams import FAR, films, open_stream, packets, session_of, set_pace, watch, widest_gap

READ_LIMIT_S = 60


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
    film_ids = await films(claimed)

    opened = await open_stream(claimed, film_ids["Harbour"])
    said = await _read_beside(claimed.url + opened["playlistUrl"])

    assert (opened["method"], opened["video"]["action"]) == (method, action)
    assert abs(_frames(said) - 240) <= 2
    assert "non-monoton" not in said.lower()


@pytest.fixture(params=["copied", "encoded"])
def two_minutes(request: pytest.FixtureRequest, claimed: House) -> str:
    codec = "h264" if request.param == "copied" else "mpeg4"
    options = {"bf": 2, "b_strategy": 0} if request.param == "copied" else {}
    a_film(claimed.media / "Harbour (2001).mkv", seconds=120, size="160x90", rate=10, codec=codec, options=options)
    return str(request.param)


async def test_frames_are_all_there_and_in_order(claimed: House, two_minutes: str) -> None:
    film_ids = await films(claimed)
    opened = await open_stream(claimed, film_ids["Harbour"])

    said = await _read_beside(claimed.url + opened["playlistUrl"], "-c", "copy")

    assert abs(_frames(said) - 1200) <= 2
    assert "non-monoton" not in said.lower()


async def test_segments_of_many_runs_join_without_gaps(claimed: House, two_minutes: str) -> None:
    set_pace(claimed, **FAR)
    film_ids = await films(claimed)
    watcher = await watch(claimed, film_ids["Harbour"])
    order = [0, 15, 7, 13, 28, 1]
    got = {number: await watcher.segment(number) for number in order}
    for number in range(len(watcher.list.urls)):
        got.setdefault(number, await watcher.segment(number))

    whole = [got[number] for number in range(len(watcher.list.urls))]

    assert session_of(claimed, watcher).starts >= 3
    assert widest_gap(packets(watcher.init, whole, "vide")) <= 0.1
    assert widest_gap(packets(watcher.init, whole, "soun")) <= 0.022


async def test_each_segment_begins_where_its_table_says_in_every_run(claimed: House, two_minutes: str) -> None:
    set_pace(claimed, **FAR)
    film_ids = await films(claimed)
    watcher = await watch(claimed, film_ids["Harbour"])

    for number in [0, 15, 16, 7, 13, 28, 1, 2, 29]:
        shown = packets(watcher.init, [await watcher.segment(number)], "vide")
        assert abs(min(at for at, _, _ in shown) - watcher.list.starts[number]) <= 0.1, number


@pytest.mark.parametrize("codec", ["h264", "mpeg4"])
async def test_player_of_transport_streams_reads_to_the_end(claimed: House, codec: str) -> None:
    set_pace(claimed, **FAR)
    a_film(claimed.media / "Harbour (2001).mkv", seconds=24, size="160x90", rate=10, codec=codec)
    film_ids = await films(claimed)

    watcher = await watch(claimed, film_ids["Harbour"], segmentFormat="ts")
    middle = await watcher.segment(3)
    said = await _read_beside(claimed.url + watcher.opened["playlistUrl"])

    assert watcher.list.init is None
    assert middle[0] == 0x47
    assert abs(_frames(said) - 240) <= 2
    await watcher.get(watcher.list.urls[0].replace("0.ts", "init.mp4"), status=404)
