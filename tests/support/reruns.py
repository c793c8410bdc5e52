"""Tests that drive programs of others are tried again when they fail: a browser, ffmpeg or Avahi may stumble by itself.

Each rerun is told at the end with what failed (`--rerun-show-tracebacks`), and there are few in a whole run
(`--max-suite-reruns`), so that a fault of ours is neither hidden nor tried for long. Tests of our own code alone never
are: one that fails now and then is mended.
"""

import pytest

RERUNS = pytest.mark.flaky(reruns=2)
