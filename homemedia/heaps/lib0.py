"""The encodings of Yjs' messages: numbers, buffers and texts as lib0 writes them.

Every reader checks its bounds: what comes over a socket says itself how long it is. A number has at most 53 bits, what
a double holds exactly.
"""

from typing import Final

MAX_UINT: Final = (1 << 53) - 1


class MalformedError(ValueError):
    """The bytes are no such message."""


def var_uint(value: int) -> bytes:
    """A number, base 128, least significant first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def var_buffer(data: bytes) -> bytes:
    """Bytes behind their length."""
    return var_uint(len(data)) + data


def var_text(text: str) -> bytes:
    """A text in UTF-8 behind its length in bytes."""
    return var_buffer(text.encode())


class Take:
    """Takes values off the front of some bytes, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def is_over(self) -> bool:
        return self._at >= len(self._data)

    def uint(self) -> int:
        """A number.

        Raises:
            MalformedError: the bytes end in its middle, or it has more than 53 bits.
        """
        value = shift = 0
        while True:
            if self._at >= len(self._data):
                raise MalformedError("a number without its end")
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 0x7F) << shift
            if value > MAX_UINT:
                raise MalformedError("a number above 53 bits")
            if byte < 0x80:
                return value
            shift += 7
            # Leading groups of nothing would let a number be as long as the message.
            if shift > 56:
                raise MalformedError("a number above 53 bits")

    def buffer(self) -> bytes:
        """Bytes behind their length.

        Raises:
            MalformedError: there are not so many.
        """
        length = self.uint()
        end = self._at + length
        if end > len(self._data):
            raise MalformedError("less than its length says")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def text(self) -> str:
        """A text behind its length.

        Raises:
            MalformedError: there is not so much, or it is not UTF-8.
        """
        try:
            return self.buffer().decode()
        except UnicodeDecodeError as err:
            raise MalformedError("a text that is not UTF-8") from err

    def rest(self) -> bytes:
        """All that is left."""
        taken = self._data[self._at :]
        self._at = len(self._data)
        return taken
