"""Names of codecs against those that ffmpeg's own manifests give, and examples from the standards."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homemedia.media.hls.codecs import av1, codecs_of, hevc, of_extradata, sound, vp9
from homemedia.media.hls.cuts import NotFragmented
from tests.support.hls import every_ffmpeg, ffmpegs, run

HVC1 = ("-tag:v", "hvc1", "-x265-params", "log-level=none:pools=1")
FAST_VP9 = ("-deadline", "realtime", "-cpu-used", "8")
HDR = ("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc")


def made(ffmpeg: str, folder: Path, video: Sequence[str], audio: Sequence[str]) -> tuple[bytes, list[str]]:
    """The description of a film, and what ffmpeg calls its codecs."""
    inputs = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=0.2", "-f", "lavfi", "-i", "sine=d=0.2"]
    manifest = folder / "made.mpd"
    inner = ["-init_seg_name", "$RepresentationID$.mp4", "-strict", "-2", "-seg_duration", "9"]
    run(ffmpeg, *inputs, "-map", "0:v", "-map", "1:a", *video, *audio, *inner, "-f", "dash", str(manifest))
    named = [
        one.attrib["codecs"]
        for one in ET.parse(manifest).iter()  # noqa: S314 - our own
        if one.tag.endswith("}Representation")
    ]
    film = folder / "film.mp4"
    joined = ["-map", "0:v", "-map", "1:a", *video, *audio, "-strict", "-2", "-movflags", "+frag_keyframe+delay_moov"]
    run(ffmpeg, *inputs, *joined, str(film))
    return film.read_bytes(), named


@every_ffmpeg
@pytest.mark.parametrize(
    ("video", "audio"),
    [
        pytest.param(["-c:v", "libx264", "-pix_fmt", "yuv420p"], ["-c:a", "aac"], id="h264 high, aac"),
        pytest.param(["-c:v", "libx264", "-profile:v", "baseline"], ["-c:a", "ac3"], id="h264 baseline, ac-3"),
        pytest.param(["-c:v", "libx264", "-pix_fmt", "yuv420p10le"], ["-c:a", "eac3"], id="h264 high 10, e-ac-3"),
    ],
)
def test_names_are_those_of_a_manifest(ffmpeg: str, video: Sequence[str], audio: Sequence[str], tmp_path: Path) -> None:
    init, named = made(ffmpeg, tmp_path, video, audio)

    assert [one.lower() for one in codecs_of(init)] == [one.lower() for one in named]


@pytest.mark.parametrize(
    ("video", "audio", "names"),
    [
        pytest.param(
            ["-c:v", "libx265", "-pix_fmt", "yuv420p", *HVC1],
            ["-c:a", "libopus"],
            ["hvc1.1.6.L60.90", "Opus"],
            id="hevc, opus",
        ),
        pytest.param(
            ["-c:v", "libx265", "-pix_fmt", "yuv420p10le", *HVC1],
            ["-c:a", "flac"],
            ["hvc1.2.4.L60.90", "fLaC"],
            id="hevc main 10, flac",
        ),
        pytest.param(
            ["-c:v", "libvpx-vp9", *FAST_VP9], ["-c:a", "libmp3lame"], ["vp09.00.11.08", "mp4a.6B"], id="vp9, mp3"
        ),
        pytest.param(
            ["-c:v", "libx264", "-pix_fmt", "yuv444p"],
            ["-c:a", "alac"],
            ["avc1.F4000C", "alac"],
            id="h264 high 4:4:4, alac",
        ),
    ],
)
def test_names_of_descriptions(
    video: Sequence[str], audio: Sequence[str], names: Sequence[str], tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    inputs = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=0.2", "-f", "lavfi", "-i", "sine=d=0.2"]
    movflags = ["-strict", "-2", "-movflags", "+frag_keyframe+delay_moov"]
    run(ffmpegs()[0], *inputs, *video, *audio, *movflags, str(film))

    assert codecs_of(film.read_bytes()) == names
    if not names[0].startswith("vp09"):
        assert _from_extradata(film) == names[0]
        repacked = tmp_path / "film.ts"
        run(ffmpegs()[0], "-i", str(film), "-map", "0:v", "-c", "copy", str(repacked))
        assert _from_extradata(repacked) == names[0]


def _from_extradata(path: Path) -> str | None:
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert context is not None
        return of_extradata(context.codec.canonical_name, context.extradata)


@pytest.mark.parametrize(
    ("record", "colour", "name"),
    [
        pytest.param("81040c00", None, "av01.0.04M.08", id="main 3.0, 8 bits"),
        pytest.param("81084c00", (9, 16, 9, 0), "av01.0.08M.10.0.110.09.16.09.0", id="the standard's own HDR example"),
        pytest.param("812dcc00", None, "av01.1.13H.10", id="high profile, high tier"),
        pytest.param("814d6c00", (1, 1, 1, 0), "av01.2.13M.12", id="professional, 12 bits, plain colours"),
    ],
)
def test_names_of_av1(record: str, colour: tuple[int, int, int, int] | None, name: str) -> None:
    assert av1(bytes.fromhex(record), colour) == name


@pytest.mark.parametrize(
    ("record", "name"),
    [
        pytest.param("01000000001f82020202", "vp09.00.31.08", id="8 bits, nothing said of colours"),
        pytest.param("01000000020aa2091009", "vp09.02.10.10.01.09.16.09.00", id="HDR10"),
    ],
)
def test_names_of_vp9(record: str, name: str) -> None:
    assert vp9(bytes.fromhex(record)) == name


@pytest.mark.parametrize(
    ("record", "name"),
    [
        pytest.param("010160000000b00000000000" + "5d", "hvc1.1.6.L93.B0", id="the standard's own example"),
        pytest.param("012220000000b00000000000" + "99", "hvc1.2.4.H153.B0", id="main 10, high tier"),
        pytest.param("0101600000000000000000005d", "hvc1.1.6.L93", id="no constraints"),
        pytest.param("0141600000009d0800000000" + "78", "hvc1.A1.6.L120.9D.8", id="a space, two constraints"),
    ],
)
def test_names_of_hevc(record: str, name: str) -> None:
    assert hevc(bytes.fromhex(record)) == name


@pytest.mark.parametrize(
    ("codec", "profile", "name"),
    [
        ("aac", "LC", "mp4a.40.2"),
        ("aac", "HE-AACv2", "mp4a.40.29"),
        ("aac", None, "mp4a.40.2"),
        ("ac3", None, "ac-3"),
        ("eac3", None, "ec-3"),
        ("flac", None, "fLaC"),
        ("opus", None, "Opus"),
        ("truehd", None, None),
    ],
)
def test_names_of_copied_sound(codec: str, profile: str | None, name: str | None) -> None:
    assert sound(codec, profile) == name


@given(st.binary(max_size=60), st.sampled_from(["h264", "hevc", "av1", "vp9"]))
def test_damaged_extradata_has_a_name_or_none(body: bytes, codec: str) -> None:
    name = of_extradata(codec, body)

    assert name is None or re.fullmatch(r"[A-Za-z0-9.]+", name)


def test_damaged_descriptions_are_refused(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    sources = ["-f", "lavfi", "-i", "testsrc2=s=64x36:d=0.1", "-f", "lavfi", "-i", "sine=d=0.1"]
    run(ffmpegs()[0], *sources, "-c:a", "aac", "-movflags", "+frag_keyframe+empty_moov", str(film))
    body = film.read_bytes()[:1600]

    @given(st.integers(0, len(body) - 1), st.integers(0, 255))
    def check(at: int, value: int) -> None:
        try:
            codecs_of(body[:at] + bytes([value]) + body[at + 1 :])
        except NotFragmented:
            return

    check()
