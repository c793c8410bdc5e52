"""Who is there: states that are news, goodbyes, and what one connection may say."""

import pytest

from homemedia.heaps.awareness import MAX_CLIENTS, NULL, OLD_S, Awareness, State, decoded, encoded
from homemedia.heaps.lib0 import MalformedError, var_text, var_uint


def test_states_are_written_as_they_are_read() -> None:
    states = [State(5, 1, '{"user":{"name":"Anna"}}'), State(1 << 40, 300, NULL)]

    assert decoded(encoded(states)) == states


def test_newer_clock_is_news_and_an_older_one_is_not() -> None:
    room = Awareness()

    assert room.take([State(1, 2, '{"x":1}')], "a", 0)
    assert not room.take([State(1, 2, '{"x":1}')], "a", 1)
    assert not room.take([State(1, 1, '{"x":0}')], "a", 1)
    assert room.take([State(1, 3, '{"x":2}')], "a", 1) == [State(1, 3, '{"x":2}')]
    assert room.states() == [State(1, 3, '{"x":2}')]


def test_goodbye_counts_at_the_same_clock() -> None:
    room = Awareness()
    room.take([State(1, 2, "{}")], "a", 0)

    assert room.take([State(1, 2, NULL)], "a", 0) == [State(1, 2, NULL)]
    assert room.states() == []


def test_connection_that_leaves_says_goodbye_for_its_clients_alone() -> None:
    room = Awareness()
    room.take([State(1, 2, "{}"), State(2, 1, "{}")], "a", 0)
    room.take([State(3, 1, "{}")], "b", 0)

    assert room.leave("a") == [State(1, 3, NULL), State(2, 2, NULL)]
    assert room.states() == [State(3, 1, "{}")]


def test_client_that_is_silent_for_a_minute_is_gone() -> None:
    room = Awareness()
    room.take([State(1, 1, "{}"), State(2, 1, "{}")], "a", 0)
    room.take([State(2, 1, "{}")], "a", OLD_S - 1)

    assert room.expire(OLD_S) == [State(1, 2, NULL)]
    assert room.states() == [State(2, 1, "{}")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        var_uint(MAX_CLIENTS + 1),
        var_uint(1) + var_uint(1) + var_uint(1) + var_text("{no json"),
        var_uint(1) + var_uint(1) + var_uint(1) + var_text("[" * 20_000),
        bytes(65 << 10),
    ],
    ids=["nothing", "no state", "too many", "no JSON", "deep", "long"],
)
def test_message_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        decoded(data)
