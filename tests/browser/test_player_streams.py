"""The player before the real server with films that no browser plays as they are: each picture at its own time."""

from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import Opener
from tests.browser.test_player import STAGE, Calls, Cinema, holds, runs
from tests.support.app import House
from tests.support.samples import a_clock

READ = f"""() => {{
    const canvas = document.createElement('canvas');
    Object.assign(canvas, {{ width: 64, height: 8 }});
    const pen = canvas.getContext('2d', {{ willReadFrequently: true }});
    pen.drawImage({STAGE}.video, 0, 0, 64, 8);
    const isWhite = (bit) => pen.getImageData(bit * 8 + 4, 4, 1, 1).data[0] > 128;
    return Array.from({{ length: 8 }}, (_, bit) => (isWhite(bit) ? 2 ** bit : 0)).reduce((sum, one) => sum + one);
}}"""
SESSION = f"{STAGE}.feed?.sessionId"
# hls.js says all it does by this one call. That the picture stood still for a second may be the machine's doing.
LISTEN = """async () => {
    const { Hls } = await import(document.querySelector('script[type=module]').src.replace('app.js', 'vendor/hls.js'));
    const { trigger } = Hls.prototype;
    window.complaints = [];
    Hls.prototype.trigger = function (event, data) {
        if (event === 'hlsError' && !/abort|stall/i.test(data.details)) window.complaints.push(data.details);
        return trigger.call(this, event, data);
    };
}"""
BUFFERED = f"""(() => {{
    const {{ buffered }} = {STAGE}.video;
    return Array.from(buffered, (_, i) => [buffered.start(i), buffered.end(i)]);
}})()"""
SAID = """1
00:00:00,500 --> 00:00:50,000
Where is the <i>bird</i>?
"""


@pytest.fixture
def cinema(claimed: House, opened: Opener) -> Cinema:
    return Cinema(claimed, opened)


async def seeks(page: Page, second: float) -> None:
    """Go there and see that the picture is the one of that second."""
    await page.evaluate(f"{STAGE}.seek({second * 1000})")
    await holds(page, f"s.isShowing && !s.video.seeking && Math.abs(s.time - {second * 1000}) < 3000")
    await shows_its_time(page)


async def shows_its_time(page: Page) -> None:
    """The second that the picture tells is the one the player tells."""
    await page.wait_for_function(f"() => Math.abs(({READ})() + 0.5 - {STAGE}.video.currentTime) <= 0.75")


@pytest.mark.parametrize(
    ("name", "codec", "audio", "method"),
    [("Heat (1995).mkv", "h264", "ac3", "remux"), ("Heat (1995).avi", "mpeg4", "mp3", "transcode")],
)
async def test_what_the_browser_cannot_play_plays_and_seeks_to_the_right_picture(
    cinema: Cinema, name: str, codec: str, audio: str, method: str
) -> None:
    a_clock(cinema.house.media / name, codec=codec, audio=audio)
    key = (await cinema.films())["Heat"]

    page = await cinema.plays(key)

    await holds(page, "s.video.currentTime > 0.5")
    assert await page.evaluate(f"{STAGE}.feed.info.method") == method
    assert await page.evaluate(f"Math.round({STAGE}.duration / 1000)") == 60
    await shows_its_time(page)
    for second in (40.5, 12.5, 53.5, 1.5):
        await seeks(page, second)
    assert await page.evaluate("document.querySelector('player-page').playing.trouble") is None


@pytest.mark.parametrize("begins", [0, 30.5])
@pytest.mark.parametrize("suffix", ["mkv", "mp4", "ts"])
async def test_copied_pictures_lie_in_one_stretch_without_a_hole_wherever_one_begins(
    cinema: Cinema, suffix: str, begins: float
) -> None:
    a_clock(cinema.house.media / f"Heat (1995).{suffix}", codec="h264_b", audio="ac3")
    key = (await cinema.films())["Heat"]
    page = await cinema.window("/")
    await page.evaluate(LISTEN)

    await page.evaluate(f"history.pushState({{}}, '', '/play/{key}?at={begins * 1000:.0f}')")
    await page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    await runs(page)

    assert await page.evaluate(f"{STAGE}.feed.info.method") == "remux"
    await shows_its_time(page)
    for second in (40.5, 12.5, 53.5, 30.5, 1.5):
        await seeks(page, second)
    # It reads half a minute ahead: played fast it is at the end of the film soon.
    await page.evaluate(f"(s => {{ s.video.playbackRate = 8; }})({STAGE})")
    await page.wait_for_function(f"() => {BUFFERED}.length === 1 && {BUFFERED}[0][1] > 59.8")
    assert (await page.evaluate(BUFFERED))[0][0] <= 0.02
    assert await page.evaluate("window.complaints") == []


async def test_a_film_begun_in_its_midst_begins_there(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).avi", codec="mpeg4", audio="mp3")
    key = (await cinema.films())["Heat"]

    page = await cinema.window(f"/play/{key}?at=30500")
    await runs(page)

    await holds(page, "s.time >= 30_500 && s.time < 36_000")
    await shows_its_time(page)


async def test_what_the_browser_plays_is_played_as_it_is(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mp4")
    key = (await cinema.films())["Heat"]
    asked: list[str] = []
    page = await cinema.window("/")
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{cinema.house.url}/play/{key}")
    await runs(page)

    await seeks(page, 45.5)

    assert await page.evaluate(f"{STAGE}.feed.kind") == "direct"
    assert [url for url in asked if "/transcode/" in url or "hls" in url] == []
    await page.keyboard.press("w")
    await expect(page.get_by_role("dialog", name="How it plays")).to_contain_text("Plays as it is")


async def test_another_sound_begins_at_the_same_place_and_is_remembered(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3", languages=("eng", "ger"))
    key = (await cinema.films())["Heat"]
    page = await cinema.plays(key)
    await seeks(page, 30.5)
    first = await page.evaluate(SESSION)

    await page.keyboard.press("c")
    await page.get_by_role("menuitemradio", name="German").click()

    await holds(page, f"s.feed?.sessionId && s.feed.sessionId !== '{first}' && s.isShowing")
    await holds(page, "s.time > 30_000 && s.time < 40_000")
    await shows_its_time(page)
    await expect(page.get_by_role("menuitemradio", name="German")).to_be_checked()
    assert await page.evaluate(f"{STAGE}.feed.info.audio.language") == "de"
    await page.goto(cinema.house.url)
    await page.goto(f"{cinema.house.url}/play/{key}")
    await runs(page)
    assert await page.evaluate(f"{STAGE}.feed.info.audio.language") == "de"


async def test_a_lower_quality_begins_at_the_same_place_and_goes_back_to_the_file(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mp4", size="854x480")
    key = (await cinema.films())["Heat"]
    page = await cinema.plays(key)
    await seeks(page, 20.5)

    await page.keyboard.press("c")
    await page.get_by_role("menuitemradio", name="Convert to 360p").click()

    await holds(page, "s.feed?.kind === 'hls' && s.isShowing && s.time > 20_000 && s.time < 35_000")
    assert await page.evaluate(f"{STAGE}.video.videoHeight") == 360
    await shows_its_time(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("w")
    panel = page.get_by_role("dialog", name="How it plays")
    await expect(panel).to_contain_text("At full quality it plays as it is.")
    await panel.get_by_role("button", name="As it is").click()
    await holds(page, "s.feed?.kind === 'direct' && s.isShowing && s.time > 20_000 && s.time < 40_000")


async def test_a_stream_that_the_server_ended_is_begun_again_where_one_is(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3", seconds=120)
    key = (await cinema.films())["Heat"]
    page = await cinema.plays(key)
    first = await page.evaluate(SESSION)

    await cinema.house.send("DELETE", f"/api/transcode/{first}")
    await seeks(page, 90.5)

    assert await page.evaluate(SESSION) not in {None, first}
    assert await page.evaluate("document.querySelector('player-page').playing.trouble") is None


async def test_leaving_ends_the_stream(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3")
    key = (await cinema.films())["Heat"]
    page = await cinema.plays(key)
    address = await page.evaluate(f"{STAGE}.feed.address")

    await page.keyboard.press("Escape")
    await page.wait_for_url(f"**/films/{key}")

    async def is_over() -> bool:
        answer = await page.request.get(f"{cinema.house.url}{address}")
        return answer.status == 404

    await cinema.house.until(is_over)


async def test_subtitles_beside_the_film_are_drawn_and_can_be_set(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3")
    (cinema.house.media / "Heat (1995).en.srt").write_text(SAID)
    key = (await cinema.films())["Heat"]
    page = await cinema.plays(key)
    first = await page.evaluate(SESSION)
    drawn = page.locator("player-page .captions")

    await page.keyboard.press("c")
    await page.get_by_role("menuitemradio", name="English").click()

    await expect(drawn).to_have_text("Where is the bird?")
    await page.get_by_role("menuitem", name="Size, place and timing").click()
    await page.get_by_role("radio", name="Large", exact=True).click()
    await expect(drawn).to_have_attribute("data-size", "large")
    await page.get_by_role("button", name="Back to the choices").click()
    await page.get_by_role("menuitemradio", name="Off").click()
    await expect(drawn).to_have_text("")
    assert await page.evaluate(SESSION) == first
    told = [report for report in cinema.reports if report.get("subtitleTrack") is not None]
    assert [told[0]["subtitleTrack"], told[-1]["subtitleTrack"], told[0].get("audioTrack")] == [0, "none", None]


async def test_a_converted_film_says_why(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).avi", codec="mpeg4", audio="mp3")
    key = (await cinema.films())["Heat"]
    page = await cinema.plays(key)

    await page.keyboard.press("w")

    panel = page.get_by_role("dialog", name="How it plays")
    await expect(panel).to_contain_text("Converted")
    await expect(panel).to_contain_text("The picture is MPEG-4, which this browser cannot play.")
    await expect(panel).to_contain_text("MPEG-4 144p → H.264 144p")
    await expect(panel.get_by_role("link", name="Download")).to_be_visible()


async def test_the_next_episode_is_made_ready_before_it_begins(cinema: Cinema) -> None:
    for number in (1, 2):
        a_clock(cinema.house.media / "Heat" / "Season 1" / f"Heat S01E0{number}.mkv", audio="ac3", seconds=30)
    first, second = await cinema.episodes()
    page = await cinema.window("/")
    opened: list[str] = []
    page.on("request", lambda request: opened.append(request.method) if "/api/transcode/" in request.url else None)
    await page.goto(f"{cinema.house.url}/play/{first}")
    await runs(page)

    await page.evaluate(f"{STAGE}.seek(26_000)")
    await page.wait_for_url(f"**/play/{second}")
    await runs(page)
    await shows_its_time(page)

    assert opened.count("POST") == 2


async def test_a_film_that_cannot_be_converted_says_so_and_can_be_tried_again(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3")
    key = (await cinema.films())["Heat"]
    failed = {"code": "transcode_failed", "message": "This film cannot be converted: broken."}

    async def fails(route: Route) -> None:
        await route.fulfill(status=500, json=failed)

    page = await cinema.window("/")
    await page.route("**/api/transcode/*/*.m4s*", fails)
    await page.goto(f"{cinema.house.url}/play/{key}")

    said = page.get_by_role("alert")
    await expect(said).to_contain_text("The server could not convert this film")
    await expect(said).to_contain_text("broken.")
    await page.unroute("**/api/transcode/*/*.m4s*")
    await said.get_by_role("button", name="Try again").click()
    await runs(page)
    assert await page.evaluate(f"{STAGE}.feed.info.method") == "transcode"


async def test_a_server_with_too_many_streams_is_waited_for(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3")
    key = (await cinema.films())["Heat"]
    full = {"code": "too_many_sessions", "message": "The server converts as many films as it can just now."}

    async def refuses(route: Route) -> None:
        await route.fulfill(status=503, json=full, headers={"Retry-After": "1"})

    page = await cinema.window("/")
    await page.route("**/api/transcode/*", refuses, times=1)
    await page.goto(f"{cinema.house.url}/play/{key}")
    await expect(page.get_by_role("alert")).to_contain_text("The server is busy with other films")

    await runs(page)

    await expect(page.get_by_role("alert")).to_be_hidden()


async def test_parts_that_are_converted_are_one_film(cinema: Cinema) -> None:
    for part in (1, 2):
        path = cinema.house.media / "Novecento (1976)" / f"Novecento (1976) - part{part}.mkv"
        a_clock(path, audio="ac3", seconds=30)
    key = (await cinema.films())["Novecento"]
    page = await cinema.plays(key)
    await holds(page, "Math.round(s.duration / 1000) === 60")

    await page.evaluate(f"{STAGE}.seek(45_500)")
    await holds(page, "s.index === 1 && s.isShowing && s.time > 45_000")
    await shows_its_time(page)
    await page.evaluate(f"{STAGE}.seek(27_000)")
    await holds(page, "s.index === 0 && s.isShowing && s.time > 26_000")
    await shows_its_time(page)

    await holds(page, "s.index === 1 && s.isShowing && s.time > 31_000")


async def test_speed_stays_when_another_stream_begins(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3", languages=("eng", "ger"))
    key = (await cinema.films())["Heat"]
    page = await cinema.plays(key)

    await page.keyboard.press(">")
    await page.keyboard.press("c")
    await page.get_by_role("menuitemradio", name="German").click()

    await holds(page, "s.feed?.info.audio.language === 'de' && s.isShowing && s.video.playbackRate === 1.25")


NOTHING = "{plays: () => false, takes: () => false}"
ALL = "{plays: () => true, takes: () => true}"
INFO = (
    "{method: 'transcode', encoder: 'libx264', reasons: %s, video: {from: 'hevc'}, "
    "audioTracks: [{track: 1, codec: 'ac3'}], audio: {track: 1}}"
)
PURE: list[tuple[str, str, Any]] = [
    ("profile", f"m.profileOf({NOTHING}).containers", []),
    ("profile", f"m.profileOf({NOTHING}).video", {}),
    ("profile", f"Object.keys(m.profileOf({ALL}).video).sort()", ["av1", "h264", "hevc", "vp8", "vp9"]),
    ("profile", f"m.profileOf({ALL}).video.hevc", {"profiles": ["main", "main10"], "maxLevel": 186, "maxBitDepth": 10}),
    ("profile", f"m.profileOf({ALL}).hdr", []),
    ("profile", "m.profileText(m.browserProfile()).length < 4096", True),
    ("captions", "m.sideOf({line: 'auto'})", "foot"),
    ("captions", "m.sideOf({line: 0, snapToLines: true})", "head"),
    ("captions", "m.sideOf({line: -1, snapToLines: true})", "foot"),
    ("captions", "m.sideOf({line: 10, snapToLines: false})", "head"),
    (
        "why",
        "m.sentences(" + INFO % "['ContainerNotSupported']" + ", {container: 'mkv'})",
        ["The file is an MKV, which this browser does not open."],
    ),
    (
        "why",
        "m.sentences("
        + INFO % "['ContainerNotSupported', 'VideoCodecNotSupported', 'AudioCodecNotSupported']"
        + ", {container: 'mkv'})",
        ["The picture is HEVC and the sound Dolby Digital; this browser plays neither."],
    ),
    ("why", "m.verdictOf(" + INFO % "['VideoRangeNotSupported']" + ").tone", "warn"),
    ("tracks", "m.qualities({height: 720, bitrate: 8e6}).map((one) => one.height)", [720, 480, 360]),
    ("tracks", "m.qualities({height: 1080, bitrate: 4e6}).map((one) => one.height)", [720, 480, 360]),
]


async def test_pure_decisions_about_streams(calls: Calls) -> None:
    found = [(module, expression, await calls(f"player/{module}.js", expression)) for module, expression, _ in PURE]

    assert found == PURE
