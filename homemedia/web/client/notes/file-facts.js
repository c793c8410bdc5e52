// What is known of a block's file, and where its bytes and pictures are asked for.
import { percent } from '../format.js';
import { say } from './en.js';

const PICTURED = new Set(['image', 'video']);

/** Whether there is a picture of it: of what it shows, or a song's cover, or a document's first page. @param {any} file */
export const hasPicture = (file) => Boolean(file?.available && file.thumbnails?.some((one) => one.status === 'ready' && one.type !== 'animated'));

/** What stands behind the dot. @param {string} name */
export const endingOf = (name) => /\.([^.]{1,4})$/.exec(name ?? '')?.[1] ?? '';

const told = (block, way, name) => `/api/file/${block.block_id}/${way}/${name}?v=${block.file.hash}`;

/**
 * The address of a still picture of it; null where there can be none.
 * @param {any} block as lists show it @param {'small' | 'medium' | 'large'} size
 */
export const thumbnailOf = (block, size) => (block.file?.available && (PICTURED.has(block.file.kind) || (block.file.kind !== 'audio' && hasPicture(block.file))) ? told(block, `thumbnail/${size}`, 'picture.webp') : null);

/** The cover of a song, the first page of a document; null where there is none. */
export const coverOf = (block) => (hasPicture(block.file) ? told(block, 'thumbnail/medium', 'cover.webp') : null);

/** How it stands with a file on its way. @param {import('./upload.js').Upload} upload */
export const stateOf = (upload) => ({ waiting: upload.why ?? say.waitsItsTurn, reading: say.reading, sending: percent(upload.part), paused: say.paused, lost: say.lost, failed: upload.error?.message })[upload.state] ?? '';

/** A moving one of a film, or of a picture that moves itself; null where nothing moves. */
export const movingOf = (block) => (block.file?.available && (block.file.kind === 'video' || /gif|apng/.test(block.file.mime)) ? told(block, 'animated_thumbnail/medium', 'picture.webp') : null);

/** A film at a moment of it. @param {any} block @param {number} part 0–1 */
export const momentOf = (block, part) => told(block, 'video_thumbnail/large', `${Math.round(part * 100)}p`);
