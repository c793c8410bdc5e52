"""The sites whose links the feed takes. Pure.

Threat: a link is fetched by the server. A host counts when it is a site's own name or below it, never when it merely
holds it: `tiktok.com.evil.example` and `evil-tiktok.com` are strangers.

Source:
    Clips contract 3.2.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from homemedia.clips.models import ContentType

LOCAL: Final = "local"


class Platform(msgspec.Struct, frozen=True):
    """A site. `hosts` are names without `www.`, each with everything below it."""

    key: str
    label: str
    content_type: ContentType
    hosts: tuple[str, ...]


PLATFORMS: Final = (
    Platform("tiktok", "TikTok", "video", ("tiktok.com",)),
    Platform("instagram", "Instagram", "video", ("instagram.com",)),
    Platform("facebook", "Facebook", "video", ("facebook.com", "fb.watch")),
    Platform("youtube", "YouTube", "video", ("youtube.com", "youtu.be")),
    Platform("twitter", "X", "video", ("twitter.com", "x.com", "t.co")),
    Platform("reddit", "Reddit", "video", ("reddit.com", "v.redd.it", "redd.it")),
    Platform("streamable", "Streamable", "video", ("streamable.com",)),
    Platform("twitch", "Twitch", "video", ("twitch.tv",)),
    Platform("vimeo", "Vimeo", "video", ("vimeo.com",)),
    Platform("threads", "Threads", "video", ("threads.net", "threads.com")),
    Platform("bluesky", "Bluesky", "video", ("bsky.app",)),
    Platform("snapchat", "Snapchat", "video", ("snapchat.com",)),
    Platform("pinterest", "Pinterest", "video", ("pinterest.com", "pin.it")),
    Platform("kick", "Kick", "video", ("kick.com",)),
    Platform("dailymotion", "Dailymotion", "video", ("dailymotion.com", "dai.ly")),
    Platform("imgur", "Imgur", "video", ("imgur.com",)),
    Platform("soundcloud", "SoundCloud", "music", ("soundcloud.com",)),
    Platform("spotify", "Spotify", "music", ("spotify.com", "spotify.link")),
    Platform("apple_music", "Apple Music", "music", ("music.apple.com",)),
    Platform("youtube_music", "YouTube Music", "music", ("music.youtube.com",)),
)
KEYS: Final = frozenset(platform.key for platform in PLATFORMS)
_BY_HOST: Final[Mapping[str, Platform]] = MappingProxyType(
    {host: platform for platform in PLATFORMS for host in platform.hosts}
)


def platform_of(host: str) -> Platform | None:
    """The site a host belongs to; None for a stranger.

    Args:
        host: in lower case, without port.
    """
    labels = host.split(".")
    # The longest name wins: music.youtube.com is another site than youtube.com.
    for start in range(len(labels) - 1):
        found = _BY_HOST.get(".".join(labels[start:]))
        if found is not None:
            return found
    return None


def local_platform(host_and_port: str) -> Platform:
    """The site that an address inside of the house is, while the settings name it."""
    return Platform(LOCAL, host_and_port, "video", (host_and_port.partition(":")[0],))


def label_of(key: str) -> str:
    """How a site is called; its key where nobody knows it any more."""
    return next((platform.label for platform in PLATFORMS if platform.key == key), key)


def is_wanted(key: str, mode: str, listed: Collection[str] | None) -> bool:
    """Whether the household takes links of a site.

    Args:
        key: of the site.
        mode: `all`, `allow` (those listed alone) or `block` (all but those).
        listed: keys; None lets everything pass.
    """
    if mode == "all" or listed is None or key == LOCAL:
        return True
    return (key in listed) == (mode == "allow")
