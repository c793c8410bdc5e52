"""HTTP of the door: for programs of this very machine that may read the data folder, and for nobody else.

Threat: who can ask here may stop the server. So it takes the word of the file in the data folder (0600, another one
at each start), callers from this machine alone, none that was passed on by a proxy, and no page of a browser.
"""

from aiohttp import web

from homemedia.core.http.errors import QUIET
from homemedia.core.http.limits import FORWARDING_HEADERS, parse_address
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Later
from homemedia.core.problems import NotFound, Unauthorized
from homemedia.server.desktop.door import Door
from homemedia.server.desktop.wire import DesktopState, ScanningBody, StateQuery

NO_CONTENT = 204


class DesktopRoutes:
    routes = Routes("server", prefix="/api/home/desktop")

    def __init__(self, door: Door) -> None:
        self._door = door

    @routes.get("/state", public=True, is_safe=False)
    async def get_state(self, request: web.Request, query: StateQuery) -> DesktopState:
        """Say what the server does, as soon as it is otherwise than what is known already."""
        self._let_in(request)
        # Asked without end: neither the log nor the rest of the house needs to hear of it.
        request[QUIET] = True
        return await self._door.state(query.seen, query.wait_s)

    @routes.post("/scanning", public=True, status=NO_CONTENT)
    async def set_scanning(self, request: web.Request, body: Later[ScanningBody]) -> web.Response:
        """Pause all scans, or go on with them."""
        self._let_in(request)
        wish = await body.read()
        await self._door.sights.pause(is_paused=wish.paused)
        self._door.stir()
        return web.Response(status=NO_CONTENT)

    @routes.post("/stop", public=True, status=NO_CONTENT)
    async def stop(self, request: web.Request) -> web.Response:
        """End the server."""
        self._let_in(request)
        self._door.on_end("stop")
        return web.Response(status=NO_CONTENT)

    @routes.post("/restart", public=True, status=NO_CONTENT)
    async def restart(self, request: web.Request) -> web.Response:
        """End the server and start it again, with the same command line."""
        self._let_in(request)
        self._door.on_end("restart")
        return web.Response(status=NO_CONTENT)

    def _let_in(self, request: web.Request) -> None:
        if not is_of_this_machine(request):
            raise NotFound("There is nothing at this address.", code="route_not_found")
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not self._door.admits(token.strip()):
            raise Unauthorized("This address is for the icon beside the clock.")


def is_of_this_machine(request: web.Request) -> bool:
    """Whether a program of this machine asks, by itself: on the loopback, or at the one address that we listen on."""
    transport = request.transport
    if transport is None or any(name in request.headers for name in (*FORWARDING_HEADERS, "Origin", "Sec-Fetch-Site")):
        return False
    peer, own = (transport.get_extra_info(name) for name in ("peername", "sockname"))
    asking, asked = (parse_address(str(found[0])) if found else None for found in (peer, own))
    return asking is not None and (asking.is_loopback or asking == asked)
