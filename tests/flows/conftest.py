"""What flows through the whole program, some of it through programs of others."""

from pathlib import Path

import pytest

from tests.support.reruns import RERUNS

# These wait for ffmpeg, Avahi, or a server in a process of its own that is killed; see `tests/support/reruns.py`.
FOREIGN = ("test_discovery", "test_orphans", "test_playback_faults", "test_transcode", "test_trickplay")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here and item.path.stem.startswith(FOREIGN):
            item.add_marker(RERUNS)
