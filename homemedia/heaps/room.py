"""One open block: who has it open, and what they are told of each other."""

import msgspec

from homemedia.heaps import awareness, messages
from homemedia.heaps.awareness import Awareness
from homemedia.heaps.connection import CLOSE_SLOW, Connection
from homemedia.heaps.lib0 import MalformedError


class Figures(msgspec.Struct):
    """What was done since the start."""

    messages_in: int = 0
    messages_out: int = 0
    updates_received: int = 0
    slow_consumers_dropped: int = 0


class Room:
    """Who has one block open.

    Args:
        block_id: the block.
        figures: what is told is counted there.
    """

    def __init__(self, block_id: str, figures: Figures) -> None:
        self.block_id = block_id
        self.connections: set[Connection] = set()
        self._figures = figures
        self._awareness = Awareness()

    def greet(self, one: Connection, vector: bytes) -> None:
        """Tell who comes in what is here, and who."""
        one.send(messages.step_1(vector))
        states = self._awareness.states()
        if states:
            one.send(messages.awareness(awareness.encoded(states)))

    def who_is_here(self, one: Connection) -> None:
        """Tell somebody who has asked."""
        one.send(messages.awareness(awareness.encoded(self._awareness.states())))

    def be_aware(self, one: Connection, data: bytes, now_s: float) -> None:
        """Somebody says where he is.

        Raises:
            MalformedError: it is no such message, or speaks for too many.
        """
        states = self._awareness.take(awareness.decoded(data), one.id, now_s)
        if self._awareness.clients_of(one.id) > awareness.MAX_CLIENTS:
            raise MalformedError("more clients than one connection speaks for")
        if states:
            self._tell_lightly(messages.awareness(awareness.encoded(states)), one)

    def expire(self, now_s: float) -> None:
        """Who has said nothing of himself for long is here no more."""
        states = self._awareness.expire(now_s)
        if states:
            self._tell_lightly(messages.awareness(awareness.encoded(states)))

    def leave(self, one: Connection) -> None:
        """A socket is closed."""
        self.connections.discard(one)
        if one.ended_with == CLOSE_SLOW:
            self._figures.slow_consumers_dropped += 1
        states = self._awareness.leave(one.id)
        if states:
            self._tell_lightly(messages.awareness(awareness.encoded(states)))

    def tell(self, frame: bytes, sender: Connection | None = None) -> None:
        """Everybody but the sender gets a message."""
        for one in self.connections:
            if one is not sender:
                self._figures.messages_out += 1
                one.send(frame)

    def _tell_lightly(self, frame: bytes, sender: Connection | None = None) -> None:
        """The same, of what may be lost."""
        for one in self.connections:
            if one is not sender:
                self._figures.messages_out += 1
                one.send_lightly(frame)
