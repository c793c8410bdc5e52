"""What is written in a block is told to lists at most once a second, however fast somebody types."""

import asyncio

from homemedia.core.events import EventBus
from homemedia.heaps.events import BlockChanged, BlockUpdated

EVERY_S = 1.0


class Teller:
    """Hears of every update and announces the last of each second."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._last: dict[str, BlockUpdated | None] = {}

    def hear(self, event: BlockUpdated) -> None:
        if event.block_id in self._last:
            self._last[event.block_id] = event
            return
        self._tell(event)

    def _tell(self, event: BlockUpdated) -> None:
        self._last[event.block_id] = None
        self._bus.publish(
            BlockChanged(
                heap_id=event.heap_id,
                block_id=event.block_id,
                sync_version=event.sync_version,
                changed=event.changed,
                vector=event.vector,
                session_id=event.session_id,
            )
        )
        asyncio.get_running_loop().call_later(EVERY_S, self._again, event.block_id)

    def _again(self, block_id: str) -> None:
        event = self._last.pop(block_id, None)
        if event is not None:
            self._tell(event)
