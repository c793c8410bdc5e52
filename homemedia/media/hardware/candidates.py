"""Which devices of this machine may encode. Only trials tell whether they do.

Source:
    Watch contract 11.1.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from homemedia.media.hardware.models import Candidate

VENDORS = {"0x8086": "Intel", "0x1002": "AMD", "0x10de": "NVIDIA"}
INTEL, NVIDIA = "0x8086", "0x10de"
_NODE = re.compile(r"renderD\d+")
_CARD = re.compile(r"nvidia(\d+)")
_BOARD = re.compile(r"video\d+")
# What boards call the encoders and converters behind /dev/video*; cameras and tuners are no converters.
_CONVERTERS = re.compile(r"codec|enc|m2m|hantro|rkvenc|coda|mfc|venus|wave", re.IGNORECASE)


def candidates(root: Path = Path("/"), platform: str = sys.platform) -> tuple[Candidate, ...]:
    """Look for devices; blocks for a moment.

    Args:
        root: of the file system; tests have their own.
        platform: as `sys.platform` names it.
    """
    if platform == "darwin":
        return (Candidate(api="videotoolbox", name="Apple VideoToolbox"),)
    if platform == "win32":
        return (
            Candidate(api="nvenc", device="0", name="NVIDIA"),
            Candidate(api="qsv", name="Intel Quick Sync"),
            Candidate(api="amf", name="AMD"),
        )
    return (*_render_nodes(root), *_nvidia(root), *_boards(root))


def _render_nodes(root: Path) -> Iterator[Candidate]:
    for node in _names(root / "dev/dri", _NODE):
        vendor = _text(root / f"sys/class/drm/{node}/device/vendor")
        if vendor == NVIDIA:
            continue  # its driver speaks VA-API for decoding at best
        name = VENDORS.get(vendor, "Graphics")
        device = f"/dev/dri/{node}"
        yield Candidate(api="vaapi", device=device, name=f"{name} (VA-API)")
        if vendor == INTEL:
            yield Candidate(api="qsv", device=device, name=f"{name} Quick Sync")


def _nvidia(root: Path) -> Iterator[Candidate]:
    models = [_text(path / "information") for path in sorted((root / "proc/driver/nvidia/gpus").glob("*"))]
    for at, card in enumerate(_names(root / "dev", _CARD)):
        said = re.search(r"^Model:\s*(.+)$", models[at], re.MULTILINE) if at < len(models) else None
        yield Candidate(api="nvenc", device=str(at), name=said[1].strip() if said else f"NVIDIA {card}")


def _boards(root: Path) -> Iterator[Candidate]:
    for node in _names(root / "dev", _BOARD):
        name = _text(root / f"sys/class/video4linux/{node}/name")
        if _CONVERTERS.search(name):
            yield Candidate(api="v4l2m2m", name=name)
            return  # ffmpeg chooses among them by itself


def _names(folder: Path, pattern: re.Pattern[str]) -> list[str]:
    try:
        found = [entry.name for entry in folder.iterdir() if pattern.fullmatch(entry.name)]
    except OSError:
        return []
    return sorted(found, key=lambda name: (len(name), name))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
