"""Finding by words: what of an item goes into the index, and how a query is read.

A word of the query matches a whole word, the beginning of one, or one that is a letter or two off. Which items a member
sees is `visible.py`'s, what a result looks like `browse_wire.py`'s matter.
"""

import itertools
import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.core.db import Reader, Write
from homemedia.library import search_store as store
from homemedia.library.naming.normal import CJK_RUN, edit_distance_at_most, normalise
from homemedia.library.naming.sorting import LEADING_ARTICLES
from homemedia.library.visible import Visible

ENOUGH = 1000
MAX_QUERY = 200
MAX_WORDS = 12
MAX_VARIANTS = 12
MAX_CANDIDATES = 400
GRAM_LETTERS = 3
# A word with fewer letters must be spelt right; from the second number on two letters may be wrong.
ONE_OFF_FROM, TWO_OFF_FROM = 5, 8
MAX_LETTERS = 40
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
    ids = msgspec.json.encode(list(item_ids)).decode()
    await tx.call(lambda connection: store.forget(connection, ids))


def _index(connection: sqlite3.Connection, item_ids: Sequence[int]) -> None:
    ids = msgspec.json.encode(list(item_ids)).decode()
    documents = [document(texts) for texts in store.load_texts(connection, ids)]
    store.forget(connection, ids)
    vocabulary = frozenset[str]().union(*(one.vocabulary for one in documents))
    store.add(connection, documents, {word: grams(word) for word in vocabulary})


def document(texts: store.Texts) -> store.Document:
    """What the index keeps of an item."""
    title = words_of(texts.title)
    others = [words_of(text) for text in (texts.original_title, texts.collection) if text]
    people = sorted({word for name in texts.people for word in words_of(name)})
    keys = {key for text in (texts.title, texts.original_title) if text for key in keys_of(text)}
    more = [word for words in others for word in words]
    joined = [pair for words in (title, *others) for pair in _joined(words)]
    return store.Document(
        item_id=texts.item_id,
        title=" ".join(title),
        other_titles=" ".join([*more, *joined]),
        people=" ".join(people),
        keys=tuple(sorted(keys)),
        vocabulary=frozenset(word for word in (*title, *more, *people) if _may_be_misspelt(word)),
    )


def words_of(text: str) -> list[str]:
    """Normalised words in order; runs of Chinese or Japanese become overlapping pairs and their last character."""
    words: list[str] = []
    for word in normalise(text).split():
        words.extend(_pieces(word, is_query=False))
    return words


def keys_of(text: str) -> list[str]:
    """The whole title without blanks, and the same without a leading article."""
    words = normalise(text).split()
    keys = ["".join(words)]
    if len(words) > 1 and words[0] in LEADING_ARTICLES:
        keys.append("".join(words[1:]))
    return [key for key in keys if key]


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
    return [left + right for left, right in itertools.pairwise(words) if left.isascii() and right.isascii()]


def _may_be_misspelt(word: str) -> bool:
    return ONE_OFF_FROM - 1 <= len(word) <= MAX_LETTERS and not CJK_RUN.search(word)


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
    pieces = [piece for word in words for piece in _pieces(word, is_query=True)]
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


def swaps_of(words: Sequence[str]) -> list[tuple[int, str]]:
    """Each word that may be misspelt with two neighbouring letters exchanged, the commonest slip of all."""
    return [
        (number, word[:at] + word[at + 1] + word[at] + word[at + 2 :])
        for number, word in enumerate(words)
        if mistakes_allowed(word) and len(word) <= MAX_LETTERS
        for at in range(len(word) - 1)
        if word[at] != word[at + 1]
    ]


def expression(words: Sequence[str], *, begun: bool, variants: Sequence[Sequence[str]] = ()) -> str:
    """All words as an FTS5 expression; neighbours may be written as one.

    Args:
        words: normalised, at least one.
        begun: the beginning of a word counts too.
        variants: for each word other spellings that count as well.
    """
    star = " *" if begun else ""
    others = variants or [()] * len(words)

    def one(word: str, spellings: Sequence[str] = ()) -> str:
        choices = [f'"{word}"{star}', *(f'"{spelling}"' for spelling in spellings)]
        return choices[0] if len(choices) == 1 else f"({' OR '.join(choices)})"

    ways = [" AND ".join(one(word, others[number]) for number, word in enumerate(words))]
    for at in range(len(words) - 1):
        if words[at].isascii() and words[at + 1].isascii():
            merged = [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]
            ways.append(" AND ".join(one(word) for word in merged))
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
        nearly = await _nearly(read, asked.words)
        titles = "{title other_titles} : "
        args = {
            "key": asked.key,
            "bare_key": asked.bare_key,
            "key_end": asked.key + "\U0010ffff",
            "whole": f"{titles}({expression(asked.words, begun=False)})",
            "begun": f"{titles}({expression(asked.words, begun=True)})",
            "anywhere": expression(asked.words, begun=True),
            "nearly": nearly,
            "enough": ENOUGH,
            "year": asked.year,
            "kind": kind,
            "library_id": library_id,
            "limit": limit,
        }
        rows = await store.hits(read, visible, args)
        fresh = 0
        for rank, (item_id, score, count) in enumerate(rows):
            fresh = count
            known = best.get(item_id)
            if known is None or known[0] < score:
                best[item_id] = (score, rank)
        total = max(total, fresh, len(best))
    ordered: Iterable[tuple[int, tuple[int, int]]] = sorted(best.items(), key=lambda pair: (-pair[1][0], pair[1][1]))
    return Hits(tuple((item_id, score) for item_id, (score, _) in ordered)[:limit], total)


async def _nearly(read: Reader, words: Sequence[str]) -> str:
    """The expression for words a letter or two off; one that matches nothing when no word has a neighbour."""
    wishes = wishes_for(words)
    if not wishes:
        return NOTHING
    variants: list[list[str]] = [[] for _ in words]
    for number, word in await store.swapped(read, swaps_of(words)):
        variants[number].append(word)
    for number, word in await store.neighbours(read, wishes, MAX_CANDIDATES):
        asked = words[number]
        known = variants[number]
        if word == asked or word in known or len(known) >= MAX_VARIANTS:
            continue
        if edit_distance_at_most(asked, word, mistakes_allowed(asked)):
            known.append(word)
    return expression(words, begun=True, variants=variants) if any(variants) else NOTHING
