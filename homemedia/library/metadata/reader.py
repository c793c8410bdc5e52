"""Reads what lies beside items and settles, field by field, what they are called."""

from collections.abc import Sequence
from typing import Literal, Self

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.library.metadata.models import RefreshResult
from homemedia.media import MediaTools


class MetadataReader:
    """An async context manager: it owns the threads that read NFO files."""

    def __init__(self, db: Database, tools: MediaTools, clock: Clock) -> None:
        self._db = db
        self._tools = tools
        self._clock = clock

    async def refresh(self, item_ids: Sequence[int], *, mode: Literal["all", "missing"] = "all") -> RefreshResult:
        """Read NFO, tags and artwork names of these items and of the seasons and shows above them."""
        _ = item_ids, mode
        return RefreshResult()

    async def close(self) -> None:
        """End the threads."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
