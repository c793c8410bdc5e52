"""A session with a make-believe program: what it does when the program fails, stalls, or two players share it."""

import asyncio
import contextlib
import errno
import os
import shlex
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from homemedia.accounts import Member, MemberState
from homemedia.core.clock import Clock
from homemedia.core.problems import AppError, Unavailable
from homemedia.core.process import Child
from homemedia.core.threads import Lane
from homemedia.library.files import PlaceOfFile, PlayableFile
from homemedia.media.hls.cuts import Close, Data, Event, Hole, Init, Open
from homemedia.media.hls.table import SECOND_US, encode_table
from homemedia.media.plans import VideoPlan
from homemedia.playback import session as session_module
from homemedia.playback import space
from homemedia.playback.decide import Decision
from homemedia.playback.serving import Kept, Pace, Reach, calm_s, has_room, is_soon, surplus
from homemedia.playback.session import Film, Maker, Session
from homemedia.playback.space import MARKER, Made, Pieces, prepare

TABLE = encode_table(40 * SECOND_US, 4 * SECOND_US)
PACE = Pace(silent_s=5.0, wait_s=5.0, calm_s=0.0)
OWNER = Member(
    user_id="u",
    username="anna",
    display_name="Anna",
    email=None,
    is_admin=False,
    state=MemberState.ACTIVE,
    sees_all_libraries=True,
    session_id="s",
    created_at=0,
    last_seen_at=None,
    expires_at=None,
    has_password=True,
)
Script = Callable[[int], str]


class LetterCutter:
    """Takes letters for segments: `a` is number 0, `b` 1, …; a capital I begins the description, a dot is a hole."""

    def __init__(self) -> None:
        self.current: int | None = None

    def feed(self, body: bytes) -> Iterator[Event]:
        for letter in body:
            if letter == ord("."):
                raise Hole
            if letter < ord("a"):
                yield Init(bytes([letter]))
                continue
            self.current = letter - ord("a")
            yield Open(self.current)
            yield Data(bytes([letter]))
            yield Close(self.current)

    def finish(self, *, is_clean: bool) -> Iterator[Event]:
        del is_clean
        yield from ()


Make = Callable[..., Session]


@pytest.fixture
async def lane() -> AsyncIterator[Lane]:
    async with Lane("transcode", 2) as opened:
        yield opened


@pytest.fixture
async def make(lane: Lane, tmp_path: Path) -> AsyncIterator[Make]:
    """Makes sessions whose program is a shell script that depends on the segment it begins with."""
    made: list[Session] = []

    def build(
        script: Script,
        *,
        pace: Pace = PACE,
        instead: Script | None = None,
        filled: Script | None = None,
        start_s: int = 0,
    ) -> Session:
        folder = tmp_path / f"session{len(made)}"
        folder.mkdir()
        session = Session(
            "0" * 32,
            OWNER,
            _film(tmp_path, start_s),
            _maker(script, instead, filled),
            folder=folder,
            pace=pace,
            lane=lane,
            clock=Clock(),
            token="t",
        )
        made.append(session)
        return session

    yield build
    for session in made:
        await session.close()


def _maker(script: Script, instead: Script | None = None, filled: Script | None = None) -> Maker:
    return Maker(
        command=lambda number: ["sh", "-c", script(number)],
        cutter=lambda _number: LetterCutter(),
        instead=lambda: None if instead is None else _maker(instead),
        filled=lambda: None if filled is None else _maker(filled),
    )


def _film(folder: Path, start_s: int) -> Film:
    file = PlayableFile(
        file_id=1,
        place=PlaceOfFile(root=folder, path=folder / "My film.mkv", content_type="video/x-matroska"),
        size_bytes=1,
        mtime_ns=1,
        probe=None,
        is_unreadable=False,
        duration_ms=40_000,
        item_id=1,
        rating_key="k",
        title="My film",
    )
    video = VideoPlan(action="transcode", track=0, codec_from="hevc", codec="h264", width=16, height=16)
    decision = Decision(method="transcode", reasons=("VideoCodecNotSupported",), video=video)
    return Film(file=file, decision=decision, table=TABLE, start_us=start_s * SECOND_US)


def _letters(first: int, last: int = 9) -> str:
    return "I" + "".join(chr(ord("a") + number) for number in range(first, last + 1))


def _whole(first: int) -> str:
    return f"printf {_letters(first)}"


async def test_segments_come_from_one_run(make: Make) -> None:
    session = make(_whole)

    paths = [await session.segment(number) for number in (0, 3, 9)]

    assert [path.read_text() for path in paths] == ["a", "d", "j"]
    assert (await session.init()).read_text() == "I"
    assert (session.starts, session.failure) == (1, None)


async def test_description_is_made_where_playing_begins(make: Make) -> None:
    began: list[int] = []

    def script(first: int) -> str:
        began.append(first)
        return _whole(first)

    await make(script, start_s=21).init()

    assert began == [5]


async def test_failed_run_is_tried_once_more(make: Make, tmp_path: Path) -> None:
    flag = tmp_path / "tried"
    session = make(lambda first: f"test -e {flag} && {_whole(first)} || {{ touch {flag}; exit 1; }}")

    await session.segment(2)

    assert (session.starts, session.failure) == (2, None)


async def test_film_that_cannot_be_converted_says_why_without_paths(make: Make) -> None:
    words = shlex.quote("file:/films/My film.mkv: Invalid data at /secret/place.mkv:3")
    session = make(lambda _first: f"printf '%s' {words} >&2; exit 1")

    with pytest.raises(AppError, match="Invalid data") as refused:
        await session.segment(0)

    assert (refused.value.code, refused.value.status) == ("transcode_failed", 500)
    assert "secret" not in refused.value.message
    assert "/films" not in refused.value.message
    assert session.starts == 2
    assert any("Invalid data" in line for line in session.said)
    with pytest.raises(AppError):
        await session.segment(4)
    assert session.starts == 2


async def test_device_that_makes_nothing_gives_way_to_the_next_way(make: Make) -> None:
    session = make(lambda _first: "exit 1", instead=_whole)

    assert (await session.segment(0)).read_text() == "a"
    assert session.failure is None


@pytest.mark.parametrize(
    "script",
    [lambda first: f"printf I{'ab'[first:]}.", lambda first: f"printf I{'ab'[first:]}"],
    ids=["a segment without pictures", "none at the end"],
)
async def test_film_without_pictures_for_long_is_made_with_those_before_repeated(make: Make, script: Script) -> None:
    session = make(script, filled=lambda first: f"printf {'abcdefghijkl'[first:]}")

    assert (await session.segment(1)).read_text() == "b"
    assert (await session.segment(2)).read_text() == "c"
    assert session.failure is None
    assert session.starts == 2


async def test_silent_program_counts_as_failed(make: Make) -> None:
    session = make(lambda _first: "exec sleep 60", pace=Pace(silent_s=0.05, calm_s=0.0))

    with pytest.raises(AppError) as refused:
        await session.segment(0)

    assert refused.value.code == "transcode_failed"
    assert session.pid is None


async def test_damaged_stretch_is_passed_over_by_repeating_the_last_good_segment(make: Make) -> None:
    # Segments 4 and 6 cannot be made: whoever begins there fails, whoever comes there stops.
    def script(first: int) -> str:
        end = next(bad for bad in (4, 6, 10) if first <= bad)
        return f"printf {_letters(first, end - 1)}; exit {0 if end == 10 else 1}" if first < end else "exit 1"

    session = make(script)

    bodies = [(await session.segment(number)).read_text() for number in range(10)]

    assert "".join(bodies) == "abcddffhij"
    assert session.failure is None


async def test_seek_while_a_damaged_end_is_passed_over_is_served(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    session = make(lambda first: f"printf {_letters(first, 8)}; exit 1" if first < 9 else "exit 1")
    await session.segment(8)
    begun, may_go_on = threading.Event(), threading.Event()
    repeat = space.repeat

    def slow(folder: Path, source: str, target: str) -> int:
        begun.set()
        may_go_on.wait()
        return repeat(folder, source, target)

    monkeypatch.setattr(space, "repeat", slow)
    last = asyncio.create_task(session.segment(9))
    while not begun.is_set():
        await asyncio.sleep(0.001)
    await session.forget([2])
    sought = asyncio.create_task(session.segment(2))
    await asyncio.sleep(0)
    may_go_on.set()

    assert (await last).read_text() == "i"
    async with asyncio.timeout(PACE.wait_s / 2):
        assert (await sought).read_text() == "c"


async def test_film_damaged_all_over_fails_at_last(make: Make) -> None:
    session = make(lambda first: "printf Ia; exit 1" if first == 0 else "exit 1")

    bodies = [(await session.segment(number)).read_text() for number in (0, 5, 6, 7)]
    with pytest.raises(AppError) as refused:
        await session.segment(8)

    assert bodies == ["a", "a", "a", "a"]
    assert refused.value.code == "transcode_failed"


async def test_streams_that_change_their_description_end_the_session(make: Make) -> None:
    session = make(lambda first: f"printf {'I' if first == 0 else 'J'}{chr(97 + first)}; exec sleep 60", pace=Pace(
        soon_segments=0, soon_s=0.0, calm_s=0.0
    ))  # fmt: skip

    await session.segment(0)
    with pytest.raises(AppError) as refused:
        await session.segment(7)

    assert refused.value.code == "transcode_failed"


async def test_waiting_ends_after_a_while_and_the_run_goes_on(make: Make) -> None:
    session = make(lambda _first: "printf Ia; exec sleep 60", pace=Pace(wait_s=0.05))
    await _served(session, 0)

    with pytest.raises(Unavailable) as refused:
        await session.segment(1)

    assert (refused.value.code, refused.value.retry_after_s) == ("segment_not_ready", 1)
    assert session.state == "running"


async def _until(session: Session, state: str) -> None:
    """What a run wrote reaches us when the system pleases."""
    async with asyncio.timeout(20):
        while session.state != state:
            await asyncio.sleep(0.01)


async def _served(session: Session, number: int) -> None:
    """As a player that asks again, where a session waits too short a while for a busy machine."""
    async with asyncio.timeout(20):
        while not session.has(number):
            with contextlib.suppress(Unavailable):
                await session.segment(number)


async def test_run_is_held_ahead_of_the_player_and_let_go_when_he_follows(make: Make, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    # Held open at our end from before the program until after it, so that no line written into it is lost.
    ours = os.open(gate, os.O_RDWR)
    steps = " ".join(_letters(0))
    script = f"exec 3<>{gate}; for one in {steps}; do printf $one; read _ <&3; done"
    try:
        session = make(lambda _first: script, pace=Pace(ahead_s=8.0, silent_s=60.0))
        # The description and a to d are let pass, then it stands at e: beginning 16 s, the player has 4 s.
        os.write(ours, b"\n" * 5)
        await session.segment(0)
        await _until(session, "ahead")
        await session.segment(3)
        await _until(session, "running")
    finally:
        os.close(ours)


async def test_two_players_of_one_session_are_served_in_turn(make: Make) -> None:
    pace = Pace(soon_segments=0, soon_s=0.0, calm_s=0.0)
    session = make(lambda first: f"printf I{chr(97 + first)}; exec sleep 60", pace=pace)

    one, two = await asyncio.gather(session.segment(1), session.segment(8))

    assert (one.read_text(), two.read_text()) == ("b", "i")


async def test_who_has_left_is_not_served(make: Make) -> None:
    pace = Pace(soon_segments=0, soon_s=0.0, calm_s=0.0, wait_s=0.2)
    began: list[int] = []

    def script(first: int) -> str:
        began.append(first)
        return f"printf I{chr(97 + first)}; exec sleep 60"

    session = make(script, pace=pace)
    left = asyncio.create_task(session.segment(1, lambda: True))
    await asyncio.sleep(0)
    await _served(session, 8)
    with pytest.raises(Unavailable):
        await left

    assert began[-1] == 8


async def test_segments_that_were_whole_before_the_disk_was_full_are_kept(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(Pieces):
        def take(self, event: Event) -> Made | None:
            if isinstance(event, Open) and event.number == 2:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().take(event)

    monkeypatch.setattr(session_module, "Pieces", Full)
    # All comes at once, as it does of films of few bytes.
    session = make(_whole)

    assert (await session.segment(0)).read_text() == "a"

    assert (session.has(1), session.has(2), session.failure) == (True, False, None)


async def test_segments_removed_for_space_are_made_again(make: Make) -> None:
    session = make(_whole)
    path = await session.segment(2)
    await session.segment(9)

    await session.forget([2])

    assert not path.exists()
    assert (await session.segment(2)).read_text() == "c"


async def test_end_waits_for_a_program_that_is_called_off_already(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    session = make(lambda _: "printf Iabc; exec sleep 60")
    await session.segment(0)
    end_now = Child.end_now
    was_over: list[bool] = []

    async def late(child: Child) -> None:
        await end_now(child)
        # Whoever does not wait for it is through long before.
        await asyncio.wait({closing}, timeout=0.3)
        was_over.append(closing.done())

    monkeypatch.setattr(Child, "end_now", late)
    resting = asyncio.create_task(session.rest())
    await asyncio.sleep(0)
    closing = asyncio.create_task(session.close())
    await asyncio.gather(resting, closing)

    assert was_over == [False]


async def test_ended_session_answers_nobody(make: Make) -> None:
    session = make(lambda _first: "exec sleep 60")
    waiting = asyncio.create_task(session.segment(0))
    await asyncio.sleep(0)

    await session.close()

    with pytest.raises(AppError) as refused:
        await waiting
    assert refused.value.code == "session_not_found"
    assert (session.state, session.pid, session.folder.exists()) == ("ended", None, False)


# Deciders


@pytest.mark.parametrize(
    ("number", "current", "speed", "expected"),
    [
        (3, 3, None, True),
        (7, 3, None, True),
        (8, 3, None, False),
        (8, 3, 2.0, True),
        (9, 3, 2.0, False),
        (2, 3, 50.0, False),
    ],
)
def test_run_that_comes_soon_is_awaited(number: int, current: int, speed: float | None, *, expected: bool) -> None:
    assert is_soon(number, Reach(first=0, current=current, speed=speed), TABLE, Pace()) is expected


def test_first_seek_starts_at_once_and_scrubbing_must_settle() -> None:
    pace = Pace()

    assert calm_s([], 100.0, pace) == 0
    assert calm_s([90.0], 100.0, pace) == 0
    assert calm_s([99.5], 100.0, pace) == pytest.approx(0.1)
    assert calm_s([99.0, 99.5], 100.0, pace) == pytest.approx(0.3)


def test_run_is_held_at_the_bound_and_let_go_below_half_of_it() -> None:
    second, pace = SECOND_US, Pace(ahead_s=60)

    assert has_room(0, 60 * second, pace, was_held=False)
    assert not has_room(0, 61 * second, pace, was_held=False)
    assert not has_room(0, 30 * second, pace, was_held=True)
    assert has_room(1 * second, 30 * second, pace, was_held=True)


def test_farthest_segments_go_first_and_near_ones_never() -> None:
    table = encode_table(1000 * SECOND_US, 10 * SECOND_US)
    one = Kept(position_us=500 * SECOND_US, table=table, sizes=dict.fromkeys(range(100), 10))
    two = Kept(position_us=0, table=table, sizes={0: 10, 5: 10, 90: 10})

    chosen = surplus({"one": one, "two": two}, 1000)

    assert chosen[0] == ("two", 90)
    assert len(chosen) == 3
    everything = surplus({"one": one, "two": two}, 0)
    kept = set(range(100)) - {number for name, number in everything if name == "one"}
    assert kept == set(range(43, 57))
    assert surplus({"one": one}, 1000) == []


def test_folder_of_others_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()

    own = prepare(tmp_path)

    assert own == tmp_path / "homemedia"
    assert (tmp_path / "holiday").exists()


def test_own_folder_is_emptied_of_sessions_alone(tmp_path: Path) -> None:
    folder = tmp_path / "transcode"
    assert prepare(folder) == folder
    (folder / ("a" * 32)).mkdir()
    (folder / ("a" * 32) / "0.m4s").write_bytes(b"x")
    (folder / "notes").mkdir()

    prepare(folder)

    assert sorted(entry.name for entry in folder.iterdir()) == [MARKER, "notes"]
    assert folder.stat().st_mode & 0o777 == 0o700
