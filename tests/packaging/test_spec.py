"""What build.spec and packaging/build.py name is there: else the packed program would miss it without a word."""

import ast
import importlib.util
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "build.spec"
SURROUNDINGS = ROOT / "packaging" / "frozen" / "surroundings.py"


def _lists() -> dict[str, Any]:
    """The lists of the file, by name."""
    found: dict[str, Any] = {}
    for node in ast.parse(SPEC.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            value = ast.Expression(body=node.value)
            if node.targets[0].id != "ROOT":
                found[node.targets[0].id] = eval(compile(value, "build.spec", "eval"), dict(found))  # noqa: S307
    return found


LISTS = _lists()


def test_spec_is_python() -> None:
    compile(SPEC.read_text("utf-8"), "build.spec", "exec")


@pytest.mark.parametrize("name", [*LISTS["WHOLE"], *LISTS["HIDDEN"], *LISTS["TRAY_PACKAGES"]])
def test_named_module_is_there(name: str) -> None:
    assert importlib.util.find_spec(name) is not None


@pytest.mark.parametrize("name", LISTS["HIDDEN_OF"].get(sys.platform, []))
def test_module_of_this_system_is_there(name: str) -> None:
    package, *rest = name.split(".")
    found = importlib.util.find_spec(package)  # not the module's own: its package may need a screen
    assert found is not None
    assert found.submodule_search_locations is not None
    assert any(Path(place, *rest).with_suffix(".py").is_file() for place in found.submodule_search_locations)


@pytest.mark.parametrize(("package", "pattern"), [(name, one) for name, more in LISTS["DATA"].items() for one in more])
def test_named_files_are_there(package: str, pattern: str) -> None:
    with resources.as_file(resources.files(package)) as folder:
        assert any(file.is_file() for file in folder.glob(pattern.replace("/**", "/**/*")))


@pytest.mark.parametrize("name", LISTS["TRAY_SOURCES"])
def test_sources_of_the_tray_are_there(name: str) -> None:
    assert (ROOT / name).exists()


def test_package_that_is_left_out_is_not_wished_for_elsewhere() -> None:
    wished = {name.partition(".")[0] for name in [*LISTS["WHOLE"], *LISTS["HIDDEN"], *LISTS["DATA"]]}

    assert wished.isdisjoint(LISTS["NOT_PACKED"])


def test_every_file_of_ours_that_is_no_module_comes_along() -> None:
    """A folder of data that somebody adds must be named, or the packed program fails where nobody looks."""
    known = {"homemedia/web/client", "homemedia/schema/migrations", "homemedia/desktop/pictures"}
    read_by_nobody = {".md", ".typed"}
    written_by_developers = {"homemedia/schema/current.sql"}

    strange = {
        name
        for file in (ROOT / "homemedia").rglob("*")
        if file.is_file() and file.suffix not in {".py", ".pyc", *read_by_nobody}
        for name in [file.relative_to(ROOT).as_posix()]
        if name not in written_by_developers and not any(name.startswith(f"{folder}/") for folder in known)
    }

    assert not strange


@pytest.mark.skipif(sys.platform == "win32", reason="its loader knows no such variable")
@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"LD_LIBRARY_PATH": "/app/_internal"}, None),
        ({"LD_LIBRARY_PATH": "/app/_internal:/own", "LD_LIBRARY_PATH_ORIG": "/own"}, "/own"),
    ],
    ids=["had none", "had one"],
)
def test_programs_started_from_the_packed_one_find_their_own_libraries(given: dict[str, str], left: str | None) -> None:
    words = "import os, runpy, sys; runpy.run_path(sys.argv[1]); print(dict(os.environ))"
    said = subprocess.run(
        [sys.executable, "-c", words, str(SURROUNDINGS)],
        env={**given, "_PYI_ARCHIVE_FILE": "/app/homemedia", "_PYI_PARENT_PROCESS_LEVEL": "1", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = ast.literal_eval(said.stdout)

    assert found.get("LD_LIBRARY_PATH") == left
    assert not [name for name in found if name.startswith("_PYI_")]
    assert found["LANG"] == "C.UTF-8"
