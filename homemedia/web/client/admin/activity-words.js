// Pure: how a film plays for somebody, in words for whoever looks after the house.
import { bitrate, clock, duration, episode, episodeCode, join } from '../format.js';
import { codecName } from '../watch/playable.js';
import { say } from './en.js';

const words = say.activityWords;
const TONES = { directPlay: 'good', remux: 'accent', transcode: 'warn' };
/** Slower than this, a film that is made while it is watched comes to a stop. */
const KEEPS_UP = 1;
/** They follow from another reason, and say nothing more. */
const WEAK = new Set(['ContainerNotSupported', 'RepackingRequested', 'ConversionRequested']);

/** @typedef {any} Play one of `playing` of `/api/home/playback/activity` */

/** @param {Play} play @returns {{tone: string, text: string}} one of the three words */
export const verdict = (play) => ({ tone: TONES[play.method], text: words.methods[play.method] });

/** "4K", "1080p", "360p". */
export function lines(width, height) {
  const tall = Math.max(height, Math.round((width * 9) / 16));
  if (tall >= 2000) return '4K';
  if (tall >= 1400) return '1440p';
  if (tall >= 1000) return '1080p';
  return tall >= 700 ? '720p' : height ? `${height}p` : '';
}

const spaced = (...parts) => parts.filter(Boolean).join(' ');
const arrow = (from, to) => (from === to ? from : `${from} → ${to}`);

/** "HEVC 4K → H.264 1080p". @param {Play} play */
export function picture({ video }) {
  if (!video) return '';
  return arrow(spaced(codecName(video.codecFrom), lines(video.widthFrom, video.heightFrom)), spaced(codecName(video.codec), lines(video.width, video.height)));
}

/** "DTS 5.1 → AAC stereo". @param {Play} play */
export function sound({ audio }) {
  if (!audio) return '';
  return arrow(spaced(codecName(audio.codecFrom), words.channels(audio.channelsFrom)), spaced(codecName(audio.codec), words.channels(audio.channels)));
}

/** What the player is called: its own name, else browser and system. @param {Play} play */
export const device = ({ device: { client, type, os } }) => client || say.device(type, os);

/** The same in a word, for a narrow place. @param {Play} play */
export const deviceWord = ({ device: { client, type, os } }) => client || words.devices[os] || type || say.device('', '');

/** Why it is not played as it is, the strongest first. @param {Play} play @returns {string[]} sentences */
export function reasons(play) {
  const known = { who: play.device.client || play.device.type || words.player, container: (play.containerFrom ?? '').toUpperCase(), picture: codecName(play.video?.codecFrom), sound: codecName(play.audio?.codecFrom) };
  const isSoundFine = play.audio?.codecFrom === 'mp3'; // every browser plays it; only segments do not carry it
  const strong = play.reasons.filter((reason) => !WEAK.has(reason) && !(isSoundFine && reason === 'AudioCodecNotSupported'));
  return (strong.length ? strong : play.reasons).map((reason) => words.reasons[reason]?.(known)).filter(Boolean);
}

/** "3.1×"; null while nothing is being made. @param {Play} play */
export function speed({ conversion }) {
  const value = conversion && conversion.state !== 'idle' ? conversion.speed : null;
  return value ? words.speed(value >= 10 ? Math.round(value) : Math.round(value * 10) / 10) : null;
}

/** Whether it is made more slowly than it is watched. @param {Play} play */
export const isSlow = ({ conversion }) => Boolean(conversion?.encoder && conversion.state === 'running' && conversion.speed !== null && conversion.speed < KEEPS_UP);

/** One line on how it plays. @param {Play} play */
export function how(play) {
  if (play.method === 'directPlay') return join(picture(play), sound(play), play.bitrate ? bitrate(play.bitrate) : '');
  if (play.method === 'remux') {
    const pieces = play.container === 'ts' ? words.tsPieces : words.mp4Pieces;
    if (play.audio?.action === 'transcode') return `${words.samePicture(sound(play))}. ${reasons(play).join(' ')}`.trim();
    return words.same((play.containerFrom ?? '').toUpperCase(), pieces);
  }
  const by = play.conversion?.encoder ? (play.conversion.isHardware ? words.byChip : words.byProcessor) : '';
  const made = [play.video?.action === 'transcode' ? picture(play) : sound(play), by, speed(play)].filter(Boolean).join(', ');
  return [`${made}.`, isSlow(play) ? words.slow : '', ...reasons(play).slice(0, 1)].filter(Boolean).join(' ');
}

/** "34:48 of 1 h", or what the player does instead of playing. @param {Play} play @param {number} position ms */
export function place(play, position) {
  const at = play.duration ? words.of(clock(position), duration(play.duration)) : clock(position);
  return join(words.states[play.state] ?? '', play.state === 'starting' ? '' : at);
}

/** Title and second line. @param {Play} play */
export function names({ item }) {
  if (!item) return { title: words.gone, second: '' };
  if (item.type === 'episode') return { title: item.grandparentTitle ?? item.title, second: item.grandparentTitle ? episode(item) : episodeCode(item.parentIndex, item.index) };
  if (item.type === 'track') return { title: item.title, second: join(item.grandparentTitle, item.parentTitle) };
  return { title: item.title, second: join(words.kinds[item.type] ?? '', item.year) };
}

/** "3 people · 21 Mbit/s, all at home". @param {Play[]} playing */
export function summary(playing) {
  const now = playing.filter((play) => play.state !== 'idle');
  const people = new Set(now.map((play) => play.user.id)).size;
  const taken = now.filter((play) => play.state !== 'paused').reduce((sum, play) => sum + (play.bitrate ?? 0), 0);
  const away = now.filter((play) => !play.isHome).length;
  const where = !now.length ? '' : away === 0 ? words.allHome : away === now.length ? words.allAway : words.someAway(away);
  return join(people ? words.people(people) : '', [taken ? bitrate(taken) : '', where].filter(Boolean).join(', '));
}
