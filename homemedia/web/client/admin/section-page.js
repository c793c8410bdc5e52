// The frame of pages behind the picture: a list of sections left, the chosen one beside it.
import { css, html, nothing } from '../vendor/lit.js';
import { Page } from '../ui/page.js';
import { session } from '../session.js';
import { say } from './en.js';

const ADMINISTRATION = [
  ['libraries', '/admin/libraries'],
  ['house', '/admin/house'],
  ['about', '/admin/about'],
];
const SETTINGS = [
  ['account', '/settings'],
  ['devices', '/settings/devices'],
];

export class SectionPage extends Page {
  static styles = [Page.styles, css`
    .sections { display: grid; grid-template-columns: 156px minmax(0, 1fr); gap: 28px; align-items: start; margin-left: -12px; }
    nav { position: sticky; top: calc(var(--top) + 12px); display: flex; flex-direction: column; gap: 2px; padding-top: 12px; }
    nav a { display: flex; align-items: center; min-height: 36px; padding: 0 12px; border-radius: var(--radius); font: var(--font-14); color: var(--text2); }
    nav a[aria-current] { background: var(--hover); color: var(--text); font-weight: 600; }
    @media (hover: hover) { nav a:hover { color: var(--text); } }
    .content { display: flex; flex-direction: column; gap: 20px; max-width: 920px; padding-top: 12px; }
    .content h2 { font: var(--font-16); letter-spacing: -0.008em; }
    .form { display: flex; flex-direction: column; gap: 20px; max-width: 520px; }
    .actions { display: flex; gap: 12px; flex-wrap: wrap; }
    @media (max-width: 1099.98px) {
      .sections { grid-template-columns: minmax(0, 1fr); gap: 12px; margin-left: 0; }
      nav { position: static; flex-direction: row; overflow-x: auto; scrollbar-width: none; padding: 0; margin: 0 calc(-1 * var(--margin)); padding-inline: var(--margin); }
      nav a { white-space: nowrap; min-height: 44px; }
    }
  `];

  /** @param {'administration' | 'settings'} area @param {string} section @param {unknown} content */
  framed(area, section, content) {
    const list = area === 'administration' ? ADMINISTRATION : SETTINGS;
    this.title = say[section];
    return html`
      <hm-page-header heading=${say[area]}></hm-page-header>
      <div class="body sections">
        <nav aria-label=${say[area]}>${list.map(([id, href]) => html`<a href=${href} aria-current=${id === section ? 'page' : nothing}>${say[id]}</a>`)}</nav>
        <div class="content">${content}</div>
      </div>`;
  }

  get user() {
    return session.user;
  }
}
