"""Trials, judged on real streams of the processor's encoder; and refused by devices that are not there."""

import subprocess
from pathlib import Path

import pytest

from homemedia.media.commands import SOFTWARE, EncoderChoice
from homemedia.media.ffmpeg import ffmpeg_version
from homemedia.media.hardware import Candidate, abilities, is_old, judge, lines, short_version, trials, try_device
from tests.support.samples import ffmpeg_path


def written(line: list[str]) -> tuple[bytes, str]:
    done = subprocess.run(line, capture_output=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout, done.stderr.decode(errors="replace")


def test_encoder_that_obeys_is_seen_to() -> None:
    body, said = written(lines.encoding(ffmpeg_path(), SOFTWARE, size=(320, 180)))

    stream = judge.read(body, "h264")
    assert stream.frames == lines.RATE * lines.SECONDS
    assert judge.is_whole(stream, 60)
    assert judge.obeys(stream, lines.KEYS)
    assert (judge.seconds_taken(said) or 0) > 0


def test_encoder_with_a_will_of_its_own_is_seen_too() -> None:
    choice = EncoderChoice(forces_keyframes=False)

    body, _ = written(lines.encoding(ffmpeg_path(), choice, size=(320, 180), rate=24))

    assert not judge.obeys(judge.read(body, "h264"), lines.KEYS)


def test_hevc_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "clip.hevc"
    words = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10:duration=2", "-c:v", "libx265"]
    written(
        [
            ffmpeg_path(),
            *words,
            "-x265-params",
            "log-level=none:keyint=10:min-keyint=10:scenecut=0:bframes=0",
            str(path),
        ]
    )

    stream = judge.read(path.read_bytes(), "hevc")

    assert stream.frames == 20
    assert stream.keys[:2] == (0, 10)


@pytest.mark.parametrize("body", [b"", b"\x00\x00\x01", b"\x00\x00\x01\x65", bytes(100)])
def test_rubbish_has_no_pictures(body: bytes) -> None:
    assert judge.read(body, "h264") == judge.Stream(0, ())


@pytest.mark.parametrize(
    ("version", "short", "old"),
    [
        ("5.1.9-0+deb12u1", "5.1.9", False),
        ("n9.0.2-17-g2a571b6068-20260930", "9.0.2", False),
        ("4.4.2-0ubuntu0.22.04.1", "4.4.2", True),
        ("N-112233-gabcdef", "N-112233-gabcdef", False),
    ],
)
def test_versions_are_read(version: str, short: str, old: bool) -> None:  # noqa: FBT001 - a column of the table
    assert short_version(version) == short
    assert is_old(short) == old


async def test_program_that_comes_along_has_all_parts() -> None:
    path = ffmpeg_path()

    found = await abilities(path, ffmpeg_version(path) or "")

    assert found.missing == ()
    assert found.can_tone_map
    assert found.can_encode
    assert found.has_libplacebo


async def test_program_without_parts_is_told_so(tmp_path: Path) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho ' V....D libx264  H.264'\n", encoding="ascii")
    program.chmod(0o755)

    found = await abilities(str(program), "6.1")

    assert found.missing == ("aac", "zscale", "tonemap", "subtitles")
    assert not found.can_tone_map


async def test_device_that_is_not_there_is_refused_in_words() -> None:
    program = await abilities(ffmpeg_path(), "9.0")
    nowhere = Candidate(api="vaapi", device="/dev/dri/renderD250", name="Nothing")

    found = await try_device(nowhere, program, now_ms=7)

    assert not found.is_usable
    assert found.error
    assert found.decoders == ()
    assert found.tried_at_ms == 7


async def test_trial_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\nexec sleep 60\n", encoding="ascii")
    program.chmod(0o755)

    outcome = await trials._run([str(program)], limit_s=0.1)

    assert not outcome.ok
    assert "10 seconds" in outcome.why
