"""What is done to a household's database at the machine itself, without asking a running server."""

import contextlib
from collections.abc import AsyncIterator

from homemedia.accounts.key_login.waiting import approve, waiting
from homemedia.accounts.keys import Keys
from homemedia.accounts.password_login import PasswordLogin
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.sessions import SessionService
from homemedia.accounts.sign_in import SignInService
from homemedia.accounts.tokens import Tokens
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.places import Places
from homemedia.core.problems import StartRefused
from homemedia.settings import Settings


@contextlib.asynccontextmanager
async def _opened(places: Places, clock: Clock) -> AsyncIterator[Database]:
    """The household's database, beside a server that may run.

    Raises:
        StartRefused: there is none.
    """
    if not places.database.is_file():
        raise StartRefused(
            f"There is no household in {places.data_dir} yet. Start the server first, or name its folder by --data-dir."
        )
    db = await Database.open(places.database, clock=clock)
    try:
        yield db
    finally:
        await db.close()


async def list_waiting(places: Places) -> list[tuple[str, str]]:
    """Who waits to be let in, without a running server: user name, and the e-mail address he named or ""."""
    async with _opened(places, Clock()) as db:
        return [(one.username, one.label) for one in await waiting(db)]


async def approve_member(places: Places, name: str) -> str:
    """Let somebody in who waits, without asking a running server; his user name.

    Raises:
        NotFound: nobody with this name waits.
    """
    clock = Clock()
    async with _opened(places, clock) as db:
        return await approve(db, name, clock)


async def reset_password(settings: Settings, places: Places, name: str, password: str) -> bool:
    """Set a member's password without a running server; ends all sessions of the member.

    Whoever does this at the machine wants in by it, so passwords are opened where they were closed; True then.

    Raises:
        AppError: there is no such member, or the password breaks a rule.
    """
    del settings
    clock = Clock()
    async with _opened(places, clock) as db:
        passwords = Passwords()
        try:
            sessions = SessionService(db, Tokens(Keys.load(places.keys_dir), clock), clock)
            await SignInService(db, sessions, passwords, clock).reset_password(name, password)
            switch = PasswordLogin(db, clock)
            if await switch.load():
                return False
            await switch.change(is_on=True, by=None)
            return True
        finally:
            await passwords.close()
