// Pure: paths of the server's machine, which may be another system than the one this page is shown on.

const separator = (path) => (/^[A-Za-z]:|\\/.test(path) ? '\\' : '/');

/** The last part of a path. @param {string} path */
export const nameOf = (path) => path.split(separator(path)).filter(Boolean).pop() ?? path;

/** The folder a path lies in; of a root the root itself. @param {string} path */
export function above(path) {
  const sign = separator(path);
  const parts = path.split(sign).filter(Boolean);
  parts.pop();
  if (sign === '/') return `/${parts.join('/')}`;
  return parts.length > 1 ? parts.join('\\') : `${parts[0] ?? path.slice(0, 2)}\\`;
}

/** Whether a folder holds a path, at any depth. @param {string} folder @param {string} path */
export function holds(folder, path) {
  const sign = separator(folder);
  return path !== folder && path.startsWith(folder.endsWith(sign) ? folder : folder + sign);
}

/** The last three steps to a path as [path, name]. @param {string} path @returns {[string, string][]} */
export function crumbs(path) {
  const sign = separator(path);
  const steps = [];
  let now = '';
  for (const part of path.split(sign).filter(Boolean)) {
    now = sign === '/' ? `${now}/${part}` : now ? `${now.replace(/\\$/, '')}\\${part}` : `${part}\\`;
    steps.push([now, part]);
  }
  return steps.length ? steps.slice(-3) : [[path || '/', path || '/']];
}
