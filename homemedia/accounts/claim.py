"""The first-boot claim: who comes first becomes administrator and host (design, "first-boot claim").

Threat: between start and claim the house has no lock. Only somebody inside it may claim; from anywhere else it takes a
code that stands in the log and the tray, and guessing it is limited.
"""

import hmac
import secrets
import sqlite3
from collections.abc import Awaitable, Callable

import msgspec

from homemedia.accounts import store
from homemedia.accounts.events import HouseholdChanged, MemberChanged
from homemedia.accounts.models import Device, Member, MemberState
from homemedia.accounts.names import check_password, checked_title, checked_username, name_key
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.sessions import SessionService, SignedIn
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.http.limits import RateLimit, limit_key
from homemedia.core.ids import new_uuid
from homemedia.core.problems import Conflict, Forbidden

CODE_DIGITS = 8
TRIES_AN_HOUR = 5
# One guesser with many addresses still gets no further than this.
TRIES_AN_HOUR_IN_ALL = 100
HOUR_S = 3600.0


# Writes down by what else the first administrator comes in, inside the transaction that makes him; takes his id.
Proof = Callable[[Write, str], Awaitable[None]]


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody claims the household with; without a password he comes in by what a `Proof` writes down."""

    username: str
    password: str | None
    display_name: str | None = None
    household_name: str | None = None
    code: str | None = None


class ClaimService:
    """Takes the one claim. `setup_code` is new at each start, for the log and the tray."""

    def __init__(
        self, db: Database, sessions: SessionService, passwords: Passwords, clock: Clock | None = None
    ) -> None:
        self._db = db
        self._sessions = sessions
        self._passwords = passwords
        self._clock = clock or Clock()
        self._tries = RateLimit(TRIES_AN_HOUR, HOUR_S, clock=self._clock)
        self._all_tries = RateLimit(TRIES_AN_HOUR_IN_ALL, HOUR_S, clock=self._clock)
        self.setup_code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"

    async def is_open(self) -> bool:
        """Whether nobody has claimed the household yet."""
        return not await store.is_claimed(self._db.read)

    async def refuse_claimed(self) -> None:
        """Let pass while nobody has claimed the household.

        Raises:
            Forbidden: `setup_closed`.
        """
        if not await self.is_open():
            raise _closed()

    async def check(self, code: str | None, address: str, *, is_at_home: bool) -> None:
        """Whether somebody may claim the household at all; a code is counted as a try.

        Raises:
            As `claim`, but for names and passwords.
        """
        await self.refuse_claimed()
        if not is_at_home:
            self._check_code(code, address)

    async def claim(self, claim: Claim, device: Device, *, is_at_home: bool) -> SignedIn:
        """Make the first administrator; of two racing calls one wins.

        Raises:
            Forbidden: `setup_closed` once there is an administrator; `setup_code_required`, `setup_code_wrong`.
            TooMany: too many wrong codes.
            BadRequest: a name or the password breaks a rule.
        """
        await self.check(claim.code, device.address, is_at_home=is_at_home)
        return await self.take(claim, device)

    async def take(self, claim: Claim, device: Device, *, proof: Proof | None = None, way: str = "setup") -> SignedIn:
        """The claim of somebody who was let pass by `check`.

        Raises:
            Forbidden: `setup_closed`.
            BadRequest: a name or the password breaks a rule.
        """
        username = checked_username(claim.username)
        shown = username if claim.display_name is None else checked_title(claim.display_name, "displayName")
        password_hash = None
        if claim.password is not None:
            check_password(claim.password, is_admin=True)
            password_hash = await self._passwords.hash(claim.password)
        title = checked_title(claim.household_name, "serverName") if claim.household_name is not None else None
        member = self._first_member(username, shown, has_password=password_hash is not None)
        try:
            async with self._db.write(durable=True) as tx:
                if await store.is_claimed(tx.rows):
                    raise _closed()
                row = store.NewRow(
                    user_id=member.user_id,
                    username=username,
                    username_key=name_key(username),
                    display_name=shown,
                    password_hash=password_hash,
                    is_admin=1,
                    now=member.created_at,
                )
                await store.add_member(tx, row)
                if proof is not None:
                    await proof(tx, member.user_id)
                await store.set_host(tx, member.user_id)
                if title is not None:
                    await store.name_household(tx, title)
                signed_in = await self._sessions.open(tx, member, way=way, device=device)
                tx.announce(HouseholdChanged())
                tx.announce(MemberChanged(member.user_id))
        except sqlite3.IntegrityError as err:
            raise Conflict("This user name is taken.", code="username_taken", field="username") from err
        return signed_in

    def _first_member(self, username: str, shown: str, *, has_password: bool) -> Member:
        return Member(
            user_id=new_uuid(),
            username=username,
            display_name=shown,
            email=None,
            is_admin=True,
            state=MemberState.ACTIVE,
            sees_all_libraries=True,
            session_id="",
            created_at=self._clock.now_ms(),
            last_seen_at=None,
            expires_at=None,
            has_password=has_password,
        )

    def _check_code(self, code: str | None, address: str) -> None:
        if not code:
            raise Forbidden(
                "This server can be set up from inside its own network, or with the setup code from its log.",
                code="setup_code_required",
            )
        # Counted before looking, so that many tries at once are no way around the limit.
        self._all_tries.check("all")
        self._tries.check(limit_key(address))
        if not hmac.compare_digest(code.strip().encode("utf-8", "surrogatepass"), self.setup_code.encode("ascii")):
            raise Forbidden("This setup code is not the right one.", code="setup_code_wrong")
        self._all_tries.give_back("all")


def _closed() -> Forbidden:
    return Forbidden("This server has been set up already. Sign in instead.", code="setup_closed")
