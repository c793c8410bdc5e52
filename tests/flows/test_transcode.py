"""Films that a browser cannot play as they are: playlists, segments, and a player that reads them to the end."""

import os
import subprocess
import time
from typing import Any

import pytest

from homemedia.core.threads import Lane
from tests.support.app import House
from tests.support.samples import a_film, ffmpeg_path

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
