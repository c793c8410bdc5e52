"""What somebody has been granted, as fragments of SQL (shares §3.1); the slice that owns a row sets them into its own.

Restrictions of a member come after this and only take away (design, "restrictions, libraries").
"""

import enum
from collections.abc import Mapping

import msgspec

from homemedia.accounts import Member


class Right(enum.IntFlag):
    """The bits of a grant (shares §2.3)."""

    VIEW = 1
    DOWNLOAD = 2
    ADD = 4
    EDIT = 8
    REMOVE = 16
    COMMENT = 32
    RESHARE = 64
    SEE_METADATA = 128


# What a grant to a member gives unless it says otherwise.
USUAL = Right.VIEW | Right.DOWNLOAD | Right.COMMENT | Right.SEE_METADATA


class Granted(msgspec.Struct, frozen=True):
    """A subquery of ids, in brackets, and the values it binds."""

    sql: str
    args: Mapping[str, object]


# Two questions, since one with OR would walk the table. Libraries belong to the house: who made the grant is not asked.
LIBRARIES_SQL = """
    (SELECT share.target_id FROM share
      WHERE share.recipient_type = 'user' AND share.recipient_id = :member_id AND share.target_type = 'library'
        AND share.revoked_at IS NULL AND (share.expires_at IS NULL OR share.expires_at > :granted_at)
     UNION ALL
     SELECT share.target_id FROM share
      WHERE :in_household AND share.recipient_type = 'group'
        AND share.recipient_id = (SELECT household.household_id FROM household WHERE household.only = 1)
        AND share.target_type = 'library'
        AND share.revoked_at IS NULL AND (share.expires_at IS NULL OR share.expires_at > :granted_at))
"""


def libraries_of(member: Member, at_ms: int) -> Granted:
    """The libraries a member has been granted; an administrator owns all of them and is not asked about.

    With `sees_all_libraries` he counts under what the household was granted, else only under what names him.
    """
    return Granted(
        LIBRARIES_SQL,
        {"member_id": member.user_id, "in_household": int(member.sees_all_libraries), "granted_at": at_ms},
    )


def targets_sql(target_type: str) -> str:
    """The ids of one kind of thing that `:viewer_id` has been granted, a subquery in brackets.

    Binds `viewer_id`, `granted_at` (ms) and `right`, the bits each grant must have. Whether the thing still is there,
    and its owner still a member, is for the slice that owns it.
    """
    alive = """share.revoked_at IS NULL AND (share.expires_at IS NULL OR share.expires_at > :granted_at)
            AND share.permissions & :right = :right"""
    return f"""
        (SELECT share.target_id FROM share
          WHERE share.recipient_type = 'user' AND share.recipient_id = :viewer_id
            AND share.target_type = '{target_type}' AND {alive}
         UNION ALL
         SELECT share.target_id FROM share
          WHERE share.recipient_type = 'group' AND share.target_type = '{target_type}' AND {alive}
            AND share.recipient_id = (SELECT household.household_id FROM household WHERE household.only = 1))
    """  # noqa: S608 - words of our own
