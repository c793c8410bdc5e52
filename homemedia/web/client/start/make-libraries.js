import { say } from './en.js';

/**
 * Makes one library of each kind from chosen folders. A folder inside another chosen one is left to that one.
 * @param {{path: string, kind: string}[]} chosen @param {(library: object) => Promise<unknown>} make
 */
export async function makeLibraries(chosen, make) {
  const outer = chosen.filter((one) => !chosen.some((other) => other !== one && inside(one.path, other.path)));
  for (const kind of ['movie', 'show', 'video']) {
    const paths = outer.filter((one) => (one.kind ?? 'movie') === kind).map((one) => one.path);
    if (paths.length) await make({ name: say.kinds[kind], type: kind, paths });
  }
}

const inside = (path, other) => path.startsWith(other.endsWith('/') ? other : `${other}/`) || path.startsWith(`${other}\\`);
