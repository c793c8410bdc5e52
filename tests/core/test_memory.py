import sys

import pytest

from homemedia.core import memory


def test_memory_is_given_back_where_the_system_can() -> None:
    assert memory.give_back() in {True, False}


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone has it")
def test_where_the_c_library_cannot_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_trim", lambda: None)

    assert memory.give_back() is False
