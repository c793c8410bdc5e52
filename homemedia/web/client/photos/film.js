// A video over the whole stage. One that this browser cannot play is waited for: the house makes another of it.
import { say } from './en.js';
import { pictureUrl, videoUrl } from './items.js';

const AGAIN_MS = 4000;
const LOOPED_MS = 8000;

/**
 * Whether the house still makes a playable video of it: until then it must not be kept, and says so.
 * @param {string} url
 */
async function isComing(url) {
  try {
    const answer = await fetch(url, { method: 'HEAD', cache: 'no-store' });
    return answer.ok && (answer.headers.get('Cache-Control') ?? '').includes('no-cache');
  } catch {
    return true; // the network; it is asked again
  }
}

/**
 * @param {HTMLElement} box what it stands in
 * @param {{id: string, duration?: number | null}} photo
 * @returns {() => void} to be called when it is looked at again
 */
export function showFilm(box, photo) {
  const url = videoUrl(photo.id);
  const film = Object.assign(document.createElement('video'), { className: 'photo-film hm-stage-film', controls: true, playsInline: true, preload: 'metadata', loop: (photo.duration ?? 0) < LOOPED_MS });
  film.poster = pictureUrl(photo, 'preview');
  const note = Object.assign(document.createElement('p'), { className: 'photo-note hm-stage-note', hidden: true });
  note.setAttribute('role', 'status');
  let isWaiting = false;
  let isTried = false; // what the house has now: it may have come between the error and the question

  const wait = async () => {
    if (isWaiting) return;
    isWaiting = true;
    note.hidden = false;
    note.textContent = say.filmComes;
    film.controls = false;
    film.removeAttribute('src');
    film.load(); // the sound of a film without a picture would go on
    while (await isComing(url)) {
      isTried = false;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      if (!box.isConnected) break;
    }
    isWaiting = false;
    if (!box.isConnected) return; // looked at again, it is woken
    note.textContent = say.filmUnplayable;
    if (isTried) return;
    isTried = true;
    film.src = `${url}?c=made`; // another address: of this one browsers remember what they could not play
    film.controls = true;
    note.hidden = true;
  };
  film.addEventListener('error', () => film.hasAttribute('src') && wait());
  // Chromium plays the sound alone of a film whose picture it does not know, and calls that no error.
  film.addEventListener('loadedmetadata', () => film.videoWidth === 0 && wait());
  film.src = url;
  box.append(film, note);
  return () => film.hasAttribute('src') || wait();
}
