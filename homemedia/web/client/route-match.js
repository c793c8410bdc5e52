// Pure: patterns to matchers. '/films/:key' matches one part, '/files/*rest' what remains.

/**
 * @param {string} pattern
 * @returns {{pattern: string, rank: string, match: (path: string) => Record<string, string> | null}}
 */
export function compile(pattern) {
  const parts = pattern.split('/').filter(Boolean);
  const names = [];
  const source = parts.map((part) => {
    if (part.startsWith(':')) {
      names.push(part.slice(1));
      return '/([^/]+)';
    }
    if (part.startsWith('*')) {
      names.push(part.slice(1) || 'rest');
      return '(?:/(.*))?';
    }
    return `/${part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')}`;
  });
  const regex = new RegExp(`^${source.join('')}/?$`);
  // Fixed parts before names before the remainder, so '/films/recent' wins over '/films/:key' in whatever order they came.
  const rank = parts.map((part) => (part.startsWith('*') ? '2' : part.startsWith(':') ? '1' : '0')).join('') || '0';
  return {
    pattern,
    rank,
    match(path) {
      const found = regex.exec(path);
      if (!found) return null;
      try {
        return Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1] ?? '')]));
      } catch {
        return null; // a broken %-sequence is an unknown address
      }
    },
  };
}

/**
 * @template T
 * @param {(T & ReturnType<typeof compile>)[]} routes
 * @param {string} path
 * @returns {{route: T, params: Record<string, string>} | null}
 */
export function find(routes, path) {
  let best = null;
  for (const route of routes) {
    const params = route.match(path);
    if (params && (!best || route.rank < best.route.rank)) best = { route, params };
  }
  return best;
}

/** '?a=1&b=' → {a: '1', b: ''}. @param {string} search */
export const readSearch = (search) => Object.fromEntries(new URLSearchParams(search));

/** The other way; null, undefined and '' leave the key out. @param {Record<string, unknown>} values */
export function writeSearch(values) {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== null && value !== undefined && value !== '' && value !== false) search.set(key, String(value));
  const text = search.toString();
  return text ? `?${text}` : '';
}

/** Only an address of ours may be a way back after sign-in. @param {string | null} wanted @returns {string} */
export function safeReturn(wanted) {
  return wanted && /^\/(?![/\\])/.test(wanted) && !wanted.startsWith('/api/') && !wanted.startsWith('/sign-in') ? wanted : '/';
}
