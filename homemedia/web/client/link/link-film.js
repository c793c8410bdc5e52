// A video of a link: the file itself, or a stream of segments where it may have to be converted.
import { segmentPlayer } from '../player/feeds.js';
import { browserProfile, profileText } from '../player/profile.js';
import { say } from './en.js';

/**
 * @param {HTMLElement} box what it stands in
 * @param {import('./door.js').SharedItem} item
 * @returns {{video: HTMLVideoElement, begin: () => void, end: () => void}} `begin` when somebody looks: a stream is made for him
 */
export function showFilm(box, item) {
  const video = Object.assign(document.createElement('video'), { className: 'link-film hm-stage-film', controls: true, playsInline: true, preload: 'metadata' });
  if (item.preview_url) video.poster = item.preview_url;
  const note = Object.assign(document.createElement('p'), { className: 'link-note hm-stage-note', hidden: true });
  note.setAttribute('role', 'status');
  box.append(video, note);
  let feed = null;
  let isOver = false;
  let hasBegun = false;
  const tell = (text) => {
    note.textContent = text;
    note.hidden = false;
  };
  video.addEventListener('error', () => video.hasAttribute('src') && !feed && tell(video.currentTime > 0 ? say.stopped : say.notPlayable));
  if (!item.hls_url) video.src = item.stream_url;

  async function begin() {
    if (hasBegun || !item.hls_url) return;
    hasBegun = true;
    try {
      const made = await segmentPlayer();
      if (isOver) return;
      const url = `${item.hls_url}&profile=${profileText(browserProfile())}`;
      feed = made({ playlistUrl: url, sessionId: null }, { method: 'transcode' }, () => {});
      feed.onFailure = () => tell(video.currentTime > 0 ? say.stopped : say.notPlayable);
      feed.attach(video, 0);
    } catch {
      tell(say.notPlayable);
    }
  }

  return {
    video,
    begin,
    end() {
      isOver = true;
      feed?.detach();
      video.removeAttribute('src');
      video.load();
    },
  };
}
