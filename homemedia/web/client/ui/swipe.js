// Pictures and films over the whole window, swiped through and pinched: what every viewer has in common.
import { css } from '../vendor/lit.js';
import { PhotoSwipe, sheet } from '../vendor/photoswipe.js';
import { media } from './platform.js';

/** Of a long edge, until it is known how large a picture is. */
export const LONG_EDGE = 4000;
// The controls of a film at its lower edge are its own.
const CONTROLS_PX = 88;

// PhotoSwipe looks at what was touched, so its elements stand in the document itself.
const dress = css`
  .hm-stage { position: absolute; inset: 0; }
  .hm-stage .pswp { position: absolute; --pswp-root-z-index: 0; --pswp-placeholder-bg: transparent; }
  .hm-stage .pswp__top-bar, .hm-stage .pswp__button { display: none; }
  .hm-stage .pswp__img--placeholder { filter: blur(0); object-fit: cover; }
  .hm-stage-film { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; background: #000; }
  .hm-stage-box { position: absolute; inset: 0; display: grid; place-items: center; color: #fff; }
  .hm-stage-note { position: absolute; inset: auto 16px 112px; padding: 12px 16px; border-radius: 6px; max-width: 420px; margin: 0 auto; text-align: center; font: var(--font-14); color: #fff; background: rgb(0 0 0 / .7); } .hm-stage-note[hidden] { display: none; }
  .hm-stage-words { min-width: 0; flex: 1 1 0; } .hm-stage-words p { font: var(--font-14); font-weight: 500; } .hm-stage-words .second { font: var(--font-12); font-weight: 400; color: rgb(255 255 255 / .8); }
`;
const own = new CSSStyleSheet();
own.replaceSync(sheet);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, own, dress.styleSheet];

/** How large something is shown before it is known how large it is. @param {number} ratio width by height */
export const sizeOf = (ratio) => ({ width: ratio >= 1 ? LONG_EDGE : LONG_EDGE * ratio, height: ratio >= 1 ? LONG_EDGE / ratio : LONG_EDGE });

/**
 * @param {HTMLElement} stage of class `hm-stage`, in the document itself
 * @param {number} index where it begins
 * @param {{count: () => number, data: (at: number) => object, film: (box: HTMLElement, data: any, content: any) => void, flip: () => void, changed: (index: number) => void, closed: () => void, noPicture: string}} host
 *   `data` as PhotoSwipe has its slides, or of type `waits` or `film`, which `film` puts into its box
 * @returns {PhotoSwipe} `init()` begins
 */
export function openSwipe(stage, index, host) {
  const swipe = new PhotoSwipe({
    dataSource: [], appendToEl: stage, index, bgOpacity: 1, loop: false, trapFocus: false, returnFocus: false, escKey: false, arrowKeys: false, preload: [1, 2], wheelToZoom: false,
    showHideAnimationType: 'none', zoomAnimationDuration: media.reducedMotion ? 0 : 200, tapAction: host.flip, imageClickAction: 'zoom-or-close', clickToCloseNonZoomable: false, bgClickAction: host.flip, doubleTapAction: 'zoom',
    maxZoomLevel: (zoom) => Math.max(1, zoom.fit * 6), secondaryZoomLevel: (zoom) => Math.max(zoom.fit * 2.5, Math.min(1, zoom.fit * 4)), arrowPrev: false, arrowNext: false, zoom: false, close: false, counter: false, errorMsg: host.noPicture,
    getViewportSizeFn: () => ({ x: stage.clientWidth, y: stage.clientHeight }),
  });
  swipe.addFilter('numItems', host.count);
  swipe.addFilter('itemData', (_, at) => host.data(at));
  swipe.addFilter('preventPointerEvent', (prevent, event) => prevent && !event.target.closest?.('video'));
  swipe.addFilter('isContentZoomable', (can, content) => can && content.type === 'image');
  swipe.on('contentLoad', (event) => load(event, host.film));
  swipe.on('contentDeactivate', ({ content }) => content.element?.querySelector?.('video')?.pause());
  swipe.on('pointerDown', (event) => {
    const { target, clientY } = event.originalEvent;
    const film = target.closest?.('video');
    if (film && clientY > film.getBoundingClientRect().bottom - CONTROLS_PX) event.preventDefault();
  });
  swipe.on('change', () => host.changed(swipe.currIndex));
  swipe.on('close', host.closed);
  return swipe;
}

/** What PhotoSwipe does not know: films, and what has not come yet. */
function load(event, film) {
  const { content } = event;
  if (content.type !== 'film' && content.type !== 'waits') return;
  event.preventDefault();
  const box = document.createElement('div');
  box.className = 'hm-stage-box';
  if (content.type === 'waits') box.append(document.createElement('hm-spinner'));
  else film(box, content.data, content);
  content.element = box;
  content.state = 'loaded';
}
