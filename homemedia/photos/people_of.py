"""Members as the photo API shows them to others, for answers that name several."""

from homemedia.accounts.models import MemberState
from homemedia.accounts.photo_account import store
from homemedia.accounts.photo_account.wire import PublicUser, public_user
from homemedia.core.db import Reader

Known = dict[str, PublicUser]


async def members(read: Reader) -> Known:
    """Everybody in the house, by id; who may not come in is left out."""
    return {
        account.member.user_id: public_user(account)
        for account in await store.accounts(read)
        if account.member.state is MemberState.ACTIVE
    }
