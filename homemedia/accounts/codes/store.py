"""Statements on one-time codes and on the settings of their senders; nothing here decides."""

import msgspec

from homemedia.core.db import Reader, Write

# A new code kills the old one: there is one at most for each subject.
DROP = "DELETE FROM challenge WHERE kind = 'code' AND subject = :subject"
PUT = """
    INSERT INTO challenge (challenge_hash, kind, subject, data, created_at, expires_at)
    VALUES (:challenge_hash, 'code', :subject, :data, :now, :expires_at)
"""
# Counts a try and answers what it was made against, in one statement: of many at once each is counted.
TRY = """
    UPDATE challenge SET tries = tries + 1
     WHERE kind = 'code' AND subject = :subject AND expires_at > :now AND tries < :most
    RETURNING challenge_hash, data
"""
IS_DEAD = """
    SELECT EXISTS (SELECT 1 FROM challenge
                    WHERE kind = 'code' AND subject = :subject AND expires_at > :now AND tries >= :most) AS is_dead
"""
TAKE = """
    DELETE FROM challenge
     WHERE kind = 'code' AND subject = :subject AND challenge_hash = :challenge_hash AND expires_at > :now
    RETURNING challenge_hash
"""

SETTINGS = "SELECT key, value FROM setting WHERE key IN ('senders.smtp', 'senders.http', 'senders.verify')"


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept with a code.

    Attributes:
        to: where it was sent.
        number: the phone number it was asked for; "" when it was asked for otherwise.
        is_outside: a service made it and checks it.
        is_mail: it was sent by e-mail, so that who brings it reads what comes to that address.
    """

    to: str = ""
    number: str = ""
    is_outside: bool = False
    is_mail: bool = False


class Tried(msgspec.Struct, frozen=True):
    challenge_hash: bytes
    facts: Facts


async def put(tx: Write, subject: str, challenge_hash: bytes, facts: Facts, *, now: int, expires_at: int) -> None:
    await tx.run(DROP, {"subject": subject})
    await tx.run(
        PUT,
        {
            "subject": subject,
            "challenge_hash": challenge_hash,
            "data": msgspec.json.encode(facts).decode(),
            "now": now,
            "expires_at": expires_at,
        },
    )


async def drop(tx: Write, subject: str) -> None:
    await tx.run(DROP, {"subject": subject})


async def count_try(tx: Write, subject: str, *, most: int, now: int) -> Tried | None:
    """Count one try; None when there is no code, or it has had as many as it may."""
    rows = await tx.rows(TRY, {"subject": subject, "most": most, "now": now})
    if not rows:
        return None
    return Tried(rows[0]["challenge_hash"], msgspec.json.decode(rows[0]["data"], type=Facts))


async def is_dead(read: Reader, subject: str, *, most: int, now: int) -> bool:
    """Whether there is a code that was tried too often."""
    return bool((await read(IS_DEAD, {"subject": subject, "most": most, "now": now}))[0]["is_dead"])


async def take(tx: Write, subject: str, challenge_hash: bytes, *, now: int) -> bool:
    """Use up a code; whether it was there to be used."""
    return bool(await tx.rows(TAKE, {"subject": subject, "challenge_hash": challenge_hash, "now": now}))


async def settings(read: Reader) -> dict[str, str]:
    return {row["key"]: row["value"] for row in await read(SETTINGS, {})}
