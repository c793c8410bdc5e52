"""What members are told of accounts: who came by their invitation, who waits, who signed in as them."""

from homemedia.accounts import store
from homemedia.accounts.models import Device, Member
from homemedia.core.db import Write
from homemedia.core.notices import ADMINS, Notice, Withdrawal, notify, withdraw

FAMILY = "member"
WAITS = "member_waiting"


async def joined(tx: Write, member: Member, inviter_id: str | None) -> None:
    """Somebody became a member by an invitation; of the house's own, which nobody gave, administrators hear."""
    await notify(
        tx,
        Notice(
            family=FAMILY,
            type="member_joined",
            to=(inviter_id,) if inviter_id else ADMINS,
            subject_id=member.user_id,
            actor_id=member.user_id,
            details={"path": "/admin/members"},
        ),
    )


async def waits(tx: Write, user_id: str, name: str) -> None:
    """Somebody waits to be let in."""
    await notify(
        tx,
        Notice(
            family=FAMILY,
            type=WAITS,
            to=ADMINS,
            subject_id=user_id,
            details={"target_title": name, "path": "/admin/members"},
        ),
    )


async def decided(tx: Write, user_id: str) -> None:
    """Who waited was let in or sent away: nobody else need look."""
    await withdraw(tx, Withdrawal(family=FAMILY, subject_id=user_id, types=(WAITS,)))


async def signed_in(tx: Write, user_id: str, session_id: str, device: Device) -> None:
    """Somebody signs in as a member, with a device that he has not come by before; called before the session is there.

    The first sign-in of all is the member's own beginning. A device is known by its kind and system, as far as its
    headers tell: a browser that comes back without its cookie is no news.
    """
    devices = await store.devices_of(tx.rows, user_id)
    if not devices or (device.device_type, device.device_os) in devices:
        return
    shown = " · ".join(part for part in (device.device_type, device.device_os) if part)
    await notify(
        tx,
        Notice(
            family=FAMILY,
            type="signed_in",
            to=(user_id,),
            subject_id=session_id,
            details={"device": shown, "address": device.address, "path": "/settings/devices"},
        ),
    )
