"""Whether what answers at a port is a HomeMedia, perhaps another user's."""

import json
import urllib.error
import urllib.request
from typing import Any

LIMIT_S = 3.0
MAX_BYTES = 1 << 16


def household_at(url: str) -> str | None:
    """The name of the household that answers there; None where another program does, or nobody. Blocking, 3 s."""
    # Never by a proxy of the environment: it is this machine that is asked.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/api/health", timeout=LIMIT_S) as answer:
            text = answer.read(MAX_BYTES)
    except urllib.error.HTTPError as err:
        # A sick server says 503, with the same words.
        with err:
            text = err.read(MAX_BYTES)
    except (OSError, ValueError):
        return None
    return name_in(text)


def name_in(text: bytes) -> str | None:
    """The household's name in what `/api/health` of a HomeMedia answers; None of anything else."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        return None
    is_ours = {"status", "version", "public_key", "server", "database"} <= found.keys()
    return found["name"] or "HomeMedia" if is_ours else None
