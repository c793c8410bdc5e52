"""Numbers, buffers and texts as lib0 writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homemedia.heaps.lib0 import MAX_UINT, MalformedError, Take, var_buffer, var_text, var_uint


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "00"), (1, "01"), (127, "7f"), (128, "8001"), (300, "ac02"), (MAX_UINT, "ffffffffffffff0f")],
)
def test_number_is_written_as_lib0_does(value: int, written: str) -> None:
    assert var_uint(value).hex() == written
    assert Take(bytes.fromhex(written)).uint() == value


@given(st.lists(st.integers(0, MAX_UINT)), st.binary(max_size=300), st.text(max_size=50))
def test_what_is_written_is_read_again(numbers: list[int], data: bytes, text: str) -> None:
    take = Take(b"".join(map(var_uint, numbers)) + var_buffer(data) + var_text(text) + b"rest")

    assert [take.uint() for _ in numbers] == numbers
    assert take.buffer() == data
    assert take.text() == text
    assert take.rest() == b"rest"
    assert take.is_over


@pytest.mark.parametrize(
    "data",
    [b"", b"\x80", b"\xff" * 8 + b"\x01", b"\x80" * 20, bytes.fromhex("ffffffffffffff10")],
    ids=["nothing", "no end", "above 53 bits", "groups of nothing", "just above"],
)
def test_number_without_end_or_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        Take(data).uint()


def test_length_above_what_is_there_is_refused() -> None:
    with pytest.raises(MalformedError, match="less than its length"):
        Take(b"\x05abc").buffer()


def test_text_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(MalformedError, match="UTF-8"):
        Take(var_buffer(b"\xff\xfe")).text()
