"""The icon's process among others."""

import os
import subprocess
import sys

import pytest

# `cat` lives for as long as somebody may write to it, as a browser does for as long as somebody looks at it.
OPENS_A_BROWSER = """
import subprocess, sys
from homemedia.desktop import tray
tray.speak_alone()
print("what was wrong", file=sys.stderr)
subprocess.Popen(["cat"], stdout=subprocess.DEVNULL, start_new_session=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="a browser is started otherwise")
def test_browser_that_lives_on_does_not_hold_what_the_server_listens_to() -> None:
    reading, writing = os.pipe()
    try:
        with subprocess.Popen(
            [sys.executable, "-c", OPENS_A_BROWSER], stdin=reading, stderr=subprocess.PIPE, text=True
        ) as icon:
            try:
                _, words = icon.communicate(timeout=30)
            finally:
                os.close(writing)
    finally:
        os.close(reading)

    assert words == "what was wrong\n"
