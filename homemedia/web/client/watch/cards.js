// A summary as poster or card, the same on every page.
import { html, nothing } from '../vendor/lit.js';
import { count, episode, episodeCode, join, left, secondLine } from '../format.js';
import { itemMenu, play } from './actions.js';
import { say } from './en.js';
import { fraction, shaped, whyGone } from './items.js';
import { itemHref, playHref } from './links.js';

const resolutionOf = (item) => ({ '4k': '4K', '2k': '2K' })[item.videoResolution] ?? '';

/** @param {import('../types.js').Summary} item */
export function lineOf(item, { short = false } = {}) {
  return short ? secondLine(item, { short }) : join(secondLine(item), resolutionOf(item));
}

const missing = (item) => (item.available === false && item.type !== 'show' && item.type !== 'season' ? whyGone(item) : null);

/** 2:3. */
export function poster(item, { second = lineOf(item), heading = item.title, eager = false, isNew = false, role = 'listitem', pick = null } = {}) {
  return html`<hm-poster class=${isNew ? 'fresh' : nothing} .item=${shaped(item)} href=${itemHref(item)} heading=${heading} second=${second} .progress=${fraction(item)} .missing=${missing(item)} ?playable=${item.available !== false} ?eager=${eager} role=${role ?? nothing} ?selectable=${pick !== null} ?chosen=${pick === true}
    @hm-play=${() => play(item)} @hm-context=${(event) => open(event, item)}></hm-poster>`;
}

/** 16:9, for episodes and home videos. */
export function still(item, { second = lineOf(item), third = '', heading = item.title, href = itemHref(item), dismissable = false, lead = false, horizontal = false, eager = false, width, kind, role = 'listitem', pick = null } = {}) {
  return html`<hm-card .item=${shaped(item)} href=${href} heading=${heading} second=${second} third=${third} .progress=${fraction(item)} .missing=${missing(item)} ?playable=${item.available !== false}
    ?lead=${lead} ?horizontal=${horizontal} ?eager=${eager} .width=${width} kind=${kind ?? (item.thumbKind === 'poster' && item.art ? 'art' : 'thumb')} role=${role ?? nothing} ?selectable=${pick !== null} ?chosen=${pick === true}
    @hm-play=${() => play(item)} @hm-context=${(event) => open(event, item, { dismissable })}></hm-card>`;
}

/** Of something begun, or next in a show: what it is, how much is left; plays on at a click. */
export function begun(item, { lead = false, horizontal = false, ...more } = {}) {
  const isEpisode = item.type === 'episode';
  const isNext = !(item.viewOffset > 0);
  const heading = isEpisode ? (item.grandparentTitle ?? item.title) : item.title;
  const time = isNext ? say.nextEpisode : left(item.duration - item.viewOffset);
  const code = isEpisode ? episodeCode(item.parentIndex, item.index, item.indexEnd) : '';
  const words = horizontal
    ? { second: isEpisode ? episode(item) : join(say.one[item.type], item.year), third: time }
    : { second: join(isEpisode ? (lead ? episode(item) : code || item.title) : say.one[item.type], time) };
  return still(item, { heading, ...words, href: item.available === false ? itemHref(item) : playHref(item.id, { file: item.fileId ?? null }), dismissable: true, lead, horizontal, width: lead ? 834 : undefined, ...more });
}

/** What is new: a film, or a season with its new episodes. */
export function fresh(item, more = {}) {
  const news = item.newCount > 1 ? say.episodesNew(item.newCount, count(item.newCount)) : '';
  if (item.type === 'season') return poster(item, { heading: item.parentTitle ?? item.title, second: news || item.title, ...more });
  if (item.type === 'episode') return poster(ofShow(item), { heading: item.grandparentTitle ?? item.title, second: news || episodeCode(item.parentIndex, item.index, item.indexEnd) || item.title, ...more });
  return poster(item, { second: news || join(say.one[item.type], item.year), ...more });
}

const shows = new WeakMap();

/** An episode under its show's poster; the same object for the same episode. */
function ofShow(item) {
  if (!item.grandparentThumb) return item;
  if (!shows.has(item)) shows.set(item, { ...item, thumb: item.grandparentThumb, thumbTag: item.thumbTag });
  return shows.get(item);
}

function open(event, item, options) {
  event.preventDefault();
  itemMenu(item, { x: event.detail.x, y: event.detail.y }, options);
}
