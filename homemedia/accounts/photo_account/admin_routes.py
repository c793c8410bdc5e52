"""HTTP of the accounts for administrators, as the photo API's clients ask for it."""

from homemedia.accounts.members import MemberService
from homemedia.accounts.models import Admin
from homemedia.accounts.photo_account.accounts import PhotoAccountService
from homemedia.accounts.photo_account.preferences import (
    PhotoPreferencesAnswer,
    PhotoPreferencesBody,
    PhotoPreferenceService,
)
from homemedia.accounts.photo_account.wire import (
    AccountBody,
    AccountsQuery,
    AssetStatistics,
    NewAccountBody,
    RemovalBody,
    UserAdmin,
    account_change,
    new_account,
    statistics,
    user_admin,
)
from homemedia.accounts.wire import SessionCard, session_card
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes

CREATED = 201
NOTHING_SAID = RemovalBody()


class PhotoAdminRoutes:
    """The photo API's administration of members; watch's stands beside it, on the same table."""

    routes = Routes("accounts", prefix="/api/admin/users", family=Family.PHOTOS)

    def __init__(
        self, accounts: PhotoAccountService, preferences: PhotoPreferenceService, members: MemberService
    ) -> None:
        self._accounts = accounts
        self._preferences = preferences
        self._members = members

    @routes.get("", permission="adminUser.read")
    async def list_users(self, actor: Admin, query: AccountsQuery) -> list[UserAdmin]:  # noqa: ARG002 - any administrator may
        """List the accounts, with those that were removed lately if asked for."""
        user_id = None if query.id is None else checked_uuid(query.id)
        found = await self._accounts.all(user_id=user_id, with_removed=query.with_deleted)
        return [user_admin(one) for one in found]

    @routes.post("", status=CREATED, permission="adminUser.create")
    async def add_user(self, actor: Admin, body: NewAccountBody) -> UserAdmin:
        """Make an account."""
        return user_admin(await self._accounts.add(new_account(body), by=actor))

    @routes.get("/{id}", permission="adminUser.read")
    async def get_user(self, actor: Admin, id: str) -> UserAdmin:  # noqa: ARG002 - any administrator may
        """Show an account, also one that was removed lately."""
        return user_admin(await self._accounts.get(checked_uuid(id), with_removed=True))

    @routes.put("/{id}", permission="adminUser.update")
    async def change_user(self, actor: Admin, id: str, body: AccountBody) -> UserAdmin:
        """Change an account; fields that are left out stay."""
        return user_admin(await self._accounts.change(checked_uuid(id), account_change(body), by=actor))

    @routes.delete("/{id}", permission="adminUser.delete")
    async def remove_user(self, actor: Admin, id: str, body: RemovalBody = NOTHING_SAID) -> UserAdmin:
        """Remove an account; what it owned is dropped after a week, or at once."""
        return user_admin(await self._accounts.remove(checked_uuid(id), by=actor, at_once=body.force))

    @routes.post("/{id}/restore", permission="adminUser.delete")
    async def restore_user(self, actor: Admin, id: str) -> UserAdmin:  # noqa: ARG002 - any administrator may
        """Take a removed member back."""
        return user_admin(await self._accounts.restore(checked_uuid(id)))

    @routes.get("/{id}/preferences", permission="adminUser.read")
    async def get_preferences(self, actor: Admin, id: str) -> PhotoPreferencesAnswer:  # noqa: ARG002 - any administrator may
        """Show a member's preferences."""
        account = await self._accounts.get(checked_uuid(id), with_removed=True)
        return await self._preferences.of(account.member.user_id)

    @routes.put("/{id}/preferences", permission="adminUser.update")
    async def put_preferences(
        self,
        actor: Admin,  # noqa: ARG002 - any administrator may
        id: str,
        body: PhotoPreferencesBody,
    ) -> PhotoPreferencesAnswer:
        """Change a member's preferences; what is left out stays."""
        account = await self._accounts.get(checked_uuid(id))
        return await self._preferences.change(account.member.user_id, body)

    @routes.get("/{id}/statistics", permission="adminUser.read")
    async def get_statistics(self, actor: Admin, id: str) -> AssetStatistics:  # noqa: ARG002 - any administrator may
        """Count what a member has."""
        account = await self._accounts.get(checked_uuid(id), with_removed=True)
        return statistics(await self._accounts.counts(account.member.user_id))

    @routes.get("/{id}/sessions", permission="adminSession.read")
    async def list_sessions(self, actor: Admin, id: str) -> list[SessionCard]:
        """List the devices that are signed in as a member, the one used last first."""
        account = await self._accounts.get(checked_uuid(id))
        found = await self._members.sessions_of(account.member.user_id)
        return [session_card(one, current=actor.session_id) for one in found]
