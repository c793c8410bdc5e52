"""Pictures of people: the part of a photo that shows a face, cut out of its preview when it is asked for."""

from http import HTTPStatus

from aiohttp import hdrs, web

from homemedia.core.db import Database
from homemedia.core.problems import AppError, NotFound
from homemedia.library.rendition import KeptRenditions
from homemedia.media.models import RenderRequest
from homemedia.media.tools import MediaTools
from homemedia.photos.organise import people_store as store
from homemedia.photos.organise.people_store import Person

SIDE = 250
# A face with what is around it: hair, chin, a bit of the shoulders.
AROUND = 1.6
CACHE = "private, max-age=86400, no-transform"


class Portraits:
    """Cuts faces out of photos."""

    def __init__(self, db: Database, kept: KeptRenditions, tools: MediaTools) -> None:
        self._db = db
        self._kept = kept
        self._tools = tools

    async def send(self, request: web.Request, person: Person) -> web.StreamResponse:
        """Answer with somebody's face.

        Raises:
            NotFound: he is on no photo of which there are pictures.
        """
        row = await store.picture(self._db.read, person.person_id)
        kept = {} if row is None else await self._kept.of(self._db.read, row["file_id"])
        source = kept.get("preview") or kept.get("thumbnail")
        if row is None or source is None:
            raise no_picture()
        etag = f'"{row["face_id"]}-{source.made_at}"'
        headers = {hdrs.ETAG: etag, hdrs.CACHE_CONTROL: CACHE}
        if request.headers.get(hdrs.IF_NONE_MATCH) == etag:
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        box = (
            row["x1"] / row["image_width"],
            row["y1"] / row["image_height"],
            row["x2"] / row["image_width"],
            row["y2"] / row["image_height"],
        )
        wish = RenderRequest(
            source=str(self._kept.absolute(source.path)),
            width=SIDE,
            height=SIDE,
            fit="cover",
            box=squared(box, (source.width or 1, source.height or 1)),
        )
        try:
            made = await self._tools.render(wish)
        except AppError as err:
            raise no_picture() from err
        return web.Response(body=made.body, content_type=made.content_type, headers=headers)


def squared(box: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[float, float, float, float]:
    """The square around a face with something about it, as shares of the picture; within it. Pure.

    Args:
        box: left, top, right, bottom of the face as shares of the picture.
        size: of the picture in pixels.
    """
    width, height = size
    side = min(max((box[2] - box[0]) * width, (box[3] - box[1]) * height) * AROUND, width, height)
    left = min(max((box[0] + box[2]) / 2 * width - side / 2, 0), width - side)
    top = min(max((box[1] + box[3]) / 2 * height - side / 2, 0), height - side)
    return left / width, top / height, (left + side) / width, (top + side) / height


def no_picture() -> NotFound:
    # A code of its own: of bytes the photo API says 404 (photos §3).
    return NotFound("Person thumbnail not found", code="no_picture")
