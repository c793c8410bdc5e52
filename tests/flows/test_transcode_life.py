"""The life of a stream: what starts a program, what shares one, what ends it, and who is kept out."""

import asyncio
import io
import os
import time
from pathlib import Path

import av
import pytest
from aiohttp import ClientSession, ClientTimeout

from tests.support.app import House
from tests.support.pgs import a_sup
from tests.support.samples import a_film
from tests.support.streams import FAR, a_neighbour, films, open_stream, session_of, set_pace, watch

MINUTE_MS = 60_000
IS_LINUX = Path("/proc/self").exists()


@pytest.fixture
async def film(claimed: House) -> int:
    """Two minutes that must be encoded."""
    a_film(claimed.media / "Harbour (2001).mkv", seconds=120, size="160x90", rate=10, codec="mpeg4")
    return (await films(claimed))["Harbour"]


def _is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


async def test_playlists_and_questions_start_no_program(claimed: House, film: int) -> None:
    watcher = await watch(claimed, film)
    session = session_of(claimed, watcher)
    await session.rest()
    starts = session.starts
    took_s = []
    for _ in range(5):  # a busy machine may be late once
        began = time.monotonic()
        await watcher.get(watcher.opened["playlistUrl"])
        took_s.append(time.monotonic() - began)
    master = await watcher.get(watcher.opened["masterUrl"])
    async with watcher.client.head(watcher.list.urls[29]) as answer:
        assert answer.status == 200

    assert min(took_s) < 0.1
    assert b"#EXT-X-STREAM-INF:" in master
    assert (session.starts, session.pid) == (starts, None)


async def test_many_requests_for_one_segment_make_one_run(claimed: House, film: int) -> None:
    set_pace(claimed, **FAR)
    watcher = await watch(claimed, film)
    session = session_of(claimed, watcher)
    before = session.starts

    bodies = await asyncio.gather(*(watcher.segment(20) for _ in range(30)))

    assert session.starts == before + 1
    assert len(set(bodies)) == 1


async def test_scrubbing_starts_few_programs_and_leaves_none_behind(claimed: House, film: int) -> None:
    # Calm enough that a busy machine is not taken for somebody who has found his place.
    set_pace(claimed, **(FAR | {"calm_s": 1.0, "calm_window_s": 600.0}))
    watcher = await watch(claimed, film)
    session = session_of(claimed, watcher)
    before = session.starts
    async with ClientSession() as player:
        for number in range(20):
            place = (number * 7 + 5) % 28
            with pytest.raises(TimeoutError):
                await player.get(claimed.url + watcher.list.urls[place], timeout=ClientTimeout(total=0.1))
                raise TimeoutError  # it came so soon: as well
    last = await watcher.segment(29)

    assert last
    assert session.starts - before <= 3
    pid = session.pid
    await claimed.send("DELETE", f"/api/transcode/{watcher.id}")
    assert pid is None or not _is_running(pid)


@pytest.mark.skipif(not IS_LINUX, reason="looks into /proc")
async def test_killed_program_is_started_again_by_the_next_request(claimed: House, film: int) -> None:
    set_pace(claimed, **FAR)
    watcher = await watch(claimed, film)
    session = session_of(claimed, watcher)
    pid = session.pid
    assert pid is not None

    os.kill(pid, 9)
    body = await watcher.segment(session.film.table.index_at(30_000_000))

    assert body
    assert session.failure is None


async def test_long_pause_costs_one_start_and_not_the_session(claimed: House, film: int) -> None:
    set_pace(claimed, **FAR)
    watcher = await watch(claimed, film)
    session = session_of(claimed, watcher)
    await watcher.segment(0)
    session.last_seen_at -= 5 * MINUTE_MS

    await claimed.server.playback.sessions.sweep()

    assert (session.state, session.pid) == ("idle", None)
    before = session.starts
    assert await watcher.segment(9)
    assert session.starts == before + 1


async def test_session_nobody_comes_back_to_ends_with_its_files(claimed: House, film: int) -> None:
    watcher = await watch(claimed, film)
    session = session_of(claimed, watcher)
    await watcher.segment(0)

    session.is_paused = True
    session.last_seen_at -= 60 * MINUTE_MS
    await claimed.server.playback.sessions.sweep()
    assert claimed.server.playback.sessions.living() == [session]
    session.is_paused = False
    await claimed.server.playback.sessions.sweep()

    assert not claimed.server.playback.sessions.living()
    assert not session.folder.exists()
    await watcher.get(watcher.list.urls[0], status=404)


async def test_reports_keep_a_session_and_the_last_one_ends_it(claimed: House, film: int) -> None:
    watcher = await watch(claimed, film)
    session = session_of(claimed, watcher)
    key = (await claimed.get(f"/api/media/{film}/info"))["ratingKey"]
    report = {"ratingKey": key, "offset": 20_000, "sessionId": watcher.id}
    session.last_seen_at -= 10 * MINUTE_MS

    await claimed.send("POST", "/api/progress", report | {"state": "paused"})
    assert (session.silent_s() < 60, session.is_paused, session.position_ms) == (True, True, 20_000)
    await claimed.send("POST", "/api/progress", report | {"state": "stopped"})

    await session.close()
    assert not claimed.server.playback.sessions.living()
    assert not session.folder.exists()


async def test_stream_ends_when_told_and_with_the_sign_in(claimed: House, film: int) -> None:
    first = await watch(claimed, film, clientName="sofa")
    folder, pid = session_of(claimed, first).folder, session_of(claimed, first).pid

    assert await claimed.send("DELETE", f"/api/transcode/{first.id}") == {"stopped": True}
    assert not folder.exists()
    assert pid is None or not _is_running(pid)
    assert (await claimed.send("DELETE", f"/api/transcode/{first.id}", None, 404))["code"] == "session_not_found"

    second = session_of(claimed, await watch(claimed, film))
    async with claimed.client.post("/api/auth/logout") as answer:
        assert answer.status < 300
    await second.close()
    assert not claimed.server.playback.sessions.living()


async def test_page_loaded_anew_ends_its_old_stream(claimed: House, film: int) -> None:
    first = await open_stream(claimed, film, clientName="sofa")
    second = await open_stream(claimed, film, clientName="sofa")

    assert [one.session_id for one in claimed.server.playback.sessions.living()] == [second["sessionId"]]
    assert first["sessionId"] != second["sessionId"]


async def test_limits_refuse_the_newest_and_end_idle_ones_first(claimed: House, film: int) -> None:
    set_pace(claimed, max_encoding=1)
    one = await watch(claimed, film, clientName="a")
    refused = await claimed.send("POST", f"/api/transcode/{film}", {"clientName": "b"}, 503)
    assert refused["code"] == "too_many_sessions"

    session_of(claimed, one).last_seen_at -= 2 * MINUTE_MS
    await open_stream(claimed, film, clientName="b")
    assert len(claimed.server.playback.sessions.living()) == 1

    set_pace(claimed, max_encoding=9, max_per_user=1)
    refused = await claimed.send("POST", f"/api/transcode/{film}", {"clientName": "c"}, 409)
    assert refused["code"] == "too_many_streams"

    set_pace(claimed, max_per_user=9, least_free_bytes=1 << 62)
    refused = await claimed.send("POST", f"/api/transcode/{film}", {"clientName": "c"}, 507)
    assert refused["code"] == "disk_full"


async def test_others_do_not_find_the_stream(claimed: House, film: int) -> None:
    watcher = await watch(claimed, film)
    bob = await a_neighbour(claimed)
    stranger = claimed.stranger()
    for address in (f"/api/transcode/{watcher.id}/stream.m3u8", f"/api/transcode/{watcher.id}/0.m4s"):
        async with stranger.get(address, headers=bob) as answer:
            assert (answer.status, (await answer.json())["code"]) == (404, "session_not_found")
    async with stranger.delete(f"/api/transcode/{watcher.id}", headers=bob) as answer:
        assert answer.status == 404
    anna = await a_neighbour(claimed, "anna", is_admin=True)
    async with stranger.get(f"/api/transcode/{watcher.id}/0.m4s", headers=anna) as answer:
        assert answer.status == 404
    async with stranger.delete(f"/api/transcode/{watcher.id}", headers=anna) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "name",
    ["../0.m4s", "%2e%2e", "..%2f..%2fhomemedia.db", "0.m4s/..", "00.m4s", "0.ts", "init.mp4.part", "0.m4s.part",
     "-1.m4s", "0.M4S", "stream.m3u8%00", "sub-0.vtt", "sub-00.m3u8", "%D9%A3.m4s", "burnt.vtt"],
)  # fmt: skip
async def test_only_names_of_segments_are_known(claimed: House, film: int, name: str) -> None:
    opened = await open_stream(claimed, film)
    host, port = claimed.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    line = f"GET /api/transcode/{opened['sessionId']}/{name}?token={opened['streamToken']} HTTP/1.1"
    writer.write(f"{line}\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())

    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400")), answer[:200]


async def test_media_token_opens_its_own_stream_and_file_alone(claimed: House, film: int) -> None:
    set_pace(claimed, max_encoding=2)
    watcher = await watch(claimed, film, clientName="a")
    other = await open_stream(claimed, film, clientName="b")
    token = f"?token={watcher.opened['streamToken']}"
    player = claimed.stranger()

    async def status(method: str, address: str) -> int:
        async with player.request(method, address + token) as answer:
            return answer.status

    assert await status("GET", f"/api/transcode/{watcher.id}/init.mp4") == 200
    assert await status("GET", f"/api/stream/{film}") == 200
    assert await status("GET", f"/api/stream/{film + 1}") == 401
    assert await status("GET", f"/api/transcode/{other['sessionId']}/stream.m3u8") == 401
    assert await status("DELETE", f"/api/transcode/{watcher.id}") == 401
    assert await status("GET", f"/api/media/{film}/info") == 401
    assert await status("GET", "/api/libraries") == 401
    assert await status("GET", f"/api/transcode/{watcher.id}/9999.m4s") == 404
    await claimed.send("DELETE", f"/api/transcode/{watcher.id}")
    assert await status("GET", f"/api/transcode/{watcher.id}/stream.m3u8") == 404
    assert await status("GET", f"/api/stream/{film}") == 401
    assert await status("GET", f"/api/media/{film}/subtitle/0") == 401


async def test_another_folder_counts_for_films_that_begin_later(claimed: House, film: int, tmp_path: Path) -> None:
    set_pace(claimed, max_encoding=2)
    before = await watch(claimed, film, clientName="a")
    other = tmp_path / "large disk"
    await claimed.send("PUT", "/api/hardware", {"tempDir": str(other)})

    after = await watch(claimed, film, clientName="b")

    assert (other / after.id / "init.mp4").is_file()
    assert not (other / before.id).exists()
    assert await before.segment(0)
    await claimed.send("PUT", "/api/hardware", {"tempDir": None})
    await claimed.send("DELETE", f"/api/transcode/{before.id}")
    again = await watch(claimed, film, clientName="a")
    assert not (other / again.id).exists()
    await claimed.send("PUT", "/api/hardware", {"tempDir": str(other)})
    await claimed.send("DELETE", f"/api/transcode/{again.id}")
    await watch(claimed, film, clientName="a")
    assert await after.segment(1)


async def test_administrators_see_who_watches_what(claimed: House, film: int) -> None:
    watcher = await watch(claimed, film, clientName="sofa")
    await watcher.segment(0)

    async def is_known() -> bool:
        return bool((await claimed.get("/api/status"))["transcoding"]["max"])

    await claimed.until(is_known)
    status = await claimed.get("/api/status")

    (active,) = status["activeSessions"]
    assert (active["sessionId"], active["username"], active["title"]) == (watcher.id, "admin", "Harbour")
    assert (active["method"], active["encoder"], active["clientName"]) == ("transcode", "libx264", "sofa")
    assert (status["sessions"], status["transcoding"]["active"]) == (1, 1)


async def test_scans_wait_while_the_processor_converts(claimed: House, film: int) -> None:
    set_pace(claimed, **FAR)
    told: list[bool] = []
    sessions = claimed.server.playback.sessions
    yield_to = sessions.on_load

    def listen(is_busy: bool) -> None:  # noqa: FBT001 - a switch
        told.append(is_busy)
        yield_to(is_busy)

    sessions.on_load = listen
    watcher = await watch(claimed, film)
    await watcher.segment(3)
    await claimed.send("DELETE", f"/api/transcode/{watcher.id}")

    assert True in told
    assert told[-1] is False


async def test_choice_of_tracks_is_remembered_when_the_film_is_played_again(claimed: House) -> None:
    path = claimed.media / "Two (2001).mkv"
    a_film(path, seconds=4, size="160x90", rate=10, language="fre", subtitles=("eng", "ger"))
    file_id = (await films(claimed))["Two"]
    info = await claimed.get(f"/api/media/{file_id}/playback-info")
    assert [track["selected"] for track in info["subtitleTracks"]] == [False, False]

    report = {"ratingKey": info["ratingKey"], "offset": 1000, "fileId": file_id, "subtitleTrack": 1}
    await claimed.send("POST", "/api/progress", report)
    again = await claimed.get(f"/api/media/{file_id}/playback-info")

    assert [track["selected"] for track in again["subtitleTracks"]] == [False, True]
    assert again["subtitle"]["action"] == "external"
    opened = await open_stream(claimed, file_id)
    master = (await (await claimed.client.get(opened["masterUrl"])).read()).decode()
    assert master.count("TYPE=SUBTITLES") == 2
    base = f"/api/transcode/{opened['sessionId']}"
    async with claimed.client.get(f"{base}/sub-1.m3u8") as answer:
        assert "sub-1.vtt?token=" in await answer.text()
    async with claimed.client.get(f"{base}/sub-1.vtt") as answer:
        text = await answer.text()
    assert text.startswith("WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n")
    assert "Hello in ger" in text


async def test_text_is_drawn_into_the_picture_when_asked_for(claimed: House) -> None:
    a_film(claimed.media / "Two (2001).mkv", seconds=4, size="160x90", rate=10, subtitles=("eng",))
    file_id = (await films(claimed))["Two"]

    watcher = await watch(claimed, file_id, subtitleTrack=0, subtitleMode="burn")

    assert watcher.opened["reasons"][-1] == "SubtitleBurnIn"
    assert await watcher.segment(0)
    assert session_of(claimed, watcher).failure is None


async def test_bitmaps_beside_a_film_are_drawn_into_the_picture(claimed: House) -> None:
    a_film(claimed.media / "Two (2001).mkv", seconds=4, size="160x90", rate=10, codec="h264", picture="color=black")
    a_sup(claimed.media / "Two (2001).en.sup", [(0.5, 3.5)], size=(160, 90))
    (claimed.media / "Two (2001).de.sup").write_text("#EXTM3U\nfile:///etc/passwd\n")
    file_id = (await films(claimed))["Two"]
    info = await claimed.get(f"/api/media/{file_id}/playback-info")
    number = {one["language"]: one["track"] for one in info["subtitleTracks"]}

    watcher = await watch(claimed, file_id, subtitleTrack=number["en"], segmentFormat="ts")

    assert watcher.opened["subtitle"]["action"] == "burn"
    with av.open(io.BytesIO(await watcher.segment(0)), "r") as container:
        lights = [bytes(frame.planes[0])[75 * frame.planes[0].line_size + 80] for frame in container.decode(video=0)]
    assert lights[0] < 40
    assert lights[9] > 150
    await claimed.send("POST", f"/api/transcode/{file_id}", {"subtitleTrack": number["de"]}, 422)


async def test_unplayable_files_say_why(claimed: House) -> None:
    (claimed.media / "Broken (2001).mkv").write_bytes(b"nothing of a film" * 5000)
    a_film(claimed.media / "Good (2001).mkv", seconds=4, size="160x90", rate=10)
    found = await films(claimed)

    refused = await claimed.send("POST", f"/api/transcode/{found['Broken']}", {}, 422)
    assert (refused["code"], refused["details"]) == ("unplayable", [{"reasons": ["FileUnreadable"]}])
    info = await claimed.get(f"/api/media/{found['Broken']}/playback-info")
    assert info["method"] == "impossible"
    assert (await claimed.send("POST", "/api/transcode/999", {}, 404))["code"] == "not_found"
    bad = {"profile": "nobody"}
    assert (await claimed.send("POST", f"/api/transcode/{found['Good']}", bad, 400))["code"] == "unknown_profile"
    (claimed.media / "Good (2001).mkv").unlink()
    assert (await claimed.send("POST", f"/api/transcode/{found['Good']}", {}, 404))["code"] == "file_missing"
