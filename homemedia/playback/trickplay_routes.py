"""Small pictures of films over HTTP. Whether one may see the film is asked each time, as for its stream."""

from aiohttp import web

from homemedia.accounts import Admin, Viewer
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query, Wire
from homemedia.media.trickplay import FILE_TYPE
from homemedia.playback.trickplay import State, Trickplay

FOR_EVER = "private, max-age=31536000, immutable"
NOT_FOR_LONG = "private, no-cache"


class PicturesWire(Wire, frozen=True, kw_only=True):
    """Pictures of one file, `count` of them in steps of `interval`, row by row on sheets of `columns` by `rows`.

    `state`: ready; waiting (they are made when nobody is disturbed); none (there will not be any, `why` says why);
    off. Only when ready the rest is there: `interval` in ms, `width` and `height` of one picture in pixels, addresses
    of the sheets. Picture `n` stands for the time from `n * interval` on; the last sheet may have fewer rows.
    """

    file_id: int
    state: State
    interval: int | None = None
    width: int | None = None
    height: int | None = None
    columns: int | None = None
    rows: int | None = None
    count: int | None = None
    sheets: tuple[str, ...] = ()
    why: str | None = None


class StandingWire(Wire, frozen=True, kw_only=True):
    """How far the household is: files with pictures, without any for ever, and yet to come; `size` in bytes.

    `resting`: somebody plays or a disk is scanned, and the work goes on afterwards. `current` is the file that is
    worked on.
    """

    enabled: bool
    made: int
    failed: int
    waiting: int
    size: int
    limit: int
    resting: bool
    current: str | None


class SheetQuery(Query, frozen=True, kw_only=True):
    """`v` is the tag in the address of a description, which makes it last."""

    v: str | None = None


class TrickplayRoutes:
    routes = Routes("playback", prefix="/api/home/playback/trickplay")

    def __init__(self, trickplay: Trickplay) -> None:
        self._trickplay = trickplay

    @routes.get("")
    async def standing(self, actor: Admin) -> StandingWire:
        """Tell how many films have small pictures, and what is done about the others."""
        _ = actor
        found = await self._trickplay.standing()
        return StandingWire(
            enabled=found.is_on,
            made=found.made,
            failed=found.failed,
            waiting=found.waiting,
            size=found.sheet_bytes,
            limit=found.limit_bytes,
            resting=found.is_resting,
            current=found.title,
        )

    @routes.get("/{file_id}")
    async def describe(self, actor: Viewer, file_id: int) -> PicturesWire:
        """Tell what small pictures there are of a film, to look for a scene by."""
        found = await self._trickplay.of(actor, file_id)
        layout = found.layout
        if layout is None:
            return PicturesWire(file_id=file_id, state=found.state, why=found.why)
        return PicturesWire(
            file_id=file_id,
            state=found.state,
            interval=layout.interval_ms,
            width=layout.width,
            height=layout.height,
            columns=layout.columns,
            rows=layout.rows,
            count=layout.count,
            sheets=tuple(
                f"/api/home/playback/trickplay/{file_id}/{number}?v={found.tag}" for number in range(layout.sheets)
            ),
        )

    @routes.get("/{file_id}/{sheet}", produces=f"image/{FILE_TYPE}")
    async def sheet(
        self, actor: Viewer, file_id: int, sheet: int, query: SheetQuery, request: web.Request
    ) -> web.StreamResponse:
        """Send one sheet of small pictures."""
        path, tag = await self._trickplay.sheet(actor, file_id, sheet)
        return await send_file(
            request,
            path,
            content_type=f"image/{FILE_TYPE}",
            filename=f"pictures-{file_id}-{sheet}.{FILE_TYPE}",
            etag=f'"{tag}-{sheet}"',
            cache_control=FOR_EVER if query.v == tag else NOT_FOR_LONG,
        )
