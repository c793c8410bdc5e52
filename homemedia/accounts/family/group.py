"""The group of the clip API: the household's name, colour, invite code and members (clips §7.1, 7.3)."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Sequence

import msgspec

from homemedia.accounts import invites_store
from homemedia.accounts import store as accounts
from homemedia.accounts.codes.service import CodeService
from homemedia.accounts.events import HouseholdChanged
from homemedia.accounts.family import store
from homemedia.accounts.family.coming_in import clash
from homemedia.accounts.family.feed_rules import file_size_mb, retention_days, shortcut_url, storage_mb
from homemedia.accounts.family.names import HUES, clip_username, group_name, loose_phone
from homemedia.accounts.family.store import GroupRow, Person
from homemedia.accounts.household import HouseholdChange, HouseholdService
from homemedia.accounts.invites import InviteService
from homemedia.accounts.member_rules import NewMember
from homemedia.accounts.members import MemberService
from homemedia.accounts.models import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write, as_json
from homemedia.core.ids import new_hex
from homemedia.core.problems import BadRequest, NotFound, Unavailable

TOKEN_BYTES = 16


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The household, with its standing invite code and its share token."""

    row: GroupRow
    invite_code: str
    shortcut_token: str


class GroupService:
    """Shows and changes the household as the clip API knows it."""

    def __init__(
        self,
        db: Database,
        household: HouseholdService,
        members: MemberService,
        invites: InviteService,
        codes: CodeService,
        clock: Clock | None = None,
        *,
        country_code: str = "1",
    ) -> None:
        self._db = db
        self._household = household
        self._members = members
        self._invites = invites
        self._codes = codes
        self._clock = clock or Clock()
        self._country_code = country_code

    async def read(self, *, by: Member | None = None) -> Group:
        """The household; who asks first has its code and token made.

        Raises:
            Unavailable: the first start has not made it yet.
        """
        row = await store.group(self._db.read)
        if row is None:
            raise Unavailable("The server is still starting.", code="starting", retry_after_s=2)
        token = row.shortcut_token
        if token is None:
            async with self._db.write(durable=True) as tx:
                token = await store.give_token(tx, new_hex(TOKEN_BYTES))
        standing = await invites_store.standing(self._db.read)
        code = standing.code if standing is not None else None
        if code is None:
            # In the name of who runs the house, whoever looked first.
            host = await accounts.known_by_id(self._db.read, row.host_id or "")
            maker = host.member if host is not None else by
            code = await self._invites.standing_code(by=maker) if maker is not None else ""
        return Group(row=row, invite_code=code, shortcut_token=token)

    async def rename(self, name: object) -> str:
        """Give the household another name.

        Raises:
            BadRequest: it has not 1 to 50 characters.
        """
        return (await self._household.change(HouseholdChange(name=group_name(name)))).name

    async def colour(self, word: object) -> str:
        """Give the household another colour.

        Raises:
            BadRequest: the clip API has no such word.
        """
        if not isinstance(word, str) or word not in HUES:
            raise BadRequest(f"Invalid accent colour: one of {', '.join(HUES)} is needed.", field="accentColor")
        async with self._changing() as tx:
            await accounts.colour_household(tx, HUES[word])
            await store.name_accent(tx, word)
        return word

    async def keep_clips(self, days: object) -> int | None:
        """Say after how many days clips go; the next sweep acts on it.

        Raises:
            BadRequest: it is none of the choices.
        """
        kept = retention_days(days)
        async with self._changing() as tx:
            await store.keep_clips(tx, kept)
        return kept

    async def limit_file(self, mb: object) -> int | None:
        """Say how large a clip may be that is fetched from now on.

        Raises:
            BadRequest: it is none of the choices.
        """
        limit = file_size_mb(mb)
        async with self._changing() as tx:
            await store.limit_file(tx, limit)
        return limit

    async def limit_storage(self, mb: object) -> int | None:
        """Say how much all clips together may take; beyond it no link is taken.

        Raises:
            BadRequest: it is no number of megabytes.
        """
        limit = storage_mb(mb)
        async with self._changing() as tx:
            await store.limit_storage(tx, limit)
        return limit

    async def filter_platforms(self, mode: str, listed: Sequence[str] | None) -> None:
        """Say which sites links may be of; which there are is the feed's to know."""
        async with self._changing() as tx:
            await store.filter_platforms(tx, mode, as_json(listed) if listed is not None else None)

    async def name_shortcut(self, url: object) -> str | None:
        """Keep the address of a Shortcut that members install.

        Raises:
            BadRequest: it is no Shortcut's.
        """
        address = shortcut_url(url)
        async with self._changing() as tx:
            await store.name_shortcut(tx, address)
        return address

    async def new_shortcut_token(self) -> str:
        """Replace the share token; Shortcuts with the old one send nothing any more."""
        token = new_hex(TOKEN_BYTES)
        async with self._changing(durable=True) as tx:
            await store.renew_token(tx, token)
        return token

    @contextlib.asynccontextmanager
    async def _changing(self, *, durable: bool = False) -> AsyncIterator[Write]:
        """A transaction that changes the household, and says so."""
        async with self._db.write(durable=durable) as tx:
            yield tx
            tx.announce(HouseholdChanged())

    async def new_invite_code(self, *, by: Member) -> str:
        """Replace the standing code; the old one opens nothing any more."""
        return await self._invites.standing_code(by=by, anew=True)

    async def members(self) -> list[Person]:
        """Who is a member, who was first first."""
        return await store.members(self._db.read, self._clock.now_ms())

    async def add_member(self, username: object, phone: object, *, by: Member) -> Person:
        """Make an account whose owner comes in by a code.

        Raises:
            BadRequest: name or number is none.
            Conflict: `username_taken`, `phone_taken`.
        """
        name = clip_username(username)
        number = loose_phone(phone, self._country_code)
        try:
            async with self._db.write(durable=True) as tx:
                new = NewMember(username=name, password=None)
                member = await self._members.admit(tx, new, None, by=by.user_id, origin="library_access")
                await store.set_phone(tx, member.user_id, number, now=self._clock.now_ms())
                made = await store.person(tx.rows, member.user_id)
        except sqlite3.IntegrityError as err:
            raise clash(err) from err
        assert made is not None  # noqa: S101 - made three statements ago
        return made

    async def remove_member(self, user_id: str, *, by: Member) -> None:
        """Remove somebody: what he made stays, his name and number are free.

        Raises:
            BadRequest: it is oneself.
            NotFound: there is no such active member.
            Conflict: `last_admin`.
        """
        if user_id == by.user_id:
            raise BadRequest("You cannot remove yourself.", code="cannot_remove_self")
        found = await store.person(self._db.read, user_id)
        if found is None or found.state != "active":
            raise NotFound("Member not found.")
        await self._members.remove(user_id, by=by, is_purged=False)
        async with self._db.write() as tx:
            await self._codes.forget(tx, user_id)
