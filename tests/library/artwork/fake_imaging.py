"""Stands for the media worker: makes one-colour JPEGs, remembers what was asked, fails where told."""

import asyncio
import collections
import hashlib
from pathlib import Path
from typing import Any

import msgspec

from homemedia.media import ImageFacts, MediaTools, OperationFailed, Rendering


class FakeImaging:
    """An executor whose pictures are the words that were asked for.

    Attributes:
        asked: (operation, file name) in order.
        fails: file name to the code it is refused with.
        sizes: file name to the size its picture has.
        gate: cleared, renderings wait.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.fails: dict[str, str] = {}
        self.sizes: dict[str, tuple[int, int]] = collections.defaultdict(lambda: (1920, 1080))
        self.requests: list[dict[str, Any]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def call(self, operation: str, argument: Any, answer: type[Any], *, limit_s: float) -> Any:
        facts: dict[str, Any] = {"source": argument} if isinstance(argument, str) else msgspec.to_builtins(argument)
        name = Path(facts["source"]).name
        self.asked.append((operation, name))
        self.requests.append(facts)
        if name in self.fails:
            raise OperationFailed("It was refused.", code=self.fails[name])
        if operation == "render":
            await self.gate.wait()
            body = f"{name} {facts['width']}x{facts['height']} {facts['fit']} {facts['format']}".encode()
            return Rendering(body=body, content_type=f"image/{facts['format']}", width=1, height=1)
        if "target" in facts:
            # The fake for blocking work writes one small file, so it may do so on the loop.
            Path(facts["target"]).write_bytes(f"{operation} of {name}".encode())  # noqa: ASYNC240
        width, height = self.sizes[name]
        digest = hashlib.blake2b(f"{operation} of {name}".encode(), digest_size=16).hexdigest()
        return ImageFacts(
            width=width, height=height, format="jpeg", tone="#223344", focus_x=0.4, focus_y=0.6, content_hash=digest
        )

    async def close(self) -> None:
        """Nothing to end."""

    def tools(self) -> MediaTools:
        return MediaTools(probing=self, imaging=self)
