"""What a member prefers in the clip API: one document of his (clips §7.5)."""

import sqlite3
from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from homemedia.accounts import preferences_store
from homemedia.accounts.events import MemberChanged
from homemedia.accounts.family import store
from homemedia.accounts.family.coming_in import clash
from homemedia.accounts.family.names import clip_username
from homemedia.accounts.models import Member
from homemedia.accounts.names import name_key
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.kept import kept
from homemedia.core.problems import BadRequest, Forbidden

AREA = "clips"
Theme = Literal["system", "light", "dark"]
FeedOrder = Literal["oldest", "round-robin"]


class ClipPreferences(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How a member likes his feed."""

    theme_preference: Theme = "system"
    auto_scroll: bool = False
    muted_by_default: bool = True
    feed_sort_order: FeedOrder = "oldest"


USUAL = ClipPreferences()


class ProfileService:
    """Changes what a member says of himself."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()

    async def change(self, actor: Member, given: Mapping[str, object]) -> dict[str, object]:
        """Merge into the caller's own; what was taken, under the names it came by.

        Args:
            actor: who asks.
            given: `themePreference`, `feedSortOrder`, `autoScroll`, `mutedByDefault`, `username`, as they came.

        Raises:
            BadRequest: a word is none, or nothing can be taken.
            Forbidden: a name cannot be changed by a sign-in link.
            Conflict: `username_taken`.
        """
        taken = checked(given)
        if not taken:
            raise BadRequest("Nothing to change.")
        name = taken.get("username")
        if name is not None and actor.is_by_link:
            raise Forbidden("An account cannot be changed by a sign-in link.")
        preferences = {key: value for key, value in taken.items() if key != "username"}
        now = self._clock.now_ms()
        try:
            async with self._db.write() as tx:
                if isinstance(name, str):
                    await store.rename(tx, actor.user_id, username=name, username_key=name_key(name), now=now)
                if preferences:
                    before = read(await preferences_store.document(tx.rows, actor.user_id, AREA))
                    after = msgspec.to_builtins(before) | preferences
                    await preferences_store.keep(tx, actor.user_id, AREA, msgspec.json.encode(after).decode())
                tx.announce(MemberChanged(actor.user_id))
        except sqlite3.IntegrityError as err:
            raise clash(err) from err
        return taken


def checked(given: Mapping[str, object]) -> dict[str, object]:
    """What of a body can be taken; what is no boolean where one belongs is passed over.

    Raises:
        BadRequest: a word or the name is none.
    """
    found: dict[str, object] = {}
    for name, words in (("themePreference", get_args(Theme)), ("feedSortOrder", get_args(FeedOrder))):
        if name in given:
            if given[name] not in words:
                raise BadRequest(f"Invalid {name}: one of {', '.join(words)} is needed.", field=name)
            found[name] = given[name]
    found |= {name: given[name] for name in ("autoScroll", "mutedByDefault") if isinstance(given.get(name), bool)}
    if "username" in given:
        found["username"] = clip_username(given["username"])
    return found


def read(text: str | None) -> ClipPreferences:
    """A document as it was kept."""
    return kept(text, ClipPreferences, USUAL)
