// Artists, albums and playlists as covers, the same on every page.
import { html, nothing } from '../vendor/lit.js';
import { count, counted, duration, join } from '../format.js';
import { enqueue, playMusic } from '../music/start.js';
import { go } from '../router.js';
import { openMenu } from '../ui/menu.js';
import { shareLink } from './actions.js';
import { say } from './en.js';
import { shaped } from './items.js';
import { itemHref } from './links.js';

const many = (kind, n) => counted(n ?? 0, ...say.counts[kind]);

/** "12 albums", "Nils Frahm · 2013", on an artist's own page "2013 · 11 songs". */
export function musicLine(item, { own = false, short = false } = {}) {
  if (item.type === 'artist') return many('album', item.albumCount);
  if (item.type === 'album') return own ? join(item.year, many('track', item.trackCount)) : short ? (item.parentTitle ?? '') : join(item.parentTitle, item.year);
  return join(byLine(item), item.parentTitle);
}

/** Whom a track is by: all its artists, else its album's. */
export const byLine = (track) => (track.artists?.length ? track.artists.join(', ') : (track.grandparentTitle ?? ''));

/** "11 songs · 52 min". */
export const lengthLine = (n, ms) => join(many('track', n), duration(ms));

async function menu(event, item) {
  event.preventDefault();
  const isThere = item.available !== false;
  const items = [
    { id: 'play', label: say.play, icon: 'play', key: item.type === 'artist' ? undefined : 'P', disabled: !isThere },
    { id: 'shuffle', label: say.music.shuffle, icon: 'shuffle', disabled: !isThere },
    ...(item.type === 'artist' ? [] : [{ id: 'next', label: say.music.playNext, icon: 'next', disabled: !isThere }, { id: 'end', label: say.music.addToEnd, icon: 'list', disabled: !isThere }]),
    { id: 'about', label: say.about[item.type], icon: item.type === 'artist' ? 'user' : 'music' },
    ...(item.type === 'album' && item.parentId ? [{ id: 'artist', label: say.about.artist, icon: 'user' }] : []),
    { id: 'share', label: say.share, icon: 'share' },
  ];
  const chosen = await openMenu({ x: event.detail.x, y: event.detail.y }, items, { label: item.title });
  if (chosen === 'play') await playMusic(item);
  if (chosen === 'shuffle') await playMusic(item, { isShuffled: true });
  if (chosen === 'next') await enqueue(item);
  if (chosen === 'end') await enqueue(item, { isNext: false });
  if (chosen === 'about') go(itemHref(item));
  if (chosen === 'artist') go(`/music/artist/${item.parentId}`);
  if (chosen === 'share') await shareLink(item);
}

/** An album square, an artist round. */
export function cover(item, { second = musicLine(item), eager = false, isNew = false, role = 'listitem' } = {}) {
  const isAlbum = item.type === 'album';
  return html`<hm-cover class=${isNew ? 'fresh' : nothing} ?round=${item.type === 'artist'} .item=${shaped(item)} href=${itemHref(item)} heading=${item.title} second=${second}
    .missing=${item.available === false ? say.missingFile : null} ?playable=${isAlbum && item.available !== false} ?eager=${eager} role=${role ?? nothing}
    @hm-play=${() => playMusic(item)} @hm-context=${(event) => menu(event, item)}></hm-cover>`;
}

/** @param {{id: number, title: string, trackCount: number, duration: number, thumbs: string[]}} playlist */
export const playlistCover = (playlist, { role = 'listitem', eager = false } = {}) =>
  html`<hm-cover href=${`/music/playlist/${playlist.id}`} heading=${playlist.title} second=${lengthLine(playlist.trackCount, playlist.duration)} .thumbs=${sized(playlist.thumbs)} ?eager=${eager} role=${role ?? nothing}></hm-cover>`;

const SIDE = 160;
/** Addresses of covers with a size the server keeps. */
export const sized = (thumbs, side = SIDE) => thumbs.map((src) => `${src}&w=${side * 2}`);
export const countOf = (kind, n) => ({ n: count(n), words: many(kind, n) });
