"""What members are told of grants, and who has to look again (shares §10)."""

from collections.abc import Mapping, Sequence

from homemedia.core.db import Write
from homemedia.core.notices import HOUSEHOLD, Notice, notify
from homemedia.sharing.events import GrantsChanged, LinkChanged, SharesChanged
from homemedia.sharing.models import ShareRow
from homemedia.sharing.targets import Thing


def details_of(share: ShareRow, thing: Thing | None, *, name: str | None = None) -> dict[str, object]:
    """What every notice of a grant carries.

    Args:
        share: the grant.
        thing: what it is of; None when it is gone.
        name: of who did it. Without one the inbox looks it up.
    """
    found: dict[str, object] = {
        "target_type": share.target_type,
        "target_id": share.target_id,
        "target_title": share.last_title if thing is None else thing.title,
    }
    if thing is not None:
        found["target_kind"] = thing.kind
    return found if name is None else found | {"actor_name": name}


async def tell(
    tx: Write,
    what: str,
    share: ShareRow,
    thing: Thing | None,
    *,
    by: str | None,
    name: str | None = None,
    fold_key: str | None = None,
    more: Mapping[str, object] | None = None,
) -> None:
    """Tell the recipients of a grant; of a link there are none."""
    if share.is_link or share.origin == "system":
        return
    await notify(
        tx,
        Notice(
            family="share",
            type=what,
            to=HOUSEHOLD if share.recipient_type == "group" else (share.recipient_id or "",),
            share_id=share.share_id,
            subject_id=share.target_id,
            actor_id=by,
            details=details_of(share, thing, name=name) | dict(more or {}),
            fold_key=fold_key,
        ),
    )


def announce(tx: Write, shares: Sequence[ShareRow]) -> None:
    """Have everybody look again whom grants concern."""
    for share in shares:
        if share.is_link:
            tx.announce(LinkChanged(share.share_id))
        else:
            tx.announce(
                GrantsChanged(share.recipient_id if share.recipient_type == "user" else None, (share.share_id,))
            )
    members = {user_id for share in shares for user_id in (share.created_by, share.owner_id)}
    members |= {share.recipient_id for share in shares if share.recipient_type == "user" and share.recipient_id}
    is_household = any(share.recipient_type == "group" for share in shares)
    tx.announce(SharesChanged(tuple(sorted(members)), is_household))
