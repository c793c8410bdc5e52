"""Ends grants and all that was made from them, whoever wants it: logged, told and announced (shares §8.2)."""

from collections.abc import Sequence

import msgspec

from homemedia.core.db import Write
from homemedia.sharing import shares_store as store
from homemedia.sharing.activity import write_down
from homemedia.sharing.models import NOWHERE, ShareRow, Visit
from homemedia.sharing.showing import things_of
from homemedia.sharing.targets import Targets
from homemedia.sharing.telling import announce, tell


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Why grants end: `reason` for the log; the member who wants it, None for the house; his name; where from."""

    reason: str
    by: str | None = None
    name: str | None = None
    visit: Visit = NOWHERE


async def end(
    tx: Write, targets: Targets, share_ids: Sequence[str], why: Why, *, now: int, is_told: bool = True
) -> list[ShareRow]:
    """End grants inside a transaction, and what was made from them; those that ended.

    Args:
        tx: the transaction.
        targets: what the grants are of.
        share_ids: those that are wanted to end.
        why: whoever wants it.
        now: ms.
        is_told: whether recipients hear of it.
    """
    ended = await store.descendants(tx.rows, share_ids)
    if not ended:
        return []
    things = await things_of(tx.rows, targets, ended) if is_told else {}
    named = set(share_ids)
    every = [one.share_id for one in ended]
    await store.revoke(tx, every, named=named, by=why.by, reason=why.reason, now=now)
    for share in ended:
        details = {"reason": why.reason if share.share_id in named else "parent_revoked"}
        await write_down(tx, "revoked", share.share_id, at=now, actor_id=why.by, visit=why.visit, details=details)
        if is_told:
            thing = things.get(share.share_id)
            await tell(tx, "share_revoked", share, thing, by=why.by, name=why.name, more=details)
    announce(tx, ended)
    return ended
