"""What all that asks other servers shares: one session, opened at the first request, a lane, and their end."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Any, Self

import aiohttp

from homemedia import __version__
from homemedia.core.threads import Lane


class Client(ABC):
    """An async context manager. Args: the lane for blocking work, closed with the session."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End open connections and the threads."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        await self._lane.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """No cookies, no proxies of the environment, and our name."""
        if self._session is None:
            options = self._options()
            headers = {"User-Agent": f"HomeMedia/{__version__}", **options.pop("headers", {})}
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, headers=headers, **options
            )
        return self._session

    @abstractmethod
    def _options(self) -> dict[str, Any]:
        """Further arguments of `ClientSession`."""
