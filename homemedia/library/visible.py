"""Who may see which item: one fragment of SQL, the same for a list, a count and a single thing.

Everybody sees every library for now; what was missing for a month has left the lists for all.
"""

from collections.abc import Mapping

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import now_ms

MISSING_STAYS_MS = 30 * 24 * 3600 * 1000


class Visible(msgspec.Struct, frozen=True):
    """A condition on the tables `item` and `library`, and the values it binds.

    `sql` speaks of a row of `item`, `library_sql` of a row of `library`; both may be formatted into statements.
    """

    sql: str
    library_sql: str
    args: Mapping[str, object]


# Both conditions can be answered from the indexes of `item`, which end in missing_since_at.
ITEM_SQL = "(item.missing_since_at IS NULL OR item.missing_since_at > :missing_after)"
LIBRARY_SQL = "library.kind IN ('movie', 'show', 'video', 'music')"


def visible_to(member: Member, at_ms: int | None = None) -> Visible:
    """What this member may see.

    Args:
        member: who asks.
        at_ms: the present, ms since 1970 UTC; the clock's when left out.
    """
    _ = member
    now = now_ms() if at_ms is None else at_ms
    return Visible(ITEM_SQL, LIBRARY_SQL, {"missing_after": now - MISSING_STAYS_MS})
