"""Why something stands on a page, as a sentence for a person. Pure."""

from collections.abc import Mapping, Sequence

DAY_MS = 24 * 3600 * 1000
NAMED = 2  # more names than this make no better reason
PARTS = 3
CONTINUE = "You have not finished it."
NEXT = {
    "next": "It comes after the episode you watched last.",
    "rewatch": "You are watching this show again, and it comes next.",
    "new": "A new episode of a show you watch.",
}
RANDOM = "Picked for you by chance today."
# What two titles share, the strongest first: one of them, several of them.
SHARED = (
    ("collection", "same collection, {}", "same collections, {}"),
    ("director", "same director, {}", "same directors, {}"),
    ("albumartist", "same artist, {}", "same artists, {}"),
    ("actor", "with {}", "with {}"),
    ("genre", "same genre, {}", "same genres, {}"),
    ("label", "same label, {}", "same labels, {}"),
)


def ago(past_ms: int, now_ms: int) -> str:
    """How long ago, in the largest unit that is whole: today, yesterday, 5 days, 3 weeks, 2 months, a year ago."""
    days = max(0, now_ms - past_ms) // DAY_MS
    if days == 0:
        return "today"
    if days == 1:
        return "yesterday"
    for unit, length, until in (("day", 1, 14), ("week", 7, 60), ("month", 30, 365)):
        if days < until:
            return f"{days // length} {unit}s ago"
    years = days // 365
    return "a year ago" if years == 1 else f"{years} years ago"


def new(added_at: int, now_ms: int, verb: str = "watched") -> str:
    return f"Added {ago(added_at, now_ms)}, and you have not {verb} it."


def because(title: str, shared: Mapping[str, Sequence[str]], verb: str = "watched") -> str:
    """Such as "Because you watched Heat: same director, Michael Mann; with Al Pacino.".

    Args:
        title: of what was watched.
        shared: names by what is shared, as in `SHARED`; may be empty.
        verb: what was done with it.
    """
    parts = [
        (one if len(names) == 1 else several).format(_named(names))
        for what, one, several in SHARED
        if (names := shared.get(what))
    ]
    start = f"Because you {verb} {title}"
    sentence = f"{start}: {'; '.join(parts[:PARTS])}" if parts else start
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def top_rated(rating: float) -> str:
    return f"Rated {rating:.1f} out of 10, and you have not watched it."


def rediscover(last_at: int, now_ms: int, genre: str | None, verb: str = "watched") -> str:
    liking = f", and {genre} is what you choose often" if genre else ""
    return f"You {verb} it {ago(last_at, now_ms)}{liking}."


def of_genre(genre: str) -> str:
    return f"An album of the genre {genre} that you have not played."


def _named(names: Sequence[str]) -> str:
    shown = list(names[:NAMED])
    if len(names) > NAMED:
        return f"{', '.join(shown)} and more"
    return " and ".join(shown)
