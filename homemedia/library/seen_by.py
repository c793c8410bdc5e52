"""What a member sees of the libraries, and what he would see with other limits: for who sets them."""

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import NO_RESTRICTIONS, Member, MemberState
from homemedia.accounts.member_rules import Granted
from homemedia.accounts.members import MemberService
from homemedia.accounts.restrictions import RestrictionsBody, merged
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader
from homemedia.library import seen_by_store as store
from homemedia.library.browse import Browse
from homemedia.library.browse_wire import ItemCard, LibraryName
from homemedia.library.ratings import fold
from homemedia.library.seen_by_store import Known
from homemedia.library.visible import NO_LIMITS, Limits, Visible, limits_of, visible_to, within

MOST_CARDS = 24
# Of what a library is counted by.
KINDS = {"movie": "movie", "show": "show", "video": "video", "music": "artist"}
Why = Literal["library", "blockedRating", "unrated", "age", "otherRating", "blockedLabel", "otherLabel", "contents"]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Whose eyes, and what to change of his limits first; without `user_id` somebody without any.

    `cards`: how many titles of each sort to show.
    """

    user_id: str | None = None
    restrictions: RestrictionsBody | None = None
    libraries: Granted | UnsetType = UNSET
    cards: int = MOST_CARDS


class Hidden(msgspec.Struct, frozen=True):
    """A title that is not seen, and what keeps it away: the rule, and the word of it where it has one."""

    card: ItemCard
    why: Why
    word: str | None


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """One library as somebody sees it. `seen` and `hidden` hold the first titles of each; the counts are of all."""

    library_id: str
    name: str
    kind: str
    is_open: bool
    seen_count: int
    hidden_count: int
    seen: list[ItemCard]
    hidden: list[Hidden]


class _Eyes(msgspec.Struct, frozen=True):
    """Who looks, and what he would see of a library he is let into; `cards`: how many titles of each sort."""

    member: Member
    limits: Limits
    visible: Visible
    everything: Visible
    cards: int


class SeenBy:
    """Looks at the libraries with somebody else's eyes."""

    def __init__(self, db: Database, members: MemberService, browse: Browse, clock: Clock) -> None:
        self._db = db
        self._members = members
        self._browse = browse
        self._clock = clock

    async def look(self, wish: Wish) -> list[Sight]:
        """Every library in the house's order, also those he would not see at all.

        Raises:
            NotFound: there is no such account.
            BadRequest: `unknown_library`, `unknown_rating`; a window of time has no length.
            Conflict: `admin_unrestricted`.
        """
        member = (await self._members.get(wish.user_id)).member if wish.user_id else _nobody()
        libraries = wish.libraries
        if libraries is UNSET and wish.restrictions is not None:
            libraries = wish.restrictions.libraries
        named: Granted = "all" if isinstance(libraries, UnsetType) else libraries
        await self._members.check_limits(named, wish.restrictions, is_admin=member.is_admin)
        if wish.restrictions is not None and not member.is_admin:
            member = msgspec.structs.replace(member, restrictions=merged(member.restrictions, wish.restrictions))
        now, read = self._clock.now_ms(), self._db.read
        limits = limits_of(member)
        eyes = _Eyes(member, limits, within(limits, now), within(NO_LIMITS, now), wish.cards)
        is_open = await self._opens(read, member, libraries, now)
        return [
            await self._sight(read, eyes, library, is_open=is_open(library.id))
            for library in await self._browse.library_names(read, eyes.everything)
        ]

    async def _opens(
        self, read: Reader, member: Member, libraries: Granted | UnsetType, now: int
    ) -> Callable[[str], bool]:
        """Which libraries he would be let into."""
        if isinstance(libraries, list):
            return set(libraries).__contains__
        if libraries == "all" and not member.is_admin:
            # What names him ends when he is held to no list any more.
            member = msgspec.structs.replace(member, user_id="", sees_all_libraries=True)
        found = await self._browse.library_names(read, visible_to(member, now))
        return {library.id for library in found}.__contains__

    async def _sight(self, read: Reader, eyes: _Eyes, library: LibraryName, *, is_open: bool) -> Sight:
        kind = KINDS[library.type]
        counted = await store.count(read, eyes.visible, library.id, kind)
        seen: list[int] = []
        hidden: list[int] = []
        if not is_open:
            hidden = await store.seen(read, eyes.everything, library.id, kind, eyes.cards)
        else:
            seen = await store.seen(read, eyes.visible, library.id, kind, eyes.cards)
            if counted.seen < counted.number:
                hidden = await store.hidden(read, eyes.visible, library.id, kind, eyes.cards)
        seen_count = counted.seen if is_open else 0
        cards = await self._browse.cards(read, eyes.visible, eyes.member, seen)
        return Sight(
            library_id=library.id,
            name=library.name,
            kind=library.type,
            is_open=is_open,
            seen_count=seen_count,
            hidden_count=counted.number - seen_count,
            seen=[cards[item_id] for item_id in seen if item_id in cards],
            hidden=await self._hidden(read, eyes, hidden, is_open=is_open),
        )

    async def _hidden(self, read: Reader, eyes: _Eyes, ids: Sequence[int], *, is_open: bool) -> list[Hidden]:
        cards = await self._browse.cards(read, eyes.everything, eyes.member, ids)
        known = await store.audiences(read, eyes.everything, ids) if is_open else {}
        found = []
        for item_id in ids:
            if item_id in cards:
                why, word = why_hidden(eyes.limits, known.get(item_id)) if is_open else ("library", None)
                found.append(Hidden(cards[item_id], why, word))
        return found


def why_hidden(limits: Limits, known: Known | None) -> tuple[Why, str | None]:
    """Which limit keeps a title away that is not seen, in the order in which `visible.py` asks; and its word.

    `contents`: the title itself may be seen, and nothing in it.
    """
    if (found := _by_rating(limits, known)) is not None:
        return found
    labels = known.audience.labels if known else frozenset[str]()
    against = _folded(limits.blocked_labels)
    if shut := sorted(labels & against.keys()):
        return "blockedLabel", against[shut[0]]
    if limits.allowed_labels and not labels & _folded(limits.allowed_labels).keys():
        return "otherLabel", None
    return "contents", None


def _by_rating(limits: Limits, known: Known | None) -> tuple[Why, str | None] | None:
    rating = known.audience.rating if known else ""
    age = known.age if known else None
    blocked, allowed = _folded(limits.blocked_ratings), _folded(limits.allowed_ratings)
    if rating and rating in blocked:
        return "blockedRating", blocked[rating]
    if rating and rating in allowed:
        return None
    if age is None:
        return ("unrated", None) if limits.block_unrated else None
    if limits.max_age is not None:
        return ("age", str(age)) if age > limits.max_age else None
    return ("otherRating", None) if allowed else None


def _folded(texts: Sequence[str]) -> dict[str, str]:
    """Each as it is compared, with how it was written."""
    return {folded: text for text in texts if (folded := fold(text))}


def _nobody() -> Member:
    """Somebody who is yet to come, with nothing taken away."""
    return Member(
        user_id="",
        username="",
        display_name="",
        email=None,
        is_admin=False,
        state=MemberState.ACTIVE,
        sees_all_libraries=True,
        session_id="",
        created_at=0,
        last_seen_at=None,
        expires_at=None,
        has_password=False,
        restrictions=NO_RESTRICTIONS,
    )
