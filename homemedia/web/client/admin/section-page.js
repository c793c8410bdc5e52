// The frame of pages behind the picture: a list of sections left, the chosen one beside it, facts at the right where there is room.
import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { session } from '../session.js';
import { say } from './en.js';

const ADMINISTRATION = [
  ['activity', '/admin/activity'],
  ['libraries', '/admin/libraries'],
  ['members', '/admin/members'],
  ['invites', '/admin/invites'],
  ['senders', '/admin/senders'],
  ['feed', '/settings/feed'],
  ['metadata', '/admin/metadata'],
  ['edits', '/admin/edits'],
  ['hardware', '/admin/hardware'],
  ['house', '/admin/house'],
  ['https', '/admin/https'],
  ['signIn', '/admin/sign-in'],
  ['backups', '/admin/backups'],
  ['updates', '/admin/updates'],
  ['log', '/admin/log'],
  ['about', '/admin/about'],
];
const SETTINGS = [
  ['account', '/settings'],
  ['notices', '/settings/notices'],
  ['devices', '/settings/devices'],
  ['apiKeys', '/settings/keys'],
  ['partners', '/settings/partners'],
];

export class SectionPage extends Page {
  static styles = [Page.styles, css`
    .sections { display: grid; grid-template-columns: 156px minmax(0, 756px) minmax(0, 332px); gap: 28px; align-items: start; margin-left: -12px; padding-top: 12px; }
    nav { position: sticky; top: calc(var(--top) + 12px); display: flex; flex-direction: column; gap: 2px; }
    nav a { display: flex; align-items: center; min-height: 36px; padding: 0 12px; border-radius: var(--radius); font: var(--font-14); color: var(--text2); }
    nav a[aria-current] { background: var(--hover); color: var(--text); font-weight: 600; }
    @media (hover: hover) { nav a:hover { color: var(--text); } }
    .content, aside { display: flex; flex-direction: column; gap: 20px; min-width: 0; }
    h2 { font: var(--font-16); letter-spacing: -0.008em; }
    .form { display: flex; flex-direction: column; gap: 20px; max-width: 520px; }
    .panel > h2 + * { margin-top: 12px; } .panel > h2 + .second, .panel > h2 + .hint { margin-top: 2px; }
    .actions { display: flex; gap: 12px; flex-wrap: wrap; }
    .title { display: flex; align-items: center; gap: 4px; min-height: 40px; } .title hm-icon-button { margin-left: -10px; }
    .fact { display: flex; justify-content: space-between; align-items: center; gap: 12px; }
    .gauge { display: grid; grid-template-columns: 20px minmax(0, 1fr) auto; gap: 2px 12px; align-items: center; font: var(--font-14); border-top: 1px solid var(--line); margin-top: 12px; padding: 14px 0; }
    .gauge > hm-icon { color: var(--text2); } .gauge hm-progress { grid-column: 2 / 4; margin-top: 8px; }
    .runs { display: flex; gap: 12px; align-items: center; font: var(--font-14); border-top: 1px solid var(--line); padding-top: 14px; } .runs hm-icon { color: var(--good); }
    .address { display: flex; align-items: center; gap: 8px; font: var(--font-14); min-height: 40px; } .address span { flex: 0 1 auto; min-width: 0; overflow-wrap: anywhere; }
    .panel > h2 + .address { margin-top: 6px; }
    @media (max-width: 1099.98px) {
      .sections { grid-template-columns: minmax(0, 1fr); gap: 16px; margin-left: 0; padding-top: 0; }
      nav { position: static; flex-direction: row; overflow-x: auto; scrollbar-width: none; margin: 0 calc(-1 * var(--margin)); padding-inline: calc(var(--margin) - 4px); }
      nav a { white-space: nowrap; min-height: 40px; padding: 0 14px; border-radius: var(--round); font-weight: 500; }
      aside { max-width: 756px; } .content { max-width: 756px; }
    }
    @media (min-width: 1100px) and (max-width: 1279.98px) { .sections { grid-template-columns: 156px minmax(0, 1fr); } aside { grid-column: 2; } }
    @media (max-width: 719.98px) { nav a { min-height: 44px; } }
  `];

  /** On phones the sections are a row: the one that is open is seen, however many stand before it. @param {Map<string, unknown>} changed */
  updated(changed) {
    super.updated?.(changed);
    const row = this.renderRoot.querySelector('nav');
    const here = row?.querySelector('[aria-current]');
    if (!here || here === this.lookedTo || row.scrollWidth <= row.clientWidth) return;
    this.lookedTo = here;
    row.scrollLeft = Math.max(0, here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2);
  }

  /** @param {'administration' | 'settings'} area @param {string} section @param {unknown} content @param {unknown} [aside] */
  framed(area, section, content, aside = nothing) {
    const list = area === 'administration' ? ADMINISTRATION : SETTINGS;
    this.title = say[section];
    return html`
      <hm-page-header heading=${say[area]}></hm-page-header>
      <div class="body sections">
        <nav aria-label=${say[area]}>${list.map(([id, href]) => html`<a href=${href} aria-current=${id === section ? 'page' : nothing}>${say[id]}</a>`)}</nav>
        <div class="content">${content}</div>
        ${aside === nothing ? nothing : html`<aside>${aside}</aside>`}
      </div>`;
  }

  get user() {
    return session.user;
  }
}
