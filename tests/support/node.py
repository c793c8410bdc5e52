"""Programs written for Node.js that tests let speak to us: where they are, and running a few lines of them.

`.ci/run` installs the packages into a folder outside the checkout and names it in HOMEMEDIA_TEST_NODE. Where that is
not set the tests skip and say so, unless HOMEMEDIA_TESTS_REQUIRE names `node`.
"""

import asyncio
import os
import shutil
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
