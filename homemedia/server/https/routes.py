"""HTTP of HTTPS: what every device may know, what to install on it, and the administrator's switch."""

import re
from collections.abc import Callable

from aiohttp import web

from homemedia.accounts import Admin
from homemedia.accounts.qr import svg_of
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire
from homemedia.server.https.authority import Facts
from homemedia.server.https.door import Https, Status

CA_TYPE = "application/x-x509-ca-cert"


class AuthorityCard(Wire, frozen=True, kw_only=True):
    """What devices install. The fingerprint is SHA-256, as systems show it; times in Unix seconds."""

    name: str
    fingerprint: str
    ends_at: int


class HttpsCard(Wire, frozen=True, kw_only=True):
    """`port`: where HTTPS answers, null while it does not; `authority`: null where devices trust it as it is."""

    port: int | None
    authority: AuthorityCard | None


class CertificateCard(Wire, frozen=True, kw_only=True):
    """What devices are shown. Times in Unix seconds."""

    hosts: list[str]
    addresses: list[str]
    issuer: str
    begins_at: int
    ends_at: int
    fingerprint: str


class GuideCard(Wire, frozen=True, kw_only=True):
    """Where a device finds what to do, at an address it can open; `qr`: the same as an SVG."""

    url: str
    qr: str


class HttpsState(Wire, frozen=True, kw_only=True):
    """`fixed`: files of the settings are used, and nothing can be switched here; `problem`: a sentence.

    `uncovered`: names and addresses of this machine that the certificate is not for.
    """

    on: bool
    fixed: bool
    port: int | None
    problem: str | None
    urls: list[str]
    uncovered: list[str]
    certificate: CertificateCard | None
    authority: AuthorityCard | None
    guide: GuideCard


class SwitchBody(Wire, frozen=True, kw_only=True):
    on: bool


class HttpsRoutes:
    """HTTPS beside plain HTTP.

    Args:
        https: what serves it.
        addresses: answers the plain addresses that devices can open, the best first.
    """

    routes = Routes("server", prefix="/api/home/server/https")

    def __init__(self, https: Https, addresses: Callable[[], list[str]]) -> None:
        self._https = https
        self._addresses = addresses

    @routes.get("", public=True)
    async def get_https(self) -> HttpsCard:
        """Say whether this server answers by HTTPS, and whether a device has to install something for it."""
        port, authority = self._https.brief()
        return HttpsCard(port=port, authority=_authority(authority))

    @routes.get("/authority.crt", public=True, produces=CA_TYPE)
    async def get_authority(self) -> web.Response:
        """Hand out what a device installs so that it trusts this server's own certificate."""
        body = await self._https.authority()
        _, authority = self._https.brief()
        name = re.sub(r"[^A-Za-z0-9]+", "-", authority.subject if authority else "HomeMedia").strip("-")
        return web.Response(
            body=body,
            content_type=CA_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{name}.crt"', "Cache-Control": "no-cache"},
        )

    @routes.get("/state")
    async def get_state(self, actor: Admin, request: web.Request) -> HttpsState:  # noqa: ARG002 - any may
        """Show how HTTPS stands: its addresses, its certificate, and what is wrong with it."""
        return self._state(await self._https.status(), request)

    @routes.put("")
    async def put_https(self, actor: Admin, body: SwitchBody, request: web.Request) -> HttpsState:
        """Serve HTTPS with a certificate made here, or serve it no more."""
        return self._state(await self._https.switch(is_on=body.on, by=actor), request)

    @routes.post("/authority")
    async def renew_authority(self, actor: Admin, request: web.Request) -> HttpsState:  # noqa: ARG002 - any may
        """Make a new authority; every device has to install it again."""
        return self._state(await self._https.renew_authority(), request)

    def _state(self, status: Status, request: web.Request) -> HttpsState:
        base = next(iter(self._addresses()), None) or str(request.url.origin())
        return _state(status, f"{base}/https")


def _state(status: Status, guide: str) -> HttpsState:
    return HttpsState(
        on=status.is_wanted,
        fixed=status.is_fixed,
        port=status.port,
        problem=status.problem,
        urls=list(status.urls),
        uncovered=[*status.uncovered.hosts, *status.uncovered.addresses],
        certificate=_certificate(status.certificate),
        authority=_authority(status.authority),
        guide=GuideCard(url=guide, qr=svg_of(guide)),
    )


def _certificate(facts: Facts | None) -> CertificateCard | None:
    if facts is None:
        return None
    return CertificateCard(
        hosts=list(facts.names.hosts),
        addresses=list(facts.names.addresses),
        issuer=facts.issuer,
        begins_at=facts.begins_at // 1000,
        ends_at=facts.ends_at // 1000,
        fingerprint=_fingerprint(facts),
    )


def _authority(facts: Facts | None) -> AuthorityCard | None:
    if facts is None:
        return None
    return AuthorityCard(name=facts.subject, fingerprint=_fingerprint(facts), ends_at=facts.ends_at // 1000)


def _fingerprint(facts: Facts) -> str:
    return ":".join(re.findall("..", facts.fingerprint.upper()))
