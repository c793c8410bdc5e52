"""Whether two descriptions of streams (`ftyp` and `moov`) are the same to who reads segments by them. Pure.

Source:
    ISO/IEC 14496-1, 7.2.6 (descriptors in `esds`); 14496-12, 8.5.2 (`btrt`).
"""

# What ffmpeg guesses of a stream's rate from where it began to read; nobody decodes by it.
_RATES_BYTES = 12
_CONFIG_TAG, _STREAM_TAG = 4, 3


def essence(init: bytes) -> bytes:
    """A description without the rates that nobody decodes by; segments of one fit the other when these are equal."""
    body = bytearray(init)
    at = init.find(b"btrt")
    while at >= 0:
        body[at + 4 : at + 4 + _RATES_BYTES] = bytes(min(_RATES_BYTES, len(body) - at - 4))
        at = init.find(b"btrt", at + 4)
    at = init.find(b"esds")
    while at >= 0:
        _blank_rates(body, at + 8)
        at = init.find(b"esds", at + 4)
    return bytes(body)


def _blank_rates(body: bytearray, at: int) -> None:
    """Blank the rates in the descriptors that begin at `at`."""
    stream = _inside(body, at, _STREAM_TAG)
    config = None if stream is None else _inside(body, stream + 3, _CONFIG_TAG)
    if config is not None and config + 13 <= len(body):
        # After the kinds of object and stream: size of a buffer, most and mean rate.
        body[config + 2 : config + 13] = bytes(11)


def _inside(body: bytearray, at: int, tag: int) -> int | None:
    """Where the content of the descriptor at `at` begins; None when it is another one."""
    if at >= len(body) or body[at] != tag:
        return None
    at += 1
    while at < len(body) and body[at] & 0x80:
        at += 1
    return at + 1
