"""HTTP of the clip API on members and the household (clips §5, 7.1, 7.3, 7.5)."""

from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web
from msgspec import UNSET

from homemedia.accounts.device import device_of
from homemedia.accounts.family.coming_in import ComingIn, Named
from homemedia.accounts.family.group import GroupService
from homemedia.accounts.family.profile import ProfileService
from homemedia.accounts.family.wire import (
    AccentAnswer,
    AccentBody,
    ActionAnswer,
    AuthAnswer,
    AuthBody,
    FileSizeAnswer,
    FileSizeBody,
    InviteCodeAnswer,
    MemberAnswer,
    MemberCard,
    NameAnswer,
    NameBody,
    NewMemberBody,
    PhoneAnswer,
    PhoneBody,
    PreferencesAnswer,
    PreferencesBody,
    RemovedAnswer,
    RetentionAnswer,
    RetentionBody,
    ShortcutAnswer,
    ShortcutBody,
    ShortcutTokenAnswer,
    StorageAnswer,
    StorageBody,
    clip_group,
    clip_user,
    joining_group,
    member_card,
)
from homemedia.accounts.models import Admin, Caller, Device, Member
from homemedia.accounts.routes import cookies_for
from homemedia.accounts.site import Site
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Reply
from homemedia.core.problems import BadRequest

CREATED = 201
Action = Callable[[web.Request, AuthBody], Awaitable[Reply[ActionAnswer]]]
# Who asks, also one who has not said yet who he is.
Pending = Callable[[web.Request], Awaitable[Member]]


class ClipAuthRoutes:
    """The one address of the clip API's ways in.

    Attributes:
        push_key: the public half of the key that browsers subscribe with.
        has_gifs: whether moving pictures can be looked for.
    """

    routes = Routes("accounts", prefix="/api/auth", family=Family.CLIPS)

    def __init__(self, coming_in: ComingIn, group: GroupService, pending: Pending, site: Site) -> None:
        self._coming_in = coming_in
        self._group = group
        self._pending = pending
        self._site = site
        self.push_key: str | None = None
        self.has_gifs: Callable[[], bool] = lambda: False
        self._actions: dict[str, Action] = {
            "join": self._join,
            "login-send-code": self._send_sign_in,
            "login-verify-code": self._sign_in,
            "send-code": self._send_proof,
            "verify-code": self._prove,
            "onboard": self._onboard,
        }

    @routes.get("")
    async def get_auth(self, actor: Caller) -> AuthAnswer:
        """Say who asks, and of which household."""
        person = await self._coming_in.person(actor.user_id)
        group = await self._group.read(by=actor)
        return AuthAnswer(
            user=clip_user(person, group.row.household_id),
            group=clip_group(group),
            vapid_public_key=self.push_key,
            gif_enabled=self.has_gifs(),
        )

    @routes.post("", public=True)
    async def post_auth(self, request: web.Request, body: AuthBody) -> Reply[ActionAnswer]:
        """Join, sign in by a code, or say who one is; `action` says which."""
        self._coming_in.check_pace(self._site.address(request))
        action = self._actions.get(body.action) if isinstance(body.action, str) else None
        if action is None:
            raise BadRequest("Invalid action.", field="action", reason="is none of the actions")
        return await action(request, body)

    async def _join(self, request: web.Request, body: AuthBody) -> Reply[ActionAnswer]:
        signed_in = await self._coming_in.join(body.invite_code, self._device(request))
        group = joining_group(await self._group.read(), str(body.invite_code).strip())
        answer = ActionAnswer(user_id=signed_in.member.user_id, group=group, needs_onboarding=True)
        return Reply(answer, cookies=cookies_for(self._site, request, signed_in.token))

    async def _send_sign_in(self, _request: web.Request, body: AuthBody) -> Reply[ActionAnswer]:
        await self._coming_in.send_sign_in(_named(body))
        return Reply(ActionAnswer(sent=True))

    async def _sign_in(self, request: web.Request, body: AuthBody) -> Reply[ActionAnswer]:
        signed_in, person = await self._coming_in.sign_in(_named(body), body.code, self._device(request))
        group = await self._group.read(by=signed_in.member)
        answer = ActionAnswer(
            user_id=person.user_id, user=clip_user(person, group.row.household_id), group=clip_group(group)
        )
        return Reply(answer, cookies=cookies_for(self._site, request, signed_in.token))

    async def _send_proof(self, request: web.Request, body: AuthBody) -> Reply[ActionAnswer]:
        await self._coming_in.send_proof(await self._pending(request), _named(body))
        return Reply(ActionAnswer(sent=True))

    async def _prove(self, request: web.Request, body: AuthBody) -> Reply[ActionAnswer]:
        await self._coming_in.prove(await self._pending(request), _named(body), body.code)
        return Reply(ActionAnswer(verified=True))

    async def _onboard(self, request: web.Request, body: AuthBody) -> Reply[ActionAnswer]:
        actor = await self._pending(request)
        person = await self._coming_in.onboard(actor, body.username, body.phone)
        group = await self._group.read(by=actor)
        return Reply(ActionAnswer(user=clip_user(person, group.row.household_id), group=clip_group(group)))

    def _device(self, request: web.Request) -> Device:
        return device_of(request.headers, self._site.address(request))


class GroupRoutes:
    """The household and its members."""

    routes = Routes("accounts", prefix="/api/group", family=Family.CLIPS)

    def __init__(self, group: GroupService) -> None:
        self._group = group

    @routes.patch("/name")
    async def rename(self, actor: Admin, body: NameBody) -> NameAnswer:  # noqa: ARG002 - any administrator may
        """Give the household another name."""
        return NameAnswer(name=await self._group.rename(body.name))

    @routes.patch("/accent")
    async def colour(self, actor: Admin, body: AccentBody) -> AccentAnswer:  # noqa: ARG002 - any administrator may
        """Give the household another colour, by its word."""
        return AccentAnswer(accent_color=await self._group.colour(body.accent_color))

    @routes.patch("/retention")
    async def keep_clips(self, actor: Admin, body: RetentionBody) -> RetentionAnswer:  # noqa: ARG002 - likewise
        """Say after how many days clips go."""
        return RetentionAnswer(retention_days=await self._group.keep_clips(body.retention_days))

    @routes.patch("/max-file-size")
    async def limit_file(self, actor: Admin, body: FileSizeBody) -> FileSizeAnswer:  # noqa: ARG002 - likewise
        """Say how large a clip may be."""
        return FileSizeAnswer(max_file_size_mb=await self._group.limit_file(body.max_file_size_mb))

    @routes.patch("/shortcut")
    async def name_shortcut(self, actor: Admin, body: ShortcutBody) -> ShortcutAnswer:  # noqa: ARG002 - likewise
        """Keep the address of the Shortcut by which phones send links."""
        return ShortcutAnswer(shortcut_url=await self._group.name_shortcut(body.shortcut_url))

    @routes.post("/shortcut/regenerate-token")
    async def renew_shortcut(self, actor: Admin) -> ShortcutTokenAnswer:  # noqa: ARG002 - likewise
        """Replace the token by which Shortcuts send links; the old one sends nothing any more."""
        return ShortcutTokenAnswer(shortcut_token=await self._group.new_shortcut_token())

    @routes.post("/invite-code/regenerate")
    async def regenerate(self, actor: Admin) -> InviteCodeAnswer:
        """Replace the standing invite code; the old one opens nothing any more."""
        return InviteCodeAnswer(invite_code=await self._group.new_invite_code(by=actor))

    @routes.get("/members")
    async def list_members(self, actor: Caller) -> list[MemberCard]:  # noqa: ARG002 - any member may
        """List the members, who was first first."""
        return [member_card(one) for one in await self._group.members()]

    @routes.post("/members", status=CREATED)
    async def add_member(self, actor: Admin, body: NewMemberBody) -> MemberAnswer:
        """Make an account whose owner comes in by a code to his phone."""
        return MemberAnswer(member=member_card(await self._group.add_member(body.username, body.phone, by=actor)))

    @routes.delete("/members/{userId}")
    async def remove_member(self, actor: Admin, userId: str) -> RemovedAnswer:  # noqa: N803 - the document's name
        """Remove a member; what he made stays."""
        await self._group.remove_member(userId, by=actor)
        return RemovedAnswer()


class ClipStorageRoutes:
    """How much the feed may take of the disk, by our own client."""

    routes = Routes("accounts", prefix="/api/home/clips/storage")

    def __init__(self, group: GroupService) -> None:
        self._group = group

    @routes.patch("")
    async def limit(self, actor: Admin, body: StorageBody) -> StorageAnswer:  # noqa: ARG002 - any administrator may
        """Say how much all clips together may take."""
        return StorageAnswer(max_storage_mb=await self._group.limit_storage(body.max_storage_mb))


class ClipProfileRoutes:
    """What a member says of himself in the clip API."""

    routes = Routes("accounts", prefix="/api/profile", family=Family.CLIPS)

    def __init__(self, profile: ProfileService) -> None:
        self._profile = profile

    @routes.post("/preferences")
    async def put_preferences(self, actor: Caller, body: PreferencesBody) -> PreferencesAnswer:
        """Change one's own preferences or name; what was changed comes back."""
        given = {
            "themePreference": body.theme_preference,
            "feedSortOrder": body.feed_sort_order,
            "autoScroll": body.auto_scroll,
            "mutedByDefault": body.muted_by_default,
            "username": body.username,
        }
        taken = await self._profile.change(actor, {key: value for key, value in given.items() if value is not UNSET})
        return msgspec.convert(taken, PreferencesAnswer)


class PhoneRoutes:
    """One's own phone number, by our own client."""

    routes = Routes("accounts", prefix="/api/home/accounts/phone")

    def __init__(self, coming_in: ComingIn) -> None:
        self._coming_in = coming_in

    @routes.get("")
    async def get_phone(self, actor: Caller) -> PhoneAnswer:
        """Show one's own phone number."""
        return PhoneAnswer(phone=(await self._coming_in.person(actor.user_id)).phone)

    @routes.put("")
    async def put_phone(self, actor: Caller, body: PhoneBody) -> PhoneAnswer:
        """Take a number that a code has just proved, or none."""
        return PhoneAnswer(phone=(await self._coming_in.set_phone(actor, body.phone)).phone)


def _named(body: AuthBody) -> Named:
    return Named(phone=body.phone, email=body.email)
