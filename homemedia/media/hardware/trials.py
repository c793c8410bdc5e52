"""Tries ffmpeg's parts and the machine's devices by short real encodes. One at a time, each with a limit.

Source:
    Watch contract 11.2 and 11.4.
"""

import re
import tempfile
import time
from pathlib import Path

import msgspec

from homemedia.core.problems import TimedOut, Unavailable
from homemedia.core.process import output_of
from homemedia.media.commands import SOFTWARE, EncoderChoice
from homemedia.media.commands.build import FAMILIES
from homemedia.media.commands.plan import RunPlan
from homemedia.media.hardware import judge, lines
from homemedia.media.hardware.models import DECODED, Abilities, Candidate, DeviceTrial, Tried
from homemedia.media.hardware.words import NOTHING, TOO_SLOW, meaning

LIMIT_S = 10.0
OLDEST = 5
ENCODERS = ("libx264", "aac")
FILTERS = ("zscale", "tonemap", "subtitles")
# The software's own measure: 1080 lines, so long that its start does not count.
MEASURED_SIZE, MEASURED_SECONDS, MEASURED_RATE = (1920, 1080), 4, 24
MEASURE_LIMIT_S = 30.0
# A device that decodes is used for it when that makes the whole at least so much quicker.
WORTH_IT = 1.05
# Mapping is useless below the speed of film; a card does hundreds, the processor in its place 1 to 5 (measured).
PLACEBO_FRAMES, PLACEBO_FPS = 12, 24
MAPPERS = frozenset({"vaapi", "qsv"})


class _Outcome(msgspec.Struct, frozen=True):
    ok: bool
    body: bytes = b""
    said: str = ""
    seconds: float = 0.0
    is_late: bool = False

    @property
    def why(self) -> str:
        return TOO_SLOW if self.is_late else meaning(self.said)


async def abilities(path: str, version: str) -> Abilities:
    """Ask a program what it was built with; about 0.2 s.

    Args:
        path: the program.
        version: what it says of itself.

    Raises:
        Unavailable: it does not run.
    """
    encoders = _listed((await output_of([path, "-hide_banner", "-encoders"], limit_s=LIMIT_S)).stdout)
    filters = _listed((await output_of([path, "-hide_banner", "-filters"], limit_s=LIMIT_S)).stdout)
    missing = [name for name in ENCODERS if name not in encoders]
    missing += [name for name in FILTERS if name not in filters]
    shown = short_version(version)
    return Abilities(
        path=path,
        version=shown,
        missing=tuple(missing),
        can_tone_map=not {"zscale", "tonemap"} & set(missing),
        has_libplacebo="libplacebo" in filters,
        is_old=is_old(shown),
    )


def short_version(version: str) -> str:
    """`n9.0.2-17-g2a571b` and `5.1.9-0+deb12u1` as people write them; what has no number stays."""
    found = re.match(r"n?(\d+(?:\.\d+)+)", version)
    return found[1] if found else version


def is_old(version: str) -> bool:
    """Whether a version is older than we know; one without a number is taken for new."""
    first = version.partition(".")[0]
    return first.isdigit() and int(first) < OLDEST


def _listed(said: bytes) -> set[str]:
    """Names from ffmpeg's tables: the second word of each line."""
    rows = (line.split() for line in said.decode("utf-8", "replace").splitlines())
    return {row[1] for row in rows if len(row) > 1}


async def maps_dolby(path: str) -> bool:
    """Whether libplacebo works, and on a graphics card: the processor offers Vulkan too, at a few pictures a second."""
    source = f"testsrc2=size=1920x1080:rate={PLACEBO_FRAMES}:duration=1"
    chain = "format=yuv420p,hwupload,libplacebo=w=1280:h=720:format=yuv420p,hwdownload,format=yuv420p"
    device = ["-init_hw_device", "vulkan=vk", "-filter_hw_device", "vk"]
    outcome = await _run([path, *lines.HEAD, *device, "-f", "lavfi", "-i", source, "-vf", chain, "-f", "null", "-"])
    seconds = judge.seconds_taken(outcome.said) or outcome.seconds
    return outcome.ok and PLACEBO_FRAMES / max(seconds, 0.01) >= PLACEBO_FPS


async def software_fps(path: str) -> float | None:
    """How many pictures of 1080 lines the processor encodes a second; takes seconds of all its cores, niced."""
    line = lines.encoding(path, SOFTWARE, size=MEASURED_SIZE, seconds=MEASURED_SECONDS, rate=MEASURED_RATE)
    outcome = await _run(line, limit_s=MEASURE_LIMIT_S)
    frames = judge.read(outcome.body, "h264").frames
    if outcome.is_late or not outcome.ok or not frames:
        return None
    return round(frames / max(judge.seconds_taken(outcome.said) or outcome.seconds, 0.01), 1)


async def try_device(candidate: Candidate, program: Abilities, *, now_ms: int) -> DeviceTrial:
    """Try everything we would ask of a device with one program; up to some 20 s where it works, 0.1 s where not."""
    with tempfile.TemporaryDirectory(prefix="homemedia-trial-") as folder:
        return await _Trial(candidate, program.path, Path(folder)).all(program.version, now_ms)


class _Trial:
    def __init__(self, candidate: Candidate, program: str, folder: Path) -> None:
        self._candidate = candidate
        self._program = program
        self._folder = folder

    async def all(self, version: str, now_ms: int) -> DeviceTrial:
        encoders = tuple([await self._encoder(codec) for codec in ("h264", "hevc")])
        decoders = tuple([kind for kind in DECODED if await self._decodes(kind)])
        usable = encoders[0].ok
        return DeviceTrial(
            candidate=self._candidate,
            ffmpeg=self._program,
            ffmpeg_version=version,
            encoders=encoders,
            decoders=decoders,
            maps_tone=usable and "hevc10" in decoders and await self._maps_tone(),
            is_quicker_alone=usable and "h264" in decoders and await self._is_quicker_alone(),
            tried_at_ms=now_ms,
        )

    def _choice(self, codec: str = "h264", *, alone: bool = False, maps_tone: bool = False) -> EncoderChoice:
        return EncoderChoice(
            family=self._candidate.family,
            name=f"{codec}_{self._candidate.api}",
            device=self._candidate.device,
            decodes=alone,
            reads=DECODED if alone else (),
            maps_tone=maps_tone,
        )

    async def _encoder(self, codec: judge.Codec) -> Tried:
        choice = self._choice(codec)
        outcome = await _run(lines.encoding(self._program, choice))
        if not outcome.ok:
            return Tried(name=choice.name, ok=False, error=outcome.why)
        stream = judge.read(outcome.body, codec)
        if not judge.is_whole(stream, lines.RATE * lines.SECONDS):
            error = (
                f"Only {stream.frames} of {lines.RATE * lines.SECONDS} pictures came out." if stream.frames else NOTHING
            )
            return Tried(name=choice.name, ok=False, error=error)
        if not await self._is_readable(outcome.body, codec):
            return Tried(name=choice.name, ok=False, error="What it wrote cannot be played.")
        seconds = judge.seconds_taken(outcome.said) or outcome.seconds
        fps = round(stream.frames / max(seconds, 0.01), 1)
        return Tried(name=choice.name, ok=True, fps=fps, obeys=judge.obeys(stream, lines.KEYS))

    async def _is_readable(self, body: bytes, codec: judge.Codec) -> bool:
        path = self._folder / f"made.{codec}"
        path.write_bytes(body)  # a megabyte into memory's own file cache
        line = [self._program, *lines.QUIET, "-xerror", "-f", codec, "-i", str(path), "-f", "null", "-"]
        return (await _run(line)).ok

    async def _decodes(self, kind: str) -> bool:
        if self._candidate.api not in lines.HWACCEL:
            return False
        path = self._folder / f"{kind}.mkv"
        if not (await _run(lines.clip(self._program, kind, path))).ok:
            return False
        plan = RunPlan(ffmpeg=self._program, path="", encoder=self._choice())
        setup = FAMILIES[self._candidate.family].setup(plan)
        line = lines.decoding(self._program, self._candidate.api, setup, self._candidate.device, kind, path)
        return (await _run(line)).ok

    async def _maps_tone(self) -> bool:
        if self._candidate.api not in MAPPERS:
            return False
        path = self._folder / "hdr.mkv"
        if not (await _run(lines.hdr_clip(self._program, path))).ok:
            return False
        choice = self._choice(alone=True, maps_tone=True)
        outcome = await _run(lines.whole_way(self._program, choice, path, is_hdr=True))
        return outcome.ok and bool(outcome.body)

    async def _is_quicker_alone(self) -> bool:
        """Whether decoding on the device pays: carrying pictures to and fro may cost more than it saves."""
        path = self._folder / "film.mkv"
        if not (await _run(lines.film_clip(self._program, path))).ok:
            return False
        alone = await _run(lines.whole_way(self._program, self._choice(alone=True), path))
        helped = await _run(lines.whole_way(self._program, self._choice(), path))
        return alone.ok and bool(alone.body) and (not helped.ok or alone.seconds * WORTH_IT <= helped.seconds)


async def _run(line: list[str], *, limit_s: float = LIMIT_S) -> _Outcome:
    began = time.monotonic()
    try:
        finished = await output_of(line, limit_s=limit_s, env={"SVT_LOG": "1"})
    except TimedOut:
        return _Outcome(ok=False, is_late=True)
    except Unavailable as err:
        return _Outcome(ok=False, said=err.message)
    seconds = time.monotonic() - began
    return _Outcome(ok=finished.status == 0, body=finished.stdout, said=finished.last_words, seconds=seconds)
