"""Every statement on trials of encoders; decides nothing."""

import contextlib

import msgspec

from homemedia.core.db import Reader, Write
from homemedia.media.hardware import DeviceTrial

TRIALS = "SELECT found FROM encoder_trial WHERE device <> 'software' ORDER BY device, ffmpeg"
PUT_TRIAL = """
    INSERT INTO encoder_trial (device, ffmpeg, ffmpeg_version, encoder, is_ok, fps, error, found, tried_at)
    VALUES (:device, :ffmpeg, :ffmpeg_version, :encoder, :is_ok, :fps, :error, :found, :tried_at)
    ON CONFLICT (device, ffmpeg) DO UPDATE SET ffmpeg_version = excluded.ffmpeg_version, encoder = excluded.encoder,
        is_ok = excluded.is_ok, fps = excluded.fps, error = excluded.error, found = excluded.found,
        tried_at = excluded.tried_at
"""
FORGET_TRIALS = """
    DELETE FROM encoder_trial
     WHERE device <> 'software'
       AND (device, ffmpeg) NOT IN (
            SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:kept)
       )
"""
SOFTWARE = """
    SELECT found FROM encoder_trial WHERE device = 'software' AND ffmpeg = :ffmpeg AND ffmpeg_version = :ffmpeg_version
"""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What the processor does: pictures of 1080 lines a second, and whether Dolby Vision can be shown (no matter how).

    `at_ms`: when that was tried.
    """

    fps: float
    maps_dolby: bool = False
    at_ms: int = 0


_TRIAL, _MEASURED = msgspec.msgpack.Decoder(DeviceTrial), msgspec.msgpack.Decoder(Measured)


async def trials(read: Reader) -> list[DeviceTrial]:
    """What was kept; a row of another version of ours is left out, and its device tried anew."""
    found: list[DeviceTrial] = []
    for row in await read(TRIALS, {}):
        with contextlib.suppress(msgspec.DecodeError):
            found.append(_TRIAL.decode(row[0]))
    return found


async def put_trials(tx: Write, tried: list[DeviceTrial]) -> None:
    """Keep these and no others."""
    kept = [[one.candidate.id, one.ffmpeg] for one in tried]
    await tx.run(FORGET_TRIALS, {"kept": msgspec.json.encode(kept).decode()})
    for one in tried:
        first = one.h264
        await tx.run(
            PUT_TRIAL,
            {
                "device": one.candidate.id,
                "ffmpeg": one.ffmpeg,
                "ffmpeg_version": one.ffmpeg_version,
                "encoder": first.name if first is not None else "",
                "is_ok": int(one.is_usable),
                "fps": first.fps if first is not None else None,
                "error": one.error,
                "found": msgspec.msgpack.encode(one),
                "tried_at": one.tried_at_ms,
            },
        )


async def measured(read: Reader, ffmpeg: str, version: str) -> Measured | None:
    for row in await read(SOFTWARE, {"ffmpeg": ffmpeg, "ffmpeg_version": version}):
        with contextlib.suppress(msgspec.DecodeError):
            return _MEASURED.decode(row[0])
    return None


async def put_measured(tx: Write, ffmpeg: str, version: str, found: Measured) -> None:
    row = {
        "device": "software",
        "ffmpeg": ffmpeg,
        "ffmpeg_version": version,
        "encoder": "libx264",
        "is_ok": 1,
        "fps": found.fps,
        "error": None,
        "found": msgspec.msgpack.encode(found),
        "tried_at": found.at_ms,
    }
    await tx.run(PUT_TRIAL, row)
