"""Ways into the house, tried on the real child program: redirects, pages, playlists, names that deceive.

Names of the net are made up in the child: `NAMES` says what they answer, and 127.0.0.1, where the site listens, passes
for the net. All the rest of loopback is the house.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.clips.download.models import DownloadRefused
from homemedia.core.process import BOOT
from tests.clips.download.conftest import Fetching

HOME = Path(__file__).resolve().parents[3]
FAKE = """
import socket, sys
sys.path.append({home!r})
from homemedia.core.http import addresses
names, real, judge = {names!r}, socket.getaddrinfo, addresses.is_outside
def look_up(host, port, *args, **more):
    texts = names.get(host, [host])
    return real(texts.pop(0) if len(texts) > 1 else texts[0], port, *args, **more)
socket.getaddrinfo = look_up
addresses.is_outside = lambda text, own=(): text == "127.0.0.1" or judge(text, own)
"""


def in_a_net(**names: Sequence[str]) -> list[str]:
    """The child in a net where these names answer so, in turn; `_` stands for a dot."""
    known = {name.replace("_", "."): list(texts) for name, texts in names.items()}
    home = str(HOME)
    return [sys.executable, "-P", "-c", FAKE.format(home=home, names=known) + BOOT.format(home=home), "worker", "clips"]


def net(**names: Sequence[str]) -> dict[str, Any]:
    return {"command": in_a_net(**names), "private_hosts": []}


def at(fetching: Fetching, host: str, path: str) -> str:
    return f"http://{host}:{fetching.site.host.partition(':')[2]}{path}"


@pytest.mark.parametrize("what", ["mp4", "page", "hls", "segment"])
async def test_nothing_of_a_listed_host_leads_to_another_one(fetching: Fetching, what: str) -> None:
    assert await fetching.refused(f"/inside/{what}") == "forbidden_address"
    assert fetching.site.visitors == []


async def test_picture_in_the_house_is_not_fetched_and_the_film_is(fetching: Fetching) -> None:
    fetched = await fetching.fetch("/inside/picture")

    assert fetched.thumbnail is None
    assert fetching.site.visitors == []


async def test_song_link_service_that_sends_into_the_house_is_left(fetching: Fetching) -> None:
    given = {"resolver_url": fetching.site.url("/inside/links")}

    fetched = await fetching.fetch("/sound/says.m4a", content_type="music", given=given)

    assert fetched.media.name == "c1.mp3"
    assert fetching.site.visitors == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://www.tiktok.com/x",
        "--exec=touch /tmp/owned",
        "-o/tmp/owned",
        "data:video/mp4;base64,AAAA",
        "javascript:alert(1)",
        "ytsearch1:cats",
        "rtmp://www.tiktok.com/live",
        "\nhttp://www.tiktok.com/",
        "",
    ],
)
async def test_text_that_is_no_address_of_the_web_does_nothing(fetching: Fetching, url: str) -> None:
    wish = msgspec.structs.replace(fetching.wish("/"), url=url)
    async with fetching.downloader() as downloader:
        with pytest.raises(DownloadRefused) as caught:
            await downloader.fetch(wish, print)

    assert caught.value.code == "unsupported"
    assert fetching.left() == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}/v/x.mp4", "http://localhost:{port}/v/x.mp4", "http://2130706433:{port}/v/x.mp4"]
)
async def test_host_that_is_not_listed_is_not_asked(fetching: Fetching, url: str) -> None:
    url = url.format(port=fetching.site.host.partition(":")[2])

    assert await fetching.refused(url, given={"private_hosts": []}) == "unsupported"
    assert not fetching.site.requests


@pytest.mark.parametrize("inside", ["127.0.0.2", "169.254.169.254", "[::1]", "192.168.1.1", "localhost"])
async def test_short_link_into_the_house_ends_there(fetching: Fetching, inside: str) -> None:
    link = at(fetching, "t.co", f"/to?url=http://{inside}:1/x")
    given = net(t_co=["127.0.0.1"], localhost=["127.0.0.3"])

    assert await fetching.refused(link, given=given) == "forbidden_address"
    assert fetching.site.requests["/to"] == 1


async def test_short_link_that_changes_its_mind_is_judged_each_time(fetching: Fetching) -> None:
    link = at(fetching, "t.co", "/to?url=/watch/a-cat")

    code = await fetching.refused(link, given=net(t_co=["127.0.0.1", "169.254.169.254"]))

    assert code == "forbidden_address"
    assert not fetching.site.requests["/watch/a-cat"]


async def test_site_whose_name_leads_into_the_house_is_not_asked(fetching: Fetching) -> None:
    link = "https://www.tiktok.com/@ann/video/7000000000000000000"

    code = await fetching.refused(link, given=net(www_tiktok_com=["127.0.0.2"]))

    assert code == "forbidden_address"


async def test_short_link_to_a_strangers_site_is_refused(fetching: Fetching) -> None:
    link = at(fetching, "t.co", "/to?url=" + at(fetching, "evil.example", "/v/a-cat.mp4"))

    code = await fetching.refused(link, given=net(t_co=["127.0.0.1"], evil_example=["127.0.0.1"]))

    assert code == "unsupported"


async def test_listed_host_is_not_reached_from_a_link_out_in_the_world(fetching: Fetching) -> None:
    link = at(fetching, "t.co", "/to?url=" + at(fetching, "127.0.0.2", "/v/a-cat.mp4"))
    given = net(t_co=["127.0.0.1"]) | {"private_hosts": [at(fetching, "127.0.0.2", "")[7:]]}

    assert await fetching.refused(link, given=given) == "forbidden_address"


def test_made_up_names_are_those_meant() -> None:
    names: Mapping[str, Any] = {"t_co": ["127.0.0.1"]}
    assert "'t.co': ['127.0.0.1']" in in_a_net(**names)[3]
