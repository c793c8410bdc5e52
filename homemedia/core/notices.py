"""How a slice tells members of something: a notice left in its own transaction, delivered right after the commit.

A slice cannot import the part that keeps the inbox, so it leaves a job of kind `notify` and nothing more. Who wants
it where (in the app always; by push, by mail as each member chose), what repeats fold into and how long it is kept are
the inbox's rules, not the slice's. Reading an inbox waits for what is still on its way, so who tells first and asks
then finds it.
"""

from typing import Any, Literal

import msgspec

from homemedia.core.db import Write
from homemedia.core.ids import new_hex

KIND = "notify"
# One lane of one worker: notices and withdrawals arrive in the order in which they were left.
LANE = "notify"

HOUSEHOLD: Literal["household"] = "household"
ADMINS: Literal["admins"] = "admins"
Recipients = tuple[str, ...] | Literal["household", "admins"]


class Notice(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that concerns members, told once.

    Attributes:
        family: whose contract lists it: `share`, `clip`; what only our own inbox shows: `photo`, `member`, `server`.
        type: what happened, e.g. `share_created`; the inbox words it, so a new one needs its sentence there.
        to: ids of members, or the word for all active members, or for active administrators. Whoever is not an active
            member any more is left out, and so is the actor.
        share_id: the share it is about; who hid that share is not told.
        subject_id: the thing it is about (album, clip, library, …), as text.
        actor_id: who did it; None for the system and for visitors of a link.
        details: plain JSON values. Copied into the notice, so that it stays readable when the thing is gone. Read by
            the inbox: `target_type`, `target_id`, `target_title`, `actor_name` (else looked up from `actor_id`).
        fold_key: repeats of the same family, type and key fold into the one unread notice, which is refreshed:
            newer details win, `details.count` grows, lists named in `grows` become one without doubles.
        grows: names of lists in `details`.
        is_kept: False sends the push alone, without a row in the inbox.
    """

    family: str
    type: str
    to: Recipients
    share_id: str | None = None
    subject_id: str | None = None
    actor_id: str | None = None
    details: dict[str, Any] = {}
    fold_key: str | None = None
    grows: tuple[str, ...] = ()
    is_kept: bool = True


class Withdrawal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Notices that mean nothing any more (a taken back reaction, a deleted comment): they leave every inbox.

    Attributes:
        family, subject_id: both are asked for; `types` empty means every type.
        actor_id: only those of this actor; None for all.
        of_user: only out of this member's inbox; None for all.
        details: only those whose details hold these values.
    """

    family: str
    subject_id: str
    types: tuple[str, ...] = ()
    actor_id: str | None = None
    of_user: str | None = None
    details: dict[str, str] = {}


class NoticeJob(msgspec.Struct, frozen=True, omit_defaults=True):
    """Payload of a job of kind `notify`: one of the two."""

    notice: Notice | None = None
    withdrawal: Withdrawal | None = None


async def notify(tx: Write, notice: Notice) -> None:
    """Tell members, once `tx` is committed; nobody hears of what was rolled back."""
    if notice.to:
        await tx.enqueue(KIND, new_hex(16), NoticeJob(notice=notice), lane=LANE)


async def withdraw(tx: Write, withdrawal: Withdrawal) -> None:
    """Take notices back, once `tx` is committed."""
    await tx.enqueue(KIND, new_hex(16), NoticeJob(withdrawal=withdrawal), lane=LANE)
