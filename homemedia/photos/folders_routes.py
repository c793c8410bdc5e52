"""HTTP of photos by the folders they lie in (photos §10.6)."""

from homemedia.accounts.models import Caller
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.photos import folders_store as store
from homemedia.photos import reading
from homemedia.photos.wire import Asset


class FolderQuery(Query, frozen=True, kw_only=True):
    path: str = ""


class FolderRoutes:
    """Photos as they lie on the disk."""

    routes = Routes("photos", prefix="/api/view/folder", family=Family.PHOTOS)

    def __init__(self, db: Database) -> None:
        self._db = db

    @routes.get("/unique-paths", permission="folder.read")
    async def list_folders(self, actor: Caller) -> list[str]:
        """List the folders in which the caller's photos lie."""
        return await store.folders(self._db.read, actor.user_id)

    @routes.get("", permission="folder.read")
    async def list_photos(self, actor: Caller, query: FolderQuery) -> list[Asset]:
        """List the caller's photos that lie directly in a folder, by name."""
        found = await store.in_folder(self._db.read, actor.user_id, query.path.strip("/"))
        return await reading.assets(self._db.read, found, viewer_id=actor.user_id)
