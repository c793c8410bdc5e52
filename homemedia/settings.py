"""What the person who runs the machine decides: file (TOML), environment and command line, in rising order.

What administrators change at run time stands in the table `setting` instead. An unknown key is an error with a hint,
so that a typing mistake is not a silent default.
"""

import os
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from homemedia.core.problems import StartRefused

ENV_PREFIX = "HOMEMEDIA_"
# Variables with our prefix that are not settings: read elsewhere, each for its own purpose.
OTHER_VARIABLES = {
    "HOMEMEDIA_CONFIG",
    "HOMEMEDIA_INSTALL",
    "HOMEMEDIA_TESTS_REQUIRE",
    "HOMEMEDIA_TEST_NODE",
    "HOMEMEDIA_CHROMIUM",
}
LogLevel = typing.Literal["debug", "info", "warning", "error"]


class ServerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the server is reached."""

    host: str = ""  # empty: every interface, IPv4 and IPv6
    port: Annotated[int, Meta(ge=0, le=65535)] = 8420
    public_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    tls_cert: str = ""  # empty: HTTPS only where an administrator switches it on
    tls_key: str = ""
    tls_port: Annotated[int, Meta(ge=0, le=65535)] = 8443
    cors_origins: tuple[str, ...] = ()  # whose pages may ask more than the heap routes, never with cookies
    log_level: LogLevel = "info"
    announce: bool = True  # mDNS; never while bound to loopback only


class AccountsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may ask to become a member."""

    registration: typing.Literal["approval", "closed"] = "approval"
    country_code: Annotated[str, Meta(pattern=r"^[1-9]\d{0,2}$")] = "1"  # of phone numbers written without one


class LibrarySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How libraries are read."""

    language: str = "en"
    country: str = "US"
    browse_roots: tuple[str, ...] = ()
    watch: bool = True
    tmdb_key: str = ""  # empty: the one an administrator enters
    tmdb_url: str = "https://api.themoviedb.org/3"
    tmdb_image_url: str = "https://image.tmdb.org/t/p"


class PlaybackSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When something counts as watched."""

    watched_percent: Annotated[int, Meta(ge=50, le=100)] = 90
    resume_percent: Annotated[int, Meta(ge=0, le=50)] = 5
    remove_watched_from_watchlist: bool = True
    subtitle_font_dir: str = ""  # empty: only the fonts of films and of the system
    previews: bool = True  # small pictures to look for a scene by
    previews_limit_mb: Annotated[int, Meta(ge=1)] = 4096


class OidcSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The household's one OpenID Connect provider. What is empty here, an administrator decides on the pages."""

    enabled: bool | None = None
    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    scope: str = ""
    button_text: str = ""
    auto_launch: bool | None = None
    mobile_redirect_uri: str = ""
    signup: typing.Literal["", "none", "invite", "auto"] = ""
    link_by_email: bool | None = None
    allowed_domains: tuple[str, ...] = ()
    role_claim: str = ""


class SharingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What members may share, and how long links last."""

    enabled: bool = True
    public_links: bool = True
    public_links_require_login: bool = False
    link_default_days: Annotated[int, Meta(ge=0)] = 0  # 0: no end
    link_max_days: Annotated[int, Meta(ge=0)] = 0  # 0: no limit
    link_password_required: bool = False
    max_active_shares_per_user: Annotated[int, Meta(ge=1)] = 10_000
    password_min_length: Annotated[int, Meta(ge=1, le=256)] = 4
    access_ttl_hours: Annotated[int, Meta(ge=1, le=12)] = 12
    attempts_per_address: Annotated[int, Meta(ge=1)] = 5  # in 15 minutes
    attempts_per_link: Annotated[int, Meta(ge=1)] = 50  # in an hour
    expiring_notice_hours: Annotated[int, Meta(ge=1)] = 24
    activity_retention_days: Annotated[int, Meta(ge=1)] = 90
    default_library_access: typing.Literal["all", "none"] = "all"


class NotificationSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How notices reach browsers that show none of our pages."""

    push_subject: str = ""  # whom a push service may write to; empty: the public address
    push_hosts: tuple[str, ...] = ()  # addresses inside of the house that may be pushed to all the same


class ClipsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the family's feed takes in, and whom it asks."""

    download_minutes: Annotated[int, Meta(ge=1, le=120)] = 10
    resolve_music: bool = True  # whether the song-link service is asked what a link to music is
    keep_favorites: bool = True  # beyond the time that clips are kept for
    host_moderation: bool = False  # the host may change and delete what others sent in, watched or not
    gif_rating: typing.Literal["g", "pg", "pg-13", "r"] = "pg-13"
    allowed_private_hosts: tuple[str, ...] = ()  # host:port inside of the house that links may lead to all the same
    provider_index_url: str = "https://pypi.org/pypi/yt-dlp/json"
    music_resolver_url: str = "https://api.song.link/v1-alpha.1/links"
    gif_url: str = "https://api.giphy.com/v1/gifs"
    gif_key: str = ""  # empty: the one an administrator enters


class HeapsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one member may keep of notes, besides his quota."""

    max_heaps: Annotated[int, Meta(ge=0)] = 0  # 0: any number
    max_file_mb: Annotated[int, Meta(ge=0)] = 0  # 0: of any size


class UpdatesSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it is asked whether there is a newer version, once an administrator wishes that it is asked."""

    url: str = "https://pypi.org/pypi/homemedia/json"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that is decided before the start."""

    data_dir: str = ""  # empty: the system's place for data of a program
    transcode_dir: str = ""  # empty: below the system's place for caches
    ffmpeg: str = ""  # empty: the one that comes along
    server: ServerSettings = ServerSettings()
    accounts: AccountsSettings = AccountsSettings()
    library: LibrarySettings = LibrarySettings()
    playback: PlaybackSettings = PlaybackSettings()
    oidc: OidcSettings = OidcSettings()
    sharing: SharingSettings = SharingSettings()
    notifications: NotificationSettings = NotificationSettings()
    clips: ClipsSettings = ClipsSettings()
    heaps: HeapsSettings = HeapsSettings()
    updates: UpdatesSettings = UpdatesSettings()


def listed(kind: type[msgspec.Struct] = Settings, prefix: str = "") -> Iterator[tuple[str, Any, object]]:
    """Every setting as (dotted name, type, default)."""
    for field in msgspec.structs.fields(kind):
        name = prefix + field.name
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from listed(field.type, name + ".")
        else:
            yield name, field.type, field.default


def load(
    *, file: Path | None = None, environment: Mapping[str, str] | None = None, flags: Mapping[str, object] | None = None
) -> Settings:
    """Put the settings together.

    Args:
        file: the TOML file; None when there is none.
        environment: variables; only those with our prefix are looked at. Default: the process' own.
        flags: dotted names from the command line; None values are skipped.

    Raises:
        StartRefused: a key is unknown or a value is not of its kind; the text says where and what is meant.
    """
    tree: dict[str, Any] = {}
    known = {name: kind for name, kind, _ in listed()}
    if file is not None:
        _merge(tree, _from_file(file, known))
    for name, text in _from_environment(os.environ if environment is None else environment, known):
        _put(tree, name, text)
    for name, value in (flags or {}).items():
        if value is not None:
            _put(tree, name, value)
    try:
        settings = msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as err:
        raise StartRefused(f"A setting is not valid: {err}.") from None
    if bool(settings.server.tls_cert) != bool(settings.server.tls_key):
        raise StartRefused("server.tls_cert and server.tls_key belong together: name both files, or none.")
    return settings


def _from_file(file: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only where there is such a file

    try:
        tree = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as err:
        raise StartRefused(f"The settings file {file} cannot be read: {err.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise StartRefused(f"The settings file {file} is not valid TOML: {err}.") from None
    for name in _leaves(tree):
        if name not in known:
            raise StartRefused(f"{file} has an unknown key {name}.{_hint(name, known)}")
    return tree


def _from_environment(environment: Mapping[str, str], known: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    by_variable = {ENV_PREFIX + name.upper().replace(".", "_"): name for name in known}
    for variable, text in sorted(environment.items()):
        if not variable.startswith(ENV_PREFIX) or variable in OTHER_VARIABLES:
            continue
        if variable not in by_variable:
            raise StartRefused(f"The variable {variable} is unknown.{_hint(variable, by_variable)}")
        name = by_variable[variable]
        is_list = typing.get_origin(known[name]) is tuple
        yield name, [part.strip() for part in text.split(",") if part.strip()] if is_list else text


def _hint(name: str, known: Mapping[str, Any]) -> str:
    import difflib  # noqa: PLC0415 - for a mistake alone

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else " See docs/settings.md for all of them."


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name


def _merge(tree: dict[str, Any], other: Mapping[str, Any]) -> None:
    for name, value in other.items():
        if isinstance(value, dict):
            _merge(tree.setdefault(name, {}), value)
        else:
            tree[name] = value


def _put(tree: dict[str, Any], name: str, value: object) -> None:
    *sections, leaf = name.split(".")
    for section in sections:
        tree = tree.setdefault(section, {})
    tree[leaf] = value
