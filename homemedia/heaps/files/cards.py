"""What answers say of a file, and its addresses, which a player may ask without a header."""

from collections.abc import Callable
from urllib.parse import quote

from homemedia.accounts import Member
from homemedia.heaps.blocks_wire import FileCard, kind_of
from homemedia.heaps.files.models import Link
from homemedia.heaps.files.shown import thumbnails_of

# (member, block) -> the media token that opens the block's file.
Signed = Callable[[Member, str], str]


def known_card(link: Link) -> FileCard:
    """A file, as it lies here."""
    return FileCard(
        file_id=str(link.file_id),
        hash=link.hash,
        name=link.name,
        size=link.size_bytes,
        mime=link.mime,
        kind=kind_of(link.mime),
        width=link.width,
        height=link.height,
        duration_ms=link.duration_ms,
        orientation=link.orientation,
        taken_at=link.taken_at,
        versions=1,
        available=link.is_there,
        thumbnails=thumbnails_of(link, ()),
    )


def addresses(link: Link, token: str, *, is_version: bool) -> dict[str, str]:
    """Where a block's file is to be had; an older version of it is told by its hash."""
    more = f"?hash={link.hash}&token={token}" if is_version else f"?token={token}"
    slug = quote(link.name, safe="")
    stem = quote(link.name.rpartition(".")[0] or link.name, safe="")
    found = {
        "raw": f"/api/file/{link.block_id}/raw/{slug}{more}",
        "stream": f"/api/stream/{link.block_id}/{slug}{more}",
    }
    if link.has_picture:
        found["thumbnail"] = f"/api/file/{link.block_id}/thumbnail/small/{stem}.webp{more}"
    return found
