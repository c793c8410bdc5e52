"""What this slice thinks in: the household, its members, their sessions. No SQL, no HTTP."""

import enum
from typing import Annotated, Literal

import msgspec

from homemedia.core.http.routes import Admits, Needs

# Of a member that is shown nowhere else: what the photo API shows where a member has no e-mail.
NO_EMAIL_DOMAIN = "homemedia.invalid"


class MemberState(enum.Enum):
    """Whether a member may come in: design, "member states"."""

    ACTIVE = "active"
    PENDING = "pending"
    DISABLED = "disabled"
    REMOVED = "removed"


TimeOfDay = Annotated[str, msgspec.Meta(pattern=r"^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A time of day at which a member may play, on some days of the week; server time, "15:00" to "19:30".

    A window that ends before it begins reaches into the next day.
    """

    days: Annotated[
        tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...], msgspec.Meta(min_length=1, max_length=7)
    ]
    begins: TimeOfDay = msgspec.field(name="from")
    ends: TimeOfDay = msgspec.field(name="to")


class Restrictions(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What is taken away from a member beside the libraries he was not granted (watch §14).

    Attributes:
        max_age: in years; None for no limit.
        block_unrated: what has no rating, or one nobody knows, is not let through.
        max_streams: films and songs at once; None for the server's own limit.
        max_bitrate: bits/s.
        schedule: when he may play; empty for always.
    """

    max_age: int | None = None
    allowed_ratings: tuple[str, ...] = ()
    blocked_ratings: tuple[str, ...] = ()
    block_unrated: bool = False
    allowed_labels: tuple[str, ...] = ()
    blocked_labels: tuple[str, ...] = ()
    allow_transcode: bool = True
    allow_download: bool = True
    max_streams: int | None = None
    max_bitrate: int | None = None
    schedule: tuple[Window, ...] = ()


NO_RESTRICTIONS = Restrictions()


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asking, as the database says at this very request.

    `session_id` names the session the request came with; "" when a member is spoken of and nobody asks.
    `restrictions` are those that count: an administrator has none. Times are ms since 1970 UTC.
    `is_by_link`: he came with a sign-in link, by which nobody is an administrator or changes an account.
    `is_onboarded`: he has seen what the photo API's clients tell newcomers.
    `permissions`: the words of the API key he came with; None when he came with a session.
    `elevated_until_at`: until when his PIN opens what is locked.
    `avatar_changed_at`: since when he has this picture; None when he has none.
    """

    user_id: str
    username: str
    display_name: str
    email: str | None
    is_admin: bool
    state: MemberState
    sees_all_libraries: bool
    session_id: str
    created_at: int
    last_seen_at: int | None
    expires_at: int | None
    has_password: bool
    restrictions: Restrictions = NO_RESTRICTIONS
    is_by_link: bool = False
    must_change_password: bool = False
    is_onboarded: bool = False
    permissions: tuple[str, ...] | None = None
    elevated_until_at: int | None = None
    avatar_color: str | None = None
    avatar_changed_at: int | None = None

    @property
    def picture(self) -> str | None:
        """What the documents call his picture: the name of a file, or None when he has none."""
        return None if self.avatar_changed_at is None else f"{self.user_id}.jpg"

    @property
    def is_by_key(self) -> bool:
        """Whether he came with an API key, which has no session of its own."""
        return self.permissions is not None

    def may_enter(self, now: int) -> bool:
        """Whether the account is one that may come in at a time, in ms."""
        return self.state is MemberState.ACTIVE and self._lasts(now)

    def is_waiting(self, now: int) -> bool:
        """Whether the account waits for its onboarding or an approval at a time, in ms."""
        return self.state is MemberState.PENDING and self._lasts(now)

    def _lasts(self, now: int) -> bool:
        return self.expires_at is None or self.expires_at > now


class Guest(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a link, as the database says at this very request. Nobody is known by his name then.

    Attributes:
        epoch: of the share; what was opened under another one has ended.
        maker: who made the link: what he may not hand out, nobody gets by it, and his limits count.
        rights: bits of `sharing.rights.Right`.
        target_type: of what the link leads to, as `target_id`.
        inherits: it leads to what lies deeper inside of that too.
    """

    share_id: str
    epoch: int
    maker: Member
    rights: int
    target_type: str
    target_id: str
    inherits: bool = True

    @property
    def user_id(self) -> str:
        """Nobody's: he owns nothing here."""
        return ""

    @property
    def whose(self) -> str:
        """How what is sent to him is written down."""
        return f"share:{self.share_id}"


Caller = Annotated[Member, Needs.USER]
Viewer = Annotated[Member, Needs.MEDIA]
Admin = Annotated[Member, Needs.ADMIN]
# Members, and who holds a link.
Anybody = Annotated[Member | Guest, Needs.USER, Admits.GUESTS]
AnyViewer = Annotated[Member | Guest, Needs.MEDIA, Admits.GUESTS]


class Household(msgspec.Struct, frozen=True, kw_only=True):
    """The one household of this server. `accent` is a hue of 0-359 degrees, or None for the program's own."""

    household_id: str
    machine_id: str
    name: str
    accent: int | None
    is_claimed: bool


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the machine somebody signs in with; "" where nothing is."""

    device_type: str = ""
    device_os: str = ""
    app_version: str = ""
    address: str = ""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-in of one device."""

    session_id: str
    way: str
    device_type: str
    device_os: str
    app_version: str
    address: str
    expires_at: int | None
    created_at: int
    last_used_at: int
    needs_sync_reset: bool = False
