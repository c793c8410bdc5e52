"""HTTP of the photo API's queues."""

from typing import Literal

from aiohttp import web

from homemedia.accounts.models import Admin
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire
from homemedia.core.problems import BadRequest
from homemedia.photos.queues.names import QUEUES
from homemedia.photos.queues.service import Queue, Queues

NO_CONTENT = 204
Command = Literal["start", "pause", "resume", "empty", "clear-failed"]
Chore = Literal["person-cleanup", "tag-cleanup", "user-cleanup", "memory-cleanup", "memory-create", "backup-database"]


class JobCounts(Wire, frozen=True, kw_only=True):
    active: int
    completed: int
    failed: int
    delayed: int
    waiting: int
    paused: int


class QueueStatus(Wire, frozen=True, kw_only=True):
    is_active: bool
    is_paused: bool


class QueueCard(Wire, frozen=True, kw_only=True):
    job_counts: JobCounts
    queue_status: QueueStatus


class CommandBody(Wire, frozen=True, kw_only=True):
    """`force`: for everything, not only what is missing."""

    command: Command
    force: bool | None = None


class ChoreBody(Wire, frozen=True, kw_only=True):
    name: Chore


class QueueRoutes:
    """What the house has to do, and whether it does it."""

    routes = Routes("photos", prefix="/api/jobs", family=Family.PHOTOS)

    def __init__(self, queues: Queues) -> None:
        self._queues = queues

    @routes.get("", permission="job.read")
    async def all(self, actor: Admin) -> dict[str, QueueCard]:  # noqa: ARG002 - any administrator may
        """List the queues by their names."""
        return {name: _card(queue) for name, queue in (await self._queues.all()).items()}

    @routes.post("", status=NO_CONTENT, permission="job.create")
    async def chore(self, actor: Admin, body: ChoreBody) -> web.Response:  # noqa: ARG002 - any administrator may
        """Copy the database now, or do the house's chores, which are one sweep."""
        if body.name == "backup-database":
            await self._queues.start("backupDatabase", is_forced=False)
        else:
            await self._queues.sweep()
        return web.Response(status=NO_CONTENT)

    @routes.put("/{name}", permission="job.create")
    async def command(self, actor: Admin, name: str, body: CommandBody) -> QueueCard:
        """Start a queue's work, hold it, let it go on, or forget it."""
        if name not in QUEUES:
            options = "|".join(f'"{one}"' for one in QUEUES)
            reason = f"Invalid option: expected one of {options}"
            raise BadRequest("Validation failed", field="name", reason=reason)
        match body.command:
            case "pause":
                await self._queues.pause(name, actor.user_id)
            case "resume":
                await self._queues.resume(name, actor.user_id)
            case "start":
                await self._queues.start(name, is_forced=bool(body.force))
            case "empty":
                await self._queues.empty(name)
            case "clear-failed":
                await self._queues.clear_failed(name)
        return _card(await self._queues.one(name))


def _card(queue: Queue) -> QueueCard:
    counts = queue.counts
    return QueueCard(
        job_counts=JobCounts(**{name: getattr(counts, name) for name in JobCounts.__struct_fields__}),
        queue_status=QueueStatus(is_active=queue.is_active, is_paused=queue.is_paused),
    )
