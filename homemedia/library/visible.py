"""Who may see which item: one fragment of SQL, the same for a list, a count and a single thing.

What was missing for a month has left the lists for all. A member sees what lies in libraries he was granted; his limits
take away of it by age and labels, answered from the indexes of `item`, in which every item carries the number of its
audience (`audience.py`). Beside libraries he may have been granted single things, with what belongs to them (a show's
episodes), sets of them, and folders; their libraries are there for him with nothing else in them.
"""

from collections.abc import Mapping

import msgspec

from homemedia.accounts import NO_RESTRICTIONS, Member
from homemedia.core.clock import now_ms
from homemedia.library.ratings import fold
from homemedia.sharing.rights import LIBRARIES_SQL, Right, granted_sql, granted_to

MISSING_STAYS_MS = 30 * 24 * 3600 * 1000


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a member may not see.

    Ratings and labels are compared without regard to case. With `allowed_ratings` and no `max_age` nothing else that is
    rated is let through; `allowed_labels` empty allows all.

    Attributes:
        max_age: in years; None for no limit.
        block_unrated: what has no rating, or one nobody knows, is not let through.
    """

    max_age: int | None = None
    allowed_ratings: tuple[str, ...] = ()
    blocked_ratings: tuple[str, ...] = ()
    block_unrated: bool = False
    allowed_labels: tuple[str, ...] = ()
    blocked_labels: tuple[str, ...] = ()


NO_LIMITS = Limits()


class Visible(msgspec.Struct, frozen=True):
    """A condition on the tables `item` and `library`, and the values it binds.

    `sql` speaks of a row of `item`, `library_sql` of a row of `library`; both may be formatted into statements.
    """

    sql: str
    library_sql: str
    args: Mapping[str, object]

    @property
    def opened(self) -> "Visible":
        """The same for one thing that is asked for by its name: what a member hid from his lists opens still."""
        if "with_hidden" not in self.args:
            return self
        return Visible(self.sql, self.library_sql, {**self.args, "with_hidden": 1})


# Both conditions can be answered from the indexes of `item`, which end in missing_since_at and audience_id.
ITEM_SQL = "(item.missing_since_at IS NULL OR item.missing_since_at > :missing_after)"
LIBRARY_SQL = "library.kind IN ('movie', 'show', 'video', 'music')"
# What administrators look after; those of photos hold nothing to be watched.
KEPT_LIBRARY_SQL = "library.kind IN ('movie', 'show', 'video', 'music', 'photo')"

# Asked once a statement: a house has a few dozen audiences.
_AUDIENCES = """
    (SELECT audience.audience_id FROM audience
      WHERE CASE WHEN audience.rating IN (SELECT value FROM json_each(:blocked_ratings)) THEN 0
                 WHEN audience.rating IN (SELECT value FROM json_each(:allowed_ratings)) THEN 1
                 WHEN audience.age IS NULL THEN NOT :block_unrated
                 WHEN :max_age IS NOT NULL THEN audience.age <= :max_age
                 ELSE :allowed_ratings = '[]' END
        AND NOT EXISTS (SELECT 1 FROM audience_label AS of_audience
                         WHERE of_audience.audience_id = audience.audience_id
                           AND of_audience.label IN (SELECT value FROM json_each(:blocked_labels)))
        AND (:allowed_labels = '[]' OR EXISTS (
                SELECT 1 FROM audience_label AS of_audience
                 WHERE of_audience.audience_id = audience.audience_id
                   AND of_audience.label IN (SELECT value FROM json_each(:allowed_labels)))))
"""
_LEAF = f"""
    leaf.kind IN ('episode', 'track') AND (leaf.missing_since_at IS NULL OR leaf.missing_since_at > :missing_after)
    AND +leaf.audience_id IN {_AUDIENCES}
"""
# The plus keeps the planner from walking an index by audience. What stands for others is seen with one of them alone.
LIMITED_SQL = f"""({ITEM_SQL}
    AND +item.audience_id IN {_AUDIENCES}
    AND CASE
        WHEN item.kind IN ('season', 'album') THEN EXISTS (
            SELECT 1 FROM item AS leaf INDEXED BY item_parent WHERE leaf.parent_id = item.item_id AND {_LEAF})
        WHEN item.kind IN ('show', 'artist') THEN EXISTS (
            SELECT 1 FROM item AS branch INDEXED BY item_parent
             CROSS JOIN item AS leaf INDEXED BY item_parent ON leaf.parent_id = branch.item_id
             WHERE branch.parent_id = item.item_id AND branch.kind IN ('season', 'album') AND {_LEAF})
        ELSE 1 END)
"""  # noqa: S608 - put together from our own constants
_GIVEN = "member_id"
_HOUSE = ":in_household"
_MEDIA = granted_sql("media", who=_GIVEN, house=_HOUSE)
_SETS = granted_sql(
    "media_set",
    "share_item.media_id AS target_id",
    who=_GIVEN,
    house=_HOUSE,
    join=" JOIN share_item ON share_item.share_id = share.share_id",
)
_FOLDERS = granted_sql(
    "folder", "share.target_id AS target_id, share.inherit_to_children AS inherits", who=_GIVEN, house=_HOUSE
)
# Whether a folder with all in it is the whole library: then nobody need look what lies where.
_IS_WHOLE = """(given.inherits AND top.path = '' AND NOT EXISTS (
        SELECT 1 FROM root AS other JOIN root AS own ON own.root_id = top.root_id
         WHERE other.library_id = own.library_id AND other.root_id <> own.root_id))"""
SHARED_LIBRARIES_SQL = f"""
    (SELECT root.library_id FROM {_FOLDERS} AS given
      CROSS JOIN folder AS top ON top.folder_id = CAST(given.target_id AS INTEGER)
      CROSS JOIN root ON root.root_id = top.root_id
      WHERE {_IS_WHOLE})
"""  # noqa: S608 - put together from our own constants
# The folders that were granted, and those in them where the grant goes on.
_SHARED_FOLDERS = """
    (WITH RECURSIVE inside (folder_id, inherits) AS (
        SELECT top.folder_id, given.inherits FROM {folders} AS given
         CROSS JOIN folder AS top ON top.folder_id = CAST(given.target_id AS INTEGER)
         WHERE {wanted}
         UNION
        SELECT folder.folder_id, 1 FROM inside CROSS JOIN folder ON folder.parent_id = inside.folder_id
         WHERE inside.inherits)
     SELECT folder_id FROM inside)
"""
SHARED_FOLDERS_SQL = _SHARED_FOLDERS.format(folders=_FOLDERS, wanted="1")
# Things and sets that a member was granted, what lies in folders that he was, and what hangs below and above: ids of
# items, found once a statement. Of what stands for others (a show, for its episodes) one is enough to be seen.
SHARED_ITEMS_SQL = f"""
    (WITH named (item_id) AS (
        SELECT item.item_id FROM {_MEDIA} AS given CROSS JOIN item ON item.rating_key = given.target_id
         UNION ALL
        SELECT item.item_id FROM {_SETS} AS given CROSS JOIN item ON item.rating_key = given.target_id),
     below (item_id) AS (
        SELECT child.item_id FROM named
         CROSS JOIN item AS child INDEXED BY item_parent ON child.parent_id = named.item_id),
     inside (item_id) AS (
        SELECT item_file.item_id FROM {_SHARED_FOLDERS.format(folders=_FOLDERS, wanted=f"NOT {_IS_WHOLE}")} AS held
         CROSS JOIN file INDEXED BY file_folder ON file.folder_id = held.folder_id
         CROSS JOIN item_file ON item_file.file_id = file.file_id),
     holding (item_id) AS (
        SELECT leaf.parent_id FROM inside CROSS JOIN item AS leaf ON leaf.item_id = inside.item_id
         WHERE leaf.kind IN ('episode', 'track') AND leaf.parent_id IS NOT NULL)
     SELECT item_id FROM named
      UNION ALL
     SELECT item_id FROM below
      UNION ALL
     SELECT child.item_id FROM below
      CROSS JOIN item AS child INDEXED BY item_parent ON child.parent_id = below.item_id
      UNION ALL
     SELECT item_id FROM inside
      UNION ALL
     SELECT item_id FROM holding
      UNION ALL
     SELECT branch.parent_id FROM holding CROSS JOIN item AS branch ON branch.item_id = holding.item_id
      WHERE branch.parent_id IS NOT NULL)
"""  # noqa: S608 - put together from our own constants
# Of a member: the libraries he was granted and what else he was, and what his limits leave of it. The libraries of what
# else he was granted are there for him too, with nothing else in them.
_GRANTED = f"""(+item.library_id IN {LIBRARIES_SQL} OR +item.library_id IN {SHARED_LIBRARIES_SQL}
    OR +item.item_id IN {SHARED_ITEMS_SQL})"""
GRANTED_SQL = f"({ITEM_SQL} AND {_GRANTED})"
GRANTED_LIMITED_SQL = f"({LIMITED_SQL} AND {_GRANTED})"
GRANTED_LIBRARY_SQL = f"""({LIBRARY_SQL} AND (
    library.library_id IN {LIBRARIES_SQL} OR library.library_id IN {SHARED_LIBRARIES_SQL}
    OR library.library_id IN (SELECT held.library_id FROM item AS held WHERE held.item_id IN {SHARED_ITEMS_SQL})))
"""  # noqa: S608 - put together from our own constants


def limits_of(member: Member) -> Limits:
    """A member's own limits; an administrator has none."""
    if member.is_admin or member.restrictions == NO_RESTRICTIONS:
        return NO_LIMITS
    taken = member.restrictions
    return Limits(
        max_age=taken.max_age,
        allowed_ratings=taken.allowed_ratings,
        blocked_ratings=taken.blocked_ratings,
        block_unrated=taken.block_unrated,
        allowed_labels=taken.allowed_labels,
        blocked_labels=taken.blocked_labels,
    )


def visible_to(member: Member, at_ms: int | None = None, *, right: Right = Right.VIEW) -> Visible:
    """What this member may see: of the libraries he was granted what his limits leave.

    Args:
        member: who asks. An administrator sees every library and is never restricted.
        at_ms: the present, ms since 1970 UTC; the clock's when left out.
        right: what he must have been granted of it.
    """
    at_ms = now_ms() if at_ms is None else at_ms
    if member.is_admin:
        return within(NO_LIMITS, at_ms)
    limits = limits_of(member)
    left = within(limits, at_ms)
    sql = GRANTED_SQL if limits == NO_LIMITS else GRANTED_LIMITED_SQL
    return Visible(sql, GRANTED_LIBRARY_SQL, {**left.args, **granted_to(member, at_ms, right=right)})


def within(limits: Limits, at_ms: int) -> Visible:
    """What is left of all libraries within some limits at a time."""
    there = {"missing_after": at_ms - MISSING_STAYS_MS}
    if limits == NO_LIMITS:
        return Visible(ITEM_SQL, LIBRARY_SQL, there)
    return Visible(LIMITED_SQL, LIBRARY_SQL, there | bound(limits))


def bound(limits: Limits) -> dict[str, object]:
    """What the fragment binds for some limits, beside the present."""
    return {
        "max_age": limits.max_age,
        "block_unrated": int(limits.block_unrated),
        "allowed_ratings": _folded(limits.allowed_ratings),
        "blocked_ratings": _folded(limits.blocked_ratings),
        "allowed_labels": _folded(limits.allowed_labels),
        "blocked_labels": _folded(limits.blocked_labels),
    }


def _folded(texts: tuple[str, ...]) -> str:
    return msgspec.json.encode(sorted({fold(text) for text in texts} - {""})).decode()
