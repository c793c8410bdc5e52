"""Who plays what, by what players fetch and say, on a clock that is moved by hand."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest
from aiohttp.test_utils import make_mocked_request

from homemedia.accounts import Member, MemberState
from homemedia.core.problems import Conflict, Forbidden, NotFound
from homemedia.library.files import PlaceOfFile
from homemedia.playback.activity import HELD_MS, Activity
from homemedia.playback.events import ActivityChanged, PlaybackStopped
from homemedia.playback.plays import LEAST_BYTES, PAUSED_MS, SILENT_MS
from homemedia.playback.progress import Reported
from homemedia.playback.rules import PlayerState
from homemedia.playback.sessions import Sessions
from tests.support.fakes import FakeClock

ANNA = Member(
    user_id="anna",
    username="anna",
    display_name="Anna",
    email=None,
    is_admin=False,
    state=MemberState.ACTIVE,
    sees_all_libraries=True,
    session_id="sofa",
    created_at=0,
    last_seen_at=None,
    expires_at=None,
    has_password=True,
)
PHONE = msgspec.structs.replace(ANNA, session_id="phone")
BOB = msgspec.structs.replace(ANNA, user_id="bob", username="bob", session_id="desk")
ADMIN = msgspec.structs.replace(ANNA, user_id="root", username="root", session_id="office", is_admin=True)
FILMS = {
    number: PlaceOfFile(root=Path(), path=Path(), content_type="", item_id=number, rating_key=key, title=key.title())
    for number, key in ((1, "heat"), (2, "ronin"), (3, "thief"))
}


class Den:
    """The registry with players that do as told."""

    def __init__(self, activity: Activity, clock: FakeClock, told: list[object]) -> None:
        self.activity = activity
        self.clock = clock
        self.told = told

    def reads(self, member: Member, film: int, count: int = LEAST_BYTES) -> None:
        """One request for a piece of a film."""
        request = make_mocked_request("GET", f"/api/stream/{film}")
        with self.activity.reading(member, film, FILMS[film], request) as sent:
            sent(count)

    def says(
        self, member: Member, film: int, state: PlayerState | None, offset_ms: int = 0, *, ago_ms: int = 0
    ) -> None:
        self.activity.reported(
            member,
            Reported(
                item_id=film,
                rating_key=FILMS[film].rating_key,
                title=FILMS[film].title,
                file_id=film,
                session_id=None,
                state=state,
                at_ms=self.clock.at_ms - ago_ms,
                offset_ms=offset_ms,
                duration_ms=600_000,
            ),
        )

    def passes(self, ms: int) -> None:
        self.clock.pass_ms(ms)
        self.activity.look()

    @property
    def watched(self) -> list[tuple[str, str, str]]:
        return [(one.member.session_id, one.thing.rating_key, one.state) for one in self.activity.watching()]

    def changes(self) -> list[set[str]]:
        """Whose plays were said to have changed since this was last asked."""
        found = [set(event.user_ids) for event in self.told if isinstance(event, ActivityChanged)]
        self.told.clear()
        return found


@pytest.fixture
async def den(tmp_path: Path) -> AsyncIterator[Den]:
    clock = FakeClock()
    told: list[object] = []

    async def sees(_member: Member, _file_id: int) -> None:
        """Everybody sees everything."""

    sessions = Sessions(tmp_path, clock, token=lambda _member, _session, _file: "", sight=sees)
    async with Activity(sessions, clock, lambda _request: "192.168.1.5", told.append) as activity:
        yield Den(activity, clock, told)


@pytest.fixture
def open_readers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


async def test_player_is_one_play_from_its_first_bytes_to_its_last_word(den: Den) -> None:
    den.reads(ANNA, 1)
    den.says(ANNA, 1, "playing")
    den.reads(ANNA, 1)
    den.activity.look()
    assert den.watched == [("sofa", "heat", "playing")]
    assert den.changes() == [{"anna"}]

    den.says(ANNA, 1, "paused", 60_000)
    den.activity.look()
    assert den.watched == [("sofa", "heat", "paused")]
    assert den.changes() == [{"anna"}]

    den.says(ANNA, 1, "stopped")
    den.activity.look()
    assert den.watched == []
    assert den.changes() == [{"anna"}]


async def test_look_into_a_file_and_old_reports_are_no_plays(den: Den) -> None:
    den.reads(ANNA, 1, 1)
    den.says(BOB, 2, "playing", ago_ms=SILENT_MS + 1)
    den.says(BOB, 3, "paused")

    assert den.watched == []


async def test_player_that_goes_away_without_a_word_is_gone_after_its_silence(den: Den) -> None:
    den.reads(ANNA, 1)
    den.says(BOB, 2, "playing")
    den.says(BOB, 2, "paused")
    den.activity.look()

    den.passes(SILENT_MS + 1)
    assert den.watched == [("desk", "ronin", "paused")]
    den.passes(PAUSED_MS)

    assert den.watched == []
    assert den.changes() == [{"anna", "bob"}, {"anna"}, {"bob"}]


async def test_same_film_on_two_devices_is_two_plays(den: Den) -> None:
    den.says(ANNA, 1, "playing")
    den.clock.pass_ms(1)
    den.says(PHONE, 1, "playing")

    assert [device for device, *_ in den.watched] == ["phone", "sofa"]
    assert den.activity.streams_of("anna") == 2
    assert [one.member.user_id for one in den.activity.watching("bob")] == []


async def test_following_episode_is_read_ahead_without_counting(den: Den) -> None:
    den.activity.limit_of = lambda _member: 1
    den.says(ANNA, 1, "playing")

    den.reads(ANNA, 2)

    assert [key for _, key, _ in den.watched] == ["heat"]
    with pytest.raises(Conflict, match="as many devices"):
        den.reads(ANNA, 3)
    den.says(ANNA, 1, "stopped")
    den.says(ANNA, 2, "playing")
    assert [key for _, key, _ in den.watched] == ["ronin"]


async def test_limit_counts_plays_of_files_and_spares_administrators(den: Den) -> None:
    den.activity.limit_of = lambda _member: 1
    den.reads(ANNA, 1)

    with pytest.raises(Conflict) as refused:
        den.reads(PHONE, 2)
    den.reads(ADMIN, 1)
    den.clock.pass_ms(1)
    den.reads(ADMIN, 2)
    den.reads(ANNA, 1)

    assert (refused.value.code, refused.value.retry_after_s) == ("too_many_streams", 30)
    assert len(den.activity.watching("root")) == 2
    den.passes(SILENT_MS + 1)
    den.reads(PHONE, 2)


async def test_stopped_player_is_cut_off_and_told_why_for_a_while(den: Den, open_readers: ExitStack) -> None:
    request = make_mocked_request("GET", "/api/stream/1")
    sent = open_readers.enter_context(den.activity.reading(ANNA, 1, FILMS[1], request))
    sent(LEAST_BYTES)
    (one,) = den.activity.watching()

    with pytest.raises(NotFound):
        den.activity.stop(BOB, one.play_id)
    den.activity.stop(ADMIN, one.play_id)

    assert den.watched == []
    request.transport.abort.assert_called_once()  # type: ignore[union-attr]
    (stopped,) = [event for event in den.told if isinstance(event, PlaybackStopped)]
    assert (stopped.sign_in_id, stopped.rating_key, stopped.why) == ("sofa", "heat", "administrator")
    with pytest.raises(Forbidden, match="The administrator ended this") as refused:
        den.reads(ANNA, 1)
    assert refused.value.code == "playback_stopped"
    den.reads(PHONE, 1)
    den.clock.pass_ms(HELD_MS)
    den.reads(ANNA, 1)


async def test_member_ends_what_another_of_his_devices_plays(den: Den) -> None:
    den.says(ANNA, 1, "playing")
    (one,) = den.activity.watching()

    den.activity.stop(PHONE, one.play_id)

    with pytest.raises(Forbidden, match="You ended this on another device"):
        den.reads(ANNA, 1)


async def test_ended_sign_in_ends_its_plays(den: Den, open_readers: ExitStack) -> None:
    request = make_mocked_request("GET", "/api/stream/1")
    open_readers.enter_context(den.activity.reading(ANNA, 1, FILMS[1], request))(LEAST_BYTES)
    den.says(PHONE, 1, "playing")

    den.activity.end_of_sign_in("sofa")

    assert [device for device, *_ in den.watched] == ["phone"]
    request.transport.abort.assert_called_once()  # type: ignore[union-attr]


async def test_reader_that_was_given_up_is_back_with_its_next_bytes(den: Den, open_readers: ExitStack) -> None:
    request = make_mocked_request("GET", "/api/stream/1")
    sent = open_readers.enter_context(den.activity.reading(ANNA, 1, FILMS[1], request))
    sent(LEAST_BYTES)
    den.passes(SILENT_MS + 1)
    assert den.watched == []

    sent(1)

    assert den.watched == [("sofa", "heat", "playing")]
