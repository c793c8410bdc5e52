"""Which ffmpeg is used, in one place: the setting, the one carried by the wheel, the system's.

There is no ffprobe beside it (the wheel has none); `media.probe` answers what one would ask it.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Literal

import msgspec

ENVIRONMENT = "HOMEMEDIA_FFMPEG"
TRIAL_LIMIT_S = 10.0


class Ffmpeg(msgspec.Struct, frozen=True):
    """A program that has been started once and said its name. `version` as it says it (`7.1`, `n9.0.2-17-g2a…`)."""

    path: str
    version: str
    origin: Literal["setting", "bundled", "system"]


def find_ffmpeg(setting: str = "") -> Ffmpeg | None:
    """Find the ffmpeg to use and ask its version.

    Blocks for about 0.1 s (a child process is started): call it in a lane, once.

    Args:
        setting: path or name from the settings; when empty the environment variable `HOMEMEDIA_FFMPEG` counts.

    Returns:
        The first that runs, in the order setting, bundled, system; None when no ffmpeg runs at all. A setting that
        does not work falls through to the others, so that a wrong path does not take all films away.
    """
    for origin, path in _candidates(setting):
        version = ffmpeg_version(path)
        if version is not None:
            return Ffmpeg(path, version, origin)
    return None


def ffmpeg_version(path: str) -> str | None:
    """Ask a program for its version; None when it does not run or is no ffmpeg. Blocks."""
    try:
        said = subprocess.run(
            [path, "-hide_banner", "-version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=TRIAL_LIMIT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    words = said.stdout.decode("utf-8", "replace").split(maxsplit=3)
    return words[2] if words[:2] == ["ffmpeg", "version"] and len(words) > 2 else None


def _candidates(setting: str) -> Iterator[tuple[Literal["setting", "bundled", "system"], str]]:
    chosen = setting or os.environ.get(ENVIRONMENT, "")
    if chosen:
        yield "setting", shutil.which(chosen) or chosen
    bundled = _bundled()
    if bundled is not None:
        yield "bundled", bundled
    system = shutil.which("ffmpeg")
    if system is not None:
        yield "system", system


def _bundled() -> str | None:
    try:
        import imageio_ffmpeg  # noqa: PLC0415 - 35 ms that only those who look for ffmpeg should pay
    except ImportError:  # left out by packages that depend on the system's ffmpeg
        return None
    try:
        found: str = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError:
        return None
    # Without a binary of its own the package answers the bare name: that is the system's.
    return found if os.path.sep in found else None
