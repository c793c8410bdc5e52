"""Programs that only tests need. A missing one skips its tests, or fails where HOMEMEDIA_TESTS_REQUIRE names it."""

import os
import shutil

import pytest


def program(name: str, *paths: str, required_as: str) -> str:
    """The path of a program, looked for on the path and at `paths`.

    Without it the running test is skipped, or fails where HOMEMEDIA_TESTS_REQUIRE names `required_as`.
    """
    for path in (name, *paths):
        found = shutil.which(path)
        if found:
            return found
    wanted = os.environ.get("HOMEMEDIA_TESTS_REQUIRE", "").replace(",", " ").split()
    if required_as in wanted:
        pytest.fail(f"{name} is asked for by HOMEMEDIA_TESTS_REQUIRE and is not here")
    pytest.skip(f"{name} is not installed")
