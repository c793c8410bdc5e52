"""Members look at their photos, one and all (photos §6.3, 10.3)."""

from collections.abc import AsyncIterator

import msgspec

from homemedia.accounts import Guest, Member
from homemedia.accounts.photo_account.accounts import Counts
from homemedia.core.clock import Clock
from homemedia.core.db import Database, as_json
from homemedia.core.problems import Unauthorized
from homemedia.photos import assets_store as store
from homemedia.photos import reading, visible
from homemedia.photos.models import PhotoKind, Visibility
from homemedia.photos.wire import Asset

PAGE = 1000
LISTED = (Visibility.TIMELINE, Visibility.ARCHIVE)
EARLIEST, LATEST = -(1 << 62), 1 << 62


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a list by the time of the last change, in ms, both ends included; `limit` None for all."""

    after: int = EARLIEST
    before: int = LATEST
    limit: int | None = None
    offset: int = 0


class Assets:
    """Answers photos one by one and in a row."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()

    async def one(self, actor: Member | Guest, photo_id: str) -> Asset:
        """One photo with all that is known of it.

        Raises:
            NotFound: it is not there, or not for him.
        """
        read, now = self._db.read, self._clock.now_ms()
        await visible.require(read, visible.readable(actor, now), [photo_id])
        return await self._made(actor, photo_id)

    async def own(self, actor: Member, photo_id: str) -> Asset:
        """One photo of his own, after he has changed it.

        Raises:
            NotFound: it is gone.
        """
        return await self._made(actor, photo_id)

    async def _made(self, actor: Member | Guest, photo_id: str) -> Asset:
        now = self._clock.now_ms()
        found = await reading.for_actor(self._db.read, [photo_id], actor, at_ms=now, shape=reading.FULL)
        if not found:
            raise visible.refused("asset.read")
        return found[0]

    async def count(self, actor: Member, span: Span) -> int:
        """How many photos a span holds, whatever its limit."""
        if span.after == EARLIEST and span.before == LATEST:
            found = await self._counts(actor.user_id, LISTED, None, is_trashed=None)
            return sum(found.values())
        return await store.listed_count(self._db.read, actor.user_id, after=span.after, before=span.before)

    async def all(self, actor: Member, span: Span) -> AsyncIterator[list[Asset]]:
        """A member's own photos by the time of their last change, a few hundred at a time."""
        behind, offset = (span.after, ""), span.offset
        left = LATEST if span.limit is None else span.limit
        while left > 0:
            rows = await store.listed(
                self._db.read, actor.user_id, behind=behind, before=span.before, limit=min(left, PAGE), offset=offset
            )
            if not rows:
                return
            left, offset, behind = left - len(rows), 0, rows[-1]
            async for batch in reading.batches(self._db.read, [one for _, one in rows], viewer_id=actor.user_id):
                yield batch

    async def statistics(
        self, actor: Member, *, visibility: Visibility | None, is_favorite: bool | None, is_trashed: bool
    ) -> Counts:
        """How many pictures and videos are his own. What is hidden never counts, what is locked only when asked for.

        Raises:
            Unauthorized: what is locked was asked for, and his PIN does not open it.
        """
        if visibility is Visibility.LOCKED:
            require_elevated(actor, self._clock.now_ms())
        wanted: tuple[Visibility, ...] = LISTED if visibility is None else (visibility,)
        if visibility is Visibility.HIDDEN:
            wanted = ()
        found = await self._counts(actor.user_id, wanted, is_favorite, is_trashed=is_trashed)
        return Counts(images=found.get(PhotoKind.IMAGE.value, 0), videos=found.get(PhotoKind.VIDEO.value, 0))

    async def totals(self, user_id: str) -> Counts:
        """How many pictures and videos are a member's own: for administrators."""
        found = await self._counts(user_id, LISTED, None, is_trashed=False)
        return Counts(images=found.get(PhotoKind.IMAGE.value, 0), videos=found.get(PhotoKind.VIDEO.value, 0))

    async def _counts(
        self,
        owner_id: str,
        visibilities: tuple[Visibility, ...],
        is_favorite: bool | None,  # noqa: FBT001 - three-valued
        *,
        is_trashed: bool | None,
    ) -> dict[str, int]:
        return await store.counts(
            self._db.read,
            owner_id,
            visibilities=as_json(one.value for one in visibilities),
            is_favorite=is_favorite,
            is_trashed=is_trashed,
        )


def require_elevated(actor: Member | Guest, at_ms: int) -> None:
    """Let a member pass whose PIN opens what is locked.

    Raises:
        Unauthorized: it does not, at that time in ms.
    """
    if not visible.is_elevated(actor, at_ms):
        raise Unauthorized("Elevated permission is required", code="elevation_required")
