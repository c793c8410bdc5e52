"""Programs written for Node.js that tests let speak to us: where they are, and running a few lines of them.

`.ci/run` installs the packages into a folder outside the checkout and names it in HOMEMEDIA_TEST_NODE. Where that is
not set the tests skip and say so, unless HOMEMEDIA_TESTS_REQUIRE names `node`.
"""

import asyncio
import os
import platform
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest

PATIENCE_S = 30.0


def node() -> str:
    """Where Node.js is; without it the test is skipped."""
    found = shutil.which("node")
    return found if found is not None else _missing("no Node.js on this machine")


def node_package(name: str) -> Path:
    """The folder of an npm package; without it the test is skipped.

    Its parent is the `node_modules` folder to be named in NODE_PATH, its grandparent the folder to run a script of
    ES modules below.
    """
    node()
    root = os.environ.get("HOMEMEDIA_TEST_NODE", "")
    folder = Path(root) / "node_modules" / name
    if not root or not (folder / "package.json").is_file():
        _missing(f"no npm package {name} (npm install it into a folder, and name the folder in HOMEMEDIA_TEST_NODE)")
    return folder


def newer_node() -> str:
    """Where a Node.js of 22 is, which some programs need: an npm package; without it the test is skipped."""
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}.get(
        platform.machine().lower(), ""
    )
    system = {"Windows": "win"}.get(platform.system(), platform.system().lower())
    return str(node_package(f"node-{system}-{machine}") / "bin" / "node")


async def run_program(*arguments: str, env: Mapping[str, str] | None = None, patience_s: float = PATIENCE_S) -> str:
    """What a program prints that is to end well; both of its outputs."""
    code, told = await end_of_program(*arguments, env=env, patience_s=patience_s)
    assert code == 0, told
    return told


async def end_of_program(
    *arguments: str, env: Mapping[str, str] | None = None, patience_s: float = PATIENCE_S
) -> tuple[int, str]:
    """How a program ends, and what it prints."""
    child = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | dict(env or {}),
    )
    try:
        async with asyncio.timeout(patience_s):
            out, _ = await child.communicate()
    except TimeoutError:
        child.kill()
        await child.wait()
        raise
    return child.returncode or 0, out.decode(errors="replace")


async def run_node(script: str, *arguments: str, packages: tuple[str, ...] = ()) -> str:
    """What a script (CommonJS) prints; its `require` finds `packages`."""
    folders = {str(node_package(name).parent) for name in packages}
    child = await asyncio.create_subprocess_exec(
        node(),
        "-e",
        script,
        "--",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"NODE_PATH": os.pathsep.join(folders)},
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            out, err = await child.communicate()
    except TimeoutError:
        child.kill()
        await child.wait()
        raise
    assert child.returncode == 0, err.decode(errors="replace")
    return out.decode()


def _missing(reason: str) -> NoReturn:
    if "node" in os.environ.get("HOMEMEDIA_TESTS_REQUIRE", "").replace(",", " ").split():
        pytest.fail(reason)
    pytest.skip(reason)
