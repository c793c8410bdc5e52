"""Made-up titles and what people type to find them; the same every time."""

import itertools
import random
from collections.abc import Sequence

SEARCHES = 400
ENDS = {
    "aeio": "r",
    "aeo": "bdlmnst",
    "ao": "g",
    "ai": "fkv",
    "a": "pz",
}
SYLLABLES = sorted({start + end for ends, starts in ENDS.items() for start in starts for end in ends})


def words(count: int) -> list[str]:
    chance = random.Random(1)
    return ["".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 5))) for _ in range(count)]


def titles(count: int, *, seed: int = 2) -> list[str]:
    """Two to four words each, a few words common and most rare, as in a real shelf."""
    chance = random.Random(seed)
    known = words(max(1500, count // 3))
    rank = list(itertools.accumulate(1 / (place + 8) for place in range(len(known))))
    return [
        ("The " if chance.random() < 0.2 else "")
        + " ".join(word.title() for word in chance.choices(known, cum_weights=rank, k=chance.randint(1, 4)))
        for _ in range(count)
    ]


def queries(shelf: Sequence[str]) -> list[str]:
    """What people type: titles letter by letter, whole titles, two words, mistakes."""
    chance = random.Random(3)
    asked: list[str] = []
    while len(asked) < SEARCHES:
        title = chance.choice(shelf).lower()
        asked += [title[:length] for length in (1, 2, 3, 5) if len(title) >= length]
        asked += [title, " ".join(title.split()[:2])]
        if len(title) > 6:
            at = chance.randrange(2, len(title) - 2)
            asked += [title[:at] + title[at + 1 :], title[:at] + "x" + title[at + 1 :]]
    chance.shuffle(asked)
    return [text for text in asked[:SEARCHES] if text.strip()]
