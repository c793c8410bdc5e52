"""Which links are taken, and how they are written down."""

import pytest

from homemedia.clips.addresses import read_link, site_of


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://www.tiktok.com/@u/video/1?keep=1&utm_source=x#t", "https://www.tiktok.com/@u/video/1?keep=1"),
        ("  https://x.com/a/status/1?s=20&t=abc\n", "https://x.com/a/status/1"),
        ("HTTPS://WWW.X.COM", "https://www.x.com/"),
        ("https://x.com:443/a", "https://x.com/a"),
        ("http://x.com:80/a", "http://x.com/a"),
        ("https://www.youtube.com/watch?v=a&si=b&list=c", "https://www.youtube.com/watch?v=a&list=c"),
        ("https://youtu.be/abc?t=12", "https://youtu.be/abc"),
        ("https://reddit.com/r/a/?share_id=1&context=3&ref=x&b=2&a=1", "https://reddit.com/r/a/?b=2&a=1"),
        ("https://instagram.com/p/x/?igshid=1&igsh=2&fbclid=3", "https://instagram.com/p/x/"),
        ("https://x.com/ü?q=ü", "https://x.com/%C3%BC?q=%C3%BC"),
        ("https://x.com/a%20b?x='\"<", "https://x.com/a%20b?x='%22%3C"),
        ("https://x.com/-rf", "https://x.com/-rf"),
        ("https://x.com/a?%75tm_source=x&b=1", "https://x.com/a?b=1"),
    ],
)
def test_link_is_written_in_one_way(text: str, url: str) -> None:
    link = read_link(text)
    assert link is not None
    assert link.url == url
    again = read_link(link.url)
    assert again == link


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tiktok.com/@u/video/1",
        "//tiktok.com/x",
        "http://tiktok.com.evil.example/",
        "https://evil-tiktok.com/",
        "https://tiktok.com@evil.example/",
        "ftp://tiktok.com/x",
        "file:///etc/passwd",
        "javascript:alert(1)//x.com",
        "http://user@127.0.0.1#tiktok.com",
        "https://user:word@tiktok.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://t\u0131ktok.com/",
        "https://ti\u212atok.com/",
        "https://\uff54iktok.com/",
        "https://xn--tktok-q4a.com/",
        "https://x.com\\@evil.example/",
        "https://x.com/a b",
        "https://x.com/a\nb",
        "https://x.com/a\0b",
        "https://x.com:99999/",
        "https://x.com./a",
        "https://.x.com/",
        "https://apple.com/",
        "https://com/",
        "https://x.com/" + "a" * 10_000,
        "https://x.com/" + "ü" * 1000,
    ],
)
def test_stranger_is_refused(text: str) -> None:
    assert read_link(text) is None


def test_house_of_its_own_is_taken_by_name_and_port_alone() -> None:
    hosts = {"127.0.0.1:9000", "nas:80"}
    link = read_link("http://127.0.0.1:9000/watch?v=1", hosts)
    assert link is not None
    assert (link.platform.key, link.platform.label) == ("local", "127.0.0.1:9000")
    assert site_of("http://nas/a", hosts) is not None
    assert site_of("http://127.0.0.1:9001/watch", hosts) is None
    assert site_of("http://127.0.0.1/watch", hosts) is None
    assert site_of("https://nas/a", hosts) is None
