import base64
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey, VerifyKey

from homemedia.accounts.key_login.signatures import (
    check_server_challenge,
    checked_key,
    decoded_signature,
    is_signed,
    signed,
    unbase58,
)
from homemedia.accounts.keys import KeyPair, base58
from homemedia.core.problems import BadRequest

KEY = SigningKey(bytes(range(32)))
PUBLIC = base58(KEY.verify_key.encode())
# The points of order 1, 2, 4 and 8 in every form a decoder might take (RFC 7748, "Taming the many EdDSAs").
SMALL_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]
# The order of the base point's group: s + L is another s for the same signature.
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493


def code_of(call: Any, *arguments: Any) -> str:
    with pytest.raises(BadRequest) as refused:
        call(*arguments)
    return refused.value.code


@given(st.binary(max_size=64))
def test_base58_says_what_was_written(raw: bytes) -> None:
    assert unbase58(base58(raw)) == raw


@pytest.mark.parametrize("raw", [bytes(32), bytes(31) + b"\1", b"\xff" * 32, bytes(range(32))])
def test_every_32_bytes_are_a_key(raw: bytes) -> None:
    assert checked_key(base58(raw)) == base58(raw)


@pytest.mark.parametrize(
    "text",
    ["", "1", "1" * 31, "1" * 33, "1" * 44, "z" * 44, "0" * 43, "l" * 43, PUBLIC + " ", " " + PUBLIC, PUBLIC + "\n",
     "é" * 43, "\uff11" * 32, "\0" * 32],
)  # fmt: skip
def test_what_is_no_key_is_told(text: str) -> None:
    assert code_of(checked_key, text) == "invalid_encoding"


@pytest.mark.parametrize("text", ["z" * 20_000, "1" * 20_000, "z" * 1_000_000])
def test_long_texts_are_refused_without_being_decoded(text: str) -> None:
    began = time.perf_counter()

    assert code_of(checked_key, text) == "invalid_encoding"
    assert code_of(decoded_signature, text, "signature") == "invalid_encoding"
    assert time.perf_counter() - began < 0.1


def test_signature_is_read_from_base58_and_from_both_alphabets_of_base64() -> None:
    for number in range(50):
        raw = KEY.sign(str(number).encode()).signature

        for text in (base58(raw), base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
            assert decoded_signature(text, "signature") == raw


@pytest.mark.parametrize(
    "text", ["", "1" * 63, "z" * 90, "z" * 91, "A" * 88, "A" * 85 + "===", "A" * 86, "A" * 87 + "="]
)
def test_what_is_no_signature_is_told(text: str) -> None:
    assert code_of(decoded_signature, text, "signature") == "invalid_encoding"


def test_signature_fits_its_text_and_key_alone() -> None:
    signature = KEY.sign(b"text").signature
    other = base58(SigningKey(bytes(32)).verify_key.encode())

    assert is_signed(PUBLIC, "text", signature)
    assert not is_signed(PUBLIC, "text\n", signature)
    assert not is_signed(other, "text", signature)
    assert not any(
        is_signed(PUBLIC, "text", signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1 :])
        for place in range(64)
    )


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_keys_of_small_order_sign_nothing(point: str) -> None:
    key = base58(bytes.fromhex(point))

    for signature in (bytes.fromhex(point) + bytes(32), bytes([1]) + bytes(63), bytes(64)):
        assert not any(is_signed(key, f"text {number}", signature) for number in range(16))


def test_another_form_of_a_signature_is_none() -> None:
    signature = KEY.sign(b"text").signature
    scalar = int.from_bytes(signature[32:], "little") + GROUP_ORDER

    assert not is_signed(PUBLIC, "text", signature[:32] + scalar.to_bytes(32, "little"))


def test_server_signs_with_its_identity() -> None:
    text = "r4nd0m-text_of+16/="
    pair = KeyPair(kty="OKP", crv="Ed25519", d=_encoded(bytes(range(32))), x=_encoded(KEY.verify_key.encode()))

    check_server_challenge(text)

    assert VerifyKey(KEY.verify_key.encode()).verify(text.encode(), unbase58(signed(pair, text))) == text.encode()


@pytest.mark.parametrize(
    "text",
    ["short", "x" * 15, "x" * 257, "with blank in the text", "eyJhbGciOiJFZDI1NTE5In0.eyJpc3MiOiJ4In0",
     "homemedia-login:v1:a:b:c:1", "x" * 20 + "\n", "ä" * 20],
)  # fmt: skip
def test_server_signs_nothing_that_could_be_mistaken(text: str) -> None:
    assert code_of(check_server_challenge, text) == "invalid_request"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
