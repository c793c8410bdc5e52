"""The formatter's words, in a browser, since `Intl` is what makes them."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

Calls = Callable[[str, str], Awaitable[Any]]

FRIDAY_EVENING = 1_789_149_600_000  # 11 September 2026, 20:00 in Berlin
DAY = 86_400

WORDS = [
    ("m.duration(7080000)", "1 h 58 min"),
    ("m.duration(3960000)", "1 h 06 min"),
    ("m.duration(7200000)", "2 h"),
    ("m.duration(600000)", "10 min"),
    ("m.duration(24000)", "24 s"),
    ("m.duration(0)", ""),
    ("m.duration(null)", ""),
    ("m.left(2460000)", "41 min left"),
    ("m.left(20000)", "1 min left"),
    (f"m.endsAt(3960000, {FRIDAY_EVENING})", "ends at 21:06"),
    ("m.clock(24000)", "0:24"),
    ("m.clock(2468000)", "41:08"),
    ("m.clock(3723000)", "1:02:03"),
    ("m.clock(NaN)", "0:00"),
    ("m.size(268e9)", "268 GB"),
    ("m.size(270.553e9)", "271 GB"),
    ("m.size(1.84e12)", "1.8 TB"),
    ("m.size(18.4e9)", "18.4 GB"),
    ("m.size(999999)", "1 MB"),
    ("m.size(640)", "640 bytes"),
    ("m.size(0)", "0 bytes"),
    ("m.count(31850)", "31,850"),
    ("m.counted(186, 'film', 'films')", "186 films"),
    ("m.counted(1, 'film', 'films')", "1 film"),
    ("m.percent(0.34)", "34 %"),
    ("m.bitrate(21e6)", "21 Mbit/s"),
    (f"m.ago({FRIDAY_EVENING / 1000 - 30}, {FRIDAY_EVENING})", "Just now"),
    (f"m.ago({FRIDAY_EVENING / 1000 - 120}, {FRIDAY_EVENING})", "2 min ago"),
    (f"m.ago({FRIDAY_EVENING / 1000 - 7200}, {FRIDAY_EVENING})", "2 h ago"),
    (f"m.ago({FRIDAY_EVENING / 1000 - DAY}, {FRIDAY_EVENING})", "Yesterday"),
    (f"m.ago({FRIDAY_EVENING / 1000 - 3 * DAY}, {FRIDAY_EVENING})", "Tuesday"),
    (f"m.until({FRIDAY_EVENING / 1000 + 6 * DAY}, {FRIDAY_EVENING})", "in 6 days"),
    ("m.episodeCode(2, 4)", "S2 · E4"),
    ("m.episodeCode(1, 2, 3)", "S1 · E2\u20133"),
    ("m.episodeCode(0, 1)", "Specials · E1"),
    ("m.episode({parentIndex: 2, index: 4, title: 'The Well'})", "S2 · E4 — The Well"),
    ("m.join('Film', null, '', false && 'no', '41 min left')", "Film · 41 min left"),
    ("m.language('de')", "German"),
    ("m.language(null)", "Unknown language"),
    ("m.resolution({videoResolution: '4k'})", "4K"),
    ("m.resolution({videoResolution: '1080'})", "1080p"),
    ("m.secondLine({type: 'movie', year: 2024, duration: 7080000})", "2024 · 1 h 58 min"),
    ("m.secondLine({type: 'movie', year: 2024, duration: 7080000}, {short: true})", "1 h 58 min"),
    ("m.secondLine({type: 'show', year: 2019, seasonCount: 3, episodeCount: 24})", "2019 · 3 seasons"),
    ("m.secondLine({type: 'show', year: 2019, seasonCount: 1, episodeCount: 8})", "2019 · 8 episodes"),
]


async def test_formatter_says_what_the_house_says(calls: Calls) -> None:
    said = await calls("format.js", "[" + ",".join(expression for expression, _ in WORDS) + "]")
    wrong = [(WORDS[i][0], text, WORDS[i][1]) for i, text in enumerate(said) if text != WORDS[i][1]]
    assert wrong == [], json.dumps(wrong, ensure_ascii=False)


async def test_date_shows_the_year_only_when_it_is_another(calls: Calls) -> None:
    october = f"m.date(1791640800, {FRIDAY_EVENING})"
    assert await calls("format.js", october) == "Saturday, 10 October"
    assert await calls("format.js", f"m.date(1697000000, {FRIDAY_EVENING})") == "11 October 2023"


async def test_day_part_belongs_to_the_evening_until_five(calls: Calls) -> None:
    assert await calls("format.js", "m.dayPart(new Date(2026, 8, 11, 20))") == "Friday evening"
    assert await calls("format.js", "m.dayPart(new Date(2026, 8, 12, 2))") == "Friday night"


ROUTES = [
    ("/films", "/films", {}),
    ("/films/", "/films", {}),
    ("/films/recent", "/films/recent", {}),
    ("/films/a1b2", "/films/:key", {"key": "a1b2"}),
    ("/films/a%20b", "/films/:key", {"key": "a b"}),
    ("/files/a/b/c", "/files/*rest", {"rest": "a/b/c"}),
    ("/files", "/files/*rest", {"rest": ""}),
    ("/", "/", {}),
]


async def test_route_with_fixed_parts_wins_over_a_named_one(calls: Calls) -> None:
    patterns = json.dumps(["/", "/films/:key", "/films/recent", "/films", "/files/*rest"])
    paths = json.dumps([path for path, _, _ in ROUTES])
    look = f"(p) => m.find({patterns}.map(m.compile), p)"
    found = await calls("route-match.js", f"{paths}.map({look}).map((f) => [f.route.pattern, f.params])")
    assert found == [[pattern, params] for _, pattern, params in ROUTES]


async def test_unknown_and_broken_addresses_match_nothing(calls: Calls) -> None:
    routes = "[m.compile('/films/:key')]"
    assert await calls("route-match.js", f"m.find({routes}, '/shows/1')") is None
    assert await calls("route-match.js", f"m.find({routes}, '/films/%E0%A4%A')") is None


async def test_way_back_after_sign_in_never_leaves_the_house(calls: Calls) -> None:
    wanted = ["/films?sort=year", "//evil.example", "https://evil.example", "/\\evil.example", "/api/auth/logout", None]
    led = await calls("route-match.js", f"{json.dumps(wanted)}.map(m.safeReturn)")
    assert led == ["/films?sort=year", "/", "/", "/", "/", "/"]


GRID = "m.shapeOf({kind: 'poster', width: %d, count: 100000, phone: %s, tablet: %s})"


async def test_grid_has_seven_posters_across_a_desktop_and_three_across_a_phone(calls: Calls) -> None:
    desktop = await calls("ui/grid-shape.js", GRID % (1252, "false", "false"))
    phone = await calls("ui/grid-shape.js", GRID % (358, "true", "false"))
    tablet = await calls("ui/grid-shape.js", GRID % (700, "false", "true"))
    assert (desktop["columns"], round(desktop["cell"]), desktop["gap"]) == (7, 158, 24)
    assert round(desktop["rowHeight"]) == 158 * 3 // 2 + 44 + 28
    assert (phone["columns"], phone["gap"]) == (3, 12)
    assert tablet["columns"] in {4, 5}


async def test_arrow_keys_lead_over_the_grid_and_stop_at_its_ends(calls: Calls) -> None:
    asked = "['ArrowRight 0', 'ArrowLeft 0', 'ArrowDown 2', 'ArrowDown 8', 'ArrowUp 8', 'End 0', 'x 0']"
    led = await calls(
        "ui/grid-shape.js", f"{asked}.map((a) => a.split(' ')).map(([key, at]) => m.neighbour(key, +at, 7, 10, 14))"
    )
    assert led == [1, 0, 9, 8, 1, 9, None]


async def test_picture_is_placed_so_that_its_point_of_interest_stays_inside(calls: Calls) -> None:
    places = "[[0.5, 0.5], [0, 0.5], [1, 0.5], [0.7, 0.5], null].map((p) => m.positionFor(p, 16 / 9, 2 / 3))"
    assert await calls("ui/art.js", places) == ["50% 50%", "0% 50%", "100% 50%", "82% 50%", "50% 50%"]
