"""Statements that drop what nobody can ask for any more; nothing here decides."""

from homemedia.core.db import Write

# What can be done with a challenge ends with it; those who count tries look back an hour at most.
FORGET_CHALLENGES = "DELETE FROM challenge WHERE expires_at < :before"
FORGET_REFRESH_TOKENS = "DELETE FROM refresh_token WHERE expires_at < :before"
# Over is what was taken back, what has passed its end, and what was used up.
FORGET_INVITES = """
    DELETE FROM invite
     WHERE revoked_at < :before OR expires_at < :before
        OR (max_uses IS NOT NULL AND use_count >= max_uses
            AND coalesce((SELECT max(invite_use.used_at) FROM invite_use
                           WHERE invite_use.invite_id = invite.invite_id), created_at) < :before)
"""


async def forget_challenges(tx: Write, before: int) -> int:
    return await tx.run(FORGET_CHALLENGES, {"before": before})


async def forget_refresh_tokens(tx: Write, before: int) -> int:
    return await tx.run(FORGET_REFRESH_TOKENS, {"before": before})


async def forget_invites(tx: Write, before: int) -> int:
    return await tx.run(FORGET_INVITES, {"before": before})
