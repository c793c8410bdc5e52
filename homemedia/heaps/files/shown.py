"""Which small pictures of a file there are, as answers tell them (heaps §3.4): ours, then those of clients. Pure."""

from collections.abc import Sequence
from typing import Any

from homemedia.heaps.files.models import PIXELS, Link, is_looked_into
from homemedia.heaps.files.thumbnails_store import Known


def kind_shown(mime: str) -> str:
    """The word for what a small picture shows: `image`, `video`, `audio`, `document`."""
    first = mime.partition("/")[0]
    return first if first in {"image", "video", "audio"} else "document"


def thumbnails_of(link: Link | None, drawn: Sequence[Known]) -> list[dict[str, Any]]:
    """All sizes of a file's small pictures.

    Ours are made when they are first asked for, so they count as ready as soon as it is known that they can be made.

    Args:
        link: the file, where its bytes are here.
        drawn: what clients sent of it.
    """
    found = _ours(link) if link is not None and link.is_there else []
    there = {(one["type"], one["size"]) for one in found}
    return found + [
        {
            "type": one.type,
            "size": one.size,
            "width": one.width,
            "height": one.height,
            "format": one.format,
            "status": "ready",
            "source": "client",
        }
        for one in drawn
        if (one.type, one.size) not in there
    ]


def _ours(link: Link) -> list[dict[str, Any]]:
    is_pending = not link.is_looked_into and is_looked_into(link.mime)
    if not link.has_picture and not is_pending:
        return []
    shown = []
    for size, pixels in PIXELS.items():
        width, height = _fitted(link.width, link.height, pixels)
        shown.append(
            {
                "type": kind_shown(link.mime),
                "size": size,
                "width": width,
                "height": height,
                "format": "webp",
                "status": "pending" if is_pending else "ready",
                "source": "server",
            }
        )
    return shown


def _fitted(width: int | None, height: int | None, pixels: int) -> tuple[int | None, int | None]:
    """How large a picture becomes that is nowhere longer than so many pixels, and never larger than it is."""
    if not width or not height:
        return None, None
    shrink = min(1.0, pixels / max(width, height))
    return max(1, round(width * shrink)), max(1, round(height * shrink))
