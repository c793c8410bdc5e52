"""The accounts of a household as administrators keep them: made, changed, restricted, removed (watch §3.10).

Threat: the household must never be left without an administrator, and what is taken away must be gone at once.
"""

import sqlite3
from collections.abc import Awaitable, Callable

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import members_store, store, told
from homemedia.accounts.events import MemberChanged
from homemedia.accounts.member_rules import (
    Granted,
    Held,
    MemberChange,
    NewMember,
    changed,
    is_lasting_admin,
    nobody,
    sees_all,
    taken,
)
from homemedia.accounts.members_store import Account
from homemedia.accounts.models import NO_RESTRICTIONS, Member, MemberState, Session
from homemedia.accounts.names import check_password, checked_email, checked_title, checked_username, name_key
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.protocols import LibraryAccess
from homemedia.accounts.restrictions import RestrictionsBody, merged, refuse_for_admin, unrestricted
from homemedia.accounts.sessions import DAY_MS, UNUSED_LIMIT_MS, SessionService, caller_of, is_current
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.ids import new_uuid
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.problems import Conflict, Forbidden

PURGE_JOB = "member-purge"
PURGE_AFTER_MS = 7 * DAY_MS
# Drops what another slice keeps of a member, inside the transaction of the purge.
Purger = Callable[[Write, str], Awaitable[None]]


class MemberService:
    """Keeps the accounts.

    Attributes:
        purge_after_ms: how long what a removed member owned waits for him to come back.
        purgers: what other slices drop when a removed member's time is over.
    """

    def __init__(
        self,
        db: Database,
        sessions: SessionService,
        passwords: Passwords,
        access: LibraryAccess,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._sessions = sessions
        self._passwords = passwords
        self._access = access
        self._clock = clock or Clock()
        self.purgers: list[Purger] = []
        self.purge_after_ms: Callable[[], int] = lambda: PURGE_AFTER_MS

    def register(self, jobs: Jobs) -> None:
        """Say who drops what removed members owned."""
        jobs.register(PURGE_JOB, "upkeep", self._purge_due)

    # Reading

    async def accounts(self) -> list[Account]:
        """Every account that is not removed, by user name."""
        now = self._clock.now_ms()
        return await members_store.accounts(self._db.read, used_since=now - UNUSED_LIMIT_MS, now=now)

    async def libraries_of(self, *members: Member) -> dict[str, Granted]:
        """What each member's `libraries` says."""
        held = [member.user_id for member in members if not sees_all(member)]
        named = await self._access.of(held) if held else {}
        return {member.user_id: named.get(member.user_id, []) if not sees_all(member) else "all" for member in members}

    async def get(self, user_id: str) -> Held:
        """One account.

        Raises:
            NotFound: there is none.
        """
        member = (await self._known(user_id)).member
        return Held(member, (await self.libraries_of(member))[user_id])

    async def fresh(self, member: Member) -> Member | None:
        """Somebody who came in a while ago, as the database says now; None when he may not come in any more."""
        asking = await store.asking(self._db.read, member.session_id)
        now = self._clock.now_ms()
        if asking is None or asking.revoked_at is not None:
            return None
        return caller_of(asking) if is_current(asking, now) and asking.member.may_enter(now) else None

    async def sessions_of(self, user_id: str) -> list[Session]:
        """The open sessions of somebody, the one used last first.

        Raises:
            NotFound: there is no such account.
        """
        return await self._sessions.of((await self._known(user_id)).member)

    async def end_session(self, user_id: str, session_id: str) -> None:
        """Sign out one of somebody's devices.

        Raises:
            NotFound: there is no such account, or no such open session of it.
        """
        await self._sessions.end((await self._known(user_id)).member, session_id)

    # Making

    async def add(self, new: NewMember, *, by: Member) -> Held:
        """Make an account.

        Raises:
            BadRequest: a name or the password breaks a rule; `unknown_library`, `unknown_rating`.
            Conflict: `username_taken`, `email_taken`, `admin_unrestricted`.
        """
        await self.check(new)
        new = msgspec.structs.replace(new, is_email_verified=True)
        password_hash = None if new.password is None else await self._passwords.hash(new.password)
        try:
            async with self._db.write(durable=True) as tx:
                member = await self.admit(tx, new, password_hash, by=by.user_id, origin="library_access")
        except sqlite3.IntegrityError as err:
            raise taken(err) from err
        return await self.get(member.user_id)

    async def check(self, new: NewMember) -> None:
        """Let a new account pass before its password is hashed.

        Raises:
            As `add`, but for names that are taken by others.
        """
        checked_username(new.username)
        if new.password is not None:
            check_password(new.password, is_admin=new.is_admin)
        if new.display_name is not None:
            checked_title(new.display_name, "displayName")
        if new.email is not None:
            checked_email(new.email)
        await self.check_limits(new.libraries, new.restrictions, is_admin=new.is_admin)

    async def check_limits(self, libraries: Granted, restrictions: RestrictionsBody | None, *, is_admin: bool) -> None:
        """Let libraries and restrictions pass.

        Raises:
            BadRequest: `unknown_library`, `unknown_rating`; a window of time has no length.
            Conflict: `admin_unrestricted`.
        """
        await self._access.check(libraries)
        if restrictions is not None:
            merged(NO_RESTRICTIONS, restrictions)
            await self._access.check_ratings(restrictions.ratings)
            if not isinstance(restrictions.libraries, UnsetType):
                await self._access.check(restrictions.libraries)
        if is_admin:
            refuse_for_admin(restrictions)
            if not isinstance(libraries, str):
                raise unrestricted()

    async def admit(self, tx: Write, new: NewMember, password_hash: str | None, *, by: str, origin: str) -> Member:
        """Make an account inside the transaction that admits its owner; what it asks for was checked.

        Raises:
            sqlite3.IntegrityError: a name is taken; see `taken`.
        """
        username = checked_username(new.username)
        libraries = new.libraries
        if new.restrictions is not None and not isinstance(new.restrictions.libraries, UnsetType):
            libraries = new.restrictions.libraries
        user_id = new_uuid()
        row = store.NewRow(
            user_id=user_id,
            username=username,
            username_key=name_key(username),
            display_name=username if new.display_name is None else checked_title(new.display_name, "displayName"),
            email=None if new.email is None else checked_email(new.email),
            is_email_verified=int(new.is_email_verified),
            password_hash=password_hash,
            is_admin=int(new.is_admin),
            sees_all_libraries=int(isinstance(libraries, str)),
            expires_at=new.expires_at,
            now=self._clock.now_ms(),
        )
        await _keep_apart(tx, user_id, username=username, email=row.email)
        await store.add_member(tx, row)
        await self._access.set(tx, user_id, libraries, by=by, origin=origin)
        if new.restrictions is not None:
            await members_store.restrict(tx, user_id, merged(NO_RESTRICTIONS, new.restrictions))
        tx.announce(MemberChanged(user_id))
        known = await store.known_by_id(tx.rows, user_id)
        assert known is not None  # noqa: S101 - added two statements ago
        return known.member

    # Changing

    async def change(
        self, user_id: str, change: MemberChange, *, by: Member, also: Callable[[Write], Awaitable[None]] | None = None
    ) -> Held:
        """Change an account; a new password or the end of `enabled` ends its sessions.

        `also` is done in the same transaction, after the change.

        Raises:
            NotFound: there is none.
            BadRequest: as `add`.
            Conflict: as `add`, and `last_admin`.
        """
        member = (await self._known(user_id)).member
        restrictions = change.restrictions or None
        if change.libraries is UNSET and restrictions is not None:
            change = msgspec.structs.replace(change, libraries=restrictions.libraries)
        after = changed(member, change)
        if isinstance(change.password, str):
            check_password(change.password, is_admin=after.is_admin)
        libraries: Granted = "all" if isinstance(change.libraries, UnsetType) else change.libraries
        await self.check_limits(libraries, restrictions, is_admin=after.is_admin)
        password_hash = await self._passwords.hash(change.password) if isinstance(change.password, str) else None
        try:
            async with self._db.write(durable=True) as tx:
                await self._change(tx, user_id, change, password_hash, by=by)
                if also is not None:
                    await also(tx)
        except sqlite3.IntegrityError as err:
            raise taken(err) from err
        return await self.get(user_id)

    async def _change(
        self, tx: Write, user_id: str, change: MemberChange, password_hash: str | None, *, by: Member
    ) -> None:
        known = await store.known_by_id(tx.rows, user_id)
        if known is None:
            raise nobody()
        before = known.member
        after = changed(before, change)
        await _keep_an_admin(tx, before, after)
        # What he had already stays his.
        username = after.username if after.username != before.username else None
        await _keep_apart(tx, user_id, username=username, email=after.email if after.email != before.email else None)
        now = self._clock.now_ms()
        await members_store.change(tx, after, username_key=name_key(after.username), is_by_admin=by.is_admin, now=now)
        if before.is_admin and not after.is_admin:
            await members_store.follow_host(tx, user_id)
        libraries = change.libraries
        if change.restrictions is None:
            await members_store.restrict(tx, user_id, NO_RESTRICTIONS)
        elif change.restrictions is not UNSET and not after.is_admin:
            await members_store.restrict(tx, user_id, merged(before.restrictions, change.restrictions))
        if not isinstance(libraries, UnsetType):
            await self._access.set(tx, user_id, libraries, by=by.user_id, origin="library_access")
        elif after.is_admin and not before.is_admin:
            await self._access.set(tx, user_id, "all", by=by.user_id, origin="library_access")
        if password_hash is not None:
            await store.set_password(tx, user_id, password_hash)
        if password_hash is not None or after.state is not MemberState.ACTIVE:
            kept = by.session_id if by.user_id == user_id and after.state is MemberState.ACTIVE else ""
            await self._sessions.end_all(tx, user_id, kept=kept)
        if before.state is MemberState.PENDING and after.state is not MemberState.PENDING:
            await told.decided(tx, user_id)
        tx.announce(MemberChanged(user_id))

    async def restrict(self, user_id: str, body: RestrictionsBody, *, by: Member) -> Held:
        """Merge restrictions into those of a member; they count from his next request.

        Raises:
            NotFound: there is no such account.
            BadRequest: `unknown_rating`, `unknown_library`; a window of time has no length.
            Conflict: `admin_unrestricted`.
        """
        if (await self._known(user_id)).member.is_admin:
            raise unrestricted()
        await self.check_limits("all", body, is_admin=False)
        async with self._db.write(durable=True) as tx:
            await self._change(tx, user_id, MemberChange(restrictions=body, libraries=body.libraries), None, by=by)
        return await self.get(user_id)

    async def change_profile(
        self, actor: Member, *, display_name: str | UnsetType = UNSET, email: str | UnsetType | None = UNSET
    ) -> Held:
        """Change what a member may change of himself.

        Raises:
            Forbidden: he came with a sign-in link.
            BadRequest: a name or the address breaks a rule.
            Conflict: `email_taken`.
        """
        if actor.is_by_link:
            raise Forbidden("An account cannot be changed by a sign-in link.")
        if email is not UNSET:
            # Codes to sign in with are sent there: who came by a link would come in anew, with more rights.
            await self._sessions.refuse_link(actor)
        change = MemberChange(display_name=display_name, email=email)
        changed(actor, change)
        try:
            async with self._db.write(durable=True) as tx:
                await self._change(tx, actor.user_id, change, None, by=actor)
        except sqlite3.IntegrityError as err:
            raise taken(err) from err
        return await self.get(actor.user_id)

    # Removing

    async def remove(self, user_id: str, *, by: Member, at_once: bool = False, is_purged: bool = True) -> None:
        """Remove an account; what it owned is dropped after a week, at once, or (not `is_purged`) never.

        Raises:
            NotFound: there is none.
            Conflict: `cannot_delete_self`, `last_admin`.
        """
        await self._known(user_id)
        if by.user_id == user_id:
            raise Conflict("You cannot delete your own account.", code="cannot_delete_self")
        now = self._clock.now_ms()
        async with self._db.write(durable=True) as tx:
            known = await store.known_by_id(tx.rows, user_id)
            if known is None:
                raise nobody()
            removed = msgspec.structs.replace(known.member, state=MemberState.REMOVED)
            await _keep_an_admin(tx, known.member, removed)
            wait_ms = 0 if at_once else self.purge_after_ms()
            await members_store.remove(tx, user_id, purge_at=now + wait_ms if is_purged else None, now=now)
            await members_store.follow_host(tx, user_id)
            if known.member.state is MemberState.PENDING:
                await told.decided(tx, user_id)
            await self._sessions.end_all(tx, user_id)
            await self._access.end(tx, user_id, by=by.user_id)
            if at_once:
                await self._purge(tx, user_id)
            elif is_purged:
                # Of this removal: taken back and removed again, he has his week once more.
                await tx.enqueue(PURGE_JOB, f"{user_id}/{now + wait_ms}", run_after_ms=wait_ms)
            tx.announce(MemberChanged(user_id))

    async def purge_now(self, user_id: str) -> None:
        """Drop at once what a removed member owned."""
        async with self._db.write(durable=True) as tx:
            if await members_store.is_removed(tx.rows, user_id):
                await self._purge(tx, user_id)
                tx.announce(MemberChanged(user_id))

    async def take_back(self, tx: Write, user_id: str, *, gone_at: int) -> None:
        """A removed member is one again, inside the transaction that says so."""
        await self._access.give_back(tx, user_id, gone_at=gone_at)
        tx.announce(MemberChanged(user_id))

    async def _purge_due(self, run: JobRun) -> None:
        """Drop what a removed member owned, unless he was taken back."""
        user_id = run.key.partition("/")[0]
        async with self._db.write(durable=True) as tx:
            if await members_store.is_due(tx.rows, user_id, self._clock.now_ms()):
                await self._purge(tx, user_id)
                tx.announce(MemberChanged(user_id))

    async def _purge(self, tx: Write, user_id: str) -> None:
        for purge in self.purgers:
            await purge(tx, user_id)
        await members_store.purge(tx, user_id, now=self._clock.now_ms())

    async def _known(self, user_id: str) -> store.Known:
        known = await store.known_by_id(self._db.read, user_id)
        if known is None:
            raise nobody()
        return known


async def _keep_apart(tx: Write, user_id: str, *, username: str | None, email: str | None) -> None:
    """Let a name and an address pass, unless they are another member's address or name.

    Threat: at sign-in an address wins over a name, so who takes another's name as his address locks him out.

    Raises:
        Conflict: `username_taken`, `email_taken`.
    """
    name = None if username is None else name_key(username)
    address = None if email is None else name_key(email)
    is_address, is_name = await members_store.used_otherwise(tx.rows, user_id, username_key=name, email_key=address)
    if is_address:
        raise Conflict("This user name is taken.", code="username_taken", field="username")
    if is_name:
        raise Conflict("Somebody else has this e-mail address.", code="email_taken", field="email")


async def _keep_an_admin(tx: Write, before: Member, after: Member) -> None:
    """Refuse what would leave nobody who runs the household.

    Raises:
        Conflict: `last_admin`.
    """
    if not is_lasting_admin(before) or is_lasting_admin(after):
        return
    if not await members_store.has_other_admin(tx.rows, before.user_id):
        raise Conflict("The household needs an administrator who stays.", code="last_admin")
