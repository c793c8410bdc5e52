// The sites that links may lead to, as the server knows them, and the link in what other apps share. The server decides; this only says so at once.
import { adding as say } from './en.js';

/** @type {{key: string, label: string, type: 'video' | 'music', hosts: string[]}[]} */
export const SITES = [
  { key: 'tiktok', label: 'TikTok', type: 'video', hosts: ['tiktok.com'] },
  { key: 'instagram', label: 'Instagram', type: 'video', hosts: ['instagram.com'] },
  { key: 'facebook', label: 'Facebook', type: 'video', hosts: ['facebook.com', 'fb.watch'] },
  { key: 'youtube', label: 'YouTube', type: 'video', hosts: ['youtube.com', 'youtu.be'] },
  { key: 'twitter', label: 'X', type: 'video', hosts: ['twitter.com', 'x.com', 't.co'] },
  { key: 'reddit', label: 'Reddit', type: 'video', hosts: ['reddit.com', 'v.redd.it', 'redd.it'] },
  { key: 'streamable', label: 'Streamable', type: 'video', hosts: ['streamable.com'] },
  { key: 'twitch', label: 'Twitch', type: 'video', hosts: ['twitch.tv'] },
  { key: 'vimeo', label: 'Vimeo', type: 'video', hosts: ['vimeo.com'] },
  { key: 'threads', label: 'Threads', type: 'video', hosts: ['threads.net', 'threads.com'] },
  { key: 'bluesky', label: 'Bluesky', type: 'video', hosts: ['bsky.app'] },
  { key: 'snapchat', label: 'Snapchat', type: 'video', hosts: ['snapchat.com'] },
  { key: 'pinterest', label: 'Pinterest', type: 'video', hosts: ['pinterest.com', 'pin.it'] },
  { key: 'kick', label: 'Kick', type: 'video', hosts: ['kick.com'] },
  { key: 'dailymotion', label: 'Dailymotion', type: 'video', hosts: ['dailymotion.com', 'dai.ly'] },
  { key: 'imgur', label: 'Imgur', type: 'video', hosts: ['imgur.com'] },
  { key: 'soundcloud', label: 'SoundCloud', type: 'music', hosts: ['soundcloud.com'] },
  { key: 'spotify', label: 'Spotify', type: 'music', hosts: ['spotify.com', 'spotify.link'] },
  { key: 'apple_music', label: 'Apple Music', type: 'music', hosts: ['music.apple.com'] },
  { key: 'youtube_music', label: 'YouTube Music', type: 'music', hosts: ['music.youtube.com'] },
];

/** @param {string} key @param {string} [url] of the clip: a site of one's own is called by its host */
export function labelOf(key, url) {
  const label = SITES.find((site) => site.key === key)?.label;
  if (label) return label;
  try {
    return new URL(url).hostname;
  } catch {
    return say.ownSite;
  }
}

/** A link without its scheme is one too: people type "youtu.be/…". @param {string} text @returns {URL | null} */
export function linkOf(text) {
  const bare = text.trim();
  if (!bare || /\s/.test(bare)) return null;
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(bare) ? bare : `https://${bare}`);
    return /^https?:$/.test(url.protocol) && (url.hostname.includes('.') || url.port) ? url : null;
  } catch {
    return null;
  }
}

/** @param {URL} url @returns {(typeof SITES)[0] | null} the longest name wins: music.youtube.com is another site than youtube.com */
export function siteOf(url) {
  const host = url.hostname.replace(/^www\./, '');
  const fits = SITES.flatMap((site) => site.hosts.map((name) => ({ site, name }))).filter(({ name }) => host === name || host.endsWith(`.${name}`));
  return fits.sort((one, other) => other.name.length - one.name.length)[0]?.site ?? null;
}

/** What the household takes. @param {{platformFilterMode?: string, platformFilterList?: string | null} | undefined} group @returns {{mode: 'all' | 'allow' | 'block', keys: string[]}} */
export function filterOf(group) {
  let keys = null;
  try {
    keys = JSON.parse(group?.platformFilterList ?? 'null');
  } catch {
    keys = null;
  }
  return { mode: keys ? group.platformFilterMode : 'all', keys: keys ?? [] };
}

export const isTaken = (key, { mode, keys }) => mode === 'all' || keys.includes(key) === (mode === 'allow');

/** The link in what another app shares: some put it among the words, some under a wrong name. @param {Record<string, string>} shared `url`, `text`, `title` */
export function sharedLink({ url = '', text = '', title = '' }) {
  for (const words of [url, text, title]) {
    const whole = words.trim();
    if (/^https?:\/\/\S+$/i.test(whole)) return whole;
    const found = /https?:\/\/[^\s<>"'）)\]]+/i.exec(words);
    if (found) return found[0].replace(/[.,;:!?…]+$/, '');
  }
  return '';
}
