"""A phone's app, as far as it keeps a database of its own up to date: it asks, stores, acknowledges (photos §9.14).

Its tables refer to each other as the real app's do, so a line that comes before what it refers to fails a test.
"""

import json
from collections.abc import Iterable
from typing import Any

from aiohttp.test_utils import TestClient

TYPES = (
    "AuthUsersV1",
    "UsersV1",
    "AssetsV2",
    "AssetExifsV1",
    "AssetEditsV1",
    "AssetMetadataV1",
    "AssetOcrV1",
    "PartnersV1",
    "PartnerAssetsV2",
    "PartnerAssetExifsV1",
    "AlbumsV2",
    "AlbumUsersV1",
    "AlbumAssetsV2",
    "AlbumAssetExifsV1",
    "AlbumToAssetsV1",
    "MemoriesV1",
    "MemoryToAssetsV1",
    "StacksV1",
    "PartnerStacksV1",
    "UserMetadataV1",
    "PeopleV1",
    "AssetFacesV2",
)
# Of each table: which fields name a row, and which refer to what other table.
KEYS: dict[str, tuple[str, ...]] = {
    "me": ("id",),
    "users": ("id",),
    "assets": ("id",),
    "exifs": ("assetId",),
    "metadata": ("assetId", "key"),
    "partners": ("sharedById", "sharedWithId"),
    "stacks": ("id",),
    "albums": ("id",),
    "album_users": ("albumId", "userId"),
    "album_assets": ("albumId", "assetId"),
    "memories": ("id",),
    "memory_assets": ("memoryId", "assetId"),
    "people": ("id",),
    "faces": ("id",),
    "settings": ("userId", "key"),
}
REFERS: dict[str, dict[str, str]] = {
    "assets": {"ownerId": "users"},
    "exifs": {"assetId": "assets"},
    "metadata": {"assetId": "assets"},
    "partners": {"sharedById": "users", "sharedWithId": "users"},
    "stacks": {"ownerId": "users", "primaryAssetId": "assets"},
    "albums": {"thumbnailAssetId": "assets"},
    "album_users": {"albumId": "albums", "userId": "users"},
    "album_assets": {"albumId": "albums", "assetId": "assets"},
    "memories": {"ownerId": "users"},
    "memory_assets": {"memoryId": "memories", "assetId": "assets"},
    "people": {"ownerId": "users"},
    "faces": {"assetId": "assets", "personId": "people"},
    "settings": {"userId": "users"},
}
TABLES: dict[str, str] = {
    "AuthUserV1": "me",
    "UserV1": "users",
    "AssetV2": "assets",
    "PartnerAssetV2": "assets",
    "PartnerAssetBackfillV2": "assets",
    "AlbumAssetCreateV2": "assets",
    "AlbumAssetUpdateV2": "assets",
    "AlbumAssetBackfillV2": "assets",
    "AssetExifV1": "exifs",
    "PartnerAssetExifV1": "exifs",
    "PartnerAssetExifBackfillV1": "exifs",
    "AlbumAssetExifCreateV1": "exifs",
    "AlbumAssetExifUpdateV1": "exifs",
    "AlbumAssetExifBackfillV1": "exifs",
    "AssetMetadataV1": "metadata",
    "PartnerV1": "partners",
    "StackV1": "stacks",
    "PartnerStackV1": "stacks",
    "PartnerStackBackfillV1": "stacks",
    "AlbumV2": "albums",
    "AlbumUserV1": "album_users",
    "AlbumUserBackfillV1": "album_users",
    "AlbumToAssetV1": "album_assets",
    "AlbumToAssetBackfillV1": "album_assets",
    "MemoryV1": "memories",
    "MemoryToAssetV1": "memory_assets",
    "PersonV1": "people",
    "AssetFaceV2": "faces",
    "UserMetadataV1": "settings",
}
GONE: dict[str, tuple[str, tuple[str, ...]]] = {
    "UserDeleteV1": ("users", ("userId",)),
    "AssetDeleteV1": ("assets", ("assetId",)),
    "PartnerAssetDeleteV1": ("assets", ("assetId",)),
    "AssetMetadataDeleteV1": ("metadata", ("assetId", "key")),
    "PartnerDeleteV1": ("partners", ("sharedById", "sharedWithId")),
    "StackDeleteV1": ("stacks", ("stackId",)),
    "PartnerStackDeleteV1": ("stacks", ("stackId",)),
    "AlbumDeleteV1": ("albums", ("albumId",)),
    "AlbumUserDeleteV1": ("album_users", ("albumId", "userId")),
    "AlbumToAssetDeleteV1": ("album_assets", ("albumId", "assetId")),
    "MemoryDeleteV1": ("memories", ("memoryId",)),
    "MemoryToAssetDeleteV1": ("memory_assets", ("memoryId", "assetId")),
    "PersonDeleteV1": ("people", ("personId",)),
    "AssetFaceDeleteV1": ("faces", ("assetFaceId",)),
}
Row = dict[str, Any]


class Phone:
    """An app with its database. `lines` are those of the last answer."""

    def __init__(self, client: TestClient[Any, Any], types: Iterable[str] = TYPES, *, token: str = "") -> None:
        self.client = client
        self.token = token
        # Without one the client's cookie counts.
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.types = list(types)
        self.tables: dict[str, dict[tuple[str, ...], Row]] = {name: {} for name in KEYS}
        self.lines: list[Row] = []

    async def ask(self, *, reset: bool = False) -> list[Row]:
        """The lines that it lacks, neither stored nor acknowledged."""
        headers = {"Accept": "application/jsonlines+json", **self.headers}
        body = {"types": self.types, "reset": reset}
        async with self.client.post("/api/sync/stream", json=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 200, text
            assert answer.content_type == "application/jsonlines+json"
        self.lines = [json.loads(line) for line in text.splitlines()]
        return self.lines

    async def acknowledge(self, lines: Iterable[Row]) -> None:
        """Say of each kind how far it has come."""
        last = {line["ack"].split("|")[0]: line["ack"] for line in lines}
        async with self.client.post(
            "/api/sync/ack", json={"acks": list(last.values())}, headers=self.headers
        ) as answer:
            assert answer.status == 204, await answer.text()

    async def sync(self) -> list[str]:
        """Come up to date; the kinds of the lines that came, without the last."""
        lines = await self.ask()
        assert lines[-1]["type"] == "SyncCompleteV1", lines[-1]
        for line in lines:
            self.store(line)
        await self.acknowledge(lines)
        return [line["type"] for line in lines[:-1]]

    def store(self, line: Row) -> None:
        """Put a line's row into its table."""
        kind, data = line["type"], line["data"]
        if kind in GONE:
            name, fields = GONE[kind]
            self._drop(name, tuple(data[field] for field in fields))
        elif kind in TABLES:
            name = TABLES[kind]
            for field, other in REFERS.get(name, {}).items():
                known = data[field] is None or (data[field],) in self.tables[other]
                assert known, f"{kind} came before the {field} it refers to: {data}"
            self.tables[name][tuple(data[field] for field in KEYS[name])] = data
        else:
            assert kind in {"SyncAckV1", "SyncCompleteV1"}, f"the app knows no {kind}"

    def ids(self, table: str) -> set[str]:
        """The ids in a table whose rows have one."""
        return {row["id"] for row in self.tables[table].values()}

    def row(self, table: str, *key: str) -> Row:
        return self.tables[table][key]

    def _drop(self, name: str, key: tuple[str, ...]) -> None:
        """With a row goes what refers to it."""
        if self.tables[name].pop(key, None) is None or len(key) > 1:
            return
        for other, fields in REFERS.items():
            for field, target in fields.items():
                if target != name or (other, field) in {("albums", "thumbnailAssetId"), ("faces", "personId")}:
                    continue
                for own, row in list(self.tables[other].items()):
                    if row[field] == key[0]:
                        self._drop(other, own)
