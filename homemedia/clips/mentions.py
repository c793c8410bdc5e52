"""Whom a text names by `@name`: looked up among the members' names, whatever characters they hold. Pure."""

from collections.abc import Mapping

from homemedia.accounts.names import MAX_NAME, name_key

# A name ends before one of these only where more of a word follows: "@ann." names Ann, "@ann.b" does not.
_JOINING = frozenset(".-")


def mentioned(text: str, members: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of the members a text names, each once, in the order of their first naming.

    Of names that begin alike the longest one counts. What stands behind a letter or a digit (`me@ann.example`) names
    nobody.

    Args:
        text: what was written.
        members: ids by user name as `name_key` makes it.
    """
    found: dict[str, None] = {}
    at = text.find("@")
    while at >= 0:
        end = at + 1
        if not (at and _is_of_word(text[at - 1])):
            for longest in range(min(len(text), at + 1 + MAX_NAME), at + 1, -1):
                if not _ends_at(text, longest):
                    continue
                user_id = members.get(name_key(text[at + 1 : longest]))
                # Blanks at the ends are trimmed by the key, and belong to no name.
                if user_id is not None and not (text[at + 1].isspace() or text[longest - 1].isspace()):
                    found[user_id] = None
                    end = longest
                    break
        at = text.find("@", end)
    return tuple(found)


def _ends_at(text: str, end: int) -> bool:
    """Whether a word may end before a place in a text."""
    if end >= len(text):
        return True
    if text[end] in _JOINING:
        return not (end + 1 < len(text) and _is_of_word(text[end + 1]))
    return not _is_of_word(text[end])


def _is_of_word(char: str) -> bool:
    return char.isalnum() or char == "_"
