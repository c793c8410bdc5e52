// What is known of a block's file, and where its bytes and pictures are asked for.

const PICTURED = new Set(['image', 'video']);

/** What stands behind the dot. @param {string} name */
export const endingOf = (name) => /\.([^.]{1,4})$/.exec(name ?? '')?.[1] ?? '';

const told = (block, way, name) => `/api/file/${block.block_id}/${way}/${name}?v=${block.file.hash}`;

/**
 * The address of a still picture of it; null where there can be none.
 * @param {any} block as lists show it @param {'small' | 'medium' | 'large'} size
 */
export const thumbnailOf = (block, size) => (block.file?.available && PICTURED.has(block.file.kind) ? told(block, `thumbnail/${size}`, 'picture.webp') : null);

/** The cover that a song may hold. */
export const coverOf = (block) => told(block, 'thumbnail/medium', 'cover.webp');

/** A moving one of a film, or of a picture that moves itself; null where nothing moves. */
export const movingOf = (block) => (block.file?.available && (block.file.kind === 'video' || /gif|apng/.test(block.file.mime)) ? told(block, 'animated_thumbnail/medium', 'picture.webp') : null);

/** A film at a moment of it. @param {any} block @param {number} part 0–1 */
export const momentOf = (block, part) => told(block, 'video_thumbnail/large', `${Math.round(part * 100)}p`);
