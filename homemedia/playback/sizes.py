"""How large and how fine a converted picture is, and its sound. Pure arithmetic.

Source:
    Watch contract 8.3 and 8.4. Rates are bits/s, sizes pixels as shown: upright, square.
"""

from homemedia.media import VideoStream

FULL_HD = 1080
LEAST_BITRATE = 200_000
STEREO_BITRATE = 160_000
AAC_BITRATES = {1: 96_000, 2: STEREO_BITRATE, 6: 384_000}
STEREO, SURROUND = 2, 6
# Lines and the rate a picture of so many needs at most.
LADDER = (
    (2160, 20_000_000),
    (1440, 12_000_000),
    (1080, 8_000_000),
    (720, 4_000_000),
    (480, 2_000_000),
    (360, 1_000_000),
    (240, 500_000),
)
# Lines that are worth having from a rate on.
WORTH = ((16_000_000, 2160), (10_000_000, 1440), (5_000_000, 1080), (2_500_000, 720), (1_200_000, 480), (600_000, 360))
LEAST_LINES = 240
STEPS = (1080, 720, 480)
# Codecs that say in two bits what H.264 says in three.
DENSE = frozenset({"hevc", "av1", "vp9"})
DENSE_FACTOR = 1.5
FAST_ENOUGH = 1.2
USUAL_RATE = 25.0

Size = tuple[int, int]


def is_square(video: VideoStream) -> bool:
    """Whether its pixels are; unknown counts as square."""
    return video.sar in {"", "0:1", "1:1"}


def shown(video: VideoStream) -> Size:
    """Width and height of a stream as a person sees it."""
    width, height = video.width, video.height
    across, _, down = video.sar.partition(":")
    if across.isdigit() and down.isdigit() and int(across) and int(down):
        width = round(width * int(across) / int(down))
    return (height, width) if video.rotation % 180 else (width, height)


def lines(width: int, height: int) -> int:
    """How many lines a picture counts as: those of the 16 : 9 picture around it, upright ones turned."""
    long, short = max(width, height), min(width, height)
    return max(short, round(long * 9 / 16))


def fit(video: VideoStream, most_lines: int | None, room: int | None) -> Size:
    """The size to convert to: never larger than the source, even sides.

    Args:
        video: the source.
        most_lines: bound on the height, None for none.
        room: rate left for the picture under a limit, None without one.
    """
    size = shown(video)
    bounds = [bound for bound in (most_lines, None if room is None else _worth(room)) if bound is not None]
    return scaled(size, min(bounds)) if bounds else even(size)


def scaled(size: Size, most_lines: int) -> Size:
    factor = min(1.0, most_lines / lines(*size))
    return even((round(size[0] * factor), round(size[1] * factor)))


def even(size: Size) -> Size:
    return max(2, size[0] // 2 * 2), max(2, size[1] // 2 * 2)


def _worth(room: int) -> int:
    return next((height for rate, height in WORTH if room >= rate), LEAST_LINES)


def ladder(height_lines: int) -> int:
    """The most a picture of so many lines gets."""
    return next((rate for height, rate in reversed(LADDER) if height_lines <= height), LADDER[0][1])


def target_bitrate(video: VideoStream, size: Size, room: int | None, codec: str = "h264") -> int:
    """The rate to make a picture at; `codec` is what it becomes."""
    made = 1 / DENSE_FACTOR if codec in DENSE else 1.0
    bounds = [int(ladder(lines(*size)) * made)]
    if video.bitrate:
        bounds.append(round(video.bitrate * (DENSE_FACTOR if video.codec in DENSE else 1) * made))
    if room is not None:
        bounds.append(room)
    return max(min(bounds), LEAST_BITRATE)


def within_speed(video: VideoStream, size: Size, fps_1080: float) -> tuple[Size, float]:
    """Make the picture smaller, step by step down to 480 lines, until it is made faster than it is watched.

    Returns:
        The size, and the speed expected with it; 1.0 is as fast as it is watched.
    """
    now = size
    for step in STEPS:
        if _speed(video, now, fps_1080) >= FAST_ENOUGH:
            break
        now = scaled(size, step) if lines(*now) > step else now
    return now, round(_speed(video, now, fps_1080), 2)


def _speed(video: VideoStream, size: Size, fps_1080: float) -> float:
    pixels = max(size[0] * size[1], 1)
    return fps_1080 * (1920 * 1080 / pixels) / (video.frame_rate or USUAL_RATE)


def channels(of_source: int, most: int) -> int:
    """How many channels converted sound has: one, two or six."""
    if of_source <= 1:
        return 1
    return SURROUND if of_source > STEREO and most >= SURROUND else STEREO
