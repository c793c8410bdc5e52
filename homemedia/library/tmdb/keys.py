"""The key to TMDb: from the settings, where it is fixed, else from the table `setting`. Never told to anybody."""

import re

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import AppError, BadRequest, Conflict
from homemedia.core.setting_store import put_setting, setting
from homemedia.library.tmdb import store
from homemedia.library.tmdb.client import V3_KEY

# Three parts of base64url: the token of API v4.
V4_TOKEN = re.compile(r"[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]{4,}){2}", re.ASCII)
LONGEST = 2000


class KeyState(msgspec.Struct, frozen=True, kw_only=True):
    """What may be told of the key.

    Attributes:
        is_fixed: it comes from outside and cannot be changed here.
        is_ok: whether TMDb took it when it was last asked; None when it was not asked since the start.
        problem: why asking failed last, as a sentence; `code` for programs.
    """

    is_configured: bool
    is_fixed: bool
    is_ok: bool | None
    problem: str | None
    code: str | None


class KeyRing:
    """Holds the key in memory. Call `load` once before use."""

    def __init__(self, db: Database, clock: Clock, fixed: str = "") -> None:
        self._db = db
        self._clock = clock
        self._fixed = fixed.strip()
        self._secret: str | None = self._fixed or None
        self._is_ok: bool | None = None
        self._problem: AppError | None = None

    def __repr__(self) -> str:
        return "KeyRing()"  # whatever prints it, the key stays inside

    async def load(self) -> None:
        """Read what an administrator entered."""
        if not self._fixed:
            self._secret = await setting(self._db.read, store.KEY)

    @property
    def secret(self) -> str | None:
        return self._secret

    @property
    def state(self) -> KeyState:
        return KeyState(
            is_configured=self._secret is not None,
            is_fixed=bool(self._fixed),
            is_ok=self._is_ok,
            problem=self._problem.message if self._problem else None,
            code=self._problem.code if self._problem else None,
        )

    def note(self, problem: AppError | None, *, is_ok: bool | None) -> None:
        """Remember how asking with the key went last."""
        self._is_ok, self._problem = is_ok, problem

    def checked(self, text: str) -> str:
        """A key as somebody typed it, without blanks around it.

        Raises:
            BadRequest: it has not the form of a key.
            Conflict: the key is fixed.
        """
        if self._fixed:
            raise Conflict("The TMDb key is given from outside and cannot be changed here.", code="tmdb_key_fixed")
        secret = text.strip()
        if len(secret) > LONGEST or not (V3_KEY.fullmatch(secret) or V4_TOKEN.fullmatch(secret)):
            raise BadRequest(
                "This is not a TMDb key: a key has 32 letters and digits, a token three parts with dots between.",
                code="tmdb_key_refused",
                field="key",
            )
        return secret

    async def keep(self, secret: str | None, user_id: str) -> None:
        """Use this key from now on; None forgets the one there is.

        Raises:
            Conflict: the key is fixed.
        """
        if self._fixed:
            raise Conflict("The TMDb key is given from outside and cannot be changed here.", code="tmdb_key_fixed")
        async with self._db.write(durable=True) as tx:
            await put_setting(tx, store.KEY, secret, by=user_id, now=self._clock.now_ms())
        self._secret = secret
        self.note(None, is_ok=True if secret else None)
