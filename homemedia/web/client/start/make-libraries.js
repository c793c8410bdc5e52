import { holds } from '../ui/paths.js';
import { say } from './en.js';

/**
 * Makes one library of each kind from chosen folders, or adds them to the one there is. May be called again after it
 * stopped half way: what a library has already is left alone.
 * @param {{path: string, kind: string}[]} chosen @param {typeof import('../api.js').api} api
 */
export async function makeLibraries(chosen, api) {
  const { libraries } = await api.get('/api/libraries');
  const held = libraries.flatMap((library) => library.paths ?? []);
  const wanted = chosen.filter((one) => !held.some((path) => path === one.path || holds(path, one.path)));
  for (const kind of ['movie', 'show', 'video', 'music']) {
    const paths = wanted.filter((one) => (one.kind ?? 'movie') === kind).map((one) => one.path);
    if (paths.length) await placed(paths, () => make(kind, paths, libraries, api));
  }
}

function make(kind, paths, libraries, api) {
  const same = libraries.find((library) => library.type === kind && library.name === say.kinds[kind]);
  if (same) return api.put(`/api/libraries/${same.id}`, { paths: [...(same.paths ?? []), ...paths] });
  return api.post('/api/libraries', { name: say.kinds[kind], type: kind, paths });
}

/** The server says "paths[1]"; a person wants to know which folder. */
async function placed(paths, ask) {
  try {
    await ask();
  } catch (error) {
    const at = /^paths\[(\d+)\]$/.exec(error.details?.[0]?.field ?? '');
    error.path = at ? paths[Number(at[1])] : null;
    throw error;
  }
}
