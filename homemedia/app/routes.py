"""Every route of the program, and the document that describes them."""

from typing import Any

import msgspec
from aiohttp import web

from homemedia import __version__
from homemedia.app import about, accounts, clips, desktop, heap_live, heaps, library, notices, photos, playback, sharing
from homemedia.core.http.openapi import document
from homemedia.core.http.routes import Route, Routes


class DocumentRoutes:
    """The document of all routes, from the server itself."""

    routes = Routes("server", prefix="/api")

    def __init__(self) -> None:
        self._encoded = b""

    @routes.get("/openapi.json", public=True)
    async def get_document(self) -> web.Response:
        """Describe every route of this server (OpenAPI 3.1)."""
        if not self._encoded:
            self._encoded = api_document().encode()
        return web.Response(body=self._encoded, content_type="application/json", headers={"Cache-Control": "no-cache"})


# A slice's own classes stand in its module.
ROUTE_CLASSES: tuple[Any, ...] = (
    DocumentRoutes,
    *accounts.ROUTES,
    *sharing.ROUTES,
    *library.ROUTES,
    *playback.ROUTES,
    *photos.ROUTES,
    *clips.ROUTES,
    *heaps.ROUTES,
    *heap_live.ROUTES,
    *about.ROUTES,
    *notices.ROUTES,
    *desktop.ROUTES,
)


def declared_routes() -> list[Route]:
    """Every route of the program, without starting anything."""
    return [route for owner in ROUTE_CLASSES for route, _ in owner.routes.declared]


def api_document() -> str:
    """The OpenAPI document as it is committed: indented JSON with a line break at the end."""
    made = document(declared_routes(), version=__version__)
    return msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n"
