"""Bodies and answers of the outside sign-in."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from homemedia.accounts.oidc.config import Config, ConfigDesk, Signup
from homemedia.accounts.oidc.store import LinkedAccount
from homemedia.accounts.wire import User
from homemedia.core.http.wire import Wire

Text = Annotated[str, Meta(max_length=500)]
Token = Annotated[str, Meta(min_length=1, max_length=8192)]
DEFAULT_BUTTON = "Login with OAuth"


class CloudBody(Wire, frozen=True, kw_only=True):
    token: Token
    invite_token: str | None = None


class CloudAnswer(Wire, frozen=True, kw_only=True):
    token: str
    user: User
    linked: bool


class CloudSetupBody(Wire, frozen=True, kw_only=True):
    token: Token
    server_name: str | None = None
    setup_code: str | None = None


class CloudSetupAnswer(Wire, frozen=True, kw_only=True):
    token: str
    user: User
    server: "CloudServer"


class CloudServer(Wire, frozen=True, kw_only=True):
    name: str
    machine_id: str


class OauthConfig(Wire, frozen=True, kw_only=True):
    """What the photo API's clients ask before they show a button."""

    enabled: bool
    auto_register: bool
    auto_launch: bool
    button_text: str
    password_login_enabled: bool


class AuthorizeBody(Wire, frozen=True, kw_only=True):
    redirect_uri: str
    code_challenge: str | None = None
    code_challenge_method: str | None = None
    state: str | None = None


class AuthorizeAnswer(Wire, frozen=True, kw_only=True):
    url: str


class CallbackBody(Wire, frozen=True, kw_only=True):
    """`inviteToken` is ours: by what a new member comes in."""

    url: Annotated[str, Meta(min_length=1)]
    code_verifier: str | None = None
    state: str | None = None
    invite_token: str | None = None


class OfferAnswer(Wire, frozen=True, kw_only=True):
    """What our own sign-in and join pages offer; `name` is null while there is no provider.

    `takesInvites`: who holds an invite may become a member by the provider.
    """

    name: str | None
    takes_invites: bool
    auto_launch: bool


class BeginBody(Wire, frozen=True, kw_only=True):
    """`next`: page to go on to afterwards."""

    invite_token: str | None = None
    next: str | None = None


class BeginSetupBody(Wire, frozen=True, kw_only=True):
    """What whoever claims the household says of it, as at `POST /api/auth/setup`; `next`: page to go on to."""

    server_name: str | None = None
    setup_code: str | None = None
    next: str | None = None


class FinishBody(Wire, frozen=True, kw_only=True):
    url: Annotated[str, Meta(min_length=1)]


class FinishAnswer(Wire, frozen=True, kw_only=True):
    did: Literal["signed-in", "linked", "set-up"]
    next: str


class OidcCard(Wire, frozen=True, kw_only=True):
    """The provider as administrators see it; the secret is not shown.

    Attributes:
        fixed: fields that are given from outside and cannot be changed here.
        redirect_uri: what is to be entered at the provider; `mobile_uri` and `logout_uri` likewise, if wanted.
    """

    enabled: bool
    issuer: str
    client_id: str
    has_secret: bool
    scope: str
    button_text: str
    auto_launch: bool
    mobile_redirect_uri: str
    signup: Signup
    link_by_email: bool
    allowed_domains: tuple[str, ...]
    role_claim: str
    redirect_uris: tuple[str, ...]
    fixed: list[str]
    redirect_uri: str
    mobile_uri: str
    logout_uri: str


class OidcBody(Wire, frozen=True, kw_only=True):
    """What to change; a field that is left out stays. The secret null forgets it."""

    enabled: bool | UnsetType = UNSET
    issuer: Text | UnsetType = UNSET
    client_id: Text | UnsetType = UNSET
    client_secret: Text | UnsetType | None = UNSET
    scope: Text | UnsetType = UNSET
    button_text: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    auto_launch: bool | UnsetType = UNSET
    mobile_redirect_uri: Text | UnsetType = UNSET
    signup: Signup | UnsetType = UNSET
    link_by_email: bool | UnsetType = UNSET
    allowed_domains: Annotated[tuple[Text, ...], Meta(max_length=50)] | UnsetType = UNSET
    role_claim: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    redirect_uris: Annotated[tuple[Text, ...], Meta(max_length=20)] | UnsetType = UNSET


class CheckAnswer(Wire, frozen=True, kw_only=True):
    """Whether the provider answers as one; `problem` says why not."""

    ok: bool
    problem: str | None


class AccountCard(Wire, frozen=True, kw_only=True):
    """An account at the provider that belongs to the caller. Times in Unix seconds."""

    issuer: str
    subject: str
    email: str | None
    linked_at: int
    last_used_at: int | None


class AccountsAnswer(Wire, frozen=True, kw_only=True):
    """`name` is what the provider is called; null while it is off. `can_unlink`: there is another way in."""

    name: str | None
    accounts: list[AccountCard]
    can_unlink: bool


def oauth_config(config: Config, *, has_passwords: bool) -> OauthConfig:
    return OauthConfig(
        enabled=config.is_ready,
        auto_register=config.signup == "auto",
        auto_launch=config.auto_launch,
        button_text=config.button_text or DEFAULT_BUTTON,
        password_login_enabled=has_passwords,
    )


def offer_answer(config: Config) -> OfferAnswer:
    return OfferAnswer(
        name=config.name if config.is_ready else None,
        takes_invites=config.is_ready and config.signup != "none",
        auto_launch=config.is_ready and config.auto_launch,
    )


def oidc_card(desk: ConfigDesk, address: str) -> OidcCard:
    config = desk.current
    shown = set(OidcCard.__struct_fields__) & set(Config.__struct_fields__)
    return OidcCard(
        **{name: getattr(config, name) for name in shown},
        has_secret=bool(config.client_secret),
        fixed=sorted(_camel(name) for name in desk.fixed),
        redirect_uri=f"{address}/sign-in/return",
        mobile_uri=f"{address}/api/oauth/mobile-redirect",
        logout_uri=f"{address}/api/oauth/backchannel-logout",
    )


def account_card(account: LinkedAccount) -> AccountCard:
    return AccountCard(
        issuer=account.issuer,
        subject=account.subject,
        email=account.email,
        linked_at=account.linked_at // 1000,
        last_used_at=None if account.last_used_at is None else account.last_used_at // 1000,
    )


def changes_of(body: OidcBody) -> dict[str, object]:
    """The fields that a body names, by our names."""
    named = {name: getattr(body, name) for name in OidcBody.__struct_fields__}
    changes = {name: value for name, value in named.items() if value is not UNSET}
    if changes.get("client_secret", "") is None:
        changes["client_secret"] = ""
    return changes


def _camel(name: str) -> str:
    return msgspec.structs.fields(OidcBody)[OidcBody.__struct_fields__.index(name)].encode_name
