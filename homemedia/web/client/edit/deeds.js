// What changes things, and the way back from each of them.
import { ApiError, api, invalidate } from '../api.js';
import { count } from '../format.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';

const TOUCHED = ['/api/media', '/api/libraries', '/api/home/library', '/api/discover', '/api/search', '/api/continue-watching', '/api/cast', '/api/watchlist'];

/** Everything that may show what was edited is read anew. */
export const settle = () => invalidate(...TOUCHED);

/** @param {string} id of the edit @returns {Promise<boolean>} whether it is as before */
export async function undo(id) {
  try {
    const { restored } = await api.post(`/api/home/library/edits/${id}/undo`);
    toast(restored > 1 ? say.undoneMany(restored, count(restored)) : say.undone);
    return true;
  } catch (error) {
    if (error.code === 'already_undone') toast(say.already);
    else toastError(error);
    return false;
  } finally {
    settle();
  }
}

/** Says what was done, with the way back. @param {string} text @param {string | null | undefined} editId @param {() => void} [after] when it was undone */
export function done(text, editId, after = () => {}) {
  settle();
  return toast(text, editId ? { undo: () => undo(editId).then((is) => is && after()) } : {});
}

/** Asks TMDb once more about a thing that is matched. @param {{id: string, title: string}} item */
export async function refresh(item) {
  try {
    const { editId } = await api.post(`/api/match/${item.id}/refresh`);
    done(say.refreshed(item.title), editId);
  } catch (error) {
    toastError(error);
  }
}

/**
 * Sends a picture and tells how far it is; fetch cannot tell.
 * @param {string} path @param {Blob} picture @param {(share: number) => void} progress 0–1
 * @returns {Promise<any>} the answer
 */
export function upload(path, picture, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const failed = (status, body) => reject(new ApiError(status, body));
    request.open('POST', path);
    request.responseType = 'json';
    request.setRequestHeader('Content-Type', picture.type || 'application/octet-stream');
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener('load', () => (request.status < 300 ? resolve(request.response) : failed(request.status, request.response ?? {})));
    request.addEventListener('error', () => failed(0, { code: 'offline', message: say.uploadFailed }));
    request.send(picture);
  });
}

/** Where pictures of a thing are sent. @param {string} key rating key @param {'thumb' | 'art'} kind */
export const uploadPath = (key, kind) => `/api/home/library/artwork/${key}/${kind}`;
