"""How soon and how cheaply a film plays that has to be converted, beside ffmpeg by itself.

    python -m benchmarks playing
    python benchmarks/playing.py [--rounds 7] [--minutes 3] [--films FOLDER] [--only first,seek] [--json]

The films are 1080 lines at 24 pictures a second with noise and surround sound: HEVC of 10 bits, which is converted to
H.264 by the processor, and H.264, which is only repacked. With `--films` they are kept for the next time.

Every round takes ours and ffmpeg's own figure right after one another, in turn who is first; the table holds medians,
and the ratios are medians of the ratios within a round. ffmpeg's own is the same program with the same encoder, writing
segments of 2 s to the same disk and as nice as ours; it counts until its first one is whole. Ours counts from
`POST /api/transcode` until a player has read list, description and first segment; after a seek from the request for a
segment until it was read.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.house import Remote, a_server
from benchmarks.ranges import cpu_s, free_port
from benchmarks.table import Row, markdown
from homemedia.media.ffmpeg import find_ffmpeg
from homemedia.playback.run import NICE

SEED_S = 30  # so much is encoded; a film is that again and again
SETTLE_S = 2.5  # nobody seeks more often than this and means it
PICTURE = "testsrc2=size=1920x1080:rate=24,noise=alls=14:allf=t"
SOUND = "aevalsrc='0.2*sin(440*t)|0.2*sin(550*t)|0.1*sin(660*t)|0.1*sin(60*t)|0.1*sin(330*t)|0.1*sin(220*t)':c=5.1"
KINDS = {
    "hevc": ["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-crf", "28"],
    "h264": ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-b:v", "10M", "-g", "48"],
}
X265 = ["-x265-params", "log-level=none:keyint=48:min-keyint=48:scenecut=0"]
DAY_S = 86_400
WATCHED_S = 60
MOST_CPU = 0.03
GENTLY = ["nice", "-n", str(NICE)]  # on a machine with other work the ratio would else be of the niceness


# --- the films


def make_films(folder: Path, program: str, minutes: int) -> dict[str, Path]:
    """`hevc` and `h264`, and a minute of `hevc` for what takes as long as the film."""
    films: dict[str, Path] = {}
    quiet = [program, "-nostdin", "-loglevel", "error", "-y"]
    for name, lengths in {"hevc": {"hevc": minutes, "short": 1}, "h264": {"h264": minutes}}.items():
        made = {one: folder / f"{one.capitalize()} (2001).mkv" for one in lengths}
        films |= made
        if all(film.exists() for film in made.values()):
            continue
        seed = folder / "seed.mkv"
        source = ["-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SOUND, "-t", str(SEED_S)]
        extra = X265 if name == "hevc" else []
        run([*quiet, *source, *KINDS[name], *extra, "-c:a", "ac3", "-b:a", "448k", str(seed)])
        then = time.time() - DAY_S
        for one, film in made.items():
            run(
                [*quiet, "-stream_loop", str(lengths[one] * 60 // SEED_S - 1), "-i", str(seed), "-c", "copy", str(film)]
            )
            os.utime(film, (then, then))
        seed.unlink()
    return films


def run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


# --- ffmpeg by itself


class Bare:
    """The program with the picture and sound that our own session makes, without us."""

    def __init__(self, program: str, film: Path, opened: dict[str, Any], place: Path) -> None:
        self.program, self.film, self.place = program, film, place
        video, audio = opened["video"], opened["audio"]
        self.picture = ["-c:v", "copy"]
        if video["action"] == "transcode":
            rate = video["bitrate"]
            self.picture = ["-vf", f"scale={video['width']}:{video['height']},format=yuv420p", "-c:v", "libx264"]
            self.picture += ["-preset", "veryfast", "-crf", "22", "-profile:v", "high", "-sc_threshold", "0"]
            self.picture += ["-maxrate", str(rate), "-bufsize", str(2 * rate)]
            self.picture += ["-force_key_frames", "expr:gte(t,n_forced*2)"]
        self.sound = ["-c:a", "copy"]
        if audio["action"] == "transcode":
            self.sound = ["-c:a", "aac", "-ac", str(audio["channels"]), "-b:a", str(audio["bitrate"])]

    def command(self, at_s: float, *output: str) -> list[str]:
        seek = ["-ss", f"{at_s:.3f}"] if at_s else []
        source = [*seek, "-i", str(self.film), "-map", "0:v:0", "-map", "0:a:0", "-sn", "-dn"]
        return [*GENTLY, self.program, "-nostdin", "-loglevel", "error", *source, *self.picture, *self.sound, *output]

    def first_segment(self, at_s: float = 0.0) -> float:
        """Seconds from starting it until a segment of 2 s is whole."""
        folder = self.place / "bare"
        folder.mkdir()
        form = ["-f", "hls", "-hls_time", "2", "-hls_segment_type", "fmp4", "-hls_flags", "temp_file"]
        form += ["-hls_segment_filename", str(folder / "%d.m4s"), str(folder / "stream.m3u8")]
        wanted = folder / "0.m4s"
        began = time.perf_counter()
        process = subprocess.Popen(self.command(at_s, *form), stdin=subprocess.DEVNULL)
        try:
            while not wanted.exists():
                if process.poll() is not None:
                    raise RuntimeError("ffmpeg ended before its first segment")
                time.sleep(0.001)
            return time.perf_counter() - began
        finally:
            process.kill()
            process.wait()
            shutil.rmtree(folder)


# --- ours


class Player:
    """One device of ours on a connection that stays."""

    def __init__(self, remote: Remote, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._token = remote.token
        self.opened: dict[str, Any] = {}
        self.starts: list[float] = []
        self.has_description = False

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> bytes:
        head = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        while True:
            self._line.request(method, path, None if body is None else json.dumps(body), head)
            answer = self._line.getresponse()
            found = answer.read()
            if answer.status == status:
                return found
            # What is not made yet is asked for again, as players do.
            if b"segment_not_ready" not in found:
                raise RuntimeError(f"{method} {path}: {answer.status} {found[:300]!r}")

    @property
    def base(self) -> str:
        return f"/api/transcode/{self.opened['sessionId']}"

    def open(self, file_id: int, at_ms: int = 0) -> None:
        body = {"clientName": "benchmark", "startOffset": at_ms}
        self.opened = json.loads(self.ask("POST", f"/api/transcode/{file_id}", body, 201))
        lines = self.ask("GET", f"{self.base}/stream.m3u8").decode().splitlines()
        lengths = [float(line[8:-1]) for line in lines if line.startswith("#EXTINF:")]
        self.starts = [sum(lengths[:number]) for number in range(len(lengths))]

    def segment(self, number: int) -> None:
        self.ask("GET", f"{self.base}/{number}.m4s")

    def at(self, second: float) -> int:
        """The segment that holds a moment."""
        return max(number for number, start in enumerate(self.starts) if start <= second)

    def first_segment(self, file_id: int, at_s: float = 0.0) -> float:
        """Seconds from the wish to play to the first segment; it is the one of that moment."""
        began = time.perf_counter()
        self.open(file_id, round(at_s * 1000))
        self.ask("GET", f"{self.base}/init.mp4")
        self.segment(self.at(at_s))
        return time.perf_counter() - began

    def end(self) -> None:
        self.ask("DELETE", self.base)


# --- the rounds


class Pair(NamedTuple):
    ours: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


def in_turn(rounds: int, ours: Callable[[], float], bare: Callable[[], float]) -> list[Pair]:
    found = []
    for number in range(rounds + 1):
        if number % 2:
            theirs = bare()
            mine = ours()
        else:
            mine = ours()
            theirs = bare()
        if number:  # the first warms the caches
            found.append(Pair(mine, theirs))
    return found


class Bench:
    """A server with both films in its library, and what is measured of it."""

    def __init__(self, remote: Remote, port: int, films: dict[str, Path], place: Path, rounds: int) -> None:
        self.remote, self.port, self.films, self.place, self.rounds = remote, port, films, place, rounds
        self.player = Player(remote, port)
        self.files = self._settle()
        self.bare = {name: self._bare(name) for name in films}

    def _settle(self) -> dict[str, int]:
        library = self.remote.add_library("Films", "movie", next(iter(self.films.values())).parent)
        ask = self.remote.ask
        while ask("GET", f"/api/libraries/{library}/items?limit=1")["totalCount"] < len(self.films):
            time.sleep(0.1)
        # Until the converters were tried nobody knows how many may run.
        while not ask("GET", "/api/status")["transcoding"]["max"] or ask("GET", "/api/scan-status")["scanning"]:
            time.sleep(0.1)
        items = ask("GET", f"/api/libraries/{library}/items?limit=50")["items"]
        details = [ask("GET", f"/api/media/{item['id']}") for item in items]
        return {detail["title"].lower(): detail["files"][0]["id"] for detail in details}

    def _bare(self, name: str) -> Bare:
        """Knows what to make from a session of ours, and with which program."""
        with self._session(name):
            (program, *_) = self._converter()
            return Bare(program, self.films[name], self.player.opened, self.place)

    def _converter(self) -> list[str]:
        """The command line of the program that makes a session's segments."""
        deadline = time.perf_counter() + 20
        while time.perf_counter() < deadline:
            for entry in Path("/proc").iterdir():
                with contextlib.suppress(OSError):
                    words = (entry / "cmdline").read_bytes().split(b"\0")[:-1] if entry.name.isdigit() else []
                    if b"pipe:1" in words and any(
                        os.fsencode(film) in word for film in self.films.values() for word in words
                    ):
                        return [os.fsdecode(word) for word in words]
        raise RuntimeError("no ffmpeg runs")

    @contextlib.contextmanager
    def _session(self, name: str) -> Iterator[None]:
        self.player.open(self.files[name])
        try:
            yield
        finally:
            self.player.end()

    def first(self, name: str) -> list[Pair]:
        """From the wish to play to the first segment."""

        def ours() -> float:
            took = self.player.first_segment(self.files[name])
            self.player.end()
            return took

        return in_turn(self.rounds, ours, self.bare[name].first_segment)

    def _places(self, name: str) -> tuple[Iterator[float], Iterator[float]]:
        """Moments of a film, for both sides the same."""
        chance = random.Random(11)
        with self._session(name):
            length_s = self.player.opened["duration"] / 1000
        places = [chance.uniform(0.2, 0.9) * length_s for _ in range(self.rounds + 1)]
        return iter(places), iter(places)

    def resume(self, name: str) -> list[Pair]:
        """From the wish to go on where one was."""
        left, right = self._places(name)

        def ours() -> float:
            took = self.player.first_segment(self.files[name], next(left))
            self.player.end()
            return took

        return in_turn(self.rounds, ours, lambda: self.bare[name].first_segment(next(right)))

    def segments_of(self, seconds: int) -> None:
        """Have sessions cut so."""
        self.remote.ask("PUT", "/api/hardware", {"segmentSeconds": seconds})

    def seek(self, name: str) -> list[Pair]:
        """To anywhere in a film that plays already."""
        left, right = self._places(name)

        def ours() -> float:
            at_s = next(left)
            self.player.first_segment(self.files[name])
            time.sleep(SETTLE_S)
            began = time.perf_counter()
            self.player.segment(self.player.at(at_s))
            took = time.perf_counter() - began
            self.player.end()
            return took

        return in_turn(self.rounds, ours, lambda: self.bare[name].first_segment(next(right)))

    def whole(self, name: str) -> tuple[list[Pair], list[float]]:
        """A film from its first segment to its last, beside the very command with nobody behind it.

        Returns:
            Pairs, and what share of one core the server takes for each second of film.
        """
        with self._session(name):
            command = self._converter()
        shares = []

        def ours() -> float:
            began_cpu, began = cpu_s(self.remote.pid), time.perf_counter()
            self.player.open(self.files[name])
            for number in range(len(self.player.starts)):
                self.player.segment(number)
            took = time.perf_counter() - began
            self.player.end()
            shares.append((cpu_s(self.remote.pid) - began_cpu) / (self.player.opened["duration"] / 1000))
            return took

        def bare() -> float:
            began = time.perf_counter()
            # Through a pipe that somebody empties, as ours.
            with subprocess.Popen([*GENTLY, *command], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
                assert process.stdout is not None
                buffer = bytearray(1 << 20)
                while os.readv(process.stdout.fileno(), [buffer]):
                    pass
            return time.perf_counter() - began

        return in_turn(max(1, self.rounds // 3), ours, bare), shares[1:]

    def playing(self, name: str, seconds: int) -> float:
        """Share of one core that the server takes while somebody watches, from the first second on."""
        began_cpu, began = cpu_s(self.remote.pid), time.perf_counter()
        with self._session(name):
            for number, start in enumerate(self.player.starts):
                if start >= seconds:
                    break
                time.sleep(max(0.0, start - (time.perf_counter() - began) - 4.0))
                self.player.segment(number)
            time.sleep(max(0.0, seconds - (time.perf_counter() - began)))
            return (cpu_s(self.remote.pid) - began_cpu) / (time.perf_counter() - began)


def row(task: str, pairs: Sequence[Pair], aim: float, *, is_least: bool = False) -> Row:
    ratio = statistics.median(1 / pair.ratio if is_least else pair.ratio for pair in pairs)
    ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    figure = f"{ratio:.2f} : 1 ({ours:.2f} s : {bare:.2f} s)"
    return Row(task, figure, f"{'≥' if is_least else '≤'} {aim}", ratio >= aim if is_least else ratio <= aim)


SEEK = "seek in a stream : `ffmpeg -ss` to its first 2 s segment, segments of"


def measure(bench: Bench, only: Sequence[str]) -> Iterator[Row]:
    if "first" in only:
        yield row("first segment : bare ffmpeg's first of 2 s", bench.first("hevc"), 0.9)
    if "resume" in only:
        yield row("first segment in the midst : `ffmpeg -ss` to its first of 2 s", bench.resume("hevc"), 0.9)
    if "seek" in only:
        for seconds in (4, 2):  # 2 is the least that may be set
            bench.segments_of(seconds)
            yield row(f"{SEEK} {seconds} s", bench.seek("hevc"), 0.9)
        bench.segments_of(4)
    if "remux" in only:
        yield row("repacked: first segment : bare ffmpeg's first", bench.first("h264"), 1.2)
    if "whole" in only:
        pairs, shares = bench.whole("short")
        yield row("whole film, speed : the same command bare", pairs, 0.97, is_least=True)
        share = statistics.median(shares)
        yield Row(
            "processor time of the server a second of film", f"{share:.1%} of one core", "≤ 3 %", share <= MOST_CPU
        )
    if "playing" in only:
        share = bench.playing("hevc", WATCHED_S)
        yield Row("server while one plays, first minute", f"{share:.1%} of one core", "≤ 3 %", share <= MOST_CPU)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--minutes", type=int, default=3)
    parser.add_argument("--films", type=Path)
    parser.add_argument("--only", default="first,resume,seek,remux,whole,playing")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = find_ffmpeg()
    if found is None:
        sys.exit("no ffmpeg")
    with tempfile.TemporaryDirectory() as place:
        folder = options.films or Path(place) / "films"
        folder.mkdir(parents=True, exist_ok=True)
        films = make_films(folder, found.path, options.minutes)
        port = free_port()
        with a_server(Path(place) / "data", port=port) as (remote, _):
            remote.claim()
            bench = Bench(remote, port, films, Path(place), options.rounds)
            rows = []
            for one in measure(bench, options.only.split(",")):
                rows.append(one)
                print(one.task, one.figure, file=sys.stderr, flush=True)
    if options.json:
        print(json.dumps([one._asdict() for one in rows]))
    else:
        print(markdown(rows))


if __name__ == "__main__":
    main()
