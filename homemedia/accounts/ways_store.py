"""By what members can come in; nothing here decides."""

import msgspec

from homemedia.core.db import Reader

WAYS = """
    SELECT user.password_hash IS NOT NULL AS has_password, user.phone IS NOT NULL AS has_phone,
           user.email IS NOT NULL AS has_email,
           EXISTS (SELECT 1 FROM user_key WHERE user_key.user_id = user.user_id) AS has_key,
           EXISTS (SELECT 1 FROM user_identity WHERE user_identity.user_id = user.user_id) AS has_account
      FROM user
     WHERE user.user_id = :user_id
"""
IS_RUN_WITHOUT_PASSWORDS = """
    SELECT EXISTS (
        SELECT 1 FROM user
         WHERE user.is_admin = 1 AND user.state = 'active' AND user.expires_at IS NULL
           AND ((:by_phone AND user.phone IS NOT NULL)
                OR (:by_mail AND user.email IS NOT NULL)
                OR EXISTS (SELECT 1 FROM user_key WHERE user_key.user_id = user.user_id)
                OR EXISTS (SELECT 1 FROM user_identity
                            WHERE user_identity.user_id = user.user_id
                              AND rtrim(user_identity.issuer, '/') = rtrim(:issuer, '/')))) AS is_so
"""


class WaysIn(msgspec.Struct, frozen=True, kw_only=True):
    """What a member has to come in by: a password, a phone or an address for codes, a key, an account at a provider."""

    has_password: bool = False
    has_phone: bool = False
    has_email: bool = False
    has_key: bool = False
    has_account: bool = False


async def ways_of(read: Reader, user_id: str) -> WaysIn:
    """What somebody has; nothing of who is not there."""
    rows = await read(WAYS, {"user_id": user_id})
    return WaysIn(**{name: bool(rows[0][name]) for name in WaysIn.__struct_fields__}) if rows else WaysIn()


async def is_run_without_passwords(read: Reader, *, issuer: str, by_phone: bool, by_mail: bool) -> bool:
    """Whether an administrator who stays comes in by that provider, by codes sent so, or by a key."""
    args = {"issuer": issuer, "by_phone": int(by_phone), "by_mail": int(by_mail)}
    return bool((await read(IS_RUN_WITHOUT_PASSWORDS, args))[0]["is_so"])
