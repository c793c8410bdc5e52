import { store } from './platform.js';

const KEY = 'theme';
const HUE = 'accent';
const dark = window.matchMedia('(prefers-color-scheme: dark)');

function paintBars() {
  // The browser's own bars take the page's ground; read after the theme is set.
  const ground = getComputedStyle(document.documentElement).backgroundColor;
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', ground);
}

/** Light, dark or as the device says; remembered on this device. */
export const theme = {
  /** @returns {'system' | 'light' | 'dark'} */
  get() {
    return store.get(KEY, 'system');
  },
  /** @param {'system' | 'light' | 'dark'} choice */
  set(choice) {
    store.set(KEY, choice === 'system' ? null : choice);
    theme.apply();
  },
  apply() {
    const choice = theme.get();
    theme.setHue(store.get(HUE)); // as it was last seen: before signing in, and so that nothing changes colour at the start
    if (choice === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    paintBars();
  },
  /** @param {number | null} hue the household's accent, 0–360; lightness and chroma stay so that contrast stays */
  setHue(hue) {
    const style = document.documentElement.style;
    store.set(HUE, hue ?? null);
    if (hue === null || hue === undefined) style.removeProperty('--accent-hue');
    else style.setProperty('--accent-hue', String(hue));
  },
};

dark.addEventListener('change', paintBars);
