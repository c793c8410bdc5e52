// Every call of the photo API that this server offers, as the client library makes it. Prints what each answered:
// [name of the function, status, answer]. The library itself throws on what it cannot read.
const [file, baseUrl, email, password, ...pictures] = process.argv.slice(2);
const { readFile } = await import('node:fs/promises');
const { basename } = await import('node:path');
const sdk = await import(file);
const seen = [];

async function call(name, given, ...more) {
  try {
    let answer = await sdk[name](...(given === undefined ? more : [given, ...more]));
    if (answer instanceof Blob) answer = { bytes: answer.size };
    seen.push([name, 200, answer ?? null]);
    return answer;
  } catch (error) {
    if (!error.status) throw new Error(`${name}: ${error.stack}`);
    seen.push([name, error.status, error.data ?? null]);
    return undefined;
  }
}

sdk.init({ baseUrl });
for (const name of ['pingServer', 'getServerVersion', 'getServerFeatures', 'getServerConfig', 'getSupportedMediaTypes', 'getVersionHistory', 'getPublicConfig']) await call(name);
const { accessToken } = await call('login', { loginCredentialDto: { email, password } });
sdk.init({ baseUrl, headers: { Authorization: `Bearer ${accessToken}` } });
const me = await call('getMyUser');

const ids = [];
for (const path of pictures) {
  const assetData = new File([await readFile(path)], basename(path));
  const at = '2024-03-05T10:00:00.000Z';
  const made = await call('uploadAsset', { assetMediaCreateDto: { assetData, fileCreatedAt: at, fileModifiedAt: at, filename: basename(path) } });
  ids.push(made.id);
}
const [first, second, third] = ids;
for (let tries = 0; tries < 300; tries++) {
  const asset = await sdk.getAssetInfo({ id: ids.at(-1) });
  const queues = await sdk.getQueuesLegacy();
  if (asset.resized && queues.metadataExtraction.jobCounts.waiting + queues.metadataExtraction.jobCounts.active === 0) break;
  await new Promise((done) => setTimeout(done, 100));
}
await call('checkBulkUpload', { assetBulkUploadCheckDto: { assets: [{ id: 'a', checksum: '0'.repeat(40) }] } });

// Members
const ben = await call('createUserAdmin', { userAdminCreateDto: { email: 'ben@example.org', password: 'correct horse', name: 'Ben' } });
for (const name of ['searchUsers', 'getMyPreferences', 'getAuthStatus', 'validateAccessToken', 'getSessions', 'getApiKeys', 'getUserOnboarding']) await call(name);
await call('searchUsersAdmin', {});
await call('getUser', { id: ben.id });
await call('getUserAdmin', { id: ben.id });
await call('getUserStatisticsAdmin', { id: ben.id });
await call('getUserPreferencesAdmin', { id: ben.id });
await call('getUserSessionsAdmin', { id: ben.id });
const key = await call('createApiKey', { apiKeyCreateDto: { permissions: ['all'], name: 'x' } });
await call('getApiKey', { id: key.apiKey.id });

// Pictures
await call('getAssetInfo', { id: first });
await call('updateAsset', { id: first, updateAssetDto: { description: 'At the sea', rating: 4, latitude: 41.9, longitude: 12.5, isFavorite: true } });
await call('updateAssets', { assetBulkUpdateDto: { ids: [second], isFavorite: true } });
await call('getAssetStatistics', {});
await call('viewAsset', { id: first, size: 'thumbnail' });
await call('viewAsset', { id: first, size: 'preview' });
await call('downloadAsset', { id: first });
await call('getAssetMetadata', { id: first });
await call('updateAssetMetadata', { id: first, assetMetadataUpsertDto: { items: [{ key: 'mobile-app', value: { iCloudId: 'x' } }] } });
await call('getAssetMetadataByKey', { id: first, key: 'mobile-app' });
await call('updateBulkAssetMetadata', { assetMetadataBulkUpsertDto: { items: [{ assetId: second, key: 'mobile-app', value: { a: 1 } }] } });
await call('deleteBulkAssetMetadata', { assetMetadataBulkDeleteDto: { items: [{ assetId: second, key: 'mobile-app' }] } });
await call('deleteAssetMetadata', { id: first, key: 'mobile-app' });
await call('getAssetOcr', { id: first });
await call('getAssetEdits', { id: first });
await call('runAssetJobs', { assetJobsDto: { assetIds: [first], name: 'refresh-metadata' } });
await call('copyAsset', { assetCopyDto: { sourceId: first, targetId: second } });

// Timeline and search
const buckets = await call('getTimeBuckets', {});
await call('getTimeBuckets', { withStacked: true, withPartners: true, visibility: 'timeline' });
await call('getTimeBucket', { timeBucket: buckets[0].timeBucket, withStacked: true });
await call('searchAssets', { metadataSearchDto: { withExif: true, withPeople: true, withStacked: true } });
await call('searchSmart', { smartSearchDto: { query: 'sea' } });
await call('searchRandom', { randomSearchDto: { size: 2, withPeople: true } });
await call('searchAssetStatistics', { statisticsSearchDto: {} });
await call('searchLargeAssets', { minFileSize: 1 });
await call('getSearchSuggestions', { $type: 'country' });
await call('getSearchSuggestions', { $type: 'camera-make', includeNull: true });
await call('getExploreData');
await call('getAssetsByCity');
await call('searchPerson', { name: 'a' });
await call('searchPlaces', { name: 'Rome' });
await call('getMapMarkers', {});
await call('reverseGeocode', { lat: 41.9, lon: 12.5 });
await call('getUniqueOriginalPaths');
await call('getAssetsByOriginalPath', { path: 'photos' });

// Albums, partners
const album = await call('createAlbum', { createAlbumDto: { albumName: 'Trip', assetIds: [first], albumUsers: [{ userId: ben.id, role: 'editor' }] } });
await call('getAllAlbums', {});
await call('getAllAlbums', { isShared: true });
await call('getAllAlbums', { assetId: first });
await call('getAlbumInfo', { id: album.id });
await call('updateAlbumInfo', { id: album.id, updateAlbumDto: { description: 'x', order: 'asc', isActivityEnabled: true } });
await call('addAssetsToAlbum', { id: album.id, bulkIdsDto: { ids: [first, second] } });
await call('addAssetsToAlbums', { albumsAddAssetsDto: { albumIds: [album.id], assetIds: [third] } });
await call('removeAssetFromAlbum', { id: album.id, bulkIdsDto: { ids: [third] } });
await call('getAlbumStatistics');
await call('getAlbumMapMarkers', { id: album.id });
await call('updateAlbumUser', { id: album.id, userId: ben.id, updateAlbumUserDto: { role: 'viewer' } });
await call('createActivity', { activityCreateDto: { albumId: album.id, assetId: first, type: 'comment', comment: 'Nice' } });
await call('createActivity', { activityCreateDto: { albumId: album.id, type: 'like' } });
const talk = await call('getActivities', { albumId: album.id });
await call('getActivityStatistics', { albumId: album.id, assetId: first });
await call('deleteActivity', { id: talk[0].id });
await call('removeUserFromAlbum', { id: album.id, userId: ben.id });
await call('addUsersToAlbum', { id: album.id, addUsersDto: { albumUsers: [{ userId: ben.id }] } });
await call('createPartner', { partnerCreateDto: { sharedWithId: ben.id } });
await call('getPartners', { direction: 'shared-by' });
await call('removePartner', { id: ben.id });

// Tags, stacks, people, memories
const [tag] = await call('upsertTags', { tagUpsertDto: { tags: ['Places/Rome'] } });
const sea = await call('createTag', { tagCreateDto: { name: 'Sea', color: '#00ff00' } });
await call('getAllTags');
await call('getTagById', { id: tag.id });
await call('updateTag', { id: tag.id, tagUpdateDto: { color: '#ff0000' } });
await call('tagAssets', { id: tag.id, bulkIdsDto: { ids: [first] } });
await call('bulkTagAssets', { tagBulkAssetsDto: { tagIds: [sea.id], assetIds: [first, second] } });
await call('untagAssets', { id: sea.id, bulkIdsDto: { ids: [second] } });
const stack = await call('createStack', { stackCreateDto: { assetIds: [first, second] } });
await call('searchStacks', {});
await call('getStack', { id: stack.id });
await call('updateStack', { id: stack.id, stackUpdateDto: { primaryAssetId: second } });
await call('getAssetInfo', { id: first });
await call('deleteStack', { id: stack.id });
const ann = await call('createPerson', { personCreateDto: { name: 'Ann', birthDate: '2001-02-03' } });
const eve = await call('createPerson', { personCreateDto: { name: 'Eve' } });
await call('createFace', { assetFaceCreateDto: { assetId: first, personId: ann.id, imageWidth: 100, imageHeight: 100, x: 10, y: 10, width: 40, height: 40 } });
const faces = await call('getFaces', { id: first });
await call('getAllPeople', { withHidden: true });
await call('getPerson', { id: ann.id });
await call('getPersonStatistics', { id: ann.id });
await call('updatePerson', { id: ann.id, personUpdateDto: { isFavorite: true } });
await call('updatePeople', { peopleUpdateDto: { people: [{ id: ann.id, isHidden: false }] } });
await call('reassignFacesById', { id: eve.id, faceDto: { id: faces[0].id } });
await call('getAssetInfo', { id: first });
await call('mergePersonLegacy', { id: ann.id, mergePersonDto: { ids: [eve.id] } });
await call('getPersonThumbnail', { id: ann.id });
await call('deleteFace', { id: faces[0].id, assetFaceDeleteDto: { force: true } });
await call('deletePerson', { id: ann.id });
const memory = await call('createMemory', { memoryCreateDto: { type: 'on_this_day', data: { year: 2019 }, memoryAt: '2024-03-05T00:00:00.000Z', assetIds: [first] } });
await call('searchMemories', {});
await call('memoriesStatistics', {});
await call('getMemory', { id: memory.id });
await call('updateMemory', { id: memory.id, memoryUpdateDto: { isSaved: true } });
await call('addMemoryAssets', { id: memory.id, bulkIdsDto: { ids: [second] } });
await call('removeMemoryAssets', { id: memory.id, bulkIdsDto: { ids: [second] } });
await call('deleteMemory', { id: memory.id });
await call('getAssetDuplicates');

// Downloads, trash
await call('getDownloadInfo', { downloadInfoDto: { assetIds: [first, second] } });
await call('downloadArchive', { downloadArchiveDto: { assetIds: [first, second] } });
await call('deleteAssets', { assetBulkDeleteDto: { ids: [third] } });
await call('restoreAssets', { bulkIdsDto: { ids: [third] } });
await call('deleteAssets', { assetBulkDeleteDto: { ids: [third] } });
await call('restoreTrash');
await call('emptyTrash');

// The server, jobs, sync
for (const name of ['getAboutInfo', 'getStorage', 'getServerStatistics', 'getVersionCheck', 'getApkLinks', 'getConfig', 'getConfigDefaults', 'getAdminConfig', 'getUserConfig', 'getAdminOnboarding', 'getQueuesLegacy', 'getSyncAck']) await call(name);
await call('updateConfig', { adminConfigDto: await sdk.getConfig(), systemConfigDto: await sdk.getConfig() });
await call('runQueueCommandLegacy', { name: 'library', queueCommandDto: { command: 'pause' } });
await call('runQueueCommandLegacy', { name: 'library', queueCommandDto: { command: 'resume' } });
await call('createJob', { jobCreateDto: { name: 'memory-create' } });
await call('sendSyncAck', { syncAckSetDto: { acks: [] } });
await call('deleteSyncAck', { syncAckDeleteDto: {} });
await call('deleteTag', { id: tag.id });
await call('deleteAlbum', { id: album.id });
console.log(JSON.stringify(seen));
