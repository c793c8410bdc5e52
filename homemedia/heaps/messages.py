"""Messages of the Yjs protocol, one a frame (heaps §7.1). Pure."""

from typing import Final, Literal

import msgspec

from homemedia.heaps.lib0 import MalformedError, Take, var_buffer, var_text, var_uint

SYNC, AWARENESS, AUTH, QUERY = 0, 1, 2, 3
STEP_1, STEP_2, UPDATE = 0, 1, 2

# Stock providers drop a connection after 30 s without a message; pings of the protocol below do not count.
KEEPALIVE: Final = b"\x01\x01\x00"


class Said(msgspec.Struct, frozen=True):
    """What a message says; `data` a state vector, an update or states."""

    kind: Literal["step_1", "update", "awareness", "query", "other"]
    data: bytes = b""


def read(frame: bytes) -> Said:
    """What a client says. What is not known is passed over.

    Raises:
        MalformedError: the frame ends too early or too late.
    """
    take = Take(frame)
    kind = take.uint()
    if kind == SYNC:
        step = take.uint()
        if step not in (STEP_1, STEP_2, UPDATE):
            raise MalformedError("a step of syncing that there is not")
        said = Said("step_1" if step == STEP_1 else "update", take.buffer())
    elif kind == AWARENESS:
        said = Said("awareness", take.buffer())
    elif kind == QUERY:
        said = Said("query")
    else:
        return Said("other")
    if not take.is_over:
        raise MalformedError("more than one message in a frame")
    return said


def step_1(vector: bytes) -> bytes:
    """What the sender has, so that he is told the rest."""
    return bytes((SYNC, STEP_1)) + var_buffer(vector)


def step_2(update: bytes) -> bytes:
    """Everything the other side lacks."""
    return bytes((SYNC, STEP_2)) + var_buffer(update)


def update(data: bytes) -> bytes:
    """One live update."""
    return bytes((SYNC, UPDATE)) + var_buffer(data)


def awareness(states: bytes) -> bytes:
    return bytes((AWARENESS,)) + var_buffer(states)


def denied(reason: str) -> bytes:
    return var_uint(AUTH) + var_uint(0) + var_text(reason)
