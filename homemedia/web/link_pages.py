"""The page of a public link: the client's shell, with what a messenger may show of it (photos §6.7).

Threat: the address itself opens the link. So the page says to nobody where it was read, and looking at it is no visit.
"""

from collections.abc import Awaitable, Callable
from html import escape
from http import HTTPStatus

from aiohttp import web

from homemedia.core.http.routes import FileName, Routes
from homemedia.sharing.links.preview import Preview
from homemedia.web.files import ClientFiles
from homemedia.web.pages import shell_of

REFERRER, NO_REFERRER = '<meta name="referrer" content="same-origin">', '<meta name="referrer" content="no-referrer">'
HTML = "text/html"


class LinkPages:
    """Answers whoever asks with a page, also programs that do not say that they take one.

    Args:
        files: the client's files.
        preview: what may be said of a link, by token or slug.
    """

    routes = Routes("web")

    def __init__(self, files: ClientFiles, preview: Callable[[web.Request, str], Awaitable[Preview]]) -> None:
        self._shell = shell_of(files).replace(REFERRER, NO_REFERRER)
        self._preview = preview

    @routes.get("/share/{key}", public=True, produces=HTML)
    async def by_key(self, key: FileName, request: web.Request) -> web.Response:
        """Show the page of a link."""
        return self._page(await self._preview(request, key))

    @routes.get("/s/{slug}", public=True, produces=HTML)
    async def by_slug(self, slug: FileName, request: web.Request) -> web.Response:
        """Show the page of a link by its slug."""
        return self._page(await self._preview(request, slug))

    def _page(self, found: Preview) -> web.Response:
        return web.Response(
            status=HTTPStatus.NOT_FOUND if found.state == "gone" else HTTPStatus.OK,
            body=self._shell.replace("</head>", f"{tags(found)}</head>", 1).encode("utf-8", "replace"),
            content_type=HTML,
            charset="utf-8",
            headers={"Cache-Control": "no-store"},
        )


def tags(found: Preview) -> str:
    """What a messenger reads; nothing of what is shut."""
    if found.state != "open":
        return ""
    named = {"og:type": "website", "og:title": found.title, "og:description": found.description}
    lines = [f'<meta name="description" content="{escape(found.description)}">']
    if found.image is not None:
        named["og:image"] = found.image
        lines.append('<meta name="twitter:card" content="summary_large_image">')
    lines += [f'<meta property="{name}" content="{escape(text)}">' for name, text in named.items()]
    return "\n".join([*lines, ""])
