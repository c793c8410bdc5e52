// Albums and chosen pictures, given to members or by a link.
import { openShareDialog } from '../share/share-dialog.js';
import { say } from './en.js';

const thumbnail = (id) => (id ? `/api/assets/${encodeURIComponent(id)}/thumbnail` : null);

/** @param {{id: string, albumName: string, albumThumbnailAssetId: string | null}} album */
export const giveAlbum = (album) => openShareDialog({ type: 'collection', id: album.id, title: album.albumName || say.untitled, use: 'album', picture: thumbnail(album.albumThumbnailAssetId), page: `/photos/albums/${album.id}` });

/** One picture keeps whom it was given to; several are given as they are now. @param {import('./items.js').Photo[]} photos */
export async function givePhotos(photos) {
  const ids = photos.map((one) => one.id);
  const target = ids.length === 1 ? { type: 'media', id: ids[0] } : { type: 'media_set', ids };
  await openShareDialog({ ...target, title: say.theseOf(ids.length), use: 'photos', picture: thumbnail(ids[0]) });
}
