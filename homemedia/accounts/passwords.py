"""Password hashes: argon2id, two at a time in the whole server (21 ms and 19 MiB each; many at once are an outage)."""

import secrets
from typing import TYPE_CHECKING

import msgspec

from homemedia.accounts.names import MAX_PASSWORD_BYTES
from homemedia.core.threads import Lane

if TYPE_CHECKING:
    from argon2 import PasswordHasher

TIME_COST = 2
MEMORY_COST_KIB = 19456
PARALLELISM = 1


class Verdict(msgspec.Struct, frozen=True):
    """Whether a password is the right one, and whether its hash should be made anew with today's costs."""

    is_right: bool
    is_outdated: bool = False


class Passwords:
    """Hashes and checks in threads of its own; a full queue waits. Ended with `close`."""

    def __init__(self, *, workers: int = 2) -> None:
        self._lane = Lane("password", workers)
        self._hasher: PasswordHasher | None = None
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        return await self._lane.run(self._hash, password)

    async def check(self, stored: str | None, password: str) -> Verdict:
        """Compare with a stored hash. Without one the same work is done in vain, so that time tells nothing."""
        return await self._lane.run(self._check, stored, password)

    async def close(self) -> None:
        await self._lane.close()

    def _tool(self) -> "PasswordHasher":
        if self._hasher is None:
            from argon2 import PasswordHasher  # noqa: PLC0415 - only who signs in needs it

            self._hasher = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_COST_KIB, parallelism=PARALLELISM)
        return self._hasher

    def _hash(self, password: str) -> str:
        return self._tool().hash(password)

    def _check(self, stored: str | None, password: str) -> Verdict:
        from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - as above

        hasher = self._tool()
        # Made before the first comparison of any kind, known user or not: both pay for it alike.
        if self._nobody is None:
            self._nobody = hasher.hash(secrets.token_hex(16))
        is_possible = len(password.encode("utf-8", "surrogatepass")) <= MAX_PASSWORD_BYTES
        try:
            hasher.verify(stored or self._nobody, password if is_possible else "")
        except (VerificationError, InvalidHashError):
            return Verdict(is_right=False)
        if stored is None or not is_possible:
            return Verdict(is_right=False)
        return Verdict(is_right=True, is_outdated=hasher.check_needs_rehash(stored))
