"""Bodies and answers of the routes on invites."""

from typing import Annotated, Literal

import msgspec

from homemedia.accounts.invites import Offer, Status, account_ends_at, status_of
from homemedia.accounts.invites_store import Invite
from homemedia.accounts.restrictions import RestrictionsBody
from homemedia.accounts.wire import Libraries, User
from homemedia.core.http.wire import Wire

WEEK_S = 604_800
YEAR_S = 31_536_000
LONGEST_ACCOUNT_S = 100 * YEAR_S


class InviteBody(Wire, frozen=True, kw_only=True):
    """An invite to be made. Spans in seconds; null for no end."""

    libraries: Libraries = "all"
    expires_in: Annotated[int, msgspec.Meta(ge=60, le=YEAR_S)] | None = WEEK_S
    max_uses: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    label: Annotated[str, msgspec.Meta(max_length=100)] = ""
    account_expires_in: Annotated[int, msgspec.Meta(ge=60, le=LONGEST_ACCOUNT_S)] | None = None
    restrictions: RestrictionsBody | None = None


class AcceptBody(Wire, frozen=True, kw_only=True):
    username: str
    password: str
    email: str | None = None
    display_name: str | None = None


class AcceptedCard(Wire, frozen=True, kw_only=True):
    id: str
    username: str


class InviteCard(Wire, frozen=True, kw_only=True):
    """An invite. `token`, `url` and `qr`, an SVG of the address, are told only in the answer that made it."""

    id: str
    token: str | None
    url: str | None
    qr: str | None
    label: str
    libraries: Libraries
    max_uses: int
    uses: int
    expires_at: int | None
    account_expires_at: int | None
    restrictions: RestrictionsBody | None
    status: Status
    created_at: int
    created_by: str | None
    accepted_by: list[AcceptedCard]


class InviteAnswer(Wire, frozen=True, kw_only=True):
    invite: InviteCard


class InvitesAnswer(Wire, frozen=True, kw_only=True):
    invites: list[InviteCard]


class RevokedAnswer(Wire, frozen=True, kw_only=True):
    revoked: bool
    id: str


class JoinedAnswer(Wire, frozen=True, kw_only=True):
    token: str
    user: User


class OfferedLibrary(Wire, frozen=True, kw_only=True):
    name: str
    type: str


class OfferedInvite(Wire, frozen=True, kw_only=True):
    label: str
    expires_at: int | None
    uses_left: int | None
    invited_by: str | None
    libraries: list[OfferedLibrary]


class OfferedServer(Wire, frozen=True, kw_only=True):
    name: str


class OfferAnswer(Wire, frozen=True, kw_only=True):
    valid: Literal[True] = True
    server: OfferedServer
    invite: OfferedInvite


class StandingAnswer(Wire, frozen=True, kw_only=True):
    """The household's standing code with its address, and that as an SVG of a QR code."""

    code: str
    url: str
    qr: str


def invite_card(
    invite: Invite, now: int, *, token: str | None = None, url: str | None = None, qr: str | None = None
) -> InviteCard:
    ends_at = account_ends_at(invite)
    return InviteCard(
        id=invite.invite_id,
        token=token,
        url=url,
        qr=qr,
        label=invite.label,
        libraries=invite.libraries,
        max_uses=invite.max_uses or 0,
        uses=invite.use_count,
        expires_at=None if invite.expires_at is None else invite.expires_at // 1000,
        account_expires_at=None if ends_at is None else ends_at // 1000,
        restrictions=invite.restrictions,
        status=status_of(invite, now),
        created_at=invite.created_at // 1000,
        created_by=invite.created_by,
        accepted_by=[AcceptedCard(id=one.id, username=one.username) for one in invite.accepted_by],
    )


def offer_answer(offer: Offer, server: str) -> OfferAnswer:
    invite = offer.invite
    return OfferAnswer(
        server=OfferedServer(name=server),
        invite=OfferedInvite(
            label=invite.label,
            expires_at=None if invite.expires_at is None else invite.expires_at // 1000,
            uses_left=None if invite.max_uses is None else invite.max_uses - invite.use_count,
            invited_by=None if invite.is_standing else invite.invited_by,
            libraries=[OfferedLibrary(name=name, type=kind) for name, kind in offer.libraries],
        ),
    )
