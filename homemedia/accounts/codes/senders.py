"""What a sender of codes is, and the one that needs nothing: the log (clips §5.3).

A sender is asked once for each code and never raises: it says how it went, with a sentence for the administrator.
"""

import enum
import logging
from collections import deque
from collections.abc import Callable
from typing import ClassVar, Literal, Protocol

import msgspec

from homemedia.core.clock import Clock

_log = logging.getLogger(__name__)

CODE_LIFE_MS = 10 * 60_000
MAX_SHOWN = 20
SenderName = Literal["console", "smtp", "http", "verify"]
# What a sender needs of somebody.
Reaches = Literal["anybody", "phone", "email"]


class Outcome(enum.Enum):
    """How sending went."""

    OK = "ok"
    RATE_LIMITED = "rate_limited"
    FAILED = "failed"


class Sent(msgspec.Struct, frozen=True):
    """How sending went; `problem` is a sentence for the administrator, "" when it went well."""

    outcome: Outcome
    problem: str = ""


class Verdict(enum.Enum):
    """What a service that makes its own codes says of one."""

    RIGHT = "right"
    WRONG = "wrong"
    GONE = "gone"
    RATE_LIMITED = "rate_limited"
    FAILED = "failed"


class Purpose(enum.Enum):
    """What a code is for."""

    SIGN_IN = "sign-in"
    PROVE = "prove"
    TEST = "test"


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A code on its way. `who` is a name for the administrator, "" when nobody has one yet."""

    to: str
    code: str
    purpose: Purpose
    house: str
    who: str = ""

    @property
    def text(self) -> str:
        """What the person reads, in one line that fits into an SMS."""
        house = self.house[:60]
        match self.purpose:
            case Purpose.SIGN_IN:
                return f"{self.code} is your code to sign in to {house}. It lasts 10 minutes. Tell it to nobody."
            case Purpose.PROVE:
                return f"{self.code} is your code for {house}. It lasts 10 minutes. Tell it to nobody."
            case Purpose.TEST:
                return f"This is a test of {house}. It works; {self.code} opens nothing."


class Sender(Protocol):
    """Brings a code to somebody. `reaches` says what `to` must be."""

    name: ClassVar[SenderName]
    reaches: ClassVar[Reaches]

    async def send(self, letter: Letter) -> Sent:
        """Send a code."""


class Checker(Sender, Protocol):
    """A service that makes its own codes and checks them: the code in the letter is not used."""

    async def check(self, to: str, code: str) -> Verdict:
        """Whether this is the code it sent."""


class CodeShown(msgspec.Struct, frozen=True, kw_only=True):
    """A code waits to be read out by somebody who looks after the server. Times in ms."""

    to: str
    who: str
    code: str
    expires_at: int


class ConsoleSender:
    """Writes codes into the log and shows them to administrators, so that a house works with no outside service."""

    name: ClassVar[SenderName] = "console"
    reaches: ClassVar[Reaches] = "anybody"

    def __init__(self, publish: Callable[[object], None] = lambda _event: None, clock: Clock | None = None) -> None:
        self._publish = publish
        self._clock = clock or Clock()
        self._shown: deque[CodeShown] = deque(maxlen=MAX_SHOWN)

    async def send(self, letter: Letter) -> Sent:
        """Show a code."""
        if letter.purpose is not Purpose.TEST:
            _log.warning("one-time code for %s (%s): %s", letter.who or "a new member", letter.to, letter.code)
            shown = CodeShown(
                to=letter.to, who=letter.who, code=letter.code, expires_at=self._clock.now_ms() + CODE_LIFE_MS
            )
            self.forget(letter.to)
            self._shown.append(shown)
            self._publish(shown)
        return Sent(Outcome.OK)

    def shown(self) -> list[CodeShown]:
        """Codes that still hold, the newest first."""
        now = self._clock.now_ms()
        return [one for one in reversed(self._shown) if one.expires_at > now]

    def forget(self, to: str) -> None:
        """The code for `to` was used or replaced."""
        self._shown = deque((one for one in self._shown if one.to != to), maxlen=MAX_SHOWN)
