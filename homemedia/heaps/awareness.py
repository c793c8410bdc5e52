"""Who is there, and where his cursor is: states that live in memory only (heaps §7.1). Pure.

Every client has a clock of its own: a state counts when its clock is newer, or when it is as new and says goodbye.
"""

import msgspec

from homemedia.heaps.lib0 import MalformedError, Take, var_text, var_uint

NULL = "null"
MAX_BYTES = 64 << 10
MAX_CLIENTS = 64
OLD_S = 60.0


class State(msgspec.Struct, frozen=True):
    """What a client says of itself: JSON, or `null` when it goes."""

    client: int
    clock: int
    json: str


class _Known(msgspec.Struct):
    clock: int
    json: str
    owner: str
    at_s: float


class Awareness:
    """States of the clients of one block, each with the connection that sent it last."""

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}

    def take(self, states: list[State], owner: str, now_s: float) -> list[State]:
        """Those that are news."""
        fresh: list[State] = []
        for state in states:
            known = self._known.get(state.client)
            is_goodbye = state.json == NULL
            if known is not None:
                is_later = state.clock > known.clock or (state.clock == known.clock and is_goodbye)
                if not is_later or (state.clock == known.clock and known.json == NULL):
                    # Said again: it is still there.
                    if known.clock == state.clock:
                        known.at_s = now_s
                    continue
            self._known[state.client] = _Known(state.clock, state.json, owner, now_s)
            fresh.append(state)
        return fresh

    def clients_of(self, owner: str) -> int:
        """How many clients a connection speaks for."""
        return sum(1 for known in self._known.values() if known.owner == owner and known.json != NULL)

    def states(self) -> list[State]:
        """Everybody who is there."""
        return [State(client, one.clock, one.json) for client, one in self._known.items() if one.json != NULL]

    def leave(self, owner: str) -> list[State]:
        """A connection is gone: the goodbyes of its clients."""
        return self._bye([client for client, one in self._known.items() if one.owner == owner])

    def expire(self, now_s: float) -> list[State]:
        """The goodbyes of clients that have said nothing for a while."""
        return self._bye([client for client, one in self._known.items() if now_s - one.at_s >= OLD_S])

    def _bye(self, clients: list[int]) -> list[State]:
        gone = [(client, self._known.pop(client)) for client in clients]
        return [State(client, one.clock + 1, NULL) for client, one in gone if one.json != NULL]


def decoded(data: bytes) -> list[State]:
    """States of one message.

    Raises:
        MalformedError: it is none, or speaks for more clients than one connection may.
    """
    if len(data) > MAX_BYTES:
        raise MalformedError("an awareness message above 64 KiB")
    take = Take(data)
    count = take.uint()
    if count > MAX_CLIENTS:
        raise MalformedError("more clients than one connection speaks for")
    states = []
    for _ in range(count):
        client, clock, json = take.uint(), take.uint(), take.text()
        try:
            msgspec.json.decode(json)
        except (msgspec.DecodeError, RecursionError) as err:
            raise MalformedError("a state that is not JSON") from err
        states.append(State(client, clock, json))
    return states


def encoded(states: list[State]) -> bytes:
    """States as the body of one message."""
    out = bytearray(var_uint(len(states)))
    for state in states:
        out += var_uint(state.client) + var_uint(state.clock) + var_text(state.json)
    return bytes(out)
