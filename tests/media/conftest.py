"""What all tests of tools on files share."""

import pytest


@pytest.fixture(autouse=True)
def looked_at_themselves(real_workers: None) -> None:
    """The workers are what these tests are about: they start as a household's do."""
