"""Statements on the household as the clip API knows it; nothing here decides."""

import sqlite3

import msgspec

from homemedia.accounts.names import NAMELESS
from homemedia.core.db import Reader, Write

_PERSON = """
    user.user_id, user.username, user.display_name, user.phone, user.email, user.is_admin, user.state, user.expires_at,
    user.avatar_changed_at, user.created_at, user.removed_at,
    (SELECT preference.document FROM preference
      WHERE preference.user_id = user.user_id AND preference.area = 'clips') AS preferences
"""
PERSON = f"SELECT {_PERSON} FROM user WHERE user.user_id = :user_id"  # noqa: S608 - a constant of our own
BY_PHONE = f"""
    SELECT {_PERSON} FROM user WHERE user.phone = :phone AND user.state <> 'removed'
"""  # noqa: S608 - a constant of our own
BY_EMAIL = f"""
    SELECT {_PERSON} FROM user WHERE user.email = :email AND user.state <> 'removed'
"""  # noqa: S608 - a constant of our own
MEMBERS = f"""
    SELECT {_PERSON} FROM user
     WHERE user.state = 'active' AND (user.expires_at IS NULL OR user.expires_at > :now)
     ORDER BY user.created_at, user.user_id
"""  # noqa: S608 - a constant of our own
GROUP = """
    SELECT household_id, name, accent, accent_name, retention_days, max_storage_mb, max_file_mb, download_provider,
           platform_mode, platform_list, shortcut_token, shortcut_url, host_id, created_at
      FROM household
     WHERE only = 1
"""
GIVE_SHORTCUT = """
    UPDATE household SET shortcut_token = coalesce(shortcut_token, :token) WHERE only = 1 RETURNING shortcut_token
"""
NAME_ACCENT = "UPDATE household SET accent_name = :word WHERE only = 1"
RENEW_SHORTCUT = "UPDATE household SET shortcut_token = :token WHERE only = 1"
NAME_SHORTCUT = "UPDATE household SET shortcut_url = :url WHERE only = 1"
KEEP_CLIPS = "UPDATE household SET retention_days = :days WHERE only = 1"
LIMIT_FILE = "UPDATE household SET max_file_mb = :mb WHERE only = 1"
LIMIT_STORAGE = "UPDATE household SET max_storage_mb = :mb WHERE only = 1"
FILTER_PLATFORMS = "UPDATE household SET platform_mode = :mode, platform_list = :listed WHERE only = 1"
# Of somebody who came by an invite and has not said yet who he is.
MAKE_PENDING = """
    UPDATE user SET username = :placeholder, username_key = :placeholder, display_name = '', state = 'pending',
                    pending_for = 'onboarding', updated_at = :now
     WHERE user_id = :user_id
"""
# A display name that was nothing but the user name goes with it.
ONBOARD = """
    UPDATE user SET display_name = CASE WHEN state = 'pending' OR display_name = username THEN :username
                                        ELSE display_name END,
                    username = :username, username_key = :username_key, phone = :phone,
                    state = 'active', pending_for = NULL, updated_at = :now
     WHERE user_id = :user_id AND (state = 'active' OR (state = 'pending' AND pending_for = 'onboarding'))
    RETURNING user_id
"""
RENAME = """
    UPDATE user SET display_name = CASE WHEN display_name = username THEN :username ELSE display_name END,
                    username = :username, username_key = :username_key, updated_at = :now
     WHERE user_id = :user_id AND state = 'active'
"""
SET_PHONE = "UPDATE user SET phone = :phone, updated_at = :now WHERE user_id = :user_id AND state <> 'removed'"
VERIFY_EMAIL = "UPDATE user SET is_email_verified = 1 WHERE user_id = :user_id"
STALE = """
    SELECT user_id FROM user WHERE state = 'pending' AND pending_for = 'onboarding' AND created_at < :before
"""
GIVE_BACK_USE = """
    UPDATE invite SET use_count = use_count - 1
     WHERE use_count > 0
       AND invite_id IN (SELECT invite_use.invite_id FROM invite_use WHERE invite_use.user_id = :user_id)
"""
DROP_USE = "DELETE FROM invite_use WHERE user_id = :user_id"
DROP_SESSIONS = "DELETE FROM session WHERE user_id = :user_id"
DROP_PENDING = "DELETE FROM user WHERE user_id = :user_id AND state = 'pending' AND pending_for = 'onboarding'"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A member as the clip API needs him. Times in ms; `preferences` a document."""

    user_id: str
    username: str
    display_name: str
    phone: str | None
    email: str | None
    is_admin: bool
    state: str
    expires_at: int | None
    avatar_changed_at: int | None
    created_at: int
    removed_at: int | None
    preferences: str | None

    def may_enter(self, now: int) -> bool:
        """Whether he may come in at a time, in ms."""
        return self.state == "active" and (self.expires_at is None or self.expires_at > now)


class GroupRow(msgspec.Struct, frozen=True, kw_only=True):
    """The household as the clip API needs it; `platform_list` is JSON text."""

    household_id: str
    name: str
    accent: int | None
    accent_name: str | None
    retention_days: int | None
    max_storage_mb: int | None
    max_file_mb: int | None
    download_provider: str | None
    platform_mode: str
    platform_list: str | None
    shortcut_token: str | None
    shortcut_url: str | None
    host_id: str | None
    created_at: int


async def person(read: Reader, user_id: str) -> Person | None:
    """A member, also one who is pending or was removed."""
    return _one(await read(PERSON, {"user_id": user_id}))


async def by_phone(read: Reader, phone: str) -> Person | None:
    return _one(await read(BY_PHONE, {"phone": phone}))


async def by_email(read: Reader, email: str) -> Person | None:
    return _one(await read(BY_EMAIL, {"email": email}))


async def members(read: Reader, now: int) -> list[Person]:
    """Who may come in, who was first first."""
    return [_person(row) for row in await read(MEMBERS, {"now": now})]


async def group(read: Reader) -> GroupRow | None:
    rows = await read(GROUP, {})
    return msgspec.convert(dict(rows[0]), GroupRow) if rows else None


async def give_token(tx: Write, token: str) -> str:
    """The household's share token; this one if it had none."""
    return str((await tx.rows(GIVE_SHORTCUT, {"token": token}))[0]["shortcut_token"])


async def name_accent(tx: Write, word: str) -> None:
    await tx.run(NAME_ACCENT, {"word": word})


async def renew_token(tx: Write, token: str) -> None:
    """Replace the household's share token."""
    await tx.run(RENEW_SHORTCUT, {"token": token})


async def name_shortcut(tx: Write, url: str | None) -> None:
    await tx.run(NAME_SHORTCUT, {"url": url})


async def keep_clips(tx: Write, days: int | None) -> None:
    await tx.run(KEEP_CLIPS, {"days": days})


async def limit_file(tx: Write, mb: int | None) -> None:
    await tx.run(LIMIT_FILE, {"mb": mb})


async def limit_storage(tx: Write, mb: int | None) -> None:
    await tx.run(LIMIT_STORAGE, {"mb": mb})


async def filter_platforms(tx: Write, mode: str, listed: str | None) -> None:
    """Which sites links may be of; `listed` is JSON text."""
    await tx.run(FILTER_PLATFORMS, {"mode": mode, "listed": listed})


async def make_pending(tx: Write, user_id: str, *, now: int) -> None:
    """Let a new account wait until its owner has said who he is."""
    await tx.run(MAKE_PENDING, {"user_id": user_id, "placeholder": f"{NAMELESS}{user_id}", "now": now})


async def onboard(tx: Write, user_id: str, *, username: str, username_key: str, phone: str, now: int) -> bool:
    """Write down who somebody is; whether he was there. Raises sqlite3.IntegrityError when name or phone is taken."""
    args = {"user_id": user_id, "username": username, "username_key": username_key, "phone": phone, "now": now}
    return bool(await tx.rows(ONBOARD, args))


async def rename(tx: Write, user_id: str, *, username: str, username_key: str, now: int) -> None:
    """Give a member another user name. Raises sqlite3.IntegrityError when it is taken."""
    await tx.run(RENAME, {"user_id": user_id, "username": username, "username_key": username_key, "now": now})


async def set_phone(tx: Write, user_id: str, phone: str | None, *, now: int) -> None:
    """Give a member a phone number, or none. Raises sqlite3.IntegrityError when it is taken."""
    await tx.run(SET_PHONE, {"user_id": user_id, "phone": phone, "now": now})


async def verify_email(tx: Write, user_id: str) -> None:
    """What was sent to a member's address came to him."""
    await tx.run(VERIFY_EMAIL, {"user_id": user_id})


async def stale(read: Reader, before: int) -> list[str]:
    """Who has not said who he is since a time, in ms."""
    return [row["user_id"] for row in await read(STALE, {"before": before})]


async def drop_pending(tx: Write, user_id: str) -> None:
    """Forget somebody who never said who he is; the invite he came by has its use again."""
    for statement in (GIVE_BACK_USE, DROP_USE, DROP_SESSIONS, DROP_PENDING):
        await tx.run(statement, {"user_id": user_id})


def _one(rows: list[sqlite3.Row]) -> Person | None:
    return _person(rows[0]) if rows else None


def _person(row: sqlite3.Row) -> Person:
    return msgspec.convert(dict(row), Person, strict=False)
