"""Which libraries a member sees; nothing here decides."""

from homemedia.core.db import Reader
from homemedia.library.visible import Visible

SEEN = "SELECT library.library_id FROM library WHERE {library_visible}"


async def seen(read: Reader, visible: Visible) -> frozenset[str]:
    rows = await read(SEEN.format(library_visible=visible.library_sql), visible.args)
    return frozenset(row["library_id"] for row in rows)
