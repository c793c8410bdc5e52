"""Members who wait to be let in, for whoever sits at the server's own computer."""

from homemedia.accounts.events import MemberChanged
from homemedia.accounts.key_login import store as rows
from homemedia.accounts.names import name_key
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import NotFound


async def waiting(db: Database) -> list[rows.Waiting]:
    """Who waits for an approval, the first one first."""
    return await rows.waiting(db.read)


async def approve(db: Database, name: str, clock: Clock) -> str:
    """Let somebody in who waits; the user name as it is kept.

    Raises:
        NotFound: nobody with this name waits.
    """
    async with db.write(durable=True) as tx:
        found = await rows.approve(tx, name_key(name), now=clock.now_ms())
        if found is None:
            raise NotFound(f"Nobody named {name} waits to be let in.")
        user_id, username = found
        tx.announce(MemberChanged(user_id))
    return username
