"""Finding by words: what of an item goes into the index, and how a query is read.

A word of the query matches a whole word, the beginning of one, or one that is a letter or two off. Which items a member
sees is `visible.py`'s, what a result looks like `browse_wire.py`'s matter.
"""

import itertools
import sqlite3
from collections.abc import Container, Iterable, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.library import search_store as store
from homemedia.library.naming.normal import CJK_RUN, edit_distance_at_most, normalise
from homemedia.library.naming.sorting import LEADING_ARTICLES
from homemedia.library.visible import Visible

# One way to match is followed so far; six ways together find no more than MOST_FOUND. When one found PLENTY, those
# that are worth less are not followed.
ENOUGH, PLENTY = 300, 100
MOST_FOUND = 6 * ENOUGH
MAX_QUERY = 200
MAX_WORDS = 12
MAX_VARIANTS = 12
MAX_CANDIDATES = 100
GRAM_LETTERS = 3
# A word with fewer letters must be spelt right; from the second number on two letters may be wrong.
ONE_OFF_FROM, TWO_OFF_FROM = 5, 8
MAX_LETTERS = 40
WHOLE = 1000  # added to the number of a word that is looked for as it stands, not as a beginning
ENGLISH_ARTICLES = frozenset({"the", "a", "an"})
NOTHING = '""'


class Hits(msgspec.Struct, frozen=True):
    """Found items, best first, as (item id, score); `total` counts no further than a few thousand."""

    found: tuple[tuple[int, int], ...]
    total: int


async def index_items(tx: Write, item_ids: Sequence[int]) -> None:
    """Rebuild what the search knows of these items; extras and seasons are not searched for."""
    if item_ids:
        await tx.call(lambda connection: _index(connection, item_ids))


async def forget_items(tx: Write, item_ids: Sequence[int]) -> None:
    """Take items out of the search. Deleted items have left it by themselves."""
    ids = as_json(item_ids)
    await tx.call(lambda connection: store.forget(connection, ids))


def _index(connection: sqlite3.Connection, item_ids: Sequence[int]) -> None:
    ids = as_json(item_ids)
    documents = [document(texts) for texts in store.load_texts(connection, ids)]
    store.forget(connection, ids)
    vocabulary = frozenset[str]().union(*(one.vocabulary for one in documents))
    store.add(connection, documents, {word: grams(word) for word in vocabulary})


def document(texts: store.Texts) -> store.Document:
    """What the index keeps of an item."""
    whole = normalise(texts.title)
    title = words_of(whole)
    keys = set(keys_of(whole))
    more: list[str] = []
    joined = _joined(title)
    for text in (texts.original_title, texts.collection):
        if text:
            other = normalise(text)
            words = words_of(other)
            more += words
            joined += _joined(words)
            if text is texts.original_title:
                keys.update(keys_of(other))
    people = words_of(normalise(" ".join(texts.people))) if texts.people else []
    return store.Document(
        item_id=texts.item_id,
        title=" ".join(title),
        other_titles=" ".join([*more, *joined]),
        people=" ".join(people),
        keys=tuple(sorted(keys)),
        vocabulary=frozenset(
            word
            for word in (*title, *more, *people)
            if ONE_OFF_FROM - 1 <= len(word) <= MAX_LETTERS and (word.isascii() or not CJK_RUN.search(word))
        ),
    )


def words_of(normalised: str) -> list[str]:
    """Words in order; runs of Chinese or Japanese become overlapping pairs and their last character."""
    words = normalised.split()
    if normalised.isascii():
        return words
    return [piece for word in words for piece in _pieces(word, is_query=False)]


def keys_of(normalised: str) -> list[str]:
    """The whole title without blanks, and the same without a leading article."""
    key = normalised.replace(" ", "")
    first, _, rest = normalised.partition(" ")
    return [one for one in (key, rest.replace(" ", "") if first in LEADING_ARTICLES else "") if one]


def grams(word: str) -> set[str]:
    """Runs of three letters of a word with its ends marked."""
    marked = f"^{word}$"
    return {marked[start : start + GRAM_LETTERS] for start in range(len(marked) - GRAM_LETTERS + 1)}


def mistakes_allowed(word: str) -> int:
    """How many letters of a word may be wrong."""
    if CJK_RUN.search(word) or len(word) < ONE_OFF_FROM:
        return 0
    return 1 if len(word) < TWO_OFF_FROM else 2


def _pieces(word: str, *, is_query: bool) -> list[str]:
    if word.isascii():
        return [word]
    pieces: list[str] = []
    position = 0
    for run in CJK_RUN.finditer(word):
        if run.start() > position:
            pieces.append(word[position : run.start()])
        text = run[0]
        pieces.extend(text[start : start + 2] for start in range(len(text) - 1))
        if not is_query or len(text) == 1:
            pieces.append(text[-1])
        position = run.end()
    if position < len(word):
        pieces.append(word[position:])
    return pieces


def _joined(words: Sequence[str]) -> list[str]:
    """Each word with the next as one."""
    return [left + right for left, right in itertools.pairwise(words)]


class Asked(msgspec.Struct, frozen=True):
    """A query, read: its words, and the whole without blanks."""

    words: tuple[str, ...]
    key: str
    bare_key: str
    year: int | None = None


def read_query(text: str) -> list[Asked]:
    """How a query may be meant: as it stands, and with its last word as a year; empty when it holds no word."""
    words = normalise(text).split()[:MAX_WORDS]
    if not words:
        return []
    meant = [_asked(words, None)]
    if len(words) > 1 and len(words[-1]) == 4 and words[-1].isdecimal() and words[-1][:2] in {"18", "19", "20"}:
        meant.append(_asked(words[:-1], int(words[-1])))
    return meant


def _asked(words: Sequence[str], year: int | None) -> Asked:
    bare = words[1:] if len(words) > 1 and words[0] in LEADING_ARTICLES else words
    # English articles are in no title that is not found without them; those of other languages may be words of ours.
    needed = bare if words[0] in ENGLISH_ARTICLES else words
    pieces = [piece for word in needed for piece in _pieces(word, is_query=True)]
    return Asked(tuple(pieces[:MAX_WORDS]), "".join(words), "".join(bare), year)


def wishes_for(words: Sequence[str]) -> list[tuple[int, str, int, int, int]]:
    """Which grams to look up for the words that may be misspelt; see `search_store.NEIGHBOURS`."""
    wishes: list[tuple[int, str, int, int, int]] = []
    for number, word in enumerate(words):
        off = mistakes_allowed(word)
        if off and len(word) <= MAX_LETTERS:
            found = grams(word)
            # One wrong letter spoils at most three grams.
            needed = max(1, len(found) - GRAM_LETTERS * off)
            wishes.extend((number, gram, len(word) - off, len(word) + off, needed) for gram in sorted(found))
    return wishes


def swaps_of(words: Sequence[str]) -> list[tuple[int, str, int]]:
    """Each word that may be misspelt with two neighbouring letters exchanged, the commonest slip of all.

    As `search_store.KNOWN` takes them.
    """
    return [
        (number, word[:at] + word[at + 1] + word[at] + word[at + 2 :], 0)
        for number, word in enumerate(words)
        if mistakes_allowed(word) and len(word) <= MAX_LETTERS
        for at in range(len(word) - 1)
        if word[at] != word[at + 1]
    ]


def expression(
    words: Sequence[str],
    joints: Iterable[int] = (),
    *,
    begun: Container[int] = (),
    variants: Sequence[Sequence[str]] = (),
) -> str:
    """All words as an FTS5 expression.

    Args:
        words: normalised, at least one.
        joints: places at which the word and the next may also be written as one.
        begun: numbers of the words of which the beginning counts too.
        variants: for each word other spellings that count as well.
    """
    others = variants or [()] * len(words)

    def one(word: str, star: str, spellings: Sequence[str] = ()) -> str:
        choices = [f'"{word}"{star}', *(f'"{spelling}"' for spelling in spellings)]
        return choices[0] if len(choices) == 1 else f"({' OR '.join(choices)})"

    stars = [" *" if number in begun else "" for number in range(len(words))]
    ways = [" AND ".join(map(one, words, stars, others))]
    for at in joints:
        merged = [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]
        ways.append(" AND ".join(map(one, merged, [*stars[:at], *stars[at + 1 :]])))
    return " OR ".join(f"({way})" for way in ways)


async def find(
    read: Reader,
    visible: Visible,
    text: str,
    *,
    kind: str | None = None,
    library_id: str | None = None,
    limit: int = 30,
) -> Hits:
    """Items that match every word of `text`, best first: exact, begun, whole words, beginnings, people, misspelt."""
    best: dict[int, tuple[int, int]] = {}
    total = 0
    for asked in read_query(text):
        known = await _known(read, asked.words)
        whole = expression(asked.words, known.joints)
        begun = expression(asked.words, known.joints, begun=known.unfinished)
        args = {
            "key": asked.key,
            "bare_key": asked.bare_key,
            "key_end": asked.key + store.LAST,
            "whole": f"{{title other_titles}} : ({whole})",
            "begun": f"{{title other_titles}} : ({begun})",
            "anywhere": begun,
            "nearly": await _nearly(read, asked.words, known, known.doubtful),
            "enough": ENOUGH,
            "plenty": PLENTY,
            "year": asked.year,
            "kind": kind,
            "library_id": library_id,
            "limit": limit,
        }
        rows = await store.hits(read, visible, args)
        if not rows and len(known.doubtful) < len(asked.words):
            # Every word is one, yet not together: any of them may be a slip that makes another word.
            nearly = await _nearly(read, asked.words, known, range(len(asked.words)))
            rows = await store.hits(read, visible, args | {"nearly": nearly}) if nearly != NOTHING else rows
        fresh = 0
        for rank, (item_id, score, count) in enumerate(rows):
            fresh = count
            earlier = best.get(item_id)
            if earlier is None or earlier[0] < score:
                best[item_id] = (score, rank)
        total = max(total, fresh, len(best))
    ordered: Iterable[tuple[int, tuple[int, int]]] = sorted(best.items(), key=lambda pair: (-pair[1][0], pair[1][1]))
    return Hits(tuple((item_id, score) for item_id, (score, _) in ordered)[:limit], total)


class Spelling(msgspec.Struct, frozen=True):
    """What the vocabulary says of a query's words.

    Attributes:
        joints: places at which two words may be one.
        swapped: by word, it with two letters exchanged where that is a word.
        doubtful: numbers of the words that may be misspelt: of several only those that nothing begins with.
        unfinished: numbers of the words that may be beginnings: the last, and what is no word by itself.
    """

    joints: tuple[int, ...]
    swapped: tuple[tuple[str, ...], ...]
    doubtful: Sequence[int]
    unfinished: frozenset[int]


async def _known(read: Reader, words: Sequence[str]) -> Spelling:
    swaps = swaps_of(words)
    pairs = [(at, pair, 1) for at, pair in enumerate(_joined(words))]
    own = [(number, word, 1) for number, word in enumerate(words) if len(words) > 1 and mistakes_allowed(word)]
    finished = [(WHOLE + number, word, 0) for number, word in enumerate(words[:-1]) if len(word) >= ONE_OFF_FROM - 1]
    wishes = [*pairs, *swaps, *own, *finished]
    found = set(await store.known(read, wishes)) if wishes else set()
    swapped: list[list[str]] = [[] for _ in words]
    for number, word, _ in swaps:
        if (number, word) in found:
            swapped[number].append(word)
    return Spelling(
        joints=tuple(at for at, pair, _ in pairs if (at, pair) in found),
        swapped=tuple(tuple(dict.fromkeys(one)) for one in swapped),
        doubtful=[number for number, word in enumerate(words) if (number, word) not in found],
        unfinished=frozenset(number for number, word in enumerate(words) if (WHOLE + number, word) not in found),
    )


async def _nearly(read: Reader, words: Sequence[str], known: Spelling, doubtful: Iterable[int]) -> str:
    """The expression for words a letter or two off; it matches nothing when no word has a neighbour."""
    chosen = set(doubtful)
    variants = [list(known.swapped[number]) if number in chosen else [] for number in range(len(words))]
    wishes = wishes_for([word if number in chosen else "" for number, word in enumerate(words)])
    for number, word in await store.neighbours(read, wishes, MAX_CANDIDATES) if wishes else ():
        asked = words[number]
        others = variants[number]
        if word == asked or word in others or len(others) >= MAX_VARIANTS:
            continue
        # What only goes on where the query stops is found as a beginning already.
        if not word.startswith(asked) and edit_distance_at_most(asked, word, mistakes_allowed(asked)):
            others.append(word)
    return expression(words, begun=known.unfinished, variants=variants) if any(variants) else NOTHING
