"""Every kind of film a household has, played in a real browser before the real server: each picture at its own time.

Six of them play in every run. The whole matrix, with what it measured (film, part of it at which it began, method, ms
until its first picture, ms until those sought, by how many ms a picture's time was off at most):

    pytest -n 0 -m "long or not long" --log-level info -rP tests/browser/test_matrix.py
"""

import logging
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.test_player import STAGE, Cinema, holds, runs
from tests.support.app import House
from tests.support.films import CodedFilm, a_coded_film, cue_text, cues
from tests.support.hls import source_times
from tests.support.matrix import REST, TELLING

log = logging.getLogger(__name__)

SEEKS = (0.62, 0.18, 0.86, 0.4, 0.04)
MIDST = 0.55
LAST_S = 0.6
# Matroska counts milliseconds, MPEG-TS 90,000ths, and a browser microseconds.
SLACK_S = 0.002
PATIENCE_MS = 60_000
EDGE_MS = 150  # about when subtitles come or go nothing is said of them
# A machine that is busy elsewhere lets a player wait now and then, and one that was sent elsewhere may fetch again what
# it has; to stumble again and again is another thing.
HARMLESS = {"bufferStalledError", "bufferAppendNoProgress"}
MOST_WAITS = 3
# Chromium's own decoder gives up at some pictures whose group begins before the place that is sought; the player takes
# it anew, and asks for a converted stream where that does not help.
BROKEN_GROUPS = "mediaSourceRequiresReset"

# Reads the number in the picture (null while it cannot be told from its opposite), and waits for the one that is due.
EYES = f"""(times) => {{
    const stage = () => {STAGE};
    const canvas = Object.assign(document.createElement('canvas'), {{ width: 192, height: 108 }});
    const pen = canvas.getContext('2d', {{ willReadFrequently: true }});
    const light = (x, y) => {{
        const {{ data }} = pen.getImageData(Math.round(x * 192) - 2, Math.round(y * 108) - 2, 5, 5);
        return data.reduce((sum, value, index) => sum + (index % 4 === 3 ? 0 : value), 0) / (3 * 25);
    }};
    const due = (at) => {{
        let [from, to] = [0, times.length - 1];
        while (from < to) {{
            const middle = (from + to + 1) >> 1;
            if (times[middle][1] <= at) from = middle;
            else to = middle - 1;
        }}
        return from;
    }};
    const known = new Map(times);
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const eyes = {{
        hasEnded: false,
        shown: null,
        read() {{
            pen.drawImage(stage().video, 0, 0, 192, 108);
            let number = 0;
            for (let bit = 0; bit < 16; bit += 1) {{
                const [x, y] = [((bit % 8) + 0.5) / 8, bit < 8 ? 0 : 2];
                const difference = light(x, (y + 0.5) / 8) - light(x, (y + 1.5) / 8);
                if (Math.abs(difference) < 40) return null;
                if (difference > 0) number += 2 ** bit;
            }}
            for (let shift = 8; shift > 0; shift >>= 1) number ^= number >> shift; // from Gray's code
            return number;
        }},
        hasBar: () => [0.1, 0.3, 0.5, 0.7, 0.9].every((x) => light(x, 13 / 16) > 200),
        look() {{
            const {{ video }} = stage();
            const at = video.currentTime;
            const number = video.readyState < 2 ? null : eyes.read();
            const time = known.get(number) ?? null;
            const index = due(at + {SLACK_S});
            const isRight = time !== null && (time === times[index][1] || Math.abs(time - at) < {SLACK_S});
            return {{ at, number, time, isRight, hasBar: number !== null && eyes.hasBar(), shown: eyes.shown }};
        }},
        /** Notes the time that each picture bears, as the browser has it. */
        watch() {{
            const {{ video }} = stage();
            video.requestVideoFrameCallback((_, {{ mediaTime }}) => {{
                eyes.shown = mediaTime;
                eyes.watch();
            }});
        }},
        /** Looks until the picture of a place stands there. */
        async until(from, to, limit) {{
            const begun = performance.now();
            for (let before = null; ; ) {{
                if (!stage()) return {{ ...before, isRight: false, hasLeft: true }}; // it played to its end meanwhile
                const seen = (before = eyes.look());
                const isRight = !stage().video.seeking && seen.at >= from && seen.at <= to && seen.isRight;
                const took = performance.now() - begun;
                if (isRight || took > limit) return {{ ...seen, isRight, took }};
                await frame();
            }}
        }},
        async seek(ms, limit) {{
            stage().seek(ms);
            const seen = await eyes.until(ms / 1000 - {SLACK_S}, ms / 1000 + {SLACK_S}, limit);
            await frame();
            await frame();
            const still = eyes.look();
            return {{ ...still, isRight: seen.isRight && still.isRight, took: seen.took }};
        }},
    }};
    window.eyes = eyes;
}}"""
LISTEN = """() => {
    const main = document.querySelector('script[type=module]').src;
    return import(new URL('vendor/hls.js', main).href).then(({ Hls, Events }) => {
        const { trigger } = Hls.prototype;
        window.stumbles = [];
        Hls.prototype.trigger = function (event, data) {
            const why = data?.reason ?? data?.error?.message ?? null;
            if (event === Events.ERROR) window.stumbles.push({ details: data.details, isFatal: data.fatal, why });
            return trigger.call(this, event, data);
        };
    });
}"""
GO = """(path) => {
    const main = document.querySelector('script[type=module]').src;
    return import(new URL('router.js', main).href).then(({ go }) => go(path));
}"""
WATCH = f"""() => {{
    eyes.watch();
    {STAGE}.addEventListener('ended', () => (eyes.hasEnded = true));
}}"""


@pytest.fixture
def cinema(claimed: House, opened: Opener) -> Cinema:
    return Cinema(claimed, opened)


class Showing:
    """One film on a screen, watched picture by picture."""

    def __init__(self, cinema: Cinema, film: CodedFilm, page: Page, key: str, packets_s: Sequence[float]) -> None:
        self.film = film
        self.page = page
        self.key = key
        if film.pieces > 1:
            # Joined, they may lie further apart than the pictures of one piece.
            self.times = list(zip(film.numbers(), packets_s, strict=True))
        else:
            # Time is counted from the first packet, which may be one of sound.
            first_s = next(iter(packets_s), 0.0)
            self.times = [(number, first_s + float(number * film.number_s)) for number in film.numbers()]
        self.took_ms: list[float] = []
        self.errors_s: list[float] = []
        self._cinema = cinema

    @classmethod
    async def of(cls, cinema: Cinema, film: CodedFilm) -> "Showing":
        path = a_coded_film(cinema.house.media / f"Heat (1995).{film.suffix}", film)
        key = (await cinema.films())["Heat"]
        page = await cinema.window("/")
        await page.evaluate(LISTEN)
        showing = cls(cinema, film, page, key, source_times(path))
        await page.evaluate(EYES, showing.times)
        return showing

    async def begins(self, part: float) -> float:
        """Go to the player and wait for the first right picture; how long that took, ms."""
        at_s = self.middle_of(part) if part else 0.0
        begun = time.monotonic()
        await self.page.evaluate(GO, f"/play/{self.key}?at={round(at_s * 1000)}")
        await runs(self.page)
        await self.page.evaluate(WATCH)
        seen = await self.page.evaluate("([at, limit]) => eyes.until(at, at + 30, limit)", [at_s, PATIENCE_MS])
        assert seen["isRight"], f"{seen}, {await self.page.evaluate('window.stumbles')}"
        took_ms = (time.monotonic() - begun) * 1000
        await holds(self.page, f"s.time > {at_s * 1000 + 200}")
        await self.page.evaluate(f"{STAGE}.pause()")
        return took_ms

    def middle_of(self, part: float) -> float:
        """A moment between the beginning and the end of a picture, s; `part` of the film."""
        index = bisect_right(self.times, part * self.film.seconds, key=lambda one: one[1]) - 1
        return (self.times[index][1] + self.times[index + 1][1]) / 2

    async def seeks(self, part: float) -> None:
        """Go there and see that its picture stands there, and its subtitles."""
        at_s = self.middle_of(part)
        seen = await self.page.evaluate("([at, limit]) => eyes.seek(at, limit)", [at_s * 1000, PATIENCE_MS])
        assert seen["isRight"], f"{at_s}: {seen}, {await self.page.evaluate('window.stumbles')}"
        self.took_ms.append(seen["took"])
        self.errors_s.append(abs(seen["shown"] - seen["time"]))
        await self._shows_subtitles(at_s, has_bar=seen["hasBar"])

    async def _shows_subtitles(self, at_s: float, *, has_bar: bool) -> None:
        if any(abs(edge - at_s * 1000) < EDGE_MS for cue in cues(self.film) for edge in cue):
            return
        cue = next((start for start, end in cues(self.film) if start <= at_s * 1000 < end), None)
        if self.film.subtitles == "pgs":
            assert has_bar == (cue is not None), at_s
        elif self.film.subtitles:
            text = "" if cue is None else cue_text(cue)
            await expect(self.page.locator("player-page .captions")).to_have_text(text)

    async def ends(self) -> None:
        """Play the last moments; the page leads back to where one came from."""
        await self.seeks(1 - LAST_S / self.film.seconds)
        await self.page.evaluate(f"{STAGE}.play()")
        await self.page.wait_for_url(lambda url: "/play/" not in url, timeout=PATIENCE_MS)
        assert await self.page.evaluate("eyes.hasEnded")

        async def is_watched() -> bool:
            return bool((await self._cinema.state(self.key))["watched"])

        await self._cinema.house.until(is_watched)

    async def plays_as_promised(self) -> None:
        feed = await self.page.evaluate(f"(({{ kind, info }}) => ({{ kind, method: info.method }}))({STAGE}.feed)")
        kind = "direct" if self.film.method == "directPlay" else "hls"
        assert feed == {"kind": kind, "method": self.film.method}
        assert await self.page.evaluate("document.querySelector('player-page').playing.streams.force") is None
        duration_s = await self.page.evaluate(f"{STAGE}.duration / 1000")
        # AVI counts a picture more than there are.
        assert abs(duration_s - self.film.seconds) <= max(0.25, self.film.number_s)
        has_sound = await self.page.evaluate(f"{STAGE}.video.webkitAudioDecodedByteCount > 0")
        assert has_sound is (self.film.sound is not None)

    async def stumbled_not(self) -> None:
        assert await self.page.evaluate("document.querySelector('player-page').playing.trouble") is None
        stumbles = await self.page.evaluate("window.stumbles")
        # What is not needed any more after a seek is given up.
        mended = {"aborted"} | ({BROKEN_GROUPS} if self.film.picture == "h264 open" else set())
        stumbles = [one for one in stumbles if one["details"] not in mended]
        bad = [one for one in stumbles if one["isFatal"] or one["details"] not in HARMLESS]
        assert not bad, bad
        assert len(stumbles) <= MOST_WAITS, stumbles


def showings() -> Iterator[Any]:
    """Each film from its beginning and, where it is streamed, from its midst: what is before has not been made then."""
    for number, film in enumerate((*TELLING, *REST)):
        for begin in (0.0, MIDST)[: 1 if film.method == "directPlay" else 2]:
            is_plain = film in TELLING and (begin == 0) == (number % 2 == 0)
            name = film.name.replace(" ", "-") + (" midst" if begin else "")
            yield pytest.param(film, begin, id=name, marks=() if is_plain else pytest.mark.long)


@pytest.mark.parametrize(("film", "begin"), list(showings()))
async def test_a_film_plays_seeks_to_the_right_pictures_and_ends(cinema: Cinema, film: CodedFilm, begin: float) -> None:
    showing = await Showing.of(cinema, film)

    begun_ms = await showing.begins(begin)
    await showing.plays_as_promised()
    for part in SEEKS:
        await showing.seeks(part)
    await showing.stumbled_not()
    await showing.ends()

    took = " ".join(f"{one:.0f}" for one in showing.took_ms)
    error_ms = max(showing.errors_s) * 1000
    log.info("%s|%.2f|%s|%.0f|%s|%.1f", film.name, begin, film.method, begun_ms, took, error_ms)
