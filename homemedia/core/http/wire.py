"""Base structs of everything that travels: camelCase outside, snake_case inside."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Wire(msgspec.Struct, rename="camel", kw_only=True, frozen=True):
    """A JSON object of an answer or a body. Unknown fields of a body are ignored: older servers, newer clients."""


class Query(msgspec.Struct, rename="camel", kw_only=True, frozen=True):
    """Parameters of an address. Text is read as the field's type; everything must have a default or is required."""


class Reply(Generic[T]):
    """An answer with more than a body: another status, headers, cookies to set (None deletes one)."""

    def __init__(
        self,
        body: T,
        *,
        status: int | None = None,
        headers: dict[str, str] | None = None,
        cookies: "list[Cookie] | None" = None,
    ) -> None:
        self.body = body
        self.status = status
        self.headers = headers or {}
        self.cookies = cookies or []


class Later(Generic[T]):
    """A body that is not read before the handler asks: for routes that may refuse whatever was sent."""

    def __init__(self, read: Callable[[], Awaitable[T]]) -> None:
        self._read = read

    async def read(self) -> T:
        """The body.

        Raises:
            BadRequest, TooLarge, TooSlow: as for every body.
        """
        return await self._read()


class Cookie(msgspec.Struct, frozen=True):
    """A cookie for the answer; without a value it is deleted."""

    name: str
    value: str | None
    max_age_s: int = 0
    is_http_only: bool = True
    is_secure: bool = False
