"""Streams of films that are out of the ordinary: uneven keyframes, odd rates, late beginnings, other sound or none."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from homemedia.media.commands import SOFTWARE
from homemedia.playback.means import Means
from tests.support.app import House
from tests.support.samples import ENCODE_LIMIT_S, ffmpeg_path
from tests.support.streams import FAR, Watcher, films, packets, session_of, set_pace, watch, widest_gap

SECONDS = 30
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-sc_threshold", "0")
AAC = ("-c:a", "aac", "-b:a", "32k")


def _film(path: Path, *output: str, rate: str = "25", has_sound: bool = True, video: tuple[str, ...] = H264) -> Path:
    sound = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000") if has_sound else ()
    picture = ("-f", "lavfi", "-i", f"testsrc2=size=160x90:rate={rate}")
    command = [ffmpeg_path(), "-nostdin", "-loglevel", "error", *picture, *sound, "-t", str(SECONDS), *video]
    if has_sound and "-c:a" not in output:
        command += AAC
    done = subprocess.run([*command, *output, str(path)], capture_output=True, check=False, timeout=ENCODE_LIMIT_S)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return path


async def _all_in_runs(watcher: Watcher) -> list[bytes]:
    """Every segment, the middle ones first, so that several runs take part."""
    count = len(watcher.list.urls)
    order = dict.fromkeys([0, count // 2, 1, count - 1, *range(count)])
    got = {number: await watcher.segment(number) for number in order if number < count}
    return [got[number] for number in range(count)]


async def _check(house: House, frame_s: float, pictures: int, *, off: int = 1, **body: Any) -> Watcher:
    """Each segment begins where the table says, nothing is missing, and times never go back."""
    set_pace(house, **FAR)
    (file_id,) = (await films(house)).values()
    watcher = await watch(house, file_id, **body)
    whole = await _all_in_runs(watcher)
    for number, segment in enumerate(whole):
        first = min(at for at, _, _ in packets(watcher.init, [segment], "vide"))
        assert abs(first - watcher.list.starts[number]) <= off * frame_s * 1.01, (number, first)
    shown = packets(watcher.init, whole, "vide")
    decoded = [at for _, at, _ in shown]
    assert decoded == sorted(decoded)
    assert abs(len(shown) - pictures) <= 2
    end = max(at for at, _, _ in shown) + frame_s
    assert abs(sum(watcher.list.lengths) - end) <= max(0.05, frame_s), (sum(watcher.list.lengths), end)
    assert all(length + 0.5 < watcher.list.target + 1 for length in watcher.list.lengths)
    return watcher


WAYS = pytest.mark.parametrize("way", [{}, {"force": "transcode"}], ids=["copied", "encoded"])


@WAYS
@pytest.mark.parametrize("rate", ["24000/1001", "25", "30000/1001", "50", "60000/1001"])
async def test_rates(claimed: House, rate: str, way: dict[str, Any]) -> None:
    _film(claimed.media / "Rates (2001).mkv", "-g", "30", rate=rate)
    up, _, down = rate.partition("/")
    per_second = int(up) / int(down or 1)

    watcher = await _check(claimed, 1 / per_second, round(SECONDS * per_second), **way)

    sound = packets(watcher.init, await _all_in_runs(watcher), "soun")
    assert widest_gap(sound) <= 0.022


async def test_uneven_keyframes_make_uneven_segments(claimed: House) -> None:
    at = "0,1,3,4,9,10.4,19,20,21,29.96"
    _film(claimed.media / "Uneven (2001).mkv", "-g", "9999", "-force_key_frames", at)

    watcher = await _check(claimed, 0.04, SECONDS * 25)

    assert watcher.list.starts == pytest.approx([0, 1, 3, 9, 19], abs=0.04)
    assert watcher.opened["video"]["action"] == "copy"


async def test_keyframes_too_far_apart_are_not_copied(claimed: House) -> None:
    _film(claimed.media / "Far (2001).mkv", "-g", "9999", "-force_key_frames", "0")

    watcher = await _check(claimed, 0.04, SECONDS * 25)

    assert "KeyframeIndexUnavailable" in watcher.opened["reasons"]


@WAYS
async def test_pictures_at_uneven_times(claimed: House, way: dict[str, Any]) -> None:
    drop = ("-vf", "select='not(eq(mod(n,7),3)+eq(mod(n,11),5))'", "-fps_mode", "vfr")
    _film(claimed.media / "Phone (2001).mkv", "-g", "30", *drop)
    kept = sum(1 for n in range(SECONDS * 25) if n % 7 != 3 and n % 11 != 5)

    await _check(claimed, 0.08, kept, **way)


@WAYS
@pytest.mark.parametrize("suffix", ["mkv", "ts"])
async def test_film_that_begins_late(claimed: House, suffix: str, way: dict[str, Any]) -> None:
    _film(claimed.media / f"Late (2001).{suffix}", "-g", "30", "-output_ts_offset", "7")

    # In transport streams the picture begins half a picture after the sound, and a keyframe may be one picture late.
    await _check(claimed, 0.04, SECONDS * 25, off=2, **way)


@pytest.mark.parametrize("rate", ["24000/1001", "25"])
async def test_encoders_that_only_count_pictures_cut_where_the_table_says(
    claimed: House, rate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _film(claimed.media / "Board (2001).mkv", "-g", "30", rate=rate)
    known = claimed.server.playback.means.means

    async def counting() -> Means:
        return replace(await known(), encoder=replace(SOFTWARE, forces_keyframes=False))

    monkeypatch.setattr(claimed.server.playback.means, "means", counting)
    up, _, down = rate.partition("/")
    per_second = int(up) / int(down or 1)

    watcher = await _check(claimed, 1 / per_second, round(SECONDS * per_second), force="transcode")

    assert watcher.list.lengths[0] == pytest.approx(round(4 * per_second) / per_second, abs=1e-6)


@WAYS
async def test_film_without_sound(claimed: House, way: dict[str, Any]) -> None:
    _film(claimed.media / "Silent (2001).mkv", "-g", "30", has_sound=False)

    watcher = await _check(claimed, 0.04, SECONDS * 25, **way)

    assert watcher.opened["audio"] is None


async def test_surround_sound_is_copied_where_the_player_takes_it(claimed: House) -> None:
    _film(claimed.media / "Surround (2001).mkv", "-g", "30", "-c:a", "ac3", "-b:a", "192k")

    watcher = await _check(claimed, 0.04, SECONDS * 25, profile="safari")

    assert watcher.opened["audio"]["action"] == "copy"
    assert session_of(claimed, watcher).failure is None
    assert widest_gap(packets(watcher.init, await _all_in_runs(watcher), "soun")) <= 0.033


async def test_last_group_of_one_picture(claimed: House) -> None:
    _film(claimed.media / "Last (2001).mkv", "-g", "9999", "-force_key_frames", "expr:gte(t,n_forced*1.0)+eq(n,749)")

    await _check(claimed, 0.04, SECONDS * 25)
