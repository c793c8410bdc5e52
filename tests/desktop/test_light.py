"""The icon's process may belong to the system's Python: an older one, which has none of our packages."""

import ast
import functools
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLDEST = (3, 9)
# Everything that is loaded by the icon's program before it chooses a toolkit, one name a line.
LOADED = f"""
import sys
sys.path.append({str(ROOT)!r})
import homemedia.desktop.tray
print(*sorted(sys.modules), sep="\\n")
"""
ICONS = ("icon_gtk", "icon_mac", "icon_x", "notes")


@functools.cache
def loaded() -> list[str]:
    done = subprocess.run([sys.executable, "-I", "-S", "-c", LOADED], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_icon_loads_the_standard_library_alone() -> None:
    foreign = {name.partition(".")[0] for name in loaded()} - sys.stdlib_module_names - {"__main__"}

    assert {name for name in foreign if not name.startswith("__mp")} == {"homemedia"}


def test_the_icon_loads_nothing_of_the_server() -> None:
    ours = {name for name in loaded() if name.startswith("homemedia.")}

    assert not {name for name in ours if not name.startswith("homemedia.desktop")}
    assert not {"asyncio", "sqlite3"} & set(loaded())


@pytest.mark.parametrize("name", [*(n for n in loaded() if n.startswith("homemedia")), *ICONS])
def test_an_older_python_can_read_it(name: str) -> None:
    path = ROOT.joinpath(*(f"homemedia.desktop.{name}" if name in ICONS else name).split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    tree = ast.parse(file.read_text(), feature_version=OLDEST)

    # "int | None" in a signature is computed there unless annotations stay text.
    uses_newer = any(isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) for node in ast.walk(tree))
    is_text = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    assert is_text or not uses_newer
