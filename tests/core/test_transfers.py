"""What is open is asked about again, and cut where the right is gone."""

import asyncio

from homemedia.core.http.transfers import Transfers
from homemedia.core.problems import NotFound, Unavailable


async def test_what_is_refused_is_cut_once_and_the_rest_goes_on() -> None:
    transfers, cut = Transfers(), []

    async def refused() -> bool:
        raise NotFound("There is no such thing.")

    async def allowed() -> bool:
        return True

    async def unsure() -> bool:
        raise Unavailable("Busy.")

    with (
        transfers.watch(whose="a", still=refused, cut=lambda: cut.append("refused")),
        transfers.watch(whose="a", still=allowed, cut=lambda: cut.append("allowed")),
        transfers.watch(whose="a", still=unsure, cut=lambda: cut.append("unsure")),
    ):
        await transfers.look_again("b")
        assert cut == []
        await transfers.look_again("a")
        await transfers.look_again()
        assert cut == ["refused"]
    assert transfers.count == 0


async def test_end_that_comes_by_itself_is_noticed() -> None:
    gone, is_cut = False, asyncio.Event()

    async def still() -> bool:
        return not gone

    async with Transfers(look_every_s=0.01) as transfers:
        with transfers.watch(whose="a", still=still, cut=is_cut.set):
            gone = True
            async with asyncio.timeout(5):
                await is_cut.wait()
