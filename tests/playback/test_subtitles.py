"""Subtitles of a film through the real server: beside it in old characters, and inside it."""

import asyncio
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from homemedia.accounts import Member
from homemedia.accounts.models import MemberState
from homemedia.core.problems import NotFound, Unavailable
from homemedia.core.threads import Lane
from homemedia.library import visible
from homemedia.library.files import FileService
from homemedia.media.ffmpeg import Ffmpeg
from homemedia.media.subtitles import UnreadableSubtitle
from homemedia.media.subtitles.extract import Extraction
from homemedia.playback.subtitles_cache import Source, SubtitleCache
from tests.support.app import House
from tests.support.samples import a_film, ffmpeg_path
from tests.support.sup import a_sup

DAY_S = 86_400
CUE = "1\n00:00:00,200 --> 00:00:00,900\n{}\n"
SHOWN = "WEBVTT\n\n00:00:00.200 --> 00:00:00.900\n{}\n"
SCRIPT = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Sign,Odd Font,48,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,2,1,8,40,40,40,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.20,0:00:00.90,Sign,,0,0,0,,{\\i1}Shop{\\i0}
"""


def _old(path: Path) -> Path:
    then = time.time() - DAY_S
    os.utime(path, (then, then))
    return path


def _beside(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    _old(path)


def _with_streams(folder: Path) -> Path:
    """A film with SubRip, a script with its font, pictures and WebVTT inside."""
    plain = a_film(folder.parent / "work" / "plain.mkv", size="64x36", rate=5)
    work = plain.parent
    (work / "a.srt").write_text(CUE.format("Inside <i>it</i>"), encoding="utf-8")
    (work / "b.ass").write_text(SCRIPT, encoding="utf-8")
    (work / "d.vtt").write_text(SHOWN.format("Fourth"), encoding="utf-8")
    (work / "odd.ttf").write_bytes(b"\x00\x01\x00\x00" + b"font" * 64)
    a_sup(work / "c.sup")
    film = folder / "Film (2001).mkv"
    film.parent.mkdir(parents=True)
    words = [ffmpeg_path(), "-loglevel", "error", "-nostdin", "-i", "plain.mkv", "-i", "a.srt", "-i", "b.ass"]
    words += ["-i", "c.sup", "-i", "d.vtt", *(word for n in range(5) for word in ("-map", str(n))), "-c", "copy"]
    words += ["-attach", "odd.ttf", "-metadata:s:t", "mimetype=font/ttf", str(film)]
    subprocess.run(words, check=True, timeout=30, cwd=work)
    return _old(film)


def _shelf(media: Path) -> Path:
    films = media / "Films"
    film = _with_streams(films / "Film (2001)")
    said = {
        "ru": ("Привет, Мария", "cp1251"),
        "fr": ("Où étais-tu, très chère ?", "latin-1"),
        "de": ("Schöne Grüße", "utf-16-le"),
    }
    for language, (text, page) in said.items():
        _beside(film.with_name(f"Film (2001).{language}.srt"), CUE.format(text).encode(page))
    _beside(film.with_name("Film (2001).it.sub"), "{1}{1}10\n{2}{9}Perché|no".encode("cp1252"))
    _beside(film.with_name("Film (2001).nl.idx"), b"# VobSub index file, v7\n")
    _beside(film.with_name("Film (2001).nl.sub"), b"\x00\x00\x01\xba")
    _beside(film.parent / "Subs" / "2_Spanish.srt", CUE.format("¿Qué?").encode("cp1252"))
    _beside(film.with_name("Film (2001).sv.srt"), b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00\xff\x01" * 100)
    return films


async def _first_file(house: House, library: Any) -> int:
    page = await house.get(f"/api/libraries/{library['id']}/items")
    item = await house.get(f"/api/media/{page['items'][0]['id']}")
    return int(item["files"][0]["id"])


async def _tracks(house: House, file_id: int) -> dict[str, Any]:
    info = await house.get(f"/api/media/{file_id}/info")
    return {f"{one['language'] if one['external'] else 'in'}-{one['format']}": one for one in info["subtitles"]}


async def _me(house: House) -> Member:
    rows = await house.server.db.read("SELECT user_id, username FROM user")
    return Member(
        user_id=rows[0]["user_id"],
        username=rows[0]["username"],
        display_name="",
        email=None,
        is_admin=True,
        state=MemberState.ACTIVE,
        sees_all_libraries=True,
        session_id="",
        created_at=0,
        last_seen_at=None,
        expires_at=None,
        has_password=True,
    )


async def _text(house: House, url: str, status: int = 200) -> str:
    async with house.client.get(url) as answer:
        body = await answer.text("utf-8")
        assert answer.status == status, f"{url}: {answer.status} {body}"
        return body


@pytest.fixture
async def film(claimed: House) -> int:
    library = await claimed.add_library("Films", "movie", await asyncio.to_thread(_shelf, claimed.media))
    return await _first_file(claimed, library)


async def test_every_text_of_a_film_comes_as_webvtt_in_utf8(claimed: House, film: int) -> None:
    tracks = await _tracks(claimed, film)
    assert [one["index"] for one in tracks.values()] == list(range(len(tracks)))
    for name, said in (
        ("ru-srt", "Привет, Мария"),
        ("fr-srt", "Où étais-tu, très chère ?"),
        ("de-srt", "Schöne Grüße"),
        ("es-srt", "¿Qué?"),
        ("it-microdvd", "Perché\nno"),
        ("in-srt", "Inside <i>it</i>"),
        ("in-vtt", "Fourth"),
    ):
        assert await _text(claimed, tracks[name]["url"]) == SHOWN.format(said), name
    assert await _text(claimed, tracks["in-ass"]["url"]) == SHOWN.format("Shop").replace("900\n", "900 line:5%\n")
    async with claimed.client.get(tracks["ru-srt"]["url"]) as answer:
        assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"


async def test_formats_and_shift_are_as_asked_for(claimed: House, film: int) -> None:
    tracks = await _tracks(claimed, film)
    french = tracks["fr-srt"]["url"]
    assert await _text(claimed, f"{french}?format=srt") == CUE.format("Où étais-tu, très chère ?")
    assert await _text(claimed, f"{french}?format=original") == CUE.format("Où étais-tu, très chère ?")
    assert "Dialogue: 0,0:00:00.20" in await _text(claimed, f"{french}?format=ass")
    assert "00:00:01.200 --> 00:00:01.900" in await _text(claimed, f"{french}?shift=1000")
    assert await _text(claimed, f"{french}?shift=-1000") == "WEBVTT\n"
    script = await _text(claimed, f"{tracks['in-ass']['url']}?format=original&shift=1000")
    assert "Style: Sign,Odd Font" in script
    assert "0:00:01.20,0:00:01.90,Sign" in script
    for wrong in ("format=sub", "shift=600001", "shift=-600001", "shift=x"):
        await claimed.get(f"{french}?{wrong}", 400)


async def test_what_cannot_be_sent_is_named(claimed: House, film: int) -> None:
    tracks = await _tracks(claimed, film)
    for name in ("in-pgs", "nl-vobsub"):
        assert (await claimed.get(tracks[name]["url"], 415))["code"] == "subtitle_not_text"
    assert (await claimed.get(tracks["sv-srt"]["url"], 422))["code"] == "subtitle_unreadable"
    await claimed.get(f"/api/media/{film}/subtitle/99", 404)
    await claimed.get(f"/api/media/{film}/subtitle/x", 404)
    await claimed.get("/api/media/999/subtitle/0", 404)
    async with claimed.stranger().get(tracks["ru-srt"]["url"]) as answer:
        assert answer.status == 401


async def test_answer_is_not_sent_twice(claimed: House, film: int) -> None:
    url = (await _tracks(claimed, film))["in-srt"]["url"]
    async with claimed.client.get(url) as answer:
        tag = answer.headers["ETag"]
    async with claimed.client.get(url, headers={"If-None-Match": tag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
    async with claimed.client.get(f"{url}?shift=5", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 200


async def test_link_out_of_the_library_leads_to_nothing_but_subtitles(claimed: House, film: int) -> None:
    tracks = await _tracks(claimed, film)
    folder = claimed.media / "Films" / "Film (2001)"
    beside = folder / "Film (2001).fr.srt"
    beside.unlink()
    secret = claimed.folder / "secret.txt"
    secret.write_text(CUE.format("secret"), encoding="utf-8")
    beside.symlink_to(secret)
    assert (await claimed.get(tracks["fr-srt"]["url"], 404))["code"] == "file_missing"
    beside.unlink()
    beside.symlink_to(secret.rename(secret.with_suffix(".srt")))
    assert "secret" in await _text(claimed, tracks["fr-srt"]["url"])
    beside.unlink()
    os.mkfifo(beside)
    await claimed.get(tracks["fr-srt"]["url"], 404)


async def test_script_is_drawn_with_its_looks_and_its_letters(claimed: House, film: int) -> None:
    subtitles = claimed.server.playback.subtitles
    tracks = await _tracks(claimed, film)
    file = await FileService(claimed.server.db).playable(await _me(claimed), film)
    script = await subtitles.burnt(file, tracks["in-ass"]["index"])
    assert (script.name, script.body[:13]) == ("burnt.ass", b"[Script Info]")
    assert b"{\\i1}Shop" in script.body
    assert script.fonts is not None
    assert [font.name for font in script.fonts.glob("*.ttf")] == ["0.ttf"]
    plain = await subtitles.burnt(file, tracks["ru-srt"]["index"])
    assert (plain.name, plain.body.decode(), plain.fonts) == ("burnt.srt", CUE.format("Привет, Мария"), None)


class Slow:
    """Looks for ffmpeg until it is told to find it."""

    def __init__(self) -> None:
        self.asked = 0
        self.go = asyncio.Event()

    async def __call__(self) -> Ffmpeg | None:
        self.asked += 1
        await self.go.wait()
        return Ffmpeg(ffmpeg_path(), "", "bundled")


def _source(film: Path, *tracks: tuple[int, str]) -> Source:
    facts = film.stat()
    return Source(
        path=str(film),
        size_bytes=facts.st_size,
        mtime_ns=facts.st_mtime_ns,
        extraction=Extraction(tracks or ((2, "srt"),)),
    )


async def test_who_cannot_wait_comes_again_and_the_pass_goes_on(tmp_path: Path) -> None:
    film = await asyncio.to_thread(a_film, tmp_path / "film.mkv", size="64x36", subtitles=("eng",))
    slow, source = Slow(), _source(film)
    async with Lane("subtitles", 2) as lane, SubtitleCache(tmp_path / "cache", slow, lane, wait_s=0) as cache:
        for _ in range(3):
            with pytest.raises(Unavailable) as refused:
                await cache.folder_of(source)
            assert (refused.value.code, refused.value.retry_after_s) == ("subtitle_not_ready", 10)
        slow.go.set()
        folder = await cache.begin(source)
        assert "Hello in eng" in (folder / "2.srt").read_text()
        assert await cache.folder_of(source) == folder
        assert slow.asked == 1


async def test_film_of_which_nothing_can_be_had_is_not_read_again_at_once(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    film.write_bytes(b"no film" * 100)
    slow = Slow()
    slow.go.set()
    async with Lane("subtitles", 2) as lane, SubtitleCache(tmp_path / "cache", slow, lane) as cache:
        for _ in range(2):
            with pytest.raises(UnreadableSubtitle):
                await cache.folder_of(_source(film))
        assert slow.asked == 1
        assert list((tmp_path / "cache").iterdir()) == []


async def test_cache_keeps_to_its_size_and_forgets_what_was_not_looked_at(tmp_path: Path) -> None:
    slow = Slow()
    slow.go.set()
    folder = tmp_path / "cache"
    (folder / "0123.abcdef.part").mkdir(parents=True)
    films = []
    for number in range(3):
        film = await asyncio.to_thread(a_film, tmp_path / f"{number}.mkv", size="64x36", subtitles=("eng",))
        films.append(film)
    async with Lane("subtitles", 2) as lane, SubtitleCache(folder, slow, lane, limit_bytes=110) as cache:
        assert list(folder.iterdir()) == []
        first = await cache.folder_of(_source(films[0]))
        os.utime(first, (1, 1))
        second = await cache.folder_of(_source(films[1]))
        os.utime(second, (2, 2))
        assert await cache.folder_of(_source(films[0])) == first
        third = await cache.folder_of(_source(films[2]))
        assert {entry.name for entry in folder.iterdir()} == {first.name, third.name}


async def test_one_bad_font_costs_the_letters_and_not_the_words(tmp_path: Path) -> None:
    film = await asyncio.to_thread(a_film, tmp_path / "film.mkv", size="64x36", subtitles=("eng",))
    slow = Slow()
    slow.go.set()
    facts = film.stat()
    source = Source(
        path=str(film),
        size_bytes=facts.st_size,
        mtime_ns=facts.st_mtime_ns,
        extraction=Extraction(((2, "srt"),), fonts=(7,)),
    )
    async with Lane("subtitles", 2) as lane, SubtitleCache(tmp_path / "cache", slow, lane) as cache:
        assert "Hello in eng" in ((await cache.folder_of(source)) / "2.srt").read_text()


async def test_text_of_other_containers_is_taken_out_too(tmp_path: Path) -> None:
    slow = Slow()
    slow.go.set()
    async with Lane("subtitles", 2) as lane, SubtitleCache(tmp_path / "cache", slow, lane) as cache:
        for suffix, form, name in (("mp4", "mov_text", "2.srt"), ("mov", "mov_text", "2.srt")):
            film = await asyncio.to_thread(a_film, tmp_path / f"film.{suffix}", size="64x36", subtitles=("eng", "fre"))
            folder = await cache.folder_of(_source(film, (2, form), (3, form)))
            assert "Hello in eng" in (folder / name).read_text()
            assert "Hello in fre" in (folder / "3.srt").read_text()


async def test_stream_brings_every_text_mapped_to_its_own_times(claimed: House, film: int) -> None:
    tracks = await _tracks(claimed, film)
    opened = await claimed.send("POST", f"/api/transcode/{film}", {"force": "remux"}, 201)
    stranger = claimed.stranger()
    async with stranger.get(opened["masterUrl"]) as answer:
        master = await answer.text()
    assert master.count("TYPE=SUBTITLES") == sum(one["text"] for one in tracks.values())
    address, _, query = opened["masterUrl"].partition("?")
    index = tracks["in-srt"]["index"]
    async with stranger.get(f"{address.removesuffix('master.m3u8')}sub-{index}.vtt?{query}") as answer:
        assert await answer.text() == SHOWN.format("Inside <i>it</i>").replace(
            "WEBVTT\n", "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n"
        )
    async with stranger.get(f"{tracks['ru-srt']['url']}?{query}") as answer:
        assert await answer.text() == SHOWN.format("Привет, Мария")
    await claimed.send("DELETE", f"/api/transcode/{opened['sessionId']}")


async def test_text_is_taken_out_as_soon_as_it_is_chosen(claimed: House, film: int) -> None:
    index = (await _tracks(claimed, film))["in-srt"]["index"]
    kept = claimed.folder / "data" / "cache" / "subtitles"
    assert list(kept.iterdir()) == []
    await claimed.get(f"/api/media/{film}/playback-info?subtitleTrack={index}")

    async def is_there() -> bool:
        return any(kept.glob("*/2.srt"))

    await claimed.until(is_there)


async def test_script_inside_a_film_is_drawn_into_the_stream(claimed: House, film: int) -> None:
    index = (await _tracks(claimed, film))["in-ass"]["index"]
    wish = {"subtitleTrack": index, "subtitleMode": "burn"}
    opened = await claimed.send("POST", f"/api/transcode/{film}", wish, 201)
    assert (opened["method"], opened["subtitle"]["action"]) == ("transcode", "burn")
    base = f"/api/transcode/{opened['sessionId']}"
    for name in ("init.mp4", "0.m4s"):
        async with claimed.client.get(f"{base}/{name}") as answer:
            assert answer.status == 200, await answer.text()
    await claimed.send("DELETE", base)


async def test_who_does_not_see_a_film_sees_none_of_its_words(
    claimed: House, film: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = structs.replace(await _me(claimed), user_id="guest", is_admin=False)
    monkeypatch.setattr(visible, "limits_of", lambda _member: visible.Limits(allowed_labels=("nobody has this",)))
    with pytest.raises(NotFound):
        await claimed.server.playback.subtitles.of_member(guest, film, 0)
