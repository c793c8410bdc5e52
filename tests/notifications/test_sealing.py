import base64
import json
import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from homemedia.core.problems import StartRefused
from homemedia.notifications import vapid
from homemedia.notifications.pushing import fitting, topic_of, wait_of
from homemedia.notifications.sealing import MAX_TEXT_BYTES, is_browser_key, sealed
from homemedia.notifications.words import Pushed
from tests.support.fakes import FakeClock
from tests.support.push import PushedBrowser, b64, claims_of


def test_only_the_browser_opens_what_was_sealed_for_it() -> None:
    browser, other = PushedBrowser(), PushedBrowser()
    text = "Ana hat „Sommer“ geteilt 🎈".encode()

    body = sealed(text, browser.keys["p256dh"], browser.keys["auth"])

    assert browser.opened(body) == text
    assert text not in body
    with pytest.raises(InvalidTag):
        other.opened(body)


def test_same_text_is_sealed_differently_each_time() -> None:
    browser = PushedBrowser()

    assert sealed(b"x", **_keys(browser)) != sealed(b"x", **_keys(browser))


def test_longest_text_fits_into_one_record_and_one_letter_more_does_not() -> None:
    browser = PushedBrowser()

    body = sealed(b"x" * MAX_TEXT_BYTES, **_keys(browser))

    assert len(body) == 4096
    assert len(browser.opened(body)) == MAX_TEXT_BYTES
    with pytest.raises(ValueError, match="too long"):
        sealed(b"x" * (MAX_TEXT_BYTES + 1), **_keys(browser))


def test_vector_of_the_standard_has_keys_of_the_right_form() -> None:
    # RFC 8291, 5
    p256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    auth = "BTBZMqHH6r4Tts7J_aSIgg"

    assert is_browser_key(p256dh, auth)
    assert sealed(b"When I grow up, I want to be a watermelon", p256dh, auth)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param(b64(b"\x04" + b"\1" * 64), b64(b"x" * 15), id="a short secret"),
        pytest.param(b64(b"\x03" + b"\1" * 64), b64(b"x" * 16), id="a point of another form"),
        pytest.param(b64(b"\x04" + b"\1" * 63), b64(b"x" * 16), id="half a point"),
        pytest.param("ä" * 87, b64(b"x" * 16), id="no base64url"),
    ],
)
def test_what_is_no_key_is_refused_by_its_form(p256dh: str, auth: str) -> None:
    assert not is_browser_key(p256dh, auth)


def test_point_beside_the_curve_is_refused() -> None:
    with pytest.raises(ValueError, match=r"(?i)curve|invalid"):
        sealed(b"x", b64(b"\x04" + b"\1" * 64), b64(b"x" * 16))


def test_word_for_a_push_service_is_signed_and_used_for_hours(tmp_path: Path) -> None:
    clock = FakeClock()
    key = vapid.load(tmp_path / "keys" / "push.key")
    giver = vapid.Vapid(key, "mailto:host@example.org", clock)

    first = giver.header("https://push.example.org/send/abc")
    claims = claims_of(first, key.public_text)

    assert claims["aud"] == "https://push.example.org"
    assert claims["sub"] == "mailto:host@example.org"
    assert 0 < claims["exp"] - clock.now_ms() // 1000 <= 24 * 3600
    assert giver.header("https://push.example.org/send/xyz") == first
    clock.pass_ms(12 * 3600 * 1000)
    assert claims_of(giver.header("https://push.example.org/a"), key.public_text)["exp"] > claims["exp"]


def test_address_without_tls_is_no_subject(tmp_path: Path) -> None:
    key = vapid.load(tmp_path / "push.key")

    claims = claims_of(vapid.Vapid(key, "http://192.168.1.2:8420", FakeClock()).header("https://a/b"), key.public_text)

    assert claims["sub"].startswith("mailto:")


def test_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "push.key"

    made = vapid.load(path)

    assert vapid.load(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(base64.urlsafe_b64decode(made.public_text + "=")) == 65
    assert made.d not in repr(made)


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\xfe", b'{"kty":"EC","crv":"P-256","d":"AA","x":"AA","y":"AA"}'])
def test_damaged_key_refuses_the_start_with_a_sentence(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "push.key").write_bytes(damage)

    with pytest.raises(StartRefused, match="damaged"):
        vapid.load(tmp_path / "push.key")


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        (None, 30),
        ("", 30),
        ("120", 120),
        ("0", 1),
        ("999999999", 6 * 3600),
        ("soon", 30),
        ("Thu, 01 Jan 2026 00:05:00 GMT", 300),
        ("Thu, 01 Jan 2020 00:00:00 GMT", 1),
    ],
)
def test_push_service_says_when_to_come_again(header: str | None, wait_s: int) -> None:
    assert wait_of(header, 30, FakeClock().now_ms() // 1000) == wait_s


@pytest.mark.parametrize("tag", ["", "test", "ä/ß", "reaction-" + "c0b17905-3470-45d9-9435-bcaf488aca7b-" * 2])
def test_topic_is_one_that_push_services_take(tag: str) -> None:
    topic = topic_of(tag)

    assert len(topic) <= 32
    assert topic == "" or topic.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("text", ["x" * 9000, "🎈" * 3000, '"' * 5000])
def test_long_push_is_shortened_until_it_fits(text: str) -> None:
    shown = fitting(Pushed(title="Attic" * 100, body=text, url="/" + "u" * 3000, tag="t"))

    assert len(shown.encode()) <= MAX_TEXT_BYTES
    assert json.loads(shown)["tag"] == "t"


def _keys(browser: PushedBrowser) -> dict[str, str]:
    return browser.keys
