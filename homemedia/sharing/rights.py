"""What somebody has been granted, as fragments of SQL (shares §3.1); the slice that owns a row sets them into its own.

A grant stands while it lives, while who made it may (he owns the thing still and is a member, or holds a grant that
lets him pass it on and stands itself), and gives no more than the grant it was made from. All of that the view
`share_standing` computes from the rows at each question, so nothing has to be kept in step. Restrictions of a member
come after this and only take away (design, "restrictions, libraries").
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


HOUSE_SQL = "(SELECT household.household_id FROM household WHERE household.only = 1)"
# A condition on the view `share_standing`: what gives something at `:granted_at` (ms), at least the bits `:right`.
STANDING_SQL = "share.ends_at > :granted_at AND share.bits & :right = :right"


def granted_sql(
    target_type: str,
    column: str = "share.target_id",
    *,
    who: str = "viewer_id",
    house: str = "1",
    join: str = "",
    more: str = "1",
) -> str:
    """What of one kind a member has been granted, a subquery in brackets of one column, or several.

    Binds `granted_at` (ms), `right` (the bits each grant must give), `with_hidden` (0 leaves out what he has hidden),
    and his id.

    Args:
        target_type: the kind.
        column: what is answered of a row of the view `share_standing`, by the name `share`.
        who: name of the value that is the member's id.
        house: a condition under which he counts under what the household was granted.
        join: further tables, joined to `share`.
        more: a further condition on a row of `share`.
    """
    # Two questions, since one with OR would walk the table.
    kept = f"""{STANDING_SQL} AND {more}
            AND (:with_hidden OR NOT EXISTS (SELECT 1 FROM share_member_state AS chosen
                                              WHERE chosen.share_id = share.share_id AND chosen.user_id = :{who}
                                                AND chosen.hidden))"""  # noqa: S608 - words of our own
    return f"""
        (SELECT {column} FROM share_standing AS share{join}
          WHERE share.recipient_type = 'user' AND share.recipient_id = :{who}
            AND share.target_type = '{target_type}' AND {kept}
         UNION ALL
         SELECT {column} FROM share_standing AS share{join}
          WHERE {house} AND share.recipient_type = 'group' AND share.recipient_id = {HOUSE_SQL}
            AND share.target_type = '{target_type}' AND {kept})
    """  # noqa: S608 - words of our own


# With `sees_all_libraries` a member counts under what the household was granted, else only under what names him.
LIBRARIES_SQL = granted_sql("library", who="member_id", house=":in_household")


def granted_to(member: Member, at_ms: int, *, right: Right = Right.VIEW, is_opened: bool = False) -> dict[str, object]:
    """What the fragments that ask for `member_id` bind.

    Args:
        member: who asks.
        at_ms: the present.
        right: what each grant must give.
        is_opened: what he has hidden from his lists counts as well.
    """
    return {
        "member_id": member.user_id,
        "in_household": int(member.sees_all_libraries),
        "granted_at": at_ms,
        "right": int(right),
        "with_hidden": int(is_opened),
    }


def libraries_of(member: Member, at_ms: int) -> Granted:
    """The libraries a member has been granted; an administrator owns all of them and is not asked about."""
    return Granted(LIBRARIES_SQL, granted_to(member, at_ms))


def targets_sql(target_type: str) -> str:
    """The ids of one kind of thing that `:viewer_id` has been granted, a subquery in brackets.

    Binds `viewer_id`, `granted_at` (ms), `right` and `with_hidden`. Whether the thing still is there, and its owner
    still a member, is for the slice that owns it.
    """
    return granted_sql(target_type)
