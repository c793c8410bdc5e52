"""Who used what he was granted (shares §9): gathered from the answers that were given, off every request's way.

An answer says which thing it showed by its route; which grants let its reader in is found out a moment later. Owners,
and who sees a thing by what the house grants everybody as such, use no share. Links tell of their visitors themselves.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final, Self

from aiohttp import web

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.errors import WHO
from homemedia.core.http.transfers import THING
from homemedia.core.problems import AppError
from homemedia.sharing import shares_store as store
from homemedia.sharing.activity import QUIET_MS, Activity
from homemedia.sharing.models import Visit
from homemedia.sharing.reach import covering
from homemedia.sharing.targets import Targets

_log = logging.getLogger(__name__)

GATHER_S: Final = 0.5
MAX_GATHERED: Final = 500
MAX_REMEMBERED: Final = 20_000
# What the house lets everybody see is no share somebody would want to hear of.
UNTOLD: Final = frozenset({"system", "library_access", "invite"})

# (action, kind of thing, name of the id in the route)
Use = tuple[str, str, str]


class Uses:
    """An async context manager: leaving it stops.

    Args:
        by_route: what answers of a route show, by its path as it was declared.
        address: where a request came from.
    """

    def __init__(
        self,
        db: Database,
        targets: Targets,
        log: Activity,
        by_route: Mapping[str, Use],
        address: Callable[[web.Request], str],
        clock: Clock,
    ) -> None:
        self._db = db
        self._targets = targets
        self._activity = log
        self._by_route = by_route
        self._address = address
        self._clock = clock
        self._gathered: list[tuple[str, str, str, str, Visit]] = []
        self._told: OrderedDict[tuple[str, str, str], int] = OrderedDict()
        self._some = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_looking(), name="uses of shares")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def observe(self, request: web.Request, status: int, _size_bytes: int, _took_ms: float) -> None:
        """Take note of an answer; called after each."""
        user_id = request.get(WHO)
        if user_id is None or status not in {200, 206} or request.method == "HEAD":
            return
        resource = request.match_info.route.resource
        use = None if resource is None else self._by_route.get(resource.canonical)
        if use is None:
            return
        action, target_type, name = use
        thing = request.get(THING) if name == "" else (target_type, request.match_info[name])
        if thing is None or len(self._gathered) >= MAX_GATHERED or not self._is_new(user_id, action, thing[1]):
            return
        visit = Visit(self._address(request), request.headers.get("User-Agent", ""))
        self._gathered.append((user_id, action, *thing, visit))
        self._some.set()

    def _is_new(self, user_id: str, action: str, target_id: str) -> bool:
        """Whether somebody does something for the first time in a while."""
        now, key = self._clock.now_ms(), (user_id, action, target_id)
        if now - self._told.get(key, -QUIET_MS[action]) < QUIET_MS[action]:
            return False
        self._told.pop(key, None)
        self._told[key] = now
        while len(self._told) > MAX_REMEMBERED:
            self._told.popitem(last=False)
        return True

    async def settle(self) -> None:
        """Find out which grants were used, and have them written down."""
        gathered, self._gathered = self._gathered, []
        if not gathered:
            return
        read = self._db.read
        things = await self._targets.look(read, {(kind, target_id) for _, _, kind, target_id, _ in gathered})
        people = await store.people(read, {one[0] for one in gathered})
        for user_id, action, kind, target_id, visit in gathered:
            thing, member = things.get((kind, target_id)), people.get(user_id)
            if thing is None or member is None:
                continue
            if thing.owner_id == user_id or (thing.owner_id is None and member.is_admin):
                continue
            grants = await covering(read, user_id, thing, self._clock)
            if any(one.origin in UNTOLD for one in grants):
                continue
            for one in grants:
                details = {"via": kind, "media_id" if kind == "media" else "item_id": target_id}
                self._activity.note(action, one.share_id, actor_id=user_id, visit=visit, details=details)

    async def _keep_looking(self) -> None:
        while True:
            await self._some.wait()
            await asyncio.sleep(GATHER_S)
            self._some.clear()
            try:
                await self.settle()
            except AppError as err:
                _log.warning("who used what was shared cannot be found out: %s", err.message)
