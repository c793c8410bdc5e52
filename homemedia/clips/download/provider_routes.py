"""HTTP of the downloader (clips §7.2); for administrators."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.models import Admin
from homemedia.clips.download.provider import YTDLP, Provider, ProviderState
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire
from homemedia.core.problems import BadRequest

CREATED = 201
Text = Annotated[Any, msgspec.Meta(extra_json_schema={"type": ["string", "null"]})]


class ProviderBody(Wire, frozen=True, kw_only=True):
    """Which downloader; null for none, where one may be chosen."""

    provider_id: Text | UnsetType = UNSET


class ProviderCard(Wire, frozen=True, kw_only=True):
    """A downloader. `version` is that of the copy that would run."""

    id: str = YTDLP
    name: str = "yt-dlp"
    description: str = "Downloader for a thousand sites"
    homepage: str = "https://github.com/yt-dlp/yt-dlp"
    license: str = "Unlicense"
    capabilities: tuple[str, ...] = ("video", "music")
    binary_url: str = ""
    dependencies: tuple[str, ...]
    installed: bool
    active: bool
    version: str | None
    bundled_version: str | None


class ProvidersAnswer(Wire, frozen=True, kw_only=True):
    providers: list[ProviderCard]


class ChosenAnswer(Wire, frozen=True, kw_only=True):
    download_provider: str | None


class InstalledAnswer(Wire, frozen=True, kw_only=True):
    installed: bool
    version: str


class UninstalledAnswer(Wire, frozen=True, kw_only=True):
    installed: bool = False


class ProviderRoutes:
    """The one downloader there is."""

    routes = Routes("clips", prefix="/api/group/provider", family=Family.CLIPS)

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    @routes.get("")
    async def list_providers(self, actor: Admin) -> ProvidersAnswer:  # noqa: ARG002 - any administrator may
        """List what could download."""
        return ProvidersAnswer(providers=[_card(await self._provider.state())])

    @routes.patch("")
    async def choose(self, actor: Admin, body: ProviderBody) -> ChosenAnswer:  # noqa: ARG002 - likewise
        """Use a downloader that is installed, or none."""
        return ChosenAnswer(download_provider=await self._provider.activate(_given(body)))

    @routes.post("/install", status=CREATED)
    async def install(self, actor: Admin, body: ProviderBody) -> InstalledAnswer:
        """Agree to a downloader, or bring it up to date; answers when it is done, which may take a minute."""
        version = await self._provider.install(_given(body), by=actor.user_id)
        return InstalledAnswer(installed=True, version=version)

    @routes.delete("/install")
    async def uninstall(self, actor: Admin, body: ProviderBody) -> UninstalledAnswer:
        """Use it no longer, and drop what was fetched of it."""
        await self._provider.remove(_given(body), by=actor.user_id)
        return UninstalledAnswer()


def _given(body: ProviderBody) -> object:
    if body.provider_id is UNSET:
        raise BadRequest("Provider ID required.", field="providerId", reason="is missing")
    return body.provider_id


def _card(state: ProviderState) -> ProviderCard:
    return ProviderCard(
        dependencies=state.dependencies,
        installed=state.is_installed,
        active=state.is_active,
        version=state.version,
        bundled_version=state.bundled_version,
    )
