"""HTTP of the server itself: who it is, how it is, and its folders for the administrator's picker."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from homemedia import __version__
from homemedia.accounts import Admin, Caller
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Reply
from homemedia.server.folders import FolderService
from homemedia.server.info import ServerInfo
from homemedia.server.wire import (
    AddressesAnswer,
    BrowseQuery,
    FolderPage,
    HealthAnswer,
    Realtime,
    ServerCard,
    StatusAnswer,
    SuggestionsAnswer,
    SuggestQuery,
    folder_page,
    health_answer,
    server_card,
    status_answer,
    suggestions_answer,
)

OK = 200
UNAVAILABLE = 503


class InfoRoutes:
    """Facts about this server.

    Args:
        info: what is true of it.
        public_key: the identity key as it stands in answers.
        public_url: answers the configured public address or None.
        realtime: what goes on in live connections.
        cloud_name: what the household's sign-in provider is called; None while there is none.
        has_passwords: whether anybody comes in by a password.
    """

    routes = Routes("server", prefix="/api")

    def __init__(
        self,
        info: ServerInfo,
        public_key: str,
        public_url: Callable[[], str | None] = lambda: None,
        realtime: Callable[[], Realtime] = Realtime,
        cloud_name: Callable[[], str | None] = lambda: None,
        has_passwords: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._info = info
        self._public_key = public_key
        self._public_url = public_url
        self._realtime = realtime
        self._cloud_name = cloud_name
        self._has_passwords = has_passwords

    @routes.get("/server", public=True)
    async def get_server(self) -> ServerCard:
        """Say which server this is and whether it waits to be set up."""
        household = await self._info.household()
        return server_card(
            household,
            platform=self._info.platform,
            version=__version__,
            cloud_name=self._cloud_name(),
            has_passwords=self._has_passwords is None or await self._has_passwords(),
        )

    @routes.get("/health", public=True, also=(UNAVAILABLE,), family=Family.HEAPS)
    async def get_health(self) -> Reply[HealthAnswer]:
        """Say whether the server works; 503 with the same body when its database does not."""
        health = await self._info.health()
        answer = health_answer(
            health,
            version=__version__,
            public_url=self._public_url(),
            public_key=self._public_key,
            realtime=self._realtime(),
        )
        return Reply(answer, status=OK if health.is_ok else UNAVAILABLE)

    @routes.get("/status")
    async def get_status(self, actor: Caller) -> StatusAnswer:
        """Say what the server holds and does, as far as the caller may know."""
        return status_answer(await self._info.activity(actor), version=__version__, platform=self._info.platform)


class AddressRoutes:
    """Where other devices find this server.

    Args:
        addresses: answers them, the best first, each as origin ("http://attic.local:8420"); empty when no other device
            can reach us. Left out, the address the caller came by is the only one known.
        public_url: answers the configured public address or None; it leads.
    """

    routes = Routes("server", prefix="/api/home/server")

    def __init__(
        self,
        addresses: Callable[[], list[str]] | None = None,
        public_url: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._addresses = addresses
        self._public_url = public_url

    @routes.get("/addresses")
    async def list_addresses(self, actor: Caller, request: web.Request) -> AddressesAnswer:  # noqa: ARG002 - any member may
        """List the addresses other devices can open, the best first."""
        known = [str(request.url.origin())] if self._addresses is None else self._addresses()
        public_url = self._public_url()
        found = [public_url.rstrip("/"), *known] if public_url else known
        return AddressesAnswer(addresses=list(dict.fromkeys(found)))


class FolderRoutes:
    """Folders of this machine, for who adds libraries."""

    routes = Routes("server", prefix="/api")

    def __init__(self, folders: FolderService) -> None:
        self._folders = folders

    @routes.get("/browse-fs")
    async def browse_folders(self, actor: Admin, query: BrowseQuery) -> FolderPage:  # noqa: ARG002 - any may
        """List a folder of this machine, for choosing a library's folders."""
        picked = await self._folders.listing(query.path, with_files=query.files, with_hidden=query.hidden)
        return folder_page(picked)

    @routes.get("/home/server/suggestions")
    async def suggest_folders(self, actor: Admin, query: SuggestQuery) -> SuggestionsAnswer:  # noqa: ARG002 - any may
        """Suggest folders that look like films, shows or home videos, counted within two seconds."""
        return suggestions_answer(await self._folders.suggestions(query.path))
