"""Other people's players on a playlist of ours: what they complain about, and when they see a flash and hear its click.

The films have a white picture and a click every two seconds, from 0 on.
"""

import asyncio
import contextlib
import functools
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec

from tests.support.hls import ffmpegs, run

EVERY_S, FLASH_S = 2, 0.1
FRAME_S = 0.04
BRIGHT = 120
READ_LIMIT_S = 300
FLASHES = f"color=black:s=160x90:r=25,drawbox=enable='lt(mod(t\\,{EVERY_S})\\,{FLASH_S})':color=white:t=fill"
CLICKS = f"aevalsrc='0.8*sin(2*PI*1000*t)*lt(mod(t\\,{EVERY_S})\\,{FLASH_S})':s=48000"
# How lines of ffmpeg's log begin when something is not in order.
TROUBLE = re.compile(r"\[(warning|error|fatal|panic)\]")
# What VLC says in a house without screens, sound cards and buses is none of ours.
COMPLAINT = re.compile(r"warning|error", re.IGNORECASE)
OF_TIMES = re.compile(r"timestamp|discontinu|\b(pts|dts|pcr)\b|strange|backward|too (late|early)", re.IGNORECASE)


def a_click_track(path: Path, *, video: Sequence[str], audio: Sequence[str], seconds: int = 30) -> Path:
    """Make a film of flashes and clicks; its ending says the container."""
    path.parent.mkdir(parents=True, exist_ok=True)
    inputs = ["-f", "lavfi", "-i", f"{FLASHES},trim=duration={seconds}"]
    inputs += ["-f", "lavfi", "-i", f"{CLICKS},atrim=duration={seconds}"]
    run(ffmpegs()[0], *inputs, *video, *audio, str(path))
    return path


class Read(msgspec.Struct):
    """What ffmpeg made of a film: complaints, when each flash and click begins, the first picture and the end; in s."""

    complaints: list[str]
    flashes: list[float]
    clicks: list[float]
    begins: float
    ends: float

    def shifts(self) -> list[float]:
        """How much later than its click each flash is seen."""
        return [
            flash - min(self.clicks, key=lambda at: abs(at - flash)) for flash in self.flashes if flash > EVERY_S / 2
        ]


async def read_by_ffmpeg(ffmpeg: str, url: str) -> Read:
    """Decode all of a film."""
    bright = "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-"
    quiet = "silencedetect=noise=-30dB:d=0.05"
    command = [ffmpeg, "-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+info", "-i", url]
    said, found = await _ran([*command, "-map", "0", "-vf", bright, "-af", quiet, "-f", "null", "/dev/null"])
    pictures = [(float(at), float(light)) for at, light in re.findall(r"pts_time:(\S+)\s+\S*YAVG=(\S+)", found)]
    dark = [(pictures[0][0] - FRAME_S, 0.0), *pictures]
    return Read(
        complaints=[line for line in said.splitlines() if TROUBLE.search(line)],
        flashes=[at for (_, before), (at, light) in pairwise(dark) if before < BRIGHT <= light],
        clicks=[float(at) for at in re.findall(r"silence_end: (\S+)", said)],
        begins=min(at for at, _ in pictures),
        ends=max(at for at, _ in pictures) + FRAME_S,
    )


@functools.cache
def vlc() -> str | None:
    """VLC for a terminal, None where there is none."""
    return shutil.which("cvlc")


async def read_by_vlc(url: str) -> tuple[list[str], str]:
    """Read all of a film as fast as it goes; complaints about times, and the whole log.

    VLC refuses to be root: then it is nobody.
    """
    with _a_home() as home:
        environment = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "XDG_CACHE_HOME": str(home)}
        named = [f"{name}={value}" for name, value in environment.items()]
        somebody = ["runuser", "-u", "nobody", "--", "env", *named] if os.geteuid() == 0 else ["env", *named]
        sink = "#std{access=file,mux=ts,dst=/dev/null}"
        quietly = ["--intf", "dummy", "--no-color", "-vvv", "--play-and-exit", "--sout-all", "--sout", sink]
        said, _ = await _ran([*somebody, str(vlc()), *quietly, url], cwd=home)
    lines = [line for line in said.splitlines() if COMPLAINT.search(line) and OF_TIMES.search(line)]
    return lines, said


@contextlib.contextmanager
def _a_home() -> Iterator[Path]:
    """A folder that anybody may write."""
    with tempfile.TemporaryDirectory(prefix="homemedia-vlc-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


async def _ran(command: Sequence[str], cwd: Path | None = None) -> tuple[str, str]:
    """What a program says on its standard error, and on its standard output."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, cwd=cwd
    )
    try:
        async with asyncio.timeout(READ_LIMIT_S):
            found, said = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    assert child.returncode == 0, said.decode(errors="replace")[-2000:]
    return said.decode(errors="replace"), found.decode(errors="replace")
