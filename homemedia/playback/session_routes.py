"""Streams of segments: opened, fetched, ended."""

import re
from collections.abc import Callable
from pathlib import Path

from aiohttp import hdrs, web

from homemedia.accounts import Caller, Viewer
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Reply
from homemedia.core.problems import NotFound
from homemedia.media.hls.playlists import CONTENT_TYPE
from homemedia.playback import renditions
from homemedia.playback.advice import Adviser
from homemedia.playback.decide import Wish
from homemedia.playback.planning import film_of, maker_of
from homemedia.playback.profiles import Profile, parse
from homemedia.playback.renditions import SubtitleSource
from homemedia.playback.session import Film, Session
from homemedia.playback.session_wire import (
    Link,
    LinkBody,
    Opened,
    Stopped,
    TranscodeBody,
    audio_wire,
    subtitle_wire,
    video_wire,
)
from homemedia.playback.sessions import TOKEN_LIFE_S, Order, Sessions
from homemedia.playback.subtitles import Burnt

SEGMENT_TYPES = {"m4s": "video/mp4", "ts": "video/mp2t"}
NO_STORE = {"Cache-Control": "no-store"}
# Anything else is no segment: no name of a request ever reaches the file system.
_SEGMENT = re.compile(r"(0|[1-9][0-9]{0,8})\.(m4s|ts)")
_SUBTITLES = re.compile(r"sub-(0|[1-9][0-9]{0,5})\.(m3u8|vtt)")
NO_WISH = TranscodeBody()


class TranscodeRoutes:
    routes = Routes("playback", prefix="/api")

    def __init__(
        self,
        adviser: Adviser,
        sessions: Sessions,
        address: Callable[[web.Request], str],
        subtitles: SubtitleSource,
    ) -> None:
        self._adviser = adviser
        self._sessions = sessions
        self._address = address
        self._subtitles = subtitles

    @routes.post("/transcode/{file_id}", status=201)
    async def open(
        self, actor: Caller, file_id: int, request: web.Request, body: TranscodeBody = NO_WISH
    ) -> Reply[Opened]:
        """Begin a stream of a file that the player cannot play as it is."""
        wish = Wish(
            audio_track=body.audio_track,
            subtitle_track=body.subtitle_track,
            subtitle_mode=body.subtitle_mode,
            max_bitrate=body.max_bitrate,
            max_height=body.max_height,
            force=body.force,
            format=body.segment_format,
        )
        profile = body.profile if isinstance(body.profile, Profile) else parse(body.profile or "web")
        advice = await self._adviser.advise(actor, file_id, profile, wish, needs_stream=True)
        film = film_of(advice, body.start_offset)
        burnt, bitmaps = await self._burnt(film), await self._bitmaps(film)
        order = Order(
            film=film,
            maker=maker_of(advice, film, burnt=burnt, bitmaps=bitmaps, failed=self._adviser.means.failed),
            pace=advice.means.pace,
            client_name=body.client_name,
            address=self._address(request),
            burnt=burnt,
            folder=advice.means.temp_dir,
        )
        session = await self._sessions.open(actor, order)
        if film.subtitles:
            await self._subtitles.expect(film.file)
        base, query = f"/api/transcode/{session.session_id}", f"?token={session.token}"
        decision = film.decision
        return Reply(
            Opened(
                session_id=session.session_id,
                playlist_url=f"{base}/stream.m3u8{query}",
                master_url=f"{base}/master.m3u8{query}",
                stream_token=session.token,
                method=decision.method,
                reasons=list(decision.reasons),
                video=video_wire(decision.video),
                audio=audio_wire(decision.audio),
                subtitle=subtitle_wire(decision.subtitle, advice.subtitles),
                duration=film.table.end_us // 1000,
                segment_duration=order.pace.segment_s,
                segment_count=film.table.count,
                start_offset=film.start_us // 1000,
                segment_format=film.form,
                encoder=decision.encoder,
                expected_speed=decision.expected_speed,
            )
        )

    @routes.get("/transcode/{session_id}/stream.m3u8", produces=CONTENT_TYPE)
    async def playlist(self, actor: Viewer, session_id: str) -> web.Response:
        """List all segments of a stream, those not made yet too."""
        return _playlist((await self._sessions.of(actor, session_id)).playlist())

    @routes.get("/transcode/{session_id}/{segment}", produces="video/mp4")
    async def segment(self, actor: Viewer, session_id: str, segment: str, request: web.Request) -> web.StreamResponse:
        """Send a segment, or what else belongs to a stream; waits until it is made."""
        session = await self._sessions.of(actor, session_id)
        if segment == "init.mp4":
            return await self._send(session, request, None)
        if segment == "master.m3u8":
            return _playlist(renditions.master(session))
        if (beside := _SUBTITLES.fullmatch(segment)) is not None:
            return await self._beside(session, int(beside[1]), beside[2])
        match = _SEGMENT.fullmatch(segment)
        if match is None or match[2] != session.film.suffix:
            raise _nothing()
        return await self._send(session, request, int(match[1]))

    async def _send(self, session: Session, request: web.Request, number: int | None) -> web.StreamResponse:
        """A segment, or without a number the description."""
        content_type = SEGMENT_TYPES[session.film.suffix]
        if request.method == hdrs.METH_HEAD and not session.has(number):
            # It would have to be made first, and asking about a thing starts no work.
            return web.Response(content_type=content_type, headers=NO_STORE)

        def is_gone() -> bool:
            return request.transport is None or request.transport.is_closing()

        path = await (session.init(is_gone) if number is None else session.segment(number, is_gone))
        return await send_file(request, path, content_type=content_type, cache_control="no-store", on_sent=session.sent)

    async def _beside(self, session: Session, index: int, kind: str) -> web.Response:
        """Subtitles: the list with their one piece, or the piece."""
        text = renditions.subtitles(session, index)
        if text is None:
            raise _nothing()
        session.heard()
        if kind == "m3u8":
            return _playlist(text)
        body = renditions.timed(await self._subtitles.vtt(session.film.file, index))
        return web.Response(body=body, headers={**NO_STORE, hdrs.CONTENT_TYPE: "text/vtt; charset=utf-8"})

    async def _burnt(self, film: Film) -> Burnt | None:
        """The text that is drawn into the picture, if any."""
        video, index = film.decision.video, film.decision.subtitle.index
        if video is None or not video.burns_text or index is None:
            return None
        return await self._subtitles.burnt(film.file, index)

    async def _bitmaps(self, film: Film) -> Path | None:
        """The file beside the film whose pictures are drawn into it, if any."""
        video, index = film.decision.video, film.decision.subtitle.index
        if video is None or not video.burns_beside or index is None:
            return None
        return await self._subtitles.bitmaps(film.file, index)

    @routes.post("/home/playback/links", status=201)
    async def link(self, actor: Caller, body: LinkBody) -> Reply[Link]:
        """Make an address of a file for a program that cannot sign in, such as a video player or a television."""
        token = await self._sessions.link(actor, body.file_id)
        return Reply(Link(url=f"/api/stream/{body.file_id}?token={token}", expires_in=TOKEN_LIFE_S))

    @routes.delete("/transcode/{session_id}")
    async def end(self, actor: Caller, session_id: str) -> Stopped:
        """End a stream; answers when its program and its files are gone."""
        await self._sessions.end(actor, session_id)
        return Stopped()


def _playlist(text: str) -> web.Response:
    return web.Response(body=text.encode(), headers={**NO_STORE, hdrs.CONTENT_TYPE: CONTENT_TYPE})


def _nothing() -> NotFound:
    return NotFound("A stream has nothing of this name.")
