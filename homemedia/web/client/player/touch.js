// Presses on the picture. A finger: once shows or hides the controls, twice left or right goes 10 s. A mouse: once plays and pauses, twice fills the screen.

const TWICE_MS = 300;
const SIDE = 0.35;

/**
 * @param {HTMLElement} area
 * @param {{tap: () => void, step: (sign: -1 | 1) => void, click: () => void, doubleClick: () => void}} does
 */
export function onPresses(area, does) {
  let last = { at: 0, side: 0 };
  let from = null;
  let isFinger = false; // a click does not say so in every browser

  area.addEventListener('pointerdown', (event) => {
    isFinger = event.pointerType === 'touch';
    from = { x: event.clientX, y: event.clientY };
  });
  area.addEventListener('pointerup', (event) => {
    if (!from || Math.hypot(event.clientX - from.x, event.clientY - from.y) > 16) return;
    from = null;
    if (!isFinger) return;
    const { left, width } = area.getBoundingClientRect();
    const share = (event.clientX - left) / width;
    const side = share < SIDE ? -1 : share > 1 - SIDE ? 1 : 0;
    const isAgain = side !== 0 && side === last.side && event.timeStamp - last.at < TWICE_MS;
    last = { at: event.timeStamp, side };
    if (isAgain) does.step(side);
    else does.tap();
  });
  area.addEventListener('click', () => !isFinger && does.click());
  area.addEventListener('dblclick', () => !isFinger && does.doubleClick());
}
