// Full screen, the small window, the device's own media keys: each only where the browser has it.

const fullElement = () => document.fullscreenElement ?? document.webkitFullscreenElement ?? null;

export const full = {
  /** @param {HTMLElement} host @param {HTMLVideoElement} video iPhones know only their own full screen of a video */
  can: (host, video) => Boolean(host.requestFullscreen ?? host.webkitRequestFullscreen ?? video?.webkitEnterFullscreen),
  is: () => fullElement() !== null,
  async enter(host, video) {
    try {
      if (host.requestFullscreen) await host.requestFullscreen({ navigationUI: 'hide' });
      else if (host.webkitRequestFullscreen) host.webkitRequestFullscreen();
      else video?.webkitEnterFullscreen?.();
      if (video && video.videoWidth > video.videoHeight) await screen.orientation?.lock?.('landscape');
    } catch {
      return; // not without a press, or a screen that does not turn: it stays as it is
    }
  },
  leave() {
    if (fullElement()) (document.exitFullscreen ?? document.webkitExitFullscreen).call(document)?.catch?.(() => {});
  },
  /** @param {() => void} fn @param {AbortSignal} signal */
  watch(fn, signal) {
    for (const name of ['fullscreenchange', 'webkitfullscreenchange']) document.addEventListener(name, fn, { signal });
  },
};

/** A phone turned on its side wants the whole screen, turned back it wants the page. */
export function followRotation(host, video, signal) {
  const wide = window.matchMedia('(orientation: landscape)');
  const isHandheld = window.matchMedia('(pointer: coarse)').matches;
  if (!isHandheld) return;
  wide.addEventListener('change', () => {
    if (!wide.matches) full.leave();
    else if (!video()?.paused && host.requestFullscreen) host.requestFullscreen({ navigationUI: 'hide' }).catch(() => {}); // only some allow it without a press
  }, { signal });
}

export const small = {
  can: (video) => Boolean(document.pictureInPictureEnabled || video?.webkitSupportsPresentationMode?.('picture-in-picture')),
  is: (video) => Boolean(video) && (document.pictureInPictureElement === video || video.webkitPresentationMode === 'picture-in-picture'),
  async toggle(video) {
    try {
      if (document.pictureInPictureEnabled) await (document.pictureInPictureElement ? document.exitPictureInPicture() : video.requestPictureInPicture());
      else video.webkitSetPresentationMode(small.is(video) ? 'inline' : 'picture-in-picture');
    } catch {
      return; // the picture has no size yet, or the system says no
    }
  },
};

/** Title, artwork and keys on lock screens and headsets. `null` clears them. */
export const mediaKeys = {
  /** @param {{title: string, artist?: string, album?: string, artwork?: string | null, actions: Record<string, ((details: any) => void) | null>} | null} what */
  show(what) {
    const keys = navigator.mediaSession;
    if (!keys || !window.MediaMetadata) return;
    keys.metadata = what && new MediaMetadata({ title: what.title, artist: what.artist ?? '', album: what.album ?? '', artwork: what.artwork ? [{ src: new URL(what.artwork, location.href).href }] : [] });
    for (const name of ['play', 'pause', 'seekbackward', 'seekforward', 'seekto', 'previoustrack', 'nexttrack', 'stop']) {
      try {
        keys.setActionHandler(name, what?.actions[name] ?? null);
      } catch {
        continue; // an action this browser does not know
      }
    }
  },
  /** Times in ms. */
  at({ time, duration, isPlaying, rate = 1 }) {
    const keys = navigator.mediaSession;
    if (!keys) return;
    keys.playbackState = isPlaying ? 'playing' : 'paused';
    if (duration > 0 && time <= duration) keys.setPositionState?.({ duration: duration / 1000, position: Math.max(0, time / 1000), playbackRate: rate });
  },
};
