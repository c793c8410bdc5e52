"""Causes, limits, first bytes and songs: what is decided without a net."""

import errno
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from homemedia.clips.download.engine import SPARE_BYTES, Engine
from homemedia.clips.download.heads import is_media, picture_suffix
from homemedia.clips.download.models import DownloadRefused, Facts, RefusalCode
from homemedia.clips.download.order import News, Order
from homemedia.clips.download.reasons import code_of, longest_s
from homemedia.clips.download.songs import facts_of, resolved, sources

MIB = 1 << 20


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("ERROR: [youtube] x: Private video. Sign in if you've been granted access", "unavailable"),
        ("ERROR: [youtube] x: Video unavailable. This video has been removed by the uploader", "unavailable"),
        ("ERROR: [youtube] x: Sign in to confirm your age. This video may be inappropriate", "login_needed"),
        ("ERROR: [youtube] x: Sign in to confirm you're not a bot. Use --cookies-from-browser", "login_needed"),
        (
            "ERROR: [Instagram] x: Content is not available, login required",
            "login_needed",
        ),
        ("ERROR: [facebook] x: This video is only available for registered users", "login_needed"),
        ("ERROR: [TikTok] x: Video not available, status code 10204", "unavailable"),
        ("ERROR: [vimeo] x: HTTP Error 404: Not Found", "unavailable"),
        ("ERROR: [vimeo] x: HTTP Error 401: Unauthorized", "login_needed"),
        ("ERROR: [twitter] x: No video could be found in this tweet", "unsupported"),
        ("ERROR: [Reddit] x: No media found", "unsupported"),
        ("ERROR: Unsupported URL: https://www.reddit.com/r/cats", "unsupported"),
        ("ERROR: No suitable extractor found for URL https://x.example", "unsupported"),
        ("ERROR: [spotify] x: This site uses DRM", "unsupported"),
        ("ERROR: [x] y: Unable to download webpage: The read operation timed out", "timed_out"),
        ("ERROR: unable to write data: [Errno 28] No space left on device", "disk_full"),
        ("ERROR: [x] y: The uploader has not made this video available in your country", "unavailable"),
        ("ERROR: [x] y: Unable to extract the thing; please report this issue on the tracker", "other"),
        ("", "other"),
    ],
)
def test_what_the_downloader_says_has_a_cause(words: str, code: RefusalCode) -> None:
    assert code_of(words) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "full"), "disk_full"),
        (TimeoutError("slow"), "timed_out"),
        (ConnectionResetError("gone"), "other"),
        (None, "other"),
    ],
)
def test_error_behind_the_error_tells_the_cause(error: BaseException | None, code: RefusalCode) -> None:
    outer = RuntimeError("something")
    outer.__cause__ = error
    told: Any = RuntimeError("more")
    told.exc_info = (RuntimeError, outer, None)

    assert code_of("", told) == code


@pytest.mark.parametrize(
    ("limit", "is_music", "seconds"),
    [(None, False, None), (500 * MIB, False, 500), (25 * MIB, False, 25), (25 * MIB, True, 384), (1, False, 1)],
)
def test_longest_film_follows_from_the_largest(limit: int | None, is_music: bool, seconds: int | None) -> None:  # noqa: FBT001
    assert longest_s(limit, is_music=is_music) == seconds


@pytest.mark.parametrize(
    "head",
    [
        b"\x00\x00\x00\x20ftypisom",
        b"\x00\x00\x02\x00moovxxxx",
        b"\x1a\x45\xdf\xa3" + bytes(8),
        b"OggS" + bytes(8),
        b"fLaC" + bytes(8),
        b"FLV\x01" + bytes(8),
        b"ID3\x04" + bytes(8),
        b"\xff\xfb\x90\x00",
        b"\xff\xf1\x50\x80",
        b"RIFF\x00\x00\x00\x00AVI LIST",
        b"\x47" + bytes(187) + b"\x47" + bytes(100),
    ],
)
def test_film_and_sound_are_known_by_their_first_bytes(head: bytes) -> None:
    assert is_media(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"#EXTM3U\n#EXTINF:3,\nfile:///etc/passwd\n",
        b"\xef\xbb\xbf#EXTM3U\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"<?xml version='1.0'?><MPD/>",
        b"<!doctype html><html>",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\n",
        b"\x7fELF\x02\x01\x01",
        b"#!/bin/sh\n",
        b"\x47" + bytes(300),
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    ],
)
def test_what_refers_to_other_files_is_no_film(head: bytes) -> None:
    assert not is_media(head)


@pytest.mark.parametrize(
    ("head", "suffix"),
    [
        (b"\xff\xd8\xff\xe0" + bytes(12), ".jpg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(8), ".png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", ".webp"),
        (b"\x00\x00\x00\x1cftypavif" + bytes(4), ".avif"),
        (b"<svg xmlns='http", None),
        (b"<html><head><tit", None),
        (b"", None),
    ],
)
def test_pictures_are_known_by_their_first_bytes(head: bytes, suffix: str | None) -> None:
    assert picture_suffix(head) == suffix


ANSWER = {
    "entityUniqueId": "S::1",
    "entitiesByUniqueId": {
        "S::1": {"title": " Says ", "artistName": "Nils", "thumbnailUrl": "https://i.example/a.jpg"}
    },
    "linksByPlatform": {
        "spotify": {"url": "https://open.spotify.com/track/1"},
        "appleMusic": {"url": "javascript:alert(1)"},
        "youtubeMusic": {"url": "https://music.youtube.com/watch?v=x"},
    },
}


def test_song_is_read_from_the_services_answer() -> None:
    assert facts_of(ANSWER) == Facts(
        title="Says",
        artist="Nils",
        album_art_url="https://i.example/a.jpg",
        spotify_url="https://open.spotify.com/track/1",
        youtube_music_url="https://music.youtube.com/watch?v=x",
    )


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "x",
        {},
        {"entityUniqueId": "S::1", "entitiesByUniqueId": [], "linksByPlatform": "x"},
        {"entityUniqueId": "S::1", "entitiesByUniqueId": {"S::1": {"title": 5, "artistName": "", "thumbnailUrl": "x"}}},
    ],
)
def test_answer_of_another_form_knows_nothing(answer: object) -> None:
    assert facts_of(answer) == Facts()


def test_service_that_cannot_be_reached_is_no_failure() -> None:
    def read(url: str) -> Any:
        assert url == "https://api.example/links?url=https%3A%2F%2Fx%2F%3Fa%3D1%26b"
        raise OSError("down")

    assert resolved("https://x/?a=1&b", "https://api.example/links", read) == Facts()


def test_places_of_a_song_are_in_the_order_of_their_worth() -> None:
    facts = facts_of(ANSWER)

    assert sources("https://open.spotify.com/track/1", facts, "ytsearch1:{words}", is_local=False) == [
        "ytsearch1:Says Nils",
        "https://music.youtube.com/watch?v=x",
    ]
    assert sources("https://soundcloud.com/a/b", Facts(), "ytsearch1:{words}", is_local=False) == [
        "https://soundcloud.com/a/b"
    ]
    assert sources("https://open.spotify.com/track/1", Facts(), "ytsearch1:{words}", is_local=False) == []
    assert sources("https://music.youtube.com/watch?v=x", facts, "s:{words}", is_local=False) == [
        "s:Says Nils",
        "https://music.youtube.com/watch?v=x",
    ]


def test_words_of_a_song_stay_words_of_a_search() -> None:
    facts = Facts(title="--exec\nrm\0 {words} \u202e" + "x" * 500, artist='"; id')

    found = sources("https://x.example/", facts, "ytsearch1:{words}", is_local=False)[0]

    assert found.startswith("ytsearch1:--exec rm {words} xxx")
    assert len(found) < 220
    assert found.isprintable()


def test_disk_that_is_nearly_full_ends_a_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[News] = []
    engine = Engine(None, Order(what="download", folder=str(tmp_path), clip_id="c1"), said.append)
    engine._hear({"status": "downloading", "filename": "c1.mp4", "downloaded_bytes": 5, "total_bytes": 10})
    engine._checked_at = 0.0
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=SPARE_BYTES - 1))

    with pytest.raises(DownloadRefused) as caught:
        engine._hear({"status": "downloading", "filename": "c1.mp4", "downloaded_bytes": 6, "total_bytes": 10})

    assert caught.value.code == "disk_full"
    assert said == [News("fetching", percent=50, bytes_done=5, bytes_total=10)]
