// Groups of photos that look alike: what is better of which, and what becomes of them. The first half is pure.
import { api } from '../api.js';
import { count, join, size } from '../format.js';
import { toast, toastError } from '../ui/toast.js';
import { readAgain, tell } from './changes.js';
import { say } from './en.js';

const MEGA = 1e6;

/** @typedef {{duplicateId: string, assets: any[], suggestedKeepAssetIds: string[]}} Group */

const pixelsOf = (asset) => (asset.width ?? 0) * (asset.height ?? 0);
const bytesOf = (asset) => asset.exifInfo?.fileSizeInByte ?? 0;

/** What each of a group has more of than all others: ids by what. @param {Group} group @returns {{pixels: string | null, bytes: string | null}} */
export function bestOf({ assets }) {
  const best = (of) => {
    const most = Math.max(...assets.map(of));
    const those = assets.filter((one) => of(one) === most);
    return those.length === 1 ? those[0].id : null;
  };
  return { pixels: best(pixelsOf), bytes: best(bytesOf) };
}

/** "12 MP · 4000 × 3000". */
export const sizeWords = (asset) => (pixelsOf(asset) ? join(asset.type === 'IMAGE' ? `${Math.max(0.1, Math.round(pixelsOf(asset) / MEGA * 10) / 10)} MP` : '', `${asset.width} × ${asset.height}`) : '');

/** "2.9 MB · JPG". */
export const fileWords = (asset) => join(bytesOf(asset) ? size(bytesOf(asset)) : '', asset.originalFileName.split('.').at(-1).toUpperCase());

/** Bytes that would be free without them. @param {any[]} assets */
export const bytesOfAll = (assets) => assets.reduce((sum, one) => sum + bytesOf(one), 0);

/** Those of a group that are suggested to go. @param {Group} group */
export const spare = (group) => group.assets.filter((one) => !group.suggestedKeepAssetIds.includes(one.id));

const put = (ids, body) => api.put('/api/assets', { ids, ...body });

/** Marks groups as groups once more. @param {Group[]} groups */
async function regroup(groups) {
  for (const { duplicateId, assets } of groups) await put(assets.map((one) => one.id), { duplicateId });
}

/**
 * Some go to the trash, the others are no longer told of as alike.
 * @param {{group: Group, go: string[]}[]} settled @param {(groups: Group[]) => void} back what to do with them when it is taken back
 */
export async function settle(settled, back) {
  const groups = settled.map((one) => one.group);
  const ids = settled.flatMap((one) => one.go);
  const undo = async () => {
    back(groups);
    try {
      if (ids.length) await api.post('/api/trash/restore/assets', { ids });
      await regroup(groups);
    } catch (error) {
      toastError(error);
    }
    readAgain();
  };
  if (ids.length) tell({ ids: new Set(ids), now: { isTrashed: true } });
  try {
    await api.delete('/api/duplicates', null, { body: { ids: groups.map((one) => one.duplicateId) } });
    if (ids.length) await api.delete('/api/assets', null, { body: { ids } });
    toast(ids.length ? say.trashed(ids.length, count(ids.length)) : say.allKept, { undo });
  } catch (error) {
    back(groups);
    toastError(error);
  }
  readAgain();
}

/** They are one thing: stacked, the suggested one on top, and no longer told of as alike. @param {Group} group @param {(groups: Group[]) => void} back */
export async function pile(group, back) {
  const rest = spare(group);
  const ids = [...group.assets.filter((one) => !rest.includes(one)), ...rest].map((one) => one.id);
  try {
    const made = await api.post('/api/stacks', { assetIds: ids });
    await api.delete('/api/duplicates', null, { body: { ids: [group.duplicateId] } });
    const undo = async () => {
      back([group]);
      try {
        await api.delete('/api/stacks', null, { body: { ids: [made.id] } });
        await regroup([group]);
      } catch (error) {
        toastError(error);
      }
      readAgain();
    };
    toast(say.stacked(ids.length, count(ids.length)), { undo });
  } catch (error) {
    back([group]);
    toastError(error);
  }
  readAgain();
}
