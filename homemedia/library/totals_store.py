"""SQL of the totals: how many libraries and titles somebody sees, and which folders are taken."""

from homemedia.core.db import Reader
from homemedia.library.visible import Visible

LIBRARIES = "SELECT count(*) AS number FROM library WHERE {library_visible}"
ITEMS = """
    SELECT item.kind AS kind, count(*) AS number
      FROM library JOIN item ON item.library_id = library.library_id
     WHERE {library_visible} AND item.kind IN ('movie', 'show', 'episode', 'video', 'artist', 'album', 'track')
       AND {visible}
     GROUP BY item.kind
"""
ROOTS = "SELECT path, library_id FROM root WHERE library_id IS NOT NULL"


async def libraries(read: Reader, visible: Visible) -> int:
    rows = await read(LIBRARIES.format(library_visible=visible.library_sql), visible.args)
    return int(rows[0]["number"])


async def items(read: Reader, visible: Visible) -> dict[str, int]:
    """Numbers by kind; a kind without any is left out."""
    rows = await read(ITEMS.format(library_visible=visible.library_sql, visible=visible.sql), visible.args)
    return {row["kind"]: row["number"] for row in rows}


async def roots(read: Reader) -> dict[str, str]:
    return {row["path"]: row["library_id"] for row in await read(ROOTS, {})}
