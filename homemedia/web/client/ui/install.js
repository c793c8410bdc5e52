// Installing the page like an app: browsers offer it by an event, and only where they can; iPhones by their share sheet.
let offered = null;
const listeners = new Set();
const tell = () => [...listeners].forEach((fn) => fn());

window.addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault(); // offered where it fits, not as a strip over the page
  offered = event;
  tell();
});
window.addEventListener('appinstalled', () => {
  offered = null;
  tell();
});

const isApp = window.matchMedia('(display-mode: standalone)').matches || navigator.standalone === true;
const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === 'MacIntel' && navigator.maxTouchPoints > 1);

export const install = {
  /** Whether this is the installed app already. */
  isApp,
  /** @returns {'prompt' | 'share' | null} by `ask()`, by the share sheet, or not at all */
  get way() {
    if (isApp) return null;
    return offered ? 'prompt' : isApple ? 'share' : null;
  },
  /** The browser's own question. @returns {Promise<boolean>} whether it was said yes to */
  async ask() {
    if (!offered) return false;
    const event = offered;
    offered = null; // good for one question
    const { outcome } = await event.prompt();
    tell();
    return outcome === 'accepted';
  },
  /** @param {() => void} fn @returns {() => void} */
  subscribe(fn) {
    listeners.add(fn);
    return () => listeners.delete(fn);
  },
};
