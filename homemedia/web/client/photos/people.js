// People on photos, and what can be done with them. Each acts at once and can be undone where that is possible.
import { address, api, invalidate } from '../api.js';
import { confirmDialog } from '../ui/dialog.js';
import { toast, toastError } from '../ui/toast.js';
import { readAgain } from './changes.js';
import { say } from './en.js';

const PEOPLE = '/api/people';

/** @typedef {{id: string, name: string, birthDate: string | null, thumbnailPath: string, isHidden: boolean, isFavorite: boolean, updatedAt: string}} Person */

/** The picture of somebody's face, or null. @param {Person} person */
export const portraitOf = (person) => (person.thumbnailPath ? address(`${PEOPLE}/${person.id}/thumbnail`, { v: person.updatedAt }) : null);

/** @param {Person} person */
export const nameOf = (person) => person.name || say.somebody;

async function done(ask) {
  try {
    const answer = await ask();
    invalidate(PEOPLE, '/api/assets', '/api/faces');
    return answer ?? true;
  } catch (error) {
    toastError(error);
    return null;
  }
}

/** Says something else of somebody. @param {Person} person @param {Partial<Person>} body @param {string} [words] of a toast with Undo */
export async function change(person, body, words) {
  const before = Object.fromEntries(Object.keys(body).map((key) => [key, person[key] ?? null]));
  const next = await done(() => api.put(`${PEOPLE}/${person.id}`, body));
  if (next && words) toast(words, { undo: () => done(() => api.put(`${PEOPLE}/${person.id}`, before)) });
  return next;
}

/** @param {Person[]} people @param {boolean} isHidden */
export async function hide(people, isHidden) {
  const put = (hidden) => done(() => api.put(PEOPLE, { people: people.map(({ id }) => ({ id, isHidden: hidden })) }));
  if (await put(isHidden)) toast(isHidden ? say.hidden(people.length, nameOf(people[0])) : say.shownAgain(people.length, nameOf(people[0])), { undo: () => put(!isHidden) });
}

/** Says that several are one; the first stays. @param {Person[]} people @returns {Promise<boolean>} */
export async function merge([stays, ...others]) {
  if (!(await confirmDialog({ heading: say.mergeTitle(others.length, nameOf(others[0]), nameOf(stays)), text: say.mergeText, action: say.merge }))) return false;
  const merged = await done(() => api.post(`${PEOPLE}/${stays.id}/merge`, { ids: others.map((one) => one.id) }));
  if (merged) {
    readAgain();
    toast(say.merged(nameOf(stays)));
  }
  return Boolean(merged);
}

/** @param {string} name @returns {Promise<Person | null>} */
export const create = (name) => done(() => api.post(PEOPLE, { name }));

/** Shows somebody by his face on this photo. @param {Person} person @param {{id: string}} photo */
export async function feature(person, photo) {
  const next = await done(() => api.put(`${PEOPLE}/${person.id}`, { featureFaceAssetId: photo.id }));
  if (next) toast(say.featured(nameOf(person)));
}

/** @param {string} photoId @returns {Promise<any[]>} */
export const facesOn = (photoId) => api.get('/api/faces', { id: photoId });

/** Boxes are shares of the picture, 0–1. @typedef {{x: number, y: number, width: number, height: number}} Box */

/** @param {any} face @returns {Box} */
export const boxOf = (face) => ({
  x: face.boundingBoxX1 / face.imageWidth,
  y: face.boundingBoxY1 / face.imageHeight,
  width: (face.boundingBoxX2 - face.boundingBoxX1) / face.imageWidth,
  height: (face.boundingBoxY2 - face.boundingBoxY1) / face.imageHeight,
});

/** @param {{id: string}} photo @param {Person} person @param {Box} box @param {{width: number, height: number}} size of the picture */
export function mark(photo, person, box, { width, height }) {
  const share = { x: Math.round(box.x * width), y: Math.round(box.y * height), width: Math.max(1, Math.round(box.width * width)), height: Math.max(1, Math.round(box.height * height)) };
  return done(() => api.post('/api/faces', { assetId: photo.id, personId: person.id, imageWidth: width, imageHeight: height, ...share }));
}

/** @param {any} face @param {Person} person */
export const giveFace = (face, person) => done(() => api.put(`/api/faces/${person.id}`, { id: face.id }));

/** @param {any} face */
export const unmark = (face) => done(() => api.delete(`/api/faces/${face.id}`, null, { body: { force: false } }));

/** These photos do not show him. @param {Person} person @param {{id: string}[]} photos */
export async function notHim(person, photos) {
  const gone = await done(async () => {
    const faces = (await Promise.all(photos.map((one) => facesOn(one.id)))).flat().filter((face) => face.person?.id === person.id);
    for (const face of faces) await api.delete(`/api/faces/${face.id}`, null, { body: { force: false } });
    return faces.length;
  });
  if (gone === null) return;
  readAgain();
  toast(say.notHimAnyMore(photos.length, nameOf(person)));
}
