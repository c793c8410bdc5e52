// The bars over the picture, as the page draws them; every button calls one action of the page.
import { html, nothing } from '../vendor/lit.js';
import { clock } from '../format.js';
import { segmentAt } from './chapters.js';
import { say } from './en.js';
import { namesOf } from './item.js';
import { full, small } from './screen.js';

const HOUR_MS = 3_600_000;
const button = (icon, label, run, more = {}) =>
  html`<hm-icon-button class="${more.on ? 'on-now' : ''} ${more.also ?? ''}" size="large" on-picture icon=${icon} label=${label} expanded=${more.expanded ?? nothing} @click=${run}></hm-icon-button>`;

/** @param {any} page */
export function topBar(page) {
  const { title, second } = page.item ? namesOf(page.item) : { title: '', second: '' };
  return html`<header class="top">
    <hm-icon-button size="large" on-picture icon="arrow-left" label=${say.back} @click=${() => page.leave()}></hm-icon-button>
    <div class="names"><h1 class="one-line" tabindex="-1">${title || html`<span class="visually-hidden">${say.player}</span>`}</h1>${second ? html`<p class="one-line">${second}</p>` : nothing}</div></header>`;
}

function timeRow(page) {
  const { stage, pieces } = page;
  const { duration } = stage;
  const at = page.scrub ?? stage.time;
  return html`<div class="time ${duration >= HOUR_MS ? 'hours' : ''}"><span>${clock(at)}</span>
    <player-timeline .time=${at} .duration=${duration} .readUntil=${stage.readUntil} .pieces=${pieces} .picture=${page.scrubPicture ?? null}></player-timeline>
    <span>${duration > 0 ? `−${clock(duration - at)}` : ''}</span></div>`;
}

function chapterName(page) {
  const { pieces } = page;
  if (pieces.length < 2) return html`<span class="push"></span>`;
  const at = segmentAt(pieces, page.scrub ?? page.stage.time);
  const words = say.chapter(at + 1, pieces.length, pieces[at].title);
  return html`<span class="push"><button type="button" class="chapter one-line" aria-label=${say.openChapters(words)} aria-haspopup="menu" aria-expanded=${String(page.panel === 'chapters')} @click=${() => page.toggleChapters()}>${words}</button></span>`;
}

/** Named by what it offers. */
function tracksButton(groups) {
  const has = (id) => groups.find((group) => group.id === id);
  const icon = has('subtitles') ? 'subtitles' : has('audio') ? 'audio' : 'settings';
  return [icon, groups.length > 1 ? say.tracks : groups[0].label];
}

/** @param {any} page */
export function bottomBar(page) {
  const { stage } = page;
  const playIcon = stage.isEnded ? ['refresh', say.replay] : stage.isPlaying || stage.isWanted ? ['pause', say.pause] : ['play', say.play];
  return html`<div class="bottom" role="group" aria-label=${say.controls}>${timeRow(page)}
    <div class="row">
      ${button(playIcon[0], playIcon[1], () => page.toggle())}
      ${button('back-10', say.back10, () => page.jump(-10_000))}
      ${button('forward-10', say.forward10, () => page.jump(10_000))}
      ${page.item?.next ? button('next', page.item.type === 'track' ? say.nextSong : say.nextEpisode, () => page.playNext()) : nothing}
      <player-volume .value=${stage.video.volume} .muted=${stage.video.muted}></player-volume>
      ${chapterName(page)}
      ${page.hasEpisodes ? button('list', say.episodes, () => page.toggleEpisodes(), { on: page.panel === 'episodes' }) : nothing}
      ${page.groups.length ? button(...tracksButton(page.groups), () => page.toggleTracks(), { on: page.panel === 'tracks', expanded: String(page.panel === 'tracks') }) : nothing}
      ${stage.parts.length ? button('cast', say.elsewhere, () => page.toggleElsewhere(), { on: page.panel === 'elsewhere', also: 'wide-only' }) : nothing}
      ${small.can(stage.video) ? button('pip', say.smallWindow, () => page.toggleSmall()) : nothing}
      ${full.can(page, stage.video) ? button(full.is() ? 'fullscreen-exit' : 'fullscreen', full.is() ? say.leaveFullscreen : say.fullscreen, () => page.toggleFull()) : nothing}
    </div></div>`;
}

/** What stands over the bar: next episode, skip, where it was resumed. */
export function aboveBar(page) {
  const { card } = page;
  const skip = page.skippable;
  if (!card.shown && !skip && !page.resumedAt) return nothing;
  return html`<div class="above low">
    ${card.shown ? html`<player-next-card .item=${page.nextItem} .seconds=${card.seconds} .after=${page.item}></player-next-card>` : nothing}
    <div class="right">
      ${page.resumedAt && !card.shown ? html`<div class="said"><span>${say.resumedAt(clock(page.resumedAt))}</span><hm-button size="small" on-picture @click=${() => page.startOver()}>${say.startOver}</hm-button></div>` : nothing}
      ${skip ? html`<hm-button class="skip" on-picture icon="next" @click=${() => page.skip()}>${skip.type === 'recap' ? say.skipRecap : say.skipIntro}</hm-button>` : nothing}
    </div></div>`;
}
