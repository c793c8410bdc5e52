"""Accounts: members, the ways they come in by, and what they set."""

from typing import Any

from homemedia.accounts.api_keys.routes import ApiKeyRoutes
from homemedia.accounts.api_keys.service import ApiKeyService
from homemedia.accounts.claim import ClaimService
from homemedia.accounts.codes.desk import SenderDesk
from homemedia.accounts.codes.gateways import GatewayClient
from homemedia.accounts.codes.routes import SenderRoutes
from homemedia.accounts.codes.service import CodeService
from homemedia.accounts.codes.smtp import Mail
from homemedia.accounts.family.coming_in import ComingIn
from homemedia.accounts.family.group import GroupService
from homemedia.accounts.family.profile import ProfileService
from homemedia.accounts.family.routes import (
    ClipAuthRoutes,
    ClipProfileRoutes,
    ClipStorageRoutes,
    GroupRoutes,
    PhoneRoutes,
)
from homemedia.accounts.invites import InviteService
from homemedia.accounts.invites_routes import InviteRoutes, StandingInviteRoutes
from homemedia.accounts.key_login.pairs import Pairs
from homemedia.accounts.key_login.routes import KeyLoginRoutes, OwnKeyRoutes
from homemedia.accounts.key_login.service import KeyLogin
from homemedia.accounts.links import LinkService
from homemedia.accounts.members import MemberService
from homemedia.accounts.members_routes import MemberRoutes, OwnMemberRoutes
from homemedia.accounts.oidc.config import ConfigDesk
from homemedia.accounts.oidc.desk import Desk
from homemedia.accounts.oidc.flow import Flow
from homemedia.accounts.oidc.people import People
from homemedia.accounts.oidc.photo_routes import OauthRoutes
from homemedia.accounts.oidc.provider import Provider
from homemedia.accounts.oidc.routes import CloudRoutes, OidcRoutes
from homemedia.accounts.pairing.routes import PairingRoutes
from homemedia.accounts.pairing.service import PairingService
from homemedia.accounts.password_login import OtherWays, PasswordLogin
from homemedia.accounts.password_login_routes import PasswordLoginRoutes
from homemedia.accounts.photo_account.accounts import PhotoAccountService
from homemedia.accounts.photo_account.admin_routes import PhotoAdminRoutes
from homemedia.accounts.photo_account.further import FurtherSessions
from homemedia.accounts.photo_account.pin import PinService
from homemedia.accounts.photo_account.preferences import PhotoPreferenceService
from homemedia.accounts.photo_account.routes import (
    FurtherSessionRoutes,
    PhotoAuthRoutes,
    PhotoUserRoutes,
    WellKnownRoutes,
)
from homemedia.accounts.preferences import PreferenceService
from homemedia.accounts.routes import AccountRoutes, HouseholdRoutes, SignInRoutes
from homemedia.accounts.sign_in import SignInService
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.core.threads import Lane
from homemedia.notifications.digest import SendMail
from homemedia.playback.departed_store import forget_member
from homemedia.server.photo.config import PhotoConfig

ROUTES: tuple[Any, ...] = (
    SignInRoutes,
    AccountRoutes,
    PasswordLoginRoutes,
    HouseholdRoutes,
    MemberRoutes,
    ApiKeyRoutes,
    WellKnownRoutes,
    PhotoUserRoutes,
    PhotoAuthRoutes,
    FurtherSessionRoutes,
    PhotoAdminRoutes,
    OwnMemberRoutes,
    CloudRoutes,
    OidcRoutes,
    OauthRoutes,
    InviteRoutes,
    StandingInviteRoutes,
    SenderRoutes,
    ClipAuthRoutes,
    GroupRoutes,
    ClipStorageRoutes,
    ClipProfileRoutes,
    PhoneRoutes,
    PairingRoutes,
    KeyLoginRoutes,
    OwnKeyRoutes,
)


class Accounts:
    """Members and how they come in.

    Attributes:
        setup_code: claims the household from outside the house.
        is_claimed: whether it was claimed at the start.
        clip_auth: is told the key of pushes, and whether there are moving pictures.
        key_login: is told who counts a member's heaps.
        group: the household as the clip API knows it.
        photo_accounts: is told who counts a member's photos.
        photo_config: what administrators set for photos; its address and its provider concern accounts.
        senders: what sends one-time codes, and letters.
    """

    photo_config: PhotoConfig
    photo_accounts: PhotoAccountService
    photo_preferences: PhotoPreferenceService
    provider_config: ConfigDesk
    senders: SenderDesk
    clip_auth: ClipAuthRoutes
    key_login: KeyLoginRoutes
    group: GroupService
    is_claimed: bool
    _flow: Flow

    def __init__(self, base: Base, entrance: Entrance) -> None:
        self._base = base
        self._entrance = entrance
        self.password_login = PasswordLogin(base.db, base.clock)
        self.password_login.ways = self._other_ways
        sessions, passwords = entrance.sessions, entrance.passwords
        self._claims = ClaimService(base.db, sessions, passwords, base.clock)
        self._sign_in = SignInService(base.db, sessions, passwords, base.clock, switch=self.password_login)
        self.members = MemberService(base.db, sessions, passwords, entrance.access, base.clock)
        self._invites = InviteService(base.db, self.members, sessions, passwords, entrance.access, base.clock)
        self.preferences = PreferenceService(base.db)
        self.setup_code = self._claims.setup_code

    async def start(self) -> list[object]:
        """Build it; its routes."""
        base, entrance = self._base, self._entrance
        sessions, site = entrance.sessions, entrance.site
        members, invites, household = self.members, self._invites, entrance.household
        members.register(base.jobs)
        members.purgers.append(forget_member)
        members.purge_after_ms = lambda: self.photo_config.purge_after_ms
        links = LinkService(base.db, entrance.tokens, sessions, base.clock)
        self.is_claimed = not await self._claims.is_open()
        entrance.public_url = self._public_url
        member_routes = MemberRoutes(members, links, site)
        member_routes.shows_all = lambda: self.photo_config.shows_members
        return [
            SignInRoutes(self._claims, self._sign_in, links, members, site),
            AccountRoutes(sessions, members, self.preferences, self._end_session_url),
            PasswordLoginRoutes(self.password_login),
            *self._photo_account(),
            HouseholdRoutes(household),
            member_routes,
            OwnMemberRoutes(members, self.preferences),
            InviteRoutes(invites, members, household, site, base.clock),
            StandingInviteRoutes(invites, site),
            PairingRoutes(PairingService(base.db, sessions, base.clock), members, site),
            *self._key_login(),
            *await self._codes(),
            *await self._oidc(),
        ]

    async def has_passwords(self) -> bool:
        """Whether anybody may come in by a password just now."""
        return not await self.password_login.is_closed()

    def mailing(self) -> SendMail | None:
        """What sends letters, while a mail server is set up."""
        sender = self.senders.mail()
        if sender is None:
            return None

        async def send(to: str, subject: str, text: str) -> str:
            mail = Mail(to=to, subject=subject, text=text, house=self._entrance.house_name)
            return (await sender.send_mail(mail)).problem

        return send

    def _public_url(self) -> str | None:
        return self.photo_config.public_url

    async def _end_session_url(self) -> str | None:
        return await self._flow.end_session_url()

    def _other_ways(self) -> OtherWays:
        """What members come in by beside passwords, just now."""
        provider, reaches = self.provider_config.current, self.senders.reaches()
        issuer = provider.issuer if provider.is_ready else ""
        return OtherWays(issuer=issuer, by_phone="phone" in reaches, by_mail="email" in reaches)

    async def _oidc(self) -> tuple[object, ...]:
        """Signing in with the household's provider."""
        base, entrance, invites = self._base, self._entrance, self._invites
        config = self.provider_config = ConfigDesk(base.db, base.clock, base.settings.oidc)
        await config.load()
        public_url = base.settings.server.public_url or None
        self.photo_config = PhotoConfig(base.db, config, self.password_login, public_url, base.clock)
        await self.password_login.load()
        await self.photo_config.load()
        provider = await base.stack.enter("sign-in provider", Provider(base.clock))
        desk = Desk(config, provider)
        flow = self._flow = Flow(base.db, config, provider, base.clock)
        people = People(base.db, config, self.members, entrance.sessions, invites, self._claims, base.clock)
        people.copies_pictures = True
        people.takes_passwords = lambda: self.password_login.is_on
        site = entrance.site
        return (
            CloudRoutes(flow, people, desk, invites, self.members, entrance.household, site),
            OidcRoutes(flow, people, desk, invites, site, entrance.guard),
            OauthRoutes(flow, people, desk, invites, self.members, site, self.photo_accounts.get),
        )

    async def _codes(self) -> tuple[object, ...]:
        """One-time codes, and the household as the clip API knows it."""
        base, entrance = self._base, self._entrance
        gateways = await base.stack.enter("gateways of codes", GatewayClient())
        lane = await base.stack.enter("mail", Lane("mail", 1))
        desk = self.senders = SenderDesk(base.db, gateways, lane, base.bus.publish, base.clock)
        await desk.load()

        async def house() -> str:
            return (await entrance.household.read()).name

        codes = CodeService(base.db, desk, house, base.clock)
        group = self.group = GroupService(
            base.db,
            entrance.household,
            self.members,
            self._invites,
            codes,
            base.clock,
            country_code=base.settings.accounts.country_code,
        )
        coming_in = ComingIn(base.db, codes, self._invites, entrance.sessions, entrance.access, base.clock)
        entrance.sweeper.more.append(coming_in.sweep)
        self.clip_auth = ClipAuthRoutes(coming_in, group, entrance.guard.pending, entrance.site)
        return (
            SenderRoutes(desk, entrance.household),
            self.clip_auth,
            GroupRoutes(group),
            ClipStorageRoutes(group),
            ClipProfileRoutes(ProfileService(base.db, base.clock)),
            PhoneRoutes(coming_in),
        )

    def _key_login(self) -> tuple[object, ...]:
        base, entrance = self._base, self._entrance
        pairs = Pairs(base.db, entrance.tokens, base.clock)
        login = KeyLogin(
            base.db,
            entrance.keys.identity,
            self._claims,
            entrance.sessions,
            pairs,
            base.clock,
            takes_new=base.settings.accounts.registration == "approval",
        )
        self.key_login = KeyLoginRoutes(
            login, pairs, entrance.household, entrance.guard, entrance.site, self._public_url
        )
        return self.key_login, OwnKeyRoutes(login, self.members)

    def _photo_account(self) -> tuple[object, ...]:
        """Members as the photo API's clients know them."""
        base, entrance = self._base, self._entrance
        sessions, passwords, site = entrance.sessions, entrance.passwords, entrance.site
        accounts = self.photo_accounts = PhotoAccountService(
            base.db, self.members, sessions, passwords, self._claims, base.clock
        )
        preferences = self.photo_preferences = PhotoPreferenceService(base.db, self.preferences)
        pins = PinService(base.db, sessions, passwords, base.clock)
        return (
            ApiKeyRoutes(ApiKeyService(base.db, sessions, base.clock)),
            WellKnownRoutes(),
            PhotoUserRoutes(accounts, preferences),
            PhotoAuthRoutes(accounts, self._sign_in, pins, site),
            FurtherSessionRoutes(FurtherSessions(base.db, sessions, base.clock), pins, site),
            PhotoAdminRoutes(accounts, preferences, self.members),
        )
