// What bar and sheet are both made of.
import { html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { clock } from '../format.js';
import { hueOf } from '../ui/small.js';
import { say } from './en.js';
import { music } from './music.js';

export const byLine = (song) => song.artists?.join(', ') || (song.grandparentTitle ?? '');
export const albumHref = (song) => (song.parentId ? `/music/album/${song.parentId}?track=${song.id}` : '/music');

export const cover = (song, width) =>
  html`<hm-art ratio="1/1" src=${artUrl(song, { width }) ?? nothing} tone=${song.thumbTone ?? `oklch(.4 .06 ${hueOf(song.parentTitle ?? song.title)})`} eager></hm-art>`;

const isWaiting = () => music.deck.isWaiting && music.isPlaying;

export const playButton = (size) =>
  html`<hm-icon-button class="play" square size=${size} icon=${music.isPlaying ? 'pause' : 'play'} ?busy=${isWaiting()} label=${music.isPlaying ? say.pause : say.play} @click=${() => music.toggle()}></hm-icon-button>`;

export const stepButton = (which, size = 'medium') =>
  html`<hm-icon-button size=${size} icon=${which} label=${say[which]} @click=${() => music[which]()}></hm-icon-button>`;

export const shuffleButton = () =>
  html`<hm-icon-button class="turn" icon="shuffle" toggle ?pressed=${music.queue.isShuffled} label=${say.shuffle} @click=${() => music.shuffle()}></hm-icon-button>`;

export const repeatButton = () =>
  html`<hm-icon-button class="turn" icon=${music.queue.repeat === 'one' ? 'repeat-one' : 'repeat'} toggle ?pressed=${music.queue.repeat !== 'off'} label=${say.repeat[music.queue.repeat]} @click=${() => music.repeat()}></hm-icon-button>`;

/** @param {number | null} scrub where one drags to @param {(at: number | null) => void} moved */
export function timeline(scrub, moved) {
  const { duration } = music;
  const at = Math.min(scrub ?? music.time, duration || Infinity);
  return {
    at: html`<span class="second tabular at">${clock(at)}</span>`,
    slider: html`<music-slider label=${say.time} text=${say.timeText(clock(at), clock(duration))} max=${duration} .value=${at} step="1000" ?disabled=${!duration}
      @slide=${(event) => moved(event.detail.value)} @slid=${(event) => { music.seek(event.detail.value); moved(null); }}></music-slider>`,
    all: html`<span class="second tabular all">${clock(duration)}</span>`,
  };
}
