"""Where short links lead."""

from collections.abc import Mapping

import pytest

from homemedia.clips.download.following import MAX_HOPS, followed, is_short
from homemedia.clips.download.models import DownloadRefused

FILM = "https://www.tiktok.com/@ann/video/7"


class Net:
    """Redirects by address; keeps who was asked."""

    def __init__(self, to: Mapping[str, str]) -> None:
        self.to = to
        self.asked: list[str] = []

    def ask(self, url: str) -> str | None:
        self.asked.append(url)
        return self.to.get(url)


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://t.co/x", True),
        ("https://youtu.be/x", True),
        ("https://vm.tiktok.com/x/", True),
        ("https://www.pin.it/x", True),
        ("https://www.youtube.com/watch?v=x", False),
        ("https://t.com/x", False),
    ],
)
def test_short_links_are_known_by_their_hosts(url: str, is_one: bool) -> None:  # noqa: FBT001 - a table
    assert is_short(url) is is_one


def any_page(url: str) -> bool:
    return True


def comments(url: str) -> bool:
    """Reads pages of comments alone."""
    return "/comments/" in url


def test_link_that_is_not_short_is_taken_as_it_is() -> None:
    net = Net({FILM: "https://evil.example/"})

    assert followed(FILM, net.ask, any_page) == FILM
    assert net.asked == []


def test_short_link_is_followed_to_the_site_and_no_further() -> None:
    net = Net(
        {"https://t.co/a": "https://vm.tiktok.com/b", "https://vm.tiktok.com/b": FILM, FILM: "https://evil.example/"}
    )

    assert followed("https://t.co/a", net.ask, any_page) == FILM
    assert net.asked == ["https://t.co/a", "https://vm.tiktok.com/b"]


def test_hops_between_may_lie_anywhere_in_the_net() -> None:
    net = Net({"https://t.co/a": "https://l.example/?u=x", "https://l.example/?u=x": FILM})

    assert followed("https://t.co/a", net.ask, any_page) == FILM


def test_short_address_that_shows_the_clip_itself_is_taken() -> None:
    assert followed("https://youtu.be/abc", Net({}).ask, any_page) == "https://youtu.be/abc"


def test_relative_hop_is_joined() -> None:
    net = Net({"https://redd.it/a": "/b", "https://redd.it/b": "https://www.reddit.com/r/cats/comments/b"})

    assert followed("https://redd.it/a", net.ask, any_page) == "https://www.reddit.com/r/cats/comments/b"


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "https://tiktok.com.evil.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://ann:word@www.tiktok.com/",
        "https://www.tiktok.com/a b",
        "https://[::1",
        "//",
        "https://www.tiktok.com/" + "x" * 5000,
    ],
)
def test_link_that_ends_elsewhere_is_refused(to: str) -> None:
    with pytest.raises(DownloadRefused) as caught:
        followed("https://t.co/a", Net({"https://t.co/a": to}).ask, any_page)

    assert caught.value.code == "unsupported"


def test_link_that_goes_round_in_circles_is_left() -> None:
    net = Net({"https://t.co/a": "https://pin.it/b", "https://pin.it/b": "https://t.co/a"})

    with pytest.raises(DownloadRefused):
        followed("https://t.co/a", net.ask, any_page)

    assert len(net.asked) == MAX_HOPS


def test_address_that_only_leads_to_a_clip_is_followed() -> None:
    shared, page = "https://www.reddit.com/r/cats/s/abc", "https://www.reddit.com/r/cats/comments/1/title/"
    net = Net({shared: f"{page}?share_id=x"})

    assert followed(shared, net.ask, comments) == f"{page}?share_id=x"
    assert followed(page, net.ask, comments) == page
    assert net.asked == [shared]


def test_address_nobody_can_read_is_left_to_the_downloader_where_it_ends() -> None:
    assert followed("https://www.threads.net/@a/post/b", Net({}).ask, comments) == "https://www.threads.net/@a/post/b"
