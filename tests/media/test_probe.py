"""Probing: what is said of good files, and of every kind of bad one."""

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ffmpeg
import msgspec
import pytest

from homemedia.core.problems import AppError
from homemedia.media.models import Probe, ProbeRequest
from homemedia.media.probe import probe, probe_many
from homemedia.media.streams import created_at
from tests.support.samples import a_film, a_film_with_cover, a_long_film, a_poster, damaged, many_films, run_ffmpeg

DAMAGES = ("cut", "head", "zeros", "random", "flipped", "hole", "text", "empty")
CODES = {"empty_file", "not_media", "no_video", "probe_failed", "timeout"}


def look(path: Path) -> Probe:
    return probe(str(path), limit_s=10)


def refusal(path: Path, *, needs_video: bool = True) -> str:
    [result] = probe_many([ProbeRequest(str(path), needs_video=needs_video)])
    assert result.probe is None
    assert result.error
    assert str(path.parent) not in result.error
    return str(result.code)


@pytest.mark.parametrize(
    ("name", "words", "container", "video", "audio"),
    [
        ("a.mp4", {}, "mp4", "h264", "aac"),
        ("a.m4v", {}, "mp4", "h264", "aac"),
        ("a.mov", {}, "mov", "h264", "aac"),
        ("a.3gp", {}, "3gp", "h264", "aac"),
        ("a.mkv", {"codec": "hevc", "audio": "ac3"}, "mkv", "hevc", "ac3"),
        ("a.webm", {"codec": "vp9", "audio": "opus"}, "webm", "vp9", "opus"),
        ("a.avi", {"codec": "mpeg4", "audio": "mp3"}, "avi", "mpeg4", "mp3"),
        ("a.ts", {}, "ts", "h264", "aac"),
        ("a.m2ts", {"options": {"mpegts_m2ts_mode": 1}}, "m2ts", "h264", "aac"),
        ("a.flv", {}, "flv", "h264", "aac"),
        ("a.mpg", {"codec": "mpeg2video", "audio": "mp2", "rate": 25}, "mpg", "mpeg2video", "mp2"),
        ("a.wmv", {"codec": "mpeg4", "audio": "mp3"}, "wmv", "mpeg4", "mp3"),
        ("mislabelled.mkv", {"container": "mp4"}, "mp4", "h264", "aac"),
        ("mislabelled.mp4", {"container": "mkv"}, "mkv", "h264", "aac"),
        ("colon: file?.mkv", {}, "mkv", "h264", "aac"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_containers_and_codecs_are_named_by_content(
    tmp_path: Path, name: str, words: dict[str, Any], container: str, video: str, audio: str
) -> None:
    found = look(a_film(tmp_path / name, **words))

    assert (found.container, [s.codec for s in found.video], [s.codec for s in found.audio]) == (
        container,
        [video],
        [audio],
    )
    assert found.duration_ms is not None
    assert 900 <= found.duration_ms <= 1300
    assert found.bitrate


def test_a_plain_film_has_all_its_facts(tmp_path: Path) -> None:
    found = look(a_film(tmp_path / "a.mp4", language="ger", title="Heat"))

    video, audio = found.video[0], found.audio[0]
    assert (video.track, video.width, video.height, video.frame_rate, video.rotation) == (0, 320, 180, 8.0, 0)
    assert (video.profile, video.level, video.bit_depth) == ("Constrained Baseline", 11, 8)
    assert (video.pixel_format, video.chroma, video.sar) == ("yuv420p", "4:2:0", "1:1")
    assert (video.interlaced, video.hdr, video.default) == (False, "none", True)
    assert (audio.track, audio.channels, audio.layout, audio.sample_rate) == (1, 1, "mono", 48000)
    assert (audio.language, audio.default) == ("de", True)
    assert found.tags.title == "Heat"
    assert found.main_video == video
    assert found.main_audio == audio


def test_subtitles_chapters_and_fonts_are_listed(tmp_path: Path) -> None:
    found = look(a_film(tmp_path / "a.mkv", subtitles=["eng", "fre"], chapters=["Opening", "The end"], font="Font.ttf"))

    assert [(s.track, s.format, s.language, s.text) for s in found.subtitles] == [
        (2, "srt", "en", True),
        (3, "srt", "fr", True),
    ]
    assert [(c.title, c.start_ms, c.end_ms) for c in found.chapters] == [("Opening", 0, 500), ("The end", 500, 1000)]
    assert [(a.name, a.mime, a.size > 0) for a in found.attachments] == [("Font.ttf", "font/ttf", True)]


@pytest.mark.parametrize(("name", "kind"), [("a.mp4", "mov_text"), ("a.webm", "vtt")])
def test_text_subtitles_of_other_containers_are_text_too(tmp_path: Path, name: str, kind: str) -> None:
    codec, audio = ("vp8", "opus") if name.endswith("webm") else ("h264", "aac")
    found = look(a_film(tmp_path / name, codec=codec, audio=audio, subtitles=["eng"]))

    assert [(s.format, s.text, s.language) for s in found.subtitles] == [(kind, True, "en")]


@pytest.mark.parametrize(
    ("codec", "hdr", "transfer"),
    [("hdr10", "hdr10", "smpte2084"), ("hlg", "hlg", "arib-std-b67"), ("hevc", "none", None)],
)
def test_high_dynamic_range_is_seen(tmp_path: Path, codec: str, hdr: str, transfer: str | None) -> None:
    video = look(a_film(tmp_path / "a.mkv", codec=codec, audio=None)).video[0]

    assert (video.hdr, video.color_transfer) == (hdr, transfer)
    assert video.bit_depth == (8 if codec == "hevc" else 10)
    assert video.tier == "main"


def test_ten_bit_h264_is_known_though_nothing_was_decoded(tmp_path: Path) -> None:
    video = look(a_film(tmp_path / "a.mp4", codec="h264_10")).video[0]

    assert (video.profile, video.bit_depth, video.pixel_format) == ("High 10", 10, "yuv420p10le")


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_pixels_that_are_not_square_are_seen(tmp_path: Path, name: str) -> None:
    assert look(a_film(tmp_path / name, options={"vf": "setsar=4/3"})).video[0].sar == "4:3"


def test_interlaced_pictures_are_seen(tmp_path: Path) -> None:
    path = a_film(tmp_path / "a.ts", codec="mpeg2video", audio="ac3", rate=25, options={"flags": "+ilme+ildct"})

    assert look(path).video[0].interlaced


def test_a_film_that_begins_late_is_as_long_as_it_plays(tmp_path: Path) -> None:
    found = look(a_film(tmp_path / "a.mkv", seconds=2, options={"output_ts_offset": 7.3}))

    assert found.duration_ms is not None
    assert (round(found.duration_ms, -2), round(found.start_ms, -2)) == (2000, 7300)


@pytest.mark.parametrize(("turned", "rotation"), [(90, 270), (180, 180), (270, 90)])
def test_a_picture_filmed_on_its_side_is_seen(tmp_path: Path, turned: int, rotation: int) -> None:
    plain, path = a_film(tmp_path / "plain.mp4"), tmp_path / "a.mp4"
    run_ffmpeg(ffmpeg.input(str(plain), display_rotation=turned).output(str(path), c="copy"), path)

    assert look(path).video[0].rotation == rotation


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_an_embedded_cover_is_no_film_stream(tmp_path: Path, name: str) -> None:
    found = look(a_film_with_cover(tmp_path / name))

    assert len(found.video) == 1
    assert found.cover_track == 2


def test_sound_alone_is_refused_where_a_film_is_wanted(tmp_path: Path) -> None:
    path = a_film(tmp_path / "song.mkv", codec=None, tags={"artist": "N. N.", "album": "First", "track": "3/12"})

    assert refusal(path) == "no_video"
    found = look(path)
    assert (found.video, found.tags.artist, found.tags.track) == ((), "N. N.", 3)


def test_a_song_with_a_cover_is_still_no_film(tmp_path: Path) -> None:
    assert refusal(a_film_with_cover(tmp_path / "song.mp3", codec=None)) == "no_video"


def test_tags_are_read_in_any_case_and_without_controls(tmp_path: Path) -> None:
    tags = {"title": "A\x07 b", "creation_time": "2024-03-01T12:00:00Z", "comment": "x" * 9000, "show": "The Well"}
    found = look(a_film(tmp_path / "a.mp4", tags=tags)).tags

    assert (found.title, found.show) == ("A b", "The Well")
    assert found.created_at == 1_709_294_400_000
    assert len(found.comment or "") <= 4000


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        (["2024-03-01T13:00:00+01:00", "2020-01-01T00:00:00Z"], 1_709_294_400_000),
        (["2024-03-01T12:00:00"], 1_709_294_400_000),
        (["1904-01-01T00:00:00Z"], None),
        (["1970-01-01T00:00:00Z"], None),
        (["yesterday", None], None),
        (["0001-01-01T00:00:00+14:00"], None),
    ],
)
def test_the_time_of_filming_is_believed_only_when_it_can_be(said: list[str | None], moment: int | None) -> None:
    assert created_at(*said) == moment


def test_a_long_film_is_probed_by_its_headers(tmp_path: Path) -> None:
    assert look(a_long_film(tmp_path / "long.mkv")).duration_ms == pytest.approx(300_000, abs=500)


def test_many_films_differ_in_their_bytes_and_are_all_good(tmp_path: Path) -> None:
    paths = many_films(tmp_path / "films", 4) + many_films(tmp_path / "films", 4, name="Film {n}.mp4")

    assert len({path.read_bytes() for path in paths}) == 8
    assert all(result.probe for result in probe_many([ProbeRequest(str(path)) for path in paths]))


def test_a_probe_survives_the_database(tmp_path: Path) -> None:
    found = look(a_film(tmp_path / "a.mkv", subtitles=["eng"], chapters=["One"], title="T"))

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Probe) == found


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("empty.mkv", lambda path: path.write_bytes(b""), "empty_file"),
        ("text.mkv", lambda path: path.write_text("only words\n" * 50), "not_media"),
        ("zeros.mp4", lambda path: path.write_bytes(bytes(100_000)), "not_media"),
        ("picture.mkv", lambda path: a_poster(path.with_suffix(".jpg")).rename(path), "not_media"),
        ("photo.mp4", lambda path: a_poster(path.with_suffix(".heic")).rename(path), "not_media"),
        ("ansi.mkv", lambda path: path.write_text("\x1b[31mred\x1b[0m\n" * 50), "not_media"),
        ("folder.mkv", Path.mkdir, "not_media"),
        ("pipe.mkv", os.mkfifo, "not_media"),
        ("gone.mkv", lambda _: None, "file_missing"),
        ("a\x00b.mkv", lambda _: None, "probe_failed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_film_is_refused_with_its_reason(
    tmp_path: Path, name: str, make: Callable[[Path], object], code: str
) -> None:
    make(tmp_path / name)

    assert refusal(tmp_path / name) == code


HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile '{secret}'\n"
SDP = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
DASH = '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{secret}</BaseURL></MPD>'


@pytest.mark.parametrize("text", [HLS, CONCAT, SDP, DASH], ids=["hls", "concat", "sdp", "dash"])
def test_a_playlist_dressed_as_a_film_opens_nothing_else(tmp_path: Path, text: str) -> None:
    secret = a_film(tmp_path / "elsewhere.ts")
    path = tmp_path / "film.mkv"
    path.write_text(text.format(secret=secret), encoding="utf-8")

    assert refusal(path) == "not_media"


def test_a_film_cut_before_its_index_is_damaged_not_foreign(tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(a_film(tmp_path / "whole.mp4").read_bytes()[:20_000])

    assert refusal(path) == "probe_failed"


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_damaged_files_are_answered_never_raised(tmp_path: Path, name: str, kind: str) -> None:
    path = damaged(
        a_film(tmp_path / "whole" / name, subtitles=() if name == "a.ts" else ["eng"]), tmp_path / name, kind
    )

    [result] = probe_many([ProbeRequest(str(path))])

    assert result.probe is not None or result.code in CODES


@pytest.mark.long
def test_hundreds_of_damaged_files_are_answered_never_raised(tmp_path: Path) -> None:
    wholes = [
        a_film(tmp_path / "w" / "a.mp4", subtitles=["eng"], chapters=["One", "Two"]),
        a_film(tmp_path / "w" / "b.mkv", codec="hdr10", subtitles=["eng"], font="F.ttf"),
        a_film(tmp_path / "w" / "c.ts", codec="mpeg2video", audio="ac3", rate=25),
        a_film(tmp_path / "w" / "d.avi", codec="mpeg4", audio="mp3"),
        a_film(tmp_path / "w" / "e.webm", codec="vp9", audio="opus"),
        a_film(tmp_path / "w" / "f.flv"),
        a_film_with_cover(tmp_path / "w" / "g.mp4"),
        a_film_with_cover(tmp_path / "w" / "h.mkv"),
    ]
    counts: dict[str, int] = {}
    for whole, kind, seed in itertools.product(wholes, DAMAGES, range(10)):
        path = damaged(whole, tmp_path / "d" / f"{kind}-{seed}-{whole.name}", kind, seed=seed)
        try:
            outcome = "ok" if probe(str(path), limit_s=10, needs_video=True) else ""
        except AppError as err:
            outcome = err.code
        counts[outcome] = counts.get(outcome, 0) + 1
        path.unlink()

    assert set(counts) <= CODES | {"ok"}
    assert sum(counts.values()) == 640
