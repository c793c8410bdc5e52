// One player on the page of activity, and everything that is known of it.
import { css, html, nothing } from '../vendor/lit.js';
import { artUrl } from '../api.js';
import { ago, bitrate, duration, join, size, time } from '../format.js';
import { itemHref } from '../watch/links.js';
import { how, isSlow, names, picture, place, reasons, device, deviceWord, sound, speed, verdict } from './activity-words.js';
import { say } from './en.js';

const words = say.activityWords;

export const rowStyles = css`
  .play { display: grid; grid-template: "art words plays menu" / 144px minmax(0, 1fr) 280px 40px; gap: 0 16px; align-items: center; padding: 16px 0; border-top: 1px solid var(--line); animation: came var(--slow) ease-out; }
  @keyframes came { from { opacity: 0; } }
  @media (prefers-reduced-motion: reduce) { .play { animation: none; } }
  .play:last-child { padding-bottom: 0; }
  .art { grid-area: art; border-radius: var(--radius); } .art.square { width: 81px; justify-self: center; }
  .words { grid-area: words; min-width: 0; } .words a { color: inherit; } .words .name { font: var(--font-14); font-weight: 600; } .words .second { margin-top: 1px; }
  .who { display: flex; align-items: center; gap: 8px; margin-top: 6px; font: var(--font-14); min-width: 0; }
  .plays { grid-area: plays; min-width: 0; } .top { display: flex; align-items: center; justify-content: space-between; gap: 8px; } .top .second { white-space: nowrap; }
  .how { font: var(--font-12); color: var(--text2); margin: 6px 0 8px; text-wrap: pretty; overflow-wrap: anywhere; } .how.slow { color: var(--warn); }
  .play hm-menu { grid-area: menu; justify-self: end; margin-right: -8px; }
  .play hm-notice { grid-column: 1 / -1; margin-top: 12px; }
  .is-quiet .art { opacity: .55; }
  .facts { display: grid; grid-template-columns: minmax(96px, auto) minmax(0, 1fr); gap: 10px 24px; font: var(--font-14); } .facts dt { color: var(--text2); } .facts dd { margin: 0; overflow-wrap: anywhere; }
  .said { font: 12px / 18px ui-monospace, monospace; color: var(--text2); background: var(--sunken); border-radius: var(--radius); padding: 12px; margin-top: 8px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 180px; overflow-y: auto; }
  .bones .art { background: var(--hover); aspect-ratio: 16 / 9; } .bones .words { display: grid; gap: 10px; } .bones .plays { display: grid; gap: 10px; }
  .bones .bar { background: var(--hover); height: 12px; border-radius: 4px; width: 70%; } .bones .bar.short { width: 40%; } .bones .bar.whole { width: 100%; height: 4px; }
  @media (max-width: 719.98px) {
    .play { grid-template: "art words menu" "plays plays plays" / 112px minmax(0, 1fr) 44px; gap: 12px; }
    .art.square { width: 63px; } .play hm-menu { align-self: start; margin-right: -10px; }
  }
`;

export const isQuiet = (play) => play.state === 'paused' || play.state === 'idle';

/** @param {any} play @param {number} position ms, now @param {{menu: (id: string) => void}} does @param {string | null} [face] the address of his picture */
export function row(play, position, does, face = null) {
  const { tone, text } = verdict(play);
  const { title, second } = names(play);
  const href = play.item && itemHref(play.item);
  const isSquare = play.item?.type === 'track';
  const label = words.playOf(title, play.user.name);
  const items = [
    { id: 'facts', label: words.facts, icon: 'info' },
    ...(href ? [{ id: 'open', label: words.open, icon: 'film', href }] : []),
    { separator: true },
    { id: 'stop', label: words.stop, icon: 'x', danger: true },
  ];
  return html`<li class="play ${isQuiet(play) ? 'is-quiet' : ''}" aria-label=${label}>
    <hm-art class="art ${isSquare ? 'square' : ''}" ratio=${isSquare ? '1/1' : '16/9'} src=${artUrl(play.item, { kind: play.item?.thumbKind === 'poster' && play.item?.art ? 'art' : 'thumb', width: 144 }) ?? nothing} tone=${play.item?.thumbTone ?? nothing}></hm-art>
    <div class="words"><p class="name one-line">${href ? html`<a href=${href}>${title}</a>` : title}</p>${second ? html`<p class="second one-line">${second}</p>` : nothing}
      <p class="who"><hm-avatar size="24" name=${play.user.name} src=${face ?? nothing}></hm-avatar><span class="one-line">${join(play.user.name, deviceWord(play))}</span></p></div>
    <div class="plays"><div class="top"><hm-badge tone=${tone}>${text}</hm-badge><span class="second tabular">${place(play, position)}</span></div>
      <p class="how tabular ${isSlow(play) ? 'slow' : ''}">${how(play)}</p>
      <hm-progress .value=${play.duration ? position / play.duration : 0} ?quiet=${isQuiet(play)} label=${label}></hm-progress></div>
    <hm-menu .items=${items} align="end" label=${words.more(label)} @hm-select=${(event) => does.menu(event.detail.id)}><hm-icon-button icon="dots" label=${words.more(label)}></hm-icon-button></hm-menu>
    ${play.trouble?.message ? html`<hm-notice tone="bad">${play.trouble.message}<hm-button slot="action" kind="quiet" size="small" @click=${() => does.menu('facts')}>${words.seeWhy}</hm-button></hm-notice>` : nothing}
  </li>`;
}

/** Everything about one player. @param {any} play */
export function facts(play) {
  const { conversion } = play;
  const pieces = play.container === 'fmp4' ? words.mp4Pieces : play.container === 'ts' && play.sessionId ? words.tsPieces : (play.container ?? '').toUpperCase();
  const from = (play.containerFrom ?? '').toUpperCase();
  const rows = [
    [words.how, verdict(play).text],
    [words.why, reasons(play).join(' ')],
    [words.picture, join(picture(play), play.video?.toneMap ? words.toneMapped : '', play.video?.burns ? words.burns : '')],
    [words.sound, sound(play)],
    [words.container, from && pieces && from !== pieces ? `${from} → ${pieces}` : from],
    [words.madeBy, conversion?.encoder && (conversion.isHardware ? words.chipNamed(conversion.encoder) : words.processorNamed(conversion.encoder))],
    [words.pace, conversion && join(speed(play), words.makes[conversion.state] ?? '', conversion.ahead ? words.ahead(duration(conversion.ahead)) : '')],
    [words.takes, join(play.bitrate ? words.evenly(bitrate(play.bitrate)) : '', words.lately(bitrate(play.bandwidth)))],
    [words.sent, size(play.sent)],
    [words.device, device(play)],
    [words.from, join(play.isHome ? words.atHome : words.away, play.address)],
    [words.since, join(time(play.startedAt), words.heard(ago(play.lastSeenAt)))],
  ];
  return html`<dl class="facts tabular">${rows.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    ${play.trouble?.lines.length ? html`<p class="second">${words.said}</p><div class="said" tabindex="0" role="region" aria-label=${words.said}>${play.trouble.lines.join('\n')}</div>` : nothing}`;
}

export const rowBones = () => html`<div class="play bones"><span class="art"></span><div class="words"><span class="bar"></span><span class="bar short"></span><span class="bar"></span></div><div class="plays"><span class="bar short"></span><span class="bar"></span><span class="bar whole"></span></div></div>`;
