// A summary as poster or card, the same on every page.
import { html } from '../vendor/lit.js';
import { count, episode, join, left, secondLine } from '../format.js';
import { itemMenu, play } from './actions.js';
import { say } from './en.js';
import { itemHref, playHref } from './links.js';

const resolutionOf = (item) => ({ '4k': '4K', '2k': '2K' })[item.videoResolution] ?? '';

/** @param {import('../types.js').Summary} item */
export function lineOf(item, { short = false } = {}) {
  return short ? secondLine(item, { short }) : join(secondLine(item), resolutionOf(item));
}

const missing = (item) => (item.available === false && item.type !== 'show' && item.type !== 'season' ? say.missingFile : null);

/** 2:3. */
export function poster(item, { second = lineOf(item), eager = false } = {}) {
  return html`<hm-poster .item=${item} href=${itemHref(item)} second=${second} .missing=${missing(item)} ?playable=${item.available !== false} ?eager=${eager} role="listitem"
    @hm-play=${() => play(item)} @hm-context=${(event) => open(event, item)}></hm-poster>`;
}

/** 16:9, for episodes and home videos. */
export function still(item, { second = lineOf(item), heading = item.title, href = itemHref(item), dismissable = false, ...more } = {}) {
  return html`<hm-card .item=${item} href=${href} heading=${heading} second=${second} third=${more.third ?? ''} .missing=${missing(item)} ?playable=${item.available !== false}
    ?lead=${more.lead} ?horizontal=${more.horizontal} ?eager=${more.eager} kind=${more.kind ?? (item.thumbKind === 'poster' ? 'art' : 'thumb')} role="listitem"
    @hm-play=${() => play(item)} @hm-context=${(event) => open(event, item, { dismissable })}></hm-card>`;
}

/** Of something begun: show and episode, how much is left; plays on at a click. */
export function begun(item, more = {}) {
  const isEpisode = item.type === 'episode';
  const heading = isEpisode ? item.grandparentTitle : item.title;
  const what = isEpisode ? episode(item) : join(say.one[item.type], item.year);
  const time = item.viewOffset > 0 ? left(item.duration - item.viewOffset) : '';
  const words = more.lead || !more.horizontal ? { second: join(isEpisode ? what : say.one[item.type], time) } : { second: what, third: time };
  return still(item, { heading, ...words, href: playHref(item.id), dismissable: true, ...more });
}

/** What is new: a film, or a season with its new episodes. */
export function fresh(item, more = {}) {
  const news = item.newCount > 1 ? say.episodesNew(item.newCount, count(item.newCount)) : '';
  const show = item.type === 'season' ? { ...item, title: item.parentTitle ?? item.title } : item;
  if (item.type === 'episode') return poster({ ...item, title: item.grandparentTitle ?? item.title, thumb: item.grandparentThumb ?? item.thumb }, { second: news || episode(item), ...more });
  return poster(show, { second: news || join(say.one[item.type], item.year), ...more });
}

function open(event, item, options) {
  event.preventDefault();
  itemMenu(item, { x: event.detail.x, y: event.detail.y }, options);
}
