"""What all tests of the icon share."""

import pytest

from tests.support.reruns import RERUNS

# Panels, buses and windows of others draw and answer when they like.
FOREIGN = {"test_shown"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem in FOREIGN:
            item.add_marker(RERUNS)
