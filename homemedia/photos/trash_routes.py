"""HTTP of the trash."""

from aiohttp import web

from homemedia.accounts.models import Caller
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire
from homemedia.photos.trash import Trash

NO_CONTENT = 204
BODY_BYTES = 32 << 20


class DeleteBody(Wire, frozen=True, kw_only=True):
    """`force`: not into the trash, but for good."""

    ids: list[str]
    force: bool = False


class IdsBody(Wire, frozen=True, kw_only=True):
    ids: list[str]


class Counted(Wire, frozen=True, kw_only=True):
    count: int


class TrashRoutes:
    """Away, and back."""

    routes = Routes("photos", prefix="/api", family=Family.PHOTOS)

    def __init__(self, trash: Trash) -> None:
        self._trash = trash

    @routes.delete("/assets", status=NO_CONTENT, permission="asset.delete", max_body=BODY_BYTES)
    async def delete(self, actor: Caller, body: DeleteBody) -> web.Response:
        """Put photos into the trash, or remove them for good."""
        await self._trash.delete(actor, _checked(body.ids), is_forced=body.force)
        return web.Response(status=NO_CONTENT)

    @routes.post("/trash/empty", permission="asset.delete")
    async def empty(self, actor: Caller) -> Counted:
        """Remove everything in the caller's trash for good, in the background."""
        return Counted(count=await self._trash.empty(actor))

    @routes.post("/trash/restore", permission="asset.delete")
    async def restore_all(self, actor: Caller) -> Counted:
        """Take everything out of the caller's trash."""
        return Counted(count=await self._trash.restore_all(actor))

    @routes.post("/trash/restore/assets", permission="asset.delete", max_body=BODY_BYTES)
    async def restore(self, actor: Caller, body: IdsBody) -> Counted:
        """Take these photos out of the trash."""
        return Counted(count=await self._trash.restore(actor, _checked(body.ids)))


def _checked(ids: list[str]) -> list[str]:
    return [checked_uuid(one, f"ids.{at}") for at, one in enumerate(ids)]
