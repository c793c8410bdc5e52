"""What may become of an account: what is asked of it, and what it is afterwards. Pure rules (watch §3.10, §15.1)."""

import sqlite3
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.models import Member, MemberState
from homemedia.accounts.names import NAMELESS, checked_email, checked_title, checked_username
from homemedia.accounts.restrictions import RestrictionsBody
from homemedia.core.problems import Conflict, NotFound

Granted = Literal["all"] | list[str]


class NewMember(msgspec.Struct, frozen=True, kw_only=True):
    """An account to be made. `expires_at` in ms since 1970 UTC; without a password its owner has another way in.

    `is_email_verified`: somebody other than its owner vouches for the address.
    """

    username: str
    password: str | None
    is_admin: bool = False
    display_name: str | None = None
    email: str | None = None
    is_email_verified: bool = False
    libraries: Granted = "all"
    expires_at: int | None = None
    restrictions: RestrictionsBody | None = None


class MemberChange(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of an account; what is UNSET stays."""

    username: str | UnsetType = UNSET
    password: str | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    is_enabled: bool | UnsetType = UNSET
    display_name: str | UnsetType = UNSET
    email: str | UnsetType | None = UNSET
    libraries: Granted | UnsetType = UNSET
    expires_at: int | UnsetType | None = UNSET
    restrictions: RestrictionsBody | UnsetType | None = UNSET


class Held(msgspec.Struct, frozen=True):
    """A member and the libraries he is held to."""

    member: Member
    libraries: Granted


def taken(err: sqlite3.IntegrityError) -> Exception:
    """What a broken rule of the table means to the person who asked."""
    if "user.username_key" in str(err):
        return Conflict("This user name is taken.", code="username_taken", field="username")
    if "user.email" in str(err):
        return Conflict("Somebody else has this e-mail address.", code="email_taken", field="email")
    return err


def changed(member: Member, change: MemberChange) -> Member:
    """What a member is after a change.

    Raises:
        BadRequest: a name or the address breaks a rule.
        Conflict: `not_onboarded`: he is to come in and has no name.
    """
    fields: dict[str, object] = {}
    if isinstance(change.username, str):
        fields["username"] = checked_username(change.username)
    if isinstance(change.display_name, str):
        fields["display_name"] = checked_title(change.display_name, "displayName")
    if change.email is not UNSET:
        fields["email"] = checked_email(change.email) if change.email else None
    if change.is_admin is not UNSET:
        fields["is_admin"] = change.is_admin
    if change.is_enabled is not UNSET:
        if change.is_enabled and str(fields.get("username", member.username)).startswith(NAMELESS):
            raise Conflict("Whoever this is has not said yet who he is.", code="not_onboarded")
        fields["state"] = MemberState.ACTIVE if change.is_enabled else MemberState.DISABLED
    if change.expires_at is not UNSET:
        fields["expires_at"] = change.expires_at
    if change.libraries is not UNSET:
        fields["sees_all_libraries"] = isinstance(change.libraries, str)
    elif change.is_admin is True and not member.is_admin:
        fields["sees_all_libraries"] = True
    return msgspec.structs.replace(member, **fields)


def is_lasting_admin(member: Member) -> bool:
    return member.is_admin and member.state is MemberState.ACTIVE and member.expires_at is None


def sees_all(member: Member) -> bool:
    return member.is_admin or member.sees_all_libraries


def nobody() -> NotFound:
    return NotFound("There is no such account.")
