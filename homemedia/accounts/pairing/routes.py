"""HTTP of devices that are let in by a code: what the device asks, and who lets it in."""

from typing import Annotated, Literal

import msgspec
from aiohttp import web

from homemedia.accounts.device import device_of
from homemedia.accounts.members import MemberService
from homemedia.accounts.models import Caller, Device
from homemedia.accounts.pairing.service import ASK_AGAIN_S, PairingService
from homemedia.accounts.pairing.store import Waiting
from homemedia.accounts.qr import svg_of
from homemedia.accounts.routes import cookies_for
from homemedia.accounts.sessions import SignedIn
from homemedia.accounts.site import Site, is_home_address
from homemedia.accounts.wire import LoginAnswer, login_answer
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query, Reply, Wire

CREATED = 201
NO_CONTENT = 204
Code = Annotated[str, msgspec.Meta(max_length=32)]


class BeginBody(Wire, frozen=True, kw_only=True):
    """`name`: what the device calls itself; without one its headers tell."""

    name: Annotated[str, msgspec.Meta(max_length=80)] = ""


class PairingAnswer(Wire, frozen=True, kw_only=True):
    """What the device shows, and what it keeps: `secret`.

    `url` is where a member confirms, `qr` the same as an SVG; `interval` the seconds between two asks. Times in Unix
    seconds.
    """

    code: str
    secret: str
    url: str
    qr: str
    interval: int
    expires_at: int


class SecretBody(Wire, frozen=True, kw_only=True):
    secret: Annotated[str, msgspec.Meta(max_length=128)]


class PairingProgress(Wire, frozen=True, kw_only=True):
    """`login` is what every way in answers, once somebody let the device in."""

    state: Literal["waiting", "done"]
    expires_at: int | None = None
    login: LoginAnswer | None = None


class CodeQuery(Query, frozen=True, kw_only=True):
    code: Code


class CodeBody(Wire, frozen=True, kw_only=True):
    code: Code


class ConfirmBody(Wire, frozen=True, kw_only=True):
    """`is_admin`: the device may administer the server too; only an administrator gives that."""

    code: Code
    is_admin: bool = False


class WaitingCard(Wire, frozen=True, kw_only=True):
    """A device that asks. `at_home`: whether it is in the household's own network. Times in Unix seconds."""

    device_type: str
    device_os: str = msgspec.field(name="deviceOS")
    address: str
    at_home: bool
    created_at: int
    expires_at: int


class PairingRoutes:
    """A code on a television."""

    routes = Routes("accounts", prefix="/api/home/accounts/pairing")

    def __init__(self, pairing: PairingService, members: MemberService, site: Site) -> None:
        self._pairing = pairing
        self._members = members
        self._site = site

    @routes.post("", public=True, status=CREATED)
    async def begin(self, request: web.Request, body: BeginBody = BeginBody()) -> PairingAnswer:  # noqa: B008 - frozen
        """Ask for a code that a member can let this device in by."""
        begun = await self._pairing.begin(self._device(request, body.name))
        url = f"{self._site.url(request)}/settings/pair?code={begun.code}"
        return PairingAnswer(
            code=begun.code,
            secret=begun.secret,
            url=url,
            qr=svg_of(url),
            interval=ASK_AGAIN_S,
            expires_at=begun.expires_at // 1000,
        )

    @routes.post("/session", public=True)
    async def collect(self, request: web.Request, body: SecretBody) -> Reply[PairingProgress]:
        """Ask whether somebody let this device in; the answer that says so signs it in, once."""
        found = await self._pairing.collect(body.secret, self._device(request))
        if not isinstance(found, SignedIn):
            return Reply(PairingProgress(state="waiting", expires_at=found.expires_at // 1000))
        member = found.member
        libraries = (await self._members.libraries_of(member))[member.user_id]
        answer = PairingProgress(state="done", login=login_answer(found, libraries))
        return Reply(answer, cookies=cookies_for(self._site, request, found.token))

    @routes.get("")
    async def look(self, actor: Caller, request: web.Request, query: CodeQuery) -> WaitingCard:
        """Show which device has this code on its screen."""
        return _card(await self._pairing.look(query.code, by=actor, address=self._site.address(request)))

    @routes.post("/confirm")
    async def confirm(self, actor: Caller, request: web.Request, body: ConfirmBody) -> WaitingCard:
        """Let the device with this code on its screen in, as oneself."""
        address = self._site.address(request)
        return _card(await self._pairing.confirm(body.code, by=actor, address=address, is_trusted=body.is_admin))

    @routes.post("/refuse", status=NO_CONTENT)
    async def refuse(self, actor: Caller, request: web.Request, body: CodeBody) -> web.Response:
        """Say that the device with this code on its screen is not to come in."""
        await self._pairing.refuse(body.code, by=actor, address=self._site.address(request))
        return web.Response(status=NO_CONTENT)

    def _device(self, request: web.Request, name: str = "") -> Device:
        found = device_of(request.headers, self._site.address(request))
        named = "".join(char for char in name if char.isprintable()).strip()
        return msgspec.structs.replace(found, device_type=named) if named else found


def _card(waiting: Waiting) -> WaitingCard:
    return WaitingCard(
        device_type=waiting.asked.device_type,
        device_os=waiting.asked.device_os,
        address=waiting.address,
        at_home=is_home_address(waiting.address),
        created_at=waiting.created_at // 1000,
        expires_at=waiting.expires_at // 1000,
    )
