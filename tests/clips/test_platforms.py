"""The sites that links come from."""

import pytest

from homemedia.clips.platforms import KEYS, PLATFORMS, is_wanted, label_of, platform_of


@pytest.mark.parametrize(
    ("host", "key"),
    [(host, platform.key) for platform in PLATFORMS for host in platform.hosts]
    + [
        ("vm.tiktok.com", "tiktok"),
        ("m.youtube.com", "youtube"),
        ("a.music.youtube.com", "youtube_music"),
        ("open.spotify.com", "spotify"),
        ("clips.twitch.tv", "twitch"),
        ("old.reddit.com", "reddit"),
        ("i.imgur.com", "imgur"),
    ],
)
def test_host_belongs_to_a_site(host: str, key: str) -> None:
    found = platform_of(host)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    "host", ["", "com", "be", "evil-x.com", "x.com.evil.example", "xx.com", "apple.com", "watch", "ytube.com", "co"]
)
def test_host_of_nobody_is_a_stranger(host: str) -> None:
    assert platform_of(host) is None


def test_there_are_twenty_sites_with_one_key_each() -> None:
    assert len(KEYS) == len(PLATFORMS) == 20
    assert {platform.key for platform in PLATFORMS if platform.content_type == "music"} == {
        "soundcloud",
        "spotify",
        "apple_music",
        "youtube_music",
    }
    assert (label_of("twitter"), label_of("gone")) == ("X", "gone")


@pytest.mark.parametrize(
    ("mode", "listed", "is_taken"),
    [
        ("all", None, True),
        ("all", ["spotify"], True),
        ("allow", ["tiktok"], True),
        ("allow", ["spotify"], False),
        ("allow", None, True),
        ("block", ["tiktok"], False),
        ("block", ["spotify"], True),
        ("block", None, True),
    ],
)
def test_household_takes_some_sites(mode: str, listed: list[str] | None, *, is_taken: bool) -> None:
    assert is_wanted("tiktok", mode, listed) is is_taken
