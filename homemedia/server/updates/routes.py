"""HTTP of newer versions, for administrators."""

from homemedia import __version__
from homemedia.accounts import Admin
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire
from homemedia.server.updates.how import How
from homemedia.server.updates.service import Updates


class BackupBefore(Wire, frozen=True, kw_only=True):
    """The copy of the database that was made before this version changed it; the time in ms."""

    name: str
    made_at: int


class UpdatesAnswer(Wire, frozen=True, kw_only=True):
    """What is known of versions. Times in ms; `notes` is a page about the latest, `previous` what ran before this."""

    is_checking: bool
    version: str
    latest: str | None
    checked_at: int | None
    problem: str | None
    notes: str | None
    how: How
    backup: BackupBefore | None
    previous: str | None


class UpdatesBody(Wire, frozen=True, kw_only=True):
    is_checking: bool


class UpdateRoutes:
    routes = Routes("server", prefix="/api/home/server/updates")

    def __init__(self, updates: Updates) -> None:
        self._updates = updates

    @routes.get("")
    async def get_updates(self, actor: Admin) -> UpdatesAnswer:  # noqa: ARG002 - any administrator may
        """Say which version runs, and which there is as far as it is known; asks nobody."""
        return await self._shown()

    @routes.put("")
    async def set_updates(self, actor: Admin, body: UpdatesBody) -> UpdatesAnswer:
        """Have it asked every day whether there is a newer version, or no more."""
        await self._updates.switch(is_checking=body.is_checking, by=actor.user_id)
        return await self._shown()

    @routes.post("/check")
    async def check_updates(self, actor: Admin) -> UpdatesAnswer:  # noqa: ARG002 - any administrator may
        """Ask once, now, whether there is a newer version."""
        await self._updates.check()
        return await self._shown()

    async def _shown(self) -> UpdatesAnswer:
        known = await self._updates.known()
        last, copy = known.last, known.backup
        return UpdatesAnswer(
            is_checking=known.is_checking,
            version=__version__,
            latest=last.found.version if last.found else None,
            checked_at=last.checked_at,
            problem=last.problem,
            notes=last.found.notes if last.found else None,
            how=known.how,
            backup=None if copy is None else BackupBefore(name=copy.name, made_at=copy.made_at),
            previous=known.previous,
        )
