"""Subtitles as text."""

from typing import Annotated

import msgspec
from aiohttp import hdrs, web

from homemedia.accounts import Viewer
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.media.subtitles import Target
from homemedia.playback.subtitles import Subtitles


class SubtitleQuery(Query, frozen=True, kw_only=True):
    """`format` original keeps the file's own; `shift` in ms makes everything later, below 0 earlier."""

    format: Target = "vtt"
    shift: Annotated[int, msgspec.Meta(ge=-600_000, le=600_000)] = 0


class SubtitleRoutes:
    routes = Routes("playback", prefix="/api")

    def __init__(self, subtitles: Subtitles) -> None:
        self._subtitles = subtitles

    @routes.get("/media/{file_id}/subtitle/{index}", produces="text/vtt")
    async def subtitle(
        self, actor: Viewer, file_id: int, index: int, query: SubtitleQuery, request: web.Request
    ) -> web.Response:
        """Send subtitles, as WebVTT unless something else is asked for."""
        found = await self._subtitles.of_member(actor, file_id, index)
        tag = found.tag(query.format, query.shift)
        headers = {hdrs.ETAG: tag, hdrs.CACHE_CONTROL: "private, no-cache"}
        if tag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
            return web.Response(status=304, headers=headers)
        text = await self._subtitles.text(found, query.format, query.shift)
        headers[hdrs.CONTENT_TYPE] = f"{text.content_type}; charset=utf-8"
        return web.Response(body=text.body, headers=headers)
