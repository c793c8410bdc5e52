"""HTTP of the household's members: for administrators, and what each says of himself."""

from collections.abc import Callable

from aiohttp import web

from homemedia.accounts.links import LinkService
from homemedia.accounts.members import MemberService
from homemedia.accounts.members_wire import (
    DeletedAnswer,
    DeleteQuery,
    LinkAnswer,
    LinkQuery,
    MemberBody,
    MemberCard,
    NewMemberBody,
    ProfileBody,
    UserAnswer,
    account_card,
    member_change,
    new_member,
    public_user,
    user_answer,
)
from homemedia.accounts.models import Admin, Caller, MemberState
from homemedia.accounts.preferences import PlaybackPreferences, PreferencesBody, PreferenceService
from homemedia.accounts.qr import svg_of
from homemedia.accounts.restrictions import RestrictionsBody
from homemedia.accounts.site import Site
from homemedia.accounts.wire import Restrictions, SessionCard, User, restrictions_card, session_card, user
from homemedia.core.http.routes import Routes

CREATED = 201
NO_CONTENT = 204


class MemberRoutes:
    """The watch contract's routes on accounts.

    Attributes:
        shows_all: whether members see who else is there, or themselves alone.
    """

    routes = Routes("accounts", prefix="/api/users")

    def __init__(self, members: MemberService, links: LinkService, site: Site) -> None:
        self._members = members
        self._links = links
        self._site = site
        self.shows_all: Callable[[], bool] = lambda: True

    @routes.get("")
    async def list_members(self, actor: Caller) -> list[MemberCard]:
        """List the accounts: all of them for administrators, who is there for everybody else."""
        accounts = await self._members.accounts()
        if not actor.is_admin:
            shows_all = self.shows_all()
            return [
                public_user(one)
                for one in accounts
                if one.member.state is MemberState.ACTIVE and (shows_all or one.member.user_id == actor.user_id)
            ]
        libraries = await self._members.libraries_of(*(one.member for one in accounts))
        return [account_card(one, libraries[one.member.user_id]) for one in accounts]

    @routes.post("", status=CREATED)
    async def add_member(self, actor: Admin, body: NewMemberBody) -> UserAnswer:
        """Make an account."""
        return user_answer(await self._members.add(new_member(body), by=actor))

    @routes.put("/{id}")
    async def change_member(self, actor: Admin, id: str, body: MemberBody) -> UserAnswer:
        """Change an account; fields that are left out stay."""
        return user_answer(await self._members.change(id, member_change(body), by=actor))

    @routes.delete("/{id}")
    async def remove_member(self, actor: Admin, id: str, query: DeleteQuery) -> DeletedAnswer:
        """Remove an account; what it owned is dropped after a week, or at once."""
        await self._members.remove(id, by=actor, at_once=query.force)
        return DeletedAnswer(deleted=True, id=id)

    @routes.get("/{id}/share-link", is_safe=False)
    async def make_link(self, actor: Admin, id: str, query: LinkQuery, request: web.Request) -> LinkAnswer:
        """Make an address by which a television comes in as this member."""
        link = await self._links.make(id, lifetime_s=query.expires_in, by=actor)
        url = f"{self._site.url(request)}/#/share?token={link.token}"
        return LinkAnswer(url=url, qr=svg_of(url), token=link.token, expires_at=link.expires_at // 1000, user_id=id)

    @routes.get("/{id}/restrictions")
    async def get_restrictions(self, actor: Admin, id: str) -> Restrictions:  # noqa: ARG002 - any administrator may
        """Show what is taken away from a member."""
        held = await self._members.get(id)
        return restrictions_card(held.member, held.libraries)

    @routes.put("/{id}/restrictions")
    async def put_restrictions(self, actor: Admin, id: str, body: RestrictionsBody) -> Restrictions:
        """Take something away from a member, or give it back; fields that are left out stay."""
        held = await self._members.restrict(id, body, by=actor)
        return restrictions_card(held.member, held.libraries)


class OwnMemberRoutes:
    """What stands beside the contracts: devices of a member, one's own profile and preferences."""

    routes = Routes("accounts", prefix="/api/home/accounts")

    def __init__(self, members: MemberService, preferences: PreferenceService) -> None:
        self._members = members
        self._preferences = preferences

    @routes.get("/members/{id}/sessions")
    async def list_sessions(self, actor: Admin, id: str) -> list[SessionCard]:
        """List the devices that are signed in as a member, the one used last first."""
        return [session_card(one, current=actor.session_id) for one in await self._members.sessions_of(id)]

    @routes.delete("/members/{id}/sessions/{sid}", status=NO_CONTENT)
    async def end_session(self, actor: Admin, id: str, sid: str) -> web.Response:  # noqa: ARG002 - any administrator may
        """Sign out one of a member's devices."""
        await self._members.end_session(id, sid)
        return web.Response(status=NO_CONTENT)

    @routes.put("/profile")
    async def put_profile(self, actor: Caller, body: ProfileBody) -> User:
        """Change one's own name or e-mail address; fields that are left out stay."""
        held = await self._members.change_profile(actor, display_name=body.display_name, email=body.email)
        return user(held.member, held.libraries)

    @routes.put("/preferences")
    async def put_preferences(self, actor: Caller, body: PreferencesBody) -> PlaybackPreferences:
        """Change one's own languages; fields that are left out stay."""
        return await self._preferences.change(actor, body)
