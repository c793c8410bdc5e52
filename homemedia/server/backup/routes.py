"""HTTP of copies of the database, for administrators."""

from homemedia.accounts import Admin
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire
from homemedia.server.backup.copying import Copy
from homemedia.server.backup.service import Backups

ACCEPTED = 202


class CopyCard(Wire, frozen=True, kw_only=True):
    """The time in Unix seconds."""

    name: str
    size: int
    made_at: int


class BackupsAnswer(Wire, frozen=True, kw_only=True):
    """The newest first. `keeps`: how many of every night's stay, null where none are made by themselves."""

    backups: list[CopyCard]
    keeps: int | None
    is_running: bool


class BackupRoutes:
    """What there is to go back to."""

    routes = Routes("server", prefix="/api/home/server/backups")

    def __init__(self, backups: Backups) -> None:
        self._backups = backups

    @routes.get("")
    async def list_backups(self, actor: Admin) -> BackupsAnswer:  # noqa: ARG002 - any administrator may
        """List the copies of the database."""
        return await self._shown()

    @routes.post("", status=ACCEPTED)
    async def make_backup(self, actor: Admin) -> BackupsAnswer:  # noqa: ARG002 - any administrator may
        """Have the database copied now, in the background."""
        await self._backups.start()
        return await self._shown()

    async def _shown(self) -> BackupsAnswer:
        cards = [_card(one) for one in await self._backups.listed()]
        return BackupsAnswer(backups=cards, keeps=self._backups.kept(), is_running=await self._backups.is_running())


def _card(one: Copy) -> CopyCard:
    return CopyCard(name=one.name, size=one.size_bytes, made_at=one.made_at // 1000)
