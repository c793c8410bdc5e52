"""How this program came to this machine: what packagers write down, else what it looks like."""

import os
import sys
from pathlib import Path
from typing import Literal, get_args

How = Literal["pip", "deb", "windows", "macos", "container", "tarball", "source"]
VARIABLE = "HOMEMEDIA_INSTALL"
FILE = "install.txt"


def how_installed() -> How:
    """Asked once, at the start. Blocking, for a moment."""
    folder = getattr(sys, "_MEIPASS", None)
    return decided(
        os.environ.get(VARIABLE, ""),
        _written(Path(folder) / FILE) if folder else "",
        is_frozen=bool(getattr(sys, "frozen", False)),
        is_package=not folder and _is_package(),
    )


def decided(variable: str, written: str, *, is_frozen: bool, is_package: bool) -> How:
    """The variable, the file, then what is seen; pure.

    Args:
        variable: what the environment says; "" for nothing.
        written: what the file beside the program says; "" for nothing.
        is_frozen: whether it is the packed program.
        is_package: whether an installer of Python packages put it here, and not to be worked on.
    """
    for word in (variable.strip().lower(), written.strip().lower()):
        for known in get_args(How):
            if word == known:
                return known  # type: ignore[no-any-return]  # one of the words
    if is_frozen:
        return "tarball"
    return "pip" if is_package else "source"


def _written(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")[:100]
    except OSError:
        return ""


def _is_package() -> bool:
    """Whether the package is installed as one; a checkout that is installed to be worked on is none.

    Source:
        PEP 610: `direct_url.json` says where a package came from.
    """
    from importlib import metadata  # noqa: PLC0415 - the packed program needs it nowhere

    try:
        found = metadata.distribution("homemedia")
        return '"editable": true' not in (found.read_text("direct_url.json") or "")
    except metadata.PackageNotFoundError:
        return False
