"""The container: what its file names is there, and it runs with as little as it can."""

import asyncio
import os
import re
import shlex
import sys
from pathlib import Path

import msgspec
import pytest

from homemedia import settings
from tests.support.app import a_house

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "packaging" / "container"
TEXT = (FOLDER / "Containerfile").read_text()


def steps(kind: str) -> list[str]:
    """Every step of a kind, with lines that go on joined."""
    joined = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", TEXT, flags=re.MULTILINE))
    return [line.removeprefix(kind).strip() for line in joined.splitlines() if line.startswith(f"{kind} ")]


def test_everything_that_is_copied_is_there_and_reaches_the_builder() -> None:
    copied = [name for step in steps("COPY") if "--from" not in step for name in shlex.split(step)[:-1]]
    let_in = {line[1:] for line in (FOLDER / "Containerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}

    assert set(copied) == let_in
    assert all((ROOT / name).exists() for name in copied)


def test_it_runs_as_nobody_of_importance() -> None:
    *_, last = steps("USER")

    assert last == "1000:1000"


def test_its_environment_is_understood_by_the_program() -> None:
    found = settings.load(environment=dict(pair.split("=", 1) for pair in shlex.split(" ".join(steps("ENV")))))

    assert found.data_dir == "/data"
    assert list(found.library.browse_roots) == ["/media"]


async def test_its_health_is_asked_in_a_way_that_works(tmp_path: Path) -> None:
    (step,) = steps("HEALTHCHECK")
    program, *arguments = msgspec.json.decode(step.partition("CMD ")[2], type=list[str])
    async with a_house(tmp_path) as house:
        port = house.url.rpartition(":")[2]
        environment = os.environ | {"HOMEMEDIA_SERVER_PORT": port}
        there = await _asked(arguments, environment)
    gone = await _asked(arguments, environment)

    assert program == "python3"
    assert (there, gone) == (0, 1)


async def _asked(arguments: list[str], environment: dict[str, str]) -> int:
    child = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    return await child.wait()


@pytest.mark.parametrize("name", ["compose.yaml", "synology.yaml", "unraid.yaml", "truenas.yaml"])
def test_compose_files_keep_data_apart_from_what_is_only_read(name: str) -> None:
    volumes = re.findall(r"^ +- (\S+):(/\S+?)(:ro)?(?:\s|$)", (FOLDER / name).read_text(), re.MULTILINE)
    written = [inside for _, inside, read_only in volumes if not read_only]

    assert written == ["/data"]
    assert all(inside.startswith("/media/") for _, inside, read_only in volumes if read_only)
    assert "network_mode: host" in (FOLDER / name).read_text()
