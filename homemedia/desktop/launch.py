"""Which command lines start the icon beside the clock, the best first. Standard library alone."""

import importlib.util
import json
import sys
from pathlib import Path

# What the process of the icon says with its end.
ENDED, NO_TOOLKIT, NO_PLACE = 0, 3, 4
SYSTEM_PYTHON = Path("/usr/bin/python3")
# The system's own modules come first: ours are only there for what it has not got.
BOOT = "import sys; sys.path += {folders!r}; from homemedia.desktop.tray import main; sys.exit(main(sys.argv[1:]))"
OWN_BOOT = "import sys; sys.path.append({home!r}); from homemedia.cli import main; sys.exit(main())"


def tray_commands(data_dir: Path) -> list[list[str]]:
    """Command lines of the icon; one that says that it has no toolkit is followed by the next.

    On Linux the system's Python comes first: a menu needs GTK, which no Python but the system's can load. Each runs
    `homemedia.desktop.tray.main(["--data-dir", FOLDER])`, whose answer is the exit status.
    """
    found = []
    if sys.platform not in ("win32", "darwin") and SYSTEM_PYTHON.exists():
        boot = BOOT.format(folders=[str(folder) for folder in source_folders()])
        # That Python cannot be us: what the icon asks of our command line (a check, the autostart) it runs by this.
        program = ["--program", json.dumps(own_command())]
        found.append([str(SYSTEM_PYTHON), "-I", "-c", boot, "--data-dir", str(data_dir), *program])
    found.append([*own_command(), "tray", "--data-dir", str(data_dir)])
    return found


def own_command() -> list[str]:
    """This very program, frozen or not; words of a command line follow."""
    if is_frozen():
        return [sys.executable]
    home = str(Path(__file__).resolve().parents[2])
    return [sys.executable, "-P", "-c", OWN_BOOT.format(home=home)]


def person_command() -> list[str]:
    """This very program as a person would start it: the script beside the Python that runs it, where there is one."""
    name = "homemedia.exe" if sys.platform == "win32" else "homemedia"
    script = Path(sys.executable).with_name(name)
    return [str(script)] if not is_frozen() and script.is_file() else own_command()


def source_folders() -> list[Path]:
    """Where another Python finds `homemedia`, `pystray` and `six` as sources.

    In a frozen program they lie below `tray/`, beside its libraries.
    """
    if is_frozen():
        return [Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent)) / "tray"]
    folders = [Path(__file__).resolve().parents[2]]
    for name in ("pystray", "six"):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            origin = Path(spec.origin)
            folders.append(origin.parent.parent if origin.name == "__init__.py" else origin.parent)
    return list(dict.fromkeys(folders))


def is_frozen() -> bool:
    """Whether this is the packed program."""
    return bool(getattr(sys, "frozen", False))
