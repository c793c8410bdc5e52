"""Which other sites' pages may ask this server (design, "CORS, cross-site"; heaps §1.1).

Threat: a page anywhere runs in a browser at home. It may read an answer only where a bearer token of its own has to
come along: nothing here ever allows credentials, so no answer to a cookie can be read.
"""

import re
from collections.abc import Iterable, Sequence

from aiohttp import hdrs, web

from homemedia.core.http.errors import Handler
from homemedia.core.http.families import FAMILY, Family
from homemedia.core.http.routes import Route

METHODS = "GET,HEAD,POST,PUT,DELETE,OPTIONS"
MORE_METHODS = "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS"
REQUEST_HEADERS = (
    "Authorization, Content-Type, Range, If-Range, If-None-Match, X-Chunk-SHA256, X-Session-Id"  # heaps §1.1
)
EXPOSED = "ETag, Content-Range, Accept-Ranges, Content-Length, Retry-After"
PREFLIGHT_S = "600"


class Cors:
    """Says so in the answers: the heap routes to every origin, everything else to the origins that were named.

    Args:
        origins: `server.cors_origins`, as browsers write them ("https://notes.example").
    """

    def __init__(self, origins: Iterable[str] = ()) -> None:
        self._origins = frozenset(origin.strip().rstrip("/").lower() for origin in origins)

    def mount(self, app: web.Application, routes: Sequence[Route]) -> None:
        """Have it said in the answers of an application that serves these routes."""
        app.middlewares.append(self.preflight)
        app.on_response_prepare.append(self.allow)
        for path in dict.fromkeys(route.path for route in routes if route.family is Family.HEAPS):
            app.router.add_route(hdrs.METH_OPTIONS, path, _answer_heaps)
        for path, methods in _covered(routes).items():
            app.router.add_route(hdrs.METH_OPTIONS, path, _refusing(methods))

    @web.middleware
    async def preflight(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer what a browser asks before it lets a page of a named origin ask."""
        is_question = request.method == hdrs.METH_OPTIONS and hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers
        if is_question and self._is_named(request):
            return _preflight_answer(MORE_METHODS)
        return await handler(request)

    async def allow(self, request: web.Request, response: web.StreamResponse) -> None:
        """Signal `on_response_prepare`: mirror the origin where it may read the answer."""
        is_open = request.get(FAMILY) is Family.HEAPS
        if is_open or self._origins:
            response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is None or not _is_plain(origin) or not (is_open or self._is_named(request)):
            return
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = EXPOSED

    def _is_named(self, request: web.Request) -> bool:
        return request.headers.get(hdrs.ORIGIN, "").lower() in self._origins


def _covered(routes: Sequence[Route]) -> dict[str, list[str]]:
    """Fixed paths of other families that a heap route's placeholder would fit, with their methods."""
    heaps = {re.compile(re.sub(r"\{[^}]+\}", "[^/]+", route.path)) for route in routes if route.family is Family.HEAPS}
    own = {route.path for route in routes if route.family is Family.HEAPS}
    found: dict[str, list[str]] = {}
    for route in routes:
        if route.path not in own and "{" not in route.path and any(one.fullmatch(route.path) for one in heaps):
            found.setdefault(route.path, []).append(route.method)
    return found


def _refusing(methods: list[str]) -> Handler:
    async def refuse(request: web.Request) -> web.StreamResponse:
        raise web.HTTPMethodNotAllowed(request.method, methods)

    return refuse


async def _answer_heaps(request: web.Request) -> web.StreamResponse:
    """The preflight of a heap route, for every origin."""
    request[FAMILY] = Family.HEAPS
    return _preflight_answer(METHODS)


def _preflight_answer(methods: str) -> web.Response:
    headers = {
        hdrs.ACCESS_CONTROL_ALLOW_METHODS: methods,
        hdrs.ACCESS_CONTROL_ALLOW_HEADERS: REQUEST_HEADERS,
        hdrs.ACCESS_CONTROL_MAX_AGE: PREFLIGHT_S,
    }
    return web.Response(status=204, headers=headers)


def _is_plain(origin: str) -> bool:
    """Whether an origin can be written back: browsers send no other."""
    return origin.isascii() and origin.isprintable()
