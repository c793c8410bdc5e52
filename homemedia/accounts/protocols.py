"""What this slice asks of the floors above it; handed in where the program is put together."""

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

from aiohttp import web

from homemedia.accounts.credentials import Credential
from homemedia.accounts.models import Guest, Member
from homemedia.core.db import Write

# "all": the member counts under what the household was granted; else the ids of the libraries that name him.
Libraries = Literal["all"] | Sequence[str]


class LinkDoor(Protocol):
    """Lets in who holds a link."""

    async def enter(self, request: web.Request, found: Credential) -> Guest:
        """Who holds the link that a request of the photo API names by its key or slug.

        Raises:
            Unauthorized: it leads nowhere, or wants a password; in that API's words.
        """

    async def player(self, share_id: str, visit: str) -> Member:
        """Whose streams a media token of a visit opens.

        Raises:
            NotFound: the link is over, or another one by now.
        """


class LibraryAccess(Protocol):
    """Which libraries there are, and who may see them."""

    async def check(self, libraries: Libraries) -> None:
        """Let ids of libraries pass.

        Raises:
            BadRequest: `unknown_library`.
        """

    async def check_ratings(self, ratings: Iterable[str]) -> None:
        """Let age ratings pass.

        Raises:
            BadRequest: `unknown_rating`: no country knows it, and nothing in the house has it.
        """

    async def of(self, user_ids: Iterable[str]) -> dict[str, list[str]]:
        """The libraries that name each of these members."""

    async def names(self, libraries: Libraries) -> list[tuple[str, str]]:
        """Name and kind of libraries, in the house's order; those that are gone are left out."""

    async def set(self, tx: Write, user_id: str, libraries: Libraries, *, by: str, origin: str) -> None:
        """Let the libraries that name a member be exactly these; "all" leaves none that names him."""

    async def end(self, tx: Write, user_id: str, *, by: str) -> None:
        """A member is gone: nothing is granted to him any more."""

    async def give_back(self, tx: Write, user_id: str, *, gone_at: int) -> None:
        """A member who went at a time (ms) is back: the libraries that named him do so again."""
