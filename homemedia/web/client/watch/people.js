// Cast and crew as faces with names.
import { css, html, nothing } from '../vendor/lit.js';
import { count } from '../format.js';
import { say } from './en.js';
import { personHref } from './links.js';

const SHOWN = 5;

export const peopleStyles = css`
  .cast { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(232px, 100%), 1fr)); gap: 20px 24px; }
  .person { display: flex; align-items: center; gap: 12px; min-width: 0; text-align: start; border-radius: var(--radius); }
  .cast li { min-width: 0; } @media (hover: hover) { a.person:hover .name { text-decoration: underline; text-underline-offset: 3px; } }
  .person p { margin: 0; } .rest { display: grid; place-items: center; flex: none; width: 48px; height: 48px; border-radius: 50%; background: var(--hover); font: var(--font-14); font-weight: 600; color: var(--text2); font-variant-numeric: tabular-nums; }
  @media (max-width: 719.98px) { .cast { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px 12px; } }
`;

const face = (one) => html`<li><a class="person" href=${personHref(one.id)}><hm-avatar name=${one.name} src=${one.thumb ? `${one.thumb}?w=120&h=120` : nothing} size="48" aria-hidden="true"></hm-avatar>
  <div class="grow"><p class="name one-line">${one.name}</p><p class="second one-line">${one.line}</p></div></a></li>`;

/** @param {{cast: any[], crew: any[]} | undefined} found @param {boolean} all @param {() => void} showAll */
export function people(found, all, showAll) {
  const { cast = [], crew = [] } = found ?? {};
  const everyone = [...cast.map((one) => ({ ...one, line: one.role })), ...crew.map((one) => ({ ...one, line: say.jobs[one.job] ?? one.job }))];
  if (!everyone.length) return nothing;
  const shown = all || everyone.length <= SHOWN + 1 ? everyone : everyone.slice(0, SHOWN);
  return html`<hm-section heading=${cast.length ? say.cast : say.crew}><ul class="cast">${shown.map(face)}
    ${shown.length < everyone.length ? html`<li><button type="button" class="person" @click=${showAll}><span class="rest" aria-hidden="true">${say.allCast(count(everyone.length - shown.length))}</span><span class="quiet">${say.allCastText}</span></button></li>` : nothing}
  </ul></hm-section>`;
}
