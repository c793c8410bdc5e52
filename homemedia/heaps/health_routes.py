"""HTTP of how syncing is (heaps §7.3)."""

from collections.abc import Callable

from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Reply
from homemedia.heaps.health import SyncHealth

OK, UNAVAILABLE = 200, 503


class HealthRoutes:
    """Whether syncing works."""

    routes = Routes("heaps", prefix="/sync", family=Family.HEAPS)

    def __init__(self, look: Callable[[], SyncHealth]) -> None:
        self._look = look

    @routes.get("/health", public=True, also=(UNAVAILABLE,))
    async def get_health(self) -> Reply[SyncHealth]:
        """Say whether syncing works; 503 with the same body when nothing can be written for seconds."""
        found = self._look()
        return Reply(found, status=OK if found.status == "ok" else UNAVAILABLE)
