"""HTTP of the log of requests, for administrators."""

import re
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from homemedia.accounts import Admin
from homemedia.accounts.household import HouseholdService
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query, Wire
from homemedia.core.problems import BadRequest
from homemedia.server.requests import Asked, Level, Narrowed, RequestLog

_CLASS = re.compile(r"([1-5])xx")
_STATUS = re.compile(r"[1-5][0-9]{2}")


class LogQuery(Query, frozen=True, kw_only=True):
    """`status` is one (404) or a class of them (4xx); `since` in Unix seconds; `level` and what is worse."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    status: str | None = None
    user_id: str | None = None
    path: Annotated[str, Meta(max_length=500)] | None = None
    since: Annotated[float, Meta(ge=0, le=1e11)] | None = None
    level: Level = "info"


class LogEntry(Wire, frozen=True, kw_only=True):
    """One request; of pictures, streams and the client's files up to a minute of them, `count` in number.

    `at` in Unix seconds with ms, `level` info, warning (4xx) or error (5xx).
    """

    id: int
    at: float
    level: Level
    method: str
    path: str
    query: str
    status: int
    duration_ms: float
    bytes: int
    count: int
    user_id: str | None
    username: str | None
    address: str
    user_agent: str
    request_id: str


class LogAnswer(Wire, frozen=True, kw_only=True):
    logs: list[LogEntry]
    total: int


class LogRoutes:
    routes = Routes("server", prefix="/api")

    def __init__(self, log: RequestLog, household: HouseholdService) -> None:
        self._log = log
        self._household = household

    @routes.get("/logs")
    async def list_requests(self, actor: Admin, query: LogQuery) -> LogAnswer:  # noqa: ARG002 - any may
        """List the last requests, the newest first."""
        found, total = self._log.find(_narrowed(query), query.limit)
        names = await self._household.names_of({entry.user_id for entry in found if entry.user_id})
        return LogAnswer(logs=[_entry(entry, names) for entry in found], total=total)


def _narrowed(query: LogQuery) -> Narrowed:
    first, last = _statuses(query.status)
    return Narrowed(
        first_status=first,
        last_status=last,
        user_id=query.user_id,
        path=query.path,
        since_ms=None if query.since is None else int(query.since * 1000),
        level=query.level,
    )


def _statuses(text: str | None) -> tuple[int, int]:
    if text is None:
        return 0, 999
    if of_class := _CLASS.fullmatch(text.lower()):
        first = int(of_class[1]) * 100
        return first, first + 99
    if _STATUS.fullmatch(text):
        return int(text), int(text)
    raise BadRequest("A status is a number (404) or a class (4xx).", field="status", reason="must be like 404 or 4xx")


def _entry(entry: Asked, names: Mapping[str, str]) -> LogEntry:
    return LogEntry(
        id=entry.number,
        at=entry.at_ms / 1000,
        level=entry.level,
        method=entry.method,
        path=entry.path,
        query=entry.query,
        status=entry.status,
        duration_ms=round(entry.duration_ms, 1),
        bytes=entry.size_bytes,
        count=entry.count,
        user_id=entry.user_id,
        username=names.get(entry.user_id) if entry.user_id else None,
        address=entry.address,
        user_agent=entry.user_agent,
        request_id=entry.request_id,
    )
