"""What the accounts ask of the libraries: which there are, and who may see them."""

from collections.abc import Iterable

from homemedia.accounts.protocols import Libraries
from homemedia.core.db import Database, Write
from homemedia.core.problems import BadRequest
from homemedia.library import access_store as store
from homemedia.library.libraries_store import libraries as all_libraries
from homemedia.library.ratings import age_of, fold, is_none
from homemedia.sharing import Grants


class Access:
    """Implements `accounts.protocols.LibraryAccess` with grants."""

    def __init__(self, db: Database, grants: Grants) -> None:
        self._db = db
        self._grants = grants

    async def check(self, libraries: Libraries) -> None:
        if isinstance(libraries, str):
            return
        known = {library.library_id for library in await all_libraries(self._db.read)}
        unknown = sorted(set(libraries) - known)
        if unknown:
            raise BadRequest(
                "There is no such library.", code="unknown_library", field="libraries", reason="is unknown"
            )

    async def check_ratings(self, ratings: Iterable[str]) -> None:
        for rating in ratings:
            if (
                age_of(rating) is None
                and not is_none(rating)
                and not await store.has_rating(self._db.read, fold(rating))
            ):
                raise BadRequest(f"Nobody knows the rating “{rating}”.", code="unknown_rating")

    async def of(self, user_ids: Iterable[str]) -> dict[str, list[str]]:
        return await self._grants.libraries_of(user_ids)

    async def names(self, libraries: Libraries) -> list[tuple[str, str]]:
        wanted = None if isinstance(libraries, str) else set(libraries)
        return [
            (library.name, library.kind.value)
            for library in await all_libraries(self._db.read)
            if wanted is None or library.library_id in wanted
        ]

    async def set(self, tx: Write, user_id: str, libraries: Libraries, *, by: str, origin: str) -> None:
        named: list[str] = []
        if not isinstance(libraries, str):
            # An invite may name one that is gone by now.
            known = {library.library_id for library in await all_libraries(tx.rows)}
            named = [library_id for library_id in libraries if library_id in known]
        await self._grants.set_libraries(tx, user_id, named, by=by, origin=origin)

    async def end(self, tx: Write, user_id: str, *, by: str) -> None:
        await self._grants.end_for(tx, user_id, by=by)

    async def give_back(self, tx: Write, user_id: str, *, gone_at: int) -> None:
        lost = await self._grants.lost_libraries(tx, user_id, since=gone_at)
        await self.set(tx, user_id, lost, by=user_id, origin="library_access")
