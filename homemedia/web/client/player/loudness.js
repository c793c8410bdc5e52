// How loud, remembered on this device.
import { store } from '../ui/platform.js';

const HALF = 0.5;
const kept = { volume: store.get('player.volume', 1), muted: store.get('player.muted', false) };

/** @param {HTMLVideoElement} video a new one takes what was chosen before */
export function setLoudness(video) {
  video.volume = kept.volume;
  video.muted = kept.muted;
}

/** @param {HTMLVideoElement} video somebody turned it, here or in the small window */
export function keepLoudness(video) {
  kept.volume = video.volume;
  kept.muted = video.muted;
  if (video.volume > 0) store.set('player.volume', Math.round(video.volume * 100) / 100);
  store.set('player.muted', video.muted);
}

export const loudness = {
  /** 0–1, 0 when muted. */
  of: (video) => (video.muted ? 0 : video.volume),
  set(video, value) {
    video.volume = Math.min(1, Math.max(0, value));
    video.muted = video.volume === 0;
  },
  mute(video, is = !video.muted) {
    if (!is && video.volume === 0) video.volume = HALF;
    video.muted = is;
  },
};
