"""Films and songs, fetched by the real child program from a site on loopback."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from homemedia.clips.download.models import DownloadRefused, Facts, Progress
from homemedia.core.problems import Unavailable
from homemedia.core.process import BOOT
from homemedia.media.audio import read_many
from homemedia.media.models import Probe, ProbeRequest
from homemedia.media.probe import probe_many
from tests.clips.download.conftest import Fetching
from tests.support.video_site import VideoSite

MIB = 1 << 20
HOME = Path(__file__).resolve().parents[3]


def program(path: Path, lines: str) -> Callable[[], Awaitable[str | None]]:
    """Something that passes for ffmpeg."""
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)

    async def found() -> str | None:
        return str(path)

    return found


def kinds(path: Path) -> tuple[str, list[str], list[str]]:
    """Container, codecs of pictures and of sound."""
    result = probe_many([ProbeRequest(str(path))])[0]
    assert result.probe is not None, result
    return (
        result.probe.container,
        [one.codec for one in result.probe.video],
        [one.codec for one in result.probe.audio],
    )


def sound(path: Path) -> Probe:
    """What a file without a picture holds."""
    result = read_many([ProbeRequest(str(path))])[0]
    assert result.probe is not None, result
    return result.probe


def quick() -> list[str]:
    """The child with shorter pauses between its tries."""
    hurry = "from homemedia.clips.download import child; child.PAUSES_S = (0.1, 0.2); sys.exit(main())"
    return [
        sys.executable,
        "-P",
        "-c",
        BOOT.format(home=str(HOME)).replace("sys.exit(main())", hurry),
        "worker",
        "clips",
    ]


async def test_film_of_a_page_comes_with_what_the_page_says_of_it(fetching: Fetching) -> None:
    fetched = await fetching.fetch("/watch/a-cat")

    assert fetched.media == fetching.folder / "c1.mp4"
    assert kinds(fetched.media)[1:] == (["h264"], ["aac"])
    assert fetched.thumbnail is not None
    assert fetched.thumbnail.read_bytes().startswith(b"\xff\xd8\xff")
    assert fetched.facts == Facts(
        title="A cat",
        description="A cat, told in a few words. #home",
        creator_name="Ann Example",
        view_count=321,
        duration_s=3.0,
    )
    assert fetching.left() == ["c1-picture.jpg", "c1.mp4"]


async def test_facts_are_told_before_the_film_and_its_progress_rises(fetching: Fetching) -> None:
    await fetching.fetch("/watch/a-cat")

    assert [one.facts.title for one in fetching.told if one.facts] == ["A cat"]
    percents = [one.percent for one in fetching.told if one.percent is not None]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    last = fetching.told[-1]
    assert last.bytes_done == last.bytes_total == (fetching.folder / "c1.mp4").stat().st_size


@pytest.mark.parametrize(
    "path",
    [
        "/og/a-cat",
        "/v/a-cat.mp4",
        "/hls/a-cat/index.m3u8",
        "/hls/a-cat/apart.m3u8",
        "/hls/a-cat/shut.m3u8",
        "/hevc/a-cat.mp4",
    ],
)
async def test_film_comes_from_a_bare_page_a_file_and_a_playlist(fetching: Fetching, path: str) -> None:
    fetched = await fetching.fetch(path)

    assert kinds(fetched.media) == ("mp4", ["hevc" if "hevc" in path else "h264"], ["aac"])


async def test_picture_and_sound_that_come_apart_are_one_progress(fetching: Fetching) -> None:
    await fetching.fetch("/hls/a-cat/apart.m3u8")

    told = [one.bytes_done for one in fetching.told if one.stage == "fetching"]
    percents = [one.percent for one in fetching.told if one.percent is not None]
    assert told == sorted(told)
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert fetching.left() == ["c1.mp4"]


async def test_joining_pieces_is_told_as_converting(fetching: Fetching) -> None:
    await fetching.fetch("/hls/a-cat/index.m3u8")

    assert "converting" in {one.stage for one in fetching.told}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/gone", "unavailable"),
        ("/refused", "unavailable"),
        ("/broken", "other"),
        ("/", "unsupported"),
        ("/live.m3u8", "unsupported"),
        ("/locked.m3u8", "unsupported"),
        ("/disguised.mp4", "unsupported"),
    ],
)
async def test_what_cannot_be_had_is_told_by_its_cause(fetching: Fetching, path: str, code: str) -> None:
    assert await fetching.refused(path) == code


@pytest.mark.parametrize("path", ["/promise.mp4", "/endless.mp4"])
async def test_film_beyond_the_limit_is_broken_off(fetching: Fetching, path: str) -> None:
    most = 0

    def hear(progress: Progress) -> None:
        nonlocal most
        most = max(most, progress.bytes_done)

    fetching.hears = hear
    assert await fetching.refused(path, max_bytes=2 * MIB) == "too_large"
    assert most <= 2 * MIB


async def test_film_whose_page_says_that_it_is_too_long_is_not_begun(fetching: Fetching) -> None:
    assert await fetching.refused("/long/a-cat", max_bytes=100 * MIB) == "too_long"
    assert not any(one.bytes_done for one in fetching.told)


async def test_film_without_a_length_passes_under_a_limit(fetching: Fetching) -> None:
    assert (await fetching.fetch("/v/a-cat.mp4", max_bytes=MIB)).facts.duration_s is None


async def test_site_that_never_answers_is_left_after_the_limit(fetching: Fetching) -> None:
    assert await fetching.refused("/silent.mp4", given={"limit_s": 1.5}) == "timed_out"


async def test_film_that_ends_early_leaves_nothing(fetching: Fetching) -> None:
    fetching.site.cut_at = 5000

    await fetching.refused("/v/a-cat.mp4")


async def test_download_is_stopped_with_its_files(fetching: Fetching) -> None:
    begun = asyncio.Event()
    fetching.hears = lambda progress: begun.set() if progress.bytes_done > 1024 else None

    async with fetching.downloader() as downloader:
        task = asyncio.create_task(downloader.fetch(fetching.wish("/slow/a-cat.mp4?kbps=40"), fetching.hear))
        await begun.wait()
        assert fetching.left() == ["c1.mp4.part"]
        await downloader.stop("c1")
        left = fetching.left()
        with pytest.raises(DownloadRefused) as caught:
            await task
        await downloader.stop("c1")

    assert left == []
    assert caught.value.code == "stopped"


async def test_who_stops_waiting_stops_the_download(fetching: Fetching) -> None:
    begun = asyncio.Event()
    fetching.hears = lambda progress: begun.set() if progress.bytes_done > 1024 else None

    async with fetching.downloader() as downloader:
        task = asyncio.create_task(downloader.fetch(fetching.wish("/slow/a-cat.mp4?kbps=40"), fetching.hear))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert fetching.left() == []


async def test_end_of_the_server_ends_downloads(fetching: Fetching) -> None:
    begun = asyncio.Event()
    fetching.hears = lambda progress: begun.set() if progress.bytes_done > 1024 else None
    downloader = fetching.downloader()
    task = asyncio.create_task(downloader.fetch(fetching.wish("/slow/a-cat.mp4?kbps=40"), fetching.hear))
    await begun.wait()

    await downloader.close()

    with pytest.raises(Unavailable):
        await task
    assert fetching.left() == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_killed_server_takes_the_download_and_its_programs_along(fetching: Fetching, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    await program(tmp_path / "ffmpeg", f"echo $$ $PPID > {pids}.new; mv {pids}.new {pids}; exec sleep 60")()
    script = f"""
import asyncio, sys
sys.path.insert(0, {str(HOME)!r})
from pathlib import Path
from homemedia.clips.download.models import Wish
from tests.clips.download.conftest import Bundled
from homemedia.clips.download.downloader import Downloader
async def main():
    async def ffmpeg(): return {str(tmp_path / "ffmpeg")!r}
    wish = Wish("c1", {fetching.site.url("/hls/a-cat/index.m3u8")!r}, "video", Path({str(tmp_path / "work")!r}))
    async with Downloader(Bundled(), ffmpeg=ffmpeg, private_hosts=[{fetching.site.host!r}]) as downloader:
        await downloader.fetch(wish, print)
asyncio.run(main())
"""
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.DEVNULL)
    async with asyncio.timeout(20):
        while not pids.exists():
            await asyncio.sleep(0.05)
    started = [int(text) for text in pids.read_text().split()]
    assert all(is_alive(pid) for pid in started)

    server.send_signal(signal.SIGKILL)
    await server.wait()

    async with asyncio.timeout(5):
        while any(is_alive(pid) for pid in started):
            await asyncio.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for ffmpeg")
async def test_programs_see_no_secret_of_the_server_and_no_address(
    fetching: Fetching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEMEDIA_LIBRARY_TMDB_KEY", "very-secret")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    seen = tmp_path / "seen"
    spy = program(
        tmp_path / "ffmpeg", f'echo ffmpeg version 7.1; env >> {seen}; echo "$@" >> {seen}; test "$1" = -bsfs'
    )

    await fetching.refused("/hls/a-cat/index.m3u8", given={"ffmpeg": spy})
    await fetching.refused("/locked.m3u8", given={"ffmpeg": spy})

    text = seen.read_text()
    assert "c1.mp4" in text
    assert "very-secret" not in text
    assert "proxy=http" not in text.lower()
    assert fetching.site.origin not in text
    assert f"HOME={fetching.folder}" in text


async def test_without_the_downloader_there_is_no_provider(fetching: Fetching) -> None:
    boot = f"import sys; sys.path.append({str(HOME)!r}); sys.modules['yt_dlp'] = None\n"
    boot += "from homemedia.clips.download.child import main; main()"

    assert await fetching.refused("/watch/a-cat", given={"command": [sys.executable, "-c", boot]}) == "no_provider"


async def test_child_that_dies_is_a_failed_download(fetching: Fetching) -> None:
    command = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]

    assert await fetching.refused("/watch/a-cat", given={"command": command}) == "other"


async def test_names_a_child_makes_up_are_not_believed(fetching: Fetching) -> None:
    line = '{"type":"brought","media":"../../secret.mp4","thumbnail":null,"facts":{}}'

    assert (
        await fetching.refused("/watch/a-cat", given={"command": [sys.executable, "-c", f"print('{line}')"]}) == "other"
    )


async def test_film_comes_without_ffmpeg_and_a_song_does_not(fetching: Fetching) -> None:
    async def none() -> str | None:
        return None

    assert (await fetching.fetch("/v/a-cat.mp4", given={"ffmpeg": none})).media.stat().st_size > 1000
    assert await fetching.refused("/sound/song.m4a", content_type="music", given={"ffmpeg": none}) == "other"


def song(site: VideoSite, **more: str) -> str:
    """A link to a song that the song-link service knows."""
    link = "https://open.spotify.com/track/1"
    site.songs[link] = {"title": "Says", "artist": "Nils Example", "spotify": link, **more}
    return link


async def test_song_is_found_by_what_the_link_means(fetching: Fetching, site: VideoSite) -> None:
    link = song(site, apple="https://music.apple.com/us/album/1")
    given = {"resolver_url": site.url("/links"), "search": site.url("/find?q={words}")}

    # The search stands for a site of the net; only a link to this very host may lead there.
    assert await fetching.refused(link, content_type="music", given=given | {"command": quick()}) == "unsupported"

    assert fetching.told[1].facts == Facts(
        title="Says",
        artist="Nils Example",
        album_art_url=site.url("/picture/album.jpg"),
        spotify_url=link,
        apple_music_url="https://music.apple.com/us/album/1",
    )
    assert site.queries["/links"] == {"url": link}
    assert site.requests["/find"] == 0


async def test_song_comes_as_mp3_with_its_picture(fetching: Fetching, site: VideoSite) -> None:
    link = site.url("/to")
    site.songs[link] = {"title": "Says", "artist": "Nils Example", "spotify": "https://open.spotify.com/track/1"}
    given = {"resolver_url": site.url("/links"), "search": site.url("/find?q={words}")}

    fetched = await fetching.fetch(link, content_type="music", given=given)

    assert fetched.media.name == "c1.mp3"
    assert [one.codec for one in sound(fetched.media).audio] == ["mp3"]
    assert (fetched.facts.title, fetched.facts.artist) == ("Says", "Nils Example")
    assert fetched.thumbnail is not None
    assert site.requests["/picture/album.jpg"] == 1
    assert site.queries["/find"] == {"q": "Says Nils Example"}


async def test_song_that_no_search_finds_is_taken_from_the_link_itself(fetching: Fetching, site: VideoSite) -> None:
    link = site.url("/sound/says.m4a")
    site.songs[link] = {"title": "Nothing", "artist": "Nobody"}
    given = {"resolver_url": site.url("/links"), "search": site.url("/find?q={words}")}

    fetched = await fetching.fetch(link, content_type="music", given=given)

    assert fetched.media.name == "c1.mp3"
    assert fetched.facts.title == "Nothing"


async def test_song_is_fetched_without_the_service(fetching: Fetching) -> None:
    fetched = await fetching.fetch("/sound/says.m4a", content_type="music")

    assert fetched.media.name == "c1.mp3"
    assert fetching.site.requests["/links"] == 0


async def test_song_nobody_has_fails_after_three_tries_and_its_facts_stay(fetching: Fetching, site: VideoSite) -> None:
    link = site.url("/gone")
    site.songs[link] = {"title": "Nothing", "artist": "Nobody"}
    given = {
        "resolver_url": site.url("/links"),
        "search": site.url("/find?q={words}"),
        "command": quick(),
    }

    assert await fetching.refused(link, content_type="music", given=given) == "unavailable"

    assert site.requests["/gone"] >= 3
    assert [one.facts.title for one in fetching.told if one.facts] == ["Nothing"]
