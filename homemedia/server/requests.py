"""What was asked of this server lately: a ring in memory for the page, and every line of it in a rotating file.

Pictures, streams and the client's own files are folded: a film played for two hours is one entry a minute, not a
thousand. Secrets enter neither (design 7.36).

Source:
    Watch contract 16.2.
"""

import itertools
import logging
from collections import deque
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Literal
from urllib.parse import parse_qsl, quote_plus, urlencode

import msgspec
from aiohttp import web

from homemedia.core.clock import Clock
from homemedia.core.http.errors import REQUEST_ID, WHO
from homemedia.core.log import REQUEST_LOGGER, one_line, redact

_file = logging.getLogger(REQUEST_LOGGER)
KEPT = 5000
FOLD_MS = 60_000
MOST_OPEN = 512  # folded entries that still grow
MAX_TEXT = 500
Level = Literal["info", "warning", "error"]
LEVELS: tuple[Level, ...] = ("info", "warning", "error")
# First parts of a path whose requests come in swarms, and how many parts tell one swarm from another.
SWARMS: Mapping[str, int] = {
    "/api/artwork/": 2,
    "/api/stream/": 3,
    "/api/transcode/": 3,
    "/api/videos/": 3,
    "/api/thumbnails/": 2,
    "/api/logs": 2,  # the page that shows this asks again every few seconds
    "/assets/": 1,
}


class Asked(msgspec.Struct, kw_only=True):
    """One request, or a swarm of them: then `count` is above 1, bytes are summed, the time is that of the first.

    `at_ms` since 1970 UTC is when the answer began to leave; `duration_ms` of the slowest.
    """

    number: int
    at_ms: int
    method: str
    path: str
    query: str
    status: int
    duration_ms: float
    size_bytes: int
    user_id: str | None
    address: str
    user_agent: str
    request_id: str
    count: int = 1

    @property
    def level(self) -> Level:
        if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return "error"
        return "warning" if self.status >= HTTPStatus.BAD_REQUEST else "info"


class Narrowed(msgspec.Struct, frozen=True, kw_only=True):
    """Which requests are asked for; None does not narrow. Statuses from `first_status` to `last_status`."""

    first_status: int = 0
    last_status: int = 999
    user_id: str | None = None
    path: str | None = None
    since_ms: int | None = None
    level: Level = "info"

    def has(self, entry: Asked) -> bool:
        return (
            self.first_status <= entry.status <= self.last_status
            and (self.user_id is None or entry.user_id == self.user_id)
            and (self.path is None or entry.path.startswith(self.path))
            and (self.since_ms is None or entry.at_ms >= self.since_ms)
            and LEVELS.index(entry.level) >= LEVELS.index(self.level)
        )


class RequestLog:
    """Hears of every answer.

    Args:
        address: whose request it is, behind proxies too.
        clock: the present.
    """

    def __init__(self, address: Callable[[web.Request], str], clock: Clock) -> None:
        self._address = address
        self._clock = clock
        self._ring: deque[Asked] = deque(maxlen=KEPT)
        self._open: dict[tuple[object, ...], Asked] = {}
        self._numbers = itertools.count(1)

    def observe(self, request: web.Request, status: int, size_bytes: int, duration_ms: float) -> None:
        """Take down one answer."""
        now = self._clock.now_ms()
        path = _clean(request.path)
        user_id = request.get(WHO)
        address = self._address(request)
        swarm = _swarm_of(path)
        if swarm is not None:
            key = (swarm, request.method, status, user_id, address)
            growing = self._open.get(key)
            if growing is not None and now - growing.at_ms < FOLD_MS:
                growing.count += 1
                if growing.path != path:
                    growing.path, growing.query = f"{swarm}/…", ""
                growing.size_bytes += size_bytes
                growing.duration_ms = max(growing.duration_ms, duration_ms)
                return
        entry = Asked(
            number=next(self._numbers),
            at_ms=now,
            method=request.method,
            path=path,
            query=_clean_query(request.query_string),
            status=status,
            duration_ms=duration_ms,
            size_bytes=size_bytes,
            user_id=user_id,
            address=address,
            user_agent=_clean(request.headers.get("User-Agent", "")),
            request_id=request.get(REQUEST_ID, ""),
        )
        self._ring.append(entry)
        if swarm is None:
            self._write(entry)
            return
        self._settle(now)
        self._open[key] = entry

    async def close(self) -> None:
        """Write what is still growing."""
        for entry in self._open.values():
            self._write(entry)
        self._open.clear()

    def find(self, narrowed: Narrowed, limit: int) -> tuple[list[Asked], int]:
        """The newest `limit` of those asked for, and how many there are."""
        found = [entry for entry in self._ring if narrowed.has(entry)]
        return found[: -limit - 1 : -1], len(found)

    def _settle(self, now_ms: int) -> None:
        """Write down swarms that are over; of too many the oldest count as over."""
        over = [key for key, entry in self._open.items() if now_ms - entry.at_ms >= FOLD_MS]
        over += list(self._open)[: max(0, len(self._open) - len(over) - MOST_OPEN)]
        for key in dict.fromkeys(over):
            self._write(self._open.pop(key))

    @staticmethod
    def _write(entry: Asked) -> None:
        _file.info("%s %s %d", entry.method, entry.path, entry.status, extra={"facts": msgspec.structs.asdict(entry)})


def _swarm_of(path: str) -> str | None:
    for beginning, parts in SWARMS.items():
        if path.startswith(beginning):
            return "/".join(path.split("/")[: parts + 1])
    return None


def _clean(text: str) -> str:
    return one_line(redact(text))[:MAX_TEXT]


def _clean_query(query: str) -> str:
    """The query without what its parameters may hide, however their names are escaped."""
    if not query:
        return ""
    try:
        pairs = [(name, redact(value)) for name, value in parse_qsl(query, keep_blank_values=True, max_num_fields=100)]
    except ValueError:
        return "…"
    # A blank would end what is taken for the secret.
    return _clean(urlencode(pairs, quote_via=quote_plus, safe="/:,…", errors="replace"))
