"""The picture a provider has of somebody new, fetched after he has come in; not from inside of the house."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec

from homemedia.accounts.avatars.service import AvatarService
from homemedia.accounts.store import known_by_id
from homemedia.core.db import Database
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.problems import AppError

_log = logging.getLogger(__name__)

JOB = "oidc-picture"
KINDS = frozenset({"jpeg", "png", "webp", "avif"})
# Bytes and type of the picture at an address.
Fetch = Callable[[str], Awaitable[tuple[bytes, str]]]


class Wanted(msgspec.Struct, frozen=True):
    """Where the picture of a member lies."""

    url: str


class PictureCopier:
    """Carries out the jobs that making a member leaves behind."""

    def __init__(self, db: Database, avatars: AvatarService, fetch: Fetch) -> None:
        self._db = db
        self._avatars = avatars
        self._fetch = fetch

    def register(self, jobs: Jobs) -> None:
        jobs.register(JOB, "online", self._copy)

    async def _copy(self, run: JobRun) -> None:
        known = await known_by_id(self._db.read, run.key)
        if known is None or known.member.avatar_changed_at is not None:
            return
        try:
            body, _ = await self._fetch(run.payload(Wanted).url)
            await self._avatars.take(known.member, _once(body), KINDS)
        except AppError as err:
            _log.info("the provider's picture of %s is left out: %s", known.member.username, err.message)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
