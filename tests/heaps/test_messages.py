"""Messages of the Yjs protocol, byte by byte."""

import pytest

from homemedia.heaps import messages
from homemedia.heaps.lib0 import MalformedError
from homemedia.heaps.messages import Said


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (b"\x00\x00\x01\x00", Said("step_1", b"\x00")),
        (b"\x00\x01\x02\x00\x00", Said("update", b"\x00\x00")),
        (b"\x00\x02\x03abc", Said("update", b"abc")),
        (b"\x01\x01\x00", Said("awareness", b"\x00")),
        (b"\x03", Said("query")),
        (b"\x02\x00\x02no", Said("other")),
        (b"\x63anything", Said("other")),
    ],
)
def test_message_is_read(frame: bytes, said: Said) -> None:
    assert messages.read(frame) == said


@pytest.mark.parametrize("frame", [b"", b"\x00", b"\x00\x03\x00", b"\x00\x00\x05a", b"\x00\x00\x01\x00\x00", b"\x01"])
def test_frame_that_is_no_message_is_refused(frame: bytes) -> None:
    with pytest.raises(MalformedError):
        messages.read(frame)


def test_messages_are_written_as_providers_read_them() -> None:
    assert messages.step_1(b"\x00") == b"\x00\x00\x01\x00"
    assert messages.step_2(b"\x00\x00") == b"\x00\x01\x02\x00\x00"
    assert messages.update(b"ab") == b"\x00\x02\x02ab"
    assert messages.awareness(b"\x00") == messages.KEEPALIVE
    assert messages.denied("no") == b"\x02\x00\x02no"
