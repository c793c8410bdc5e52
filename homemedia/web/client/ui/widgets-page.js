// Every widget in both themes side by side: for looking at, and for the browser tests.
import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { icons } from './icons.js';
import { confirmDialog } from './dialog.js';
import { Page } from './page.js';
import { shared } from './styles.js';
import { toast } from './toast.js';

const SWATCHES = ['bg', 'surface', 'hover', 'line', 'line2', 'text3', 'text2', 'text', 'accent', 'soft', 'good', 'warn', 'bad'];
const MENU = [
  { id: 'next', label: 'Play next', icon: 'play' },
  { id: 'watched', label: 'Mark as watched', icon: 'check', key: 'W' },
  { id: 'share', label: 'Share…', icon: 'share', key: 'S' },
  { separator: true },
  { id: 'delete', label: 'Delete', icon: 'trash', danger: true },
];
const MADE = { title: 'Deep Fir', year: 2019, type: 'movie', duration: 5_580_000, viewOffset: 990_000, thumb: null, thumbKind: 'still', thumbTone: '#1d2b17' };
const ROSE = { title: 'Via Rosa', year: 2017, type: 'movie', duration: 5_700_000, thumb: null, thumbKind: 'still', thumbTone: '#3d1f26' };
const SQUARE = 'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 width=%222%22 height=%223%22%3E%3Crect width=%222%22 height=%223%22 fill=%22%233b4a35%22/%3E%3C/svg%3E';
const PARTS = [
  { label: 'Ready', value: 22_410, tone: 'accent' },
  { label: 'Making pictures', value: 1204, tone: 'soft' },
  { label: 'Skipped', value: 412, tone: 'muted' },
  { label: 'Could not read', value: 7, tone: 'bad' },
  { label: 'Waiting', value: 7817, tone: 'rest' },
];

/** One theme's half; in the document, so that the tokens of its `data-theme` reach it. */
class WidgetsSide extends LitElement {
  static properties = { dialog: { state: true } };

  static styles = [shared, css`
    :host { display: block; float: left; width: 50%; min-height: 100vh; background: var(--bg); color: var(--text); padding: 36px; }
    .top { display: flex; align-items: center; justify-content: space-between; gap: 16px; margin-bottom: 24px; flex-wrap: wrap; }
    .swatches { display: flex; flex-wrap: wrap; gap: 4px; } .swatches i { width: 28px; height: 28px; border-radius: var(--radius); box-shadow: inset 0 0 0 1px var(--line2); }
    .swatch-bg { background: var(--bg); } .swatch-surface { background: var(--surface); } .swatch-hover { background: var(--hover); } .swatch-line { background: var(--line); } .swatch-line2 { background: var(--line2); } .swatch-text3 { background: var(--text3); } .swatch-text2 { background: var(--text2); } .swatch-text { background: var(--text); } .swatch-accent { background: var(--accent); } .swatch-soft { background: var(--soft); } .swatch-good { background: var(--good); } .swatch-warn { background: var(--warn); } .swatch-bad { background: var(--bad); }
    .say { font: var(--font-12); color: var(--text3); margin: 24px 0 8px; }
    .line { gap: 8px; margin-bottom: 12px; } .line:last-child { margin-bottom: 0; }
    .two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 24px; }
    .menu { background: var(--raised); border-radius: var(--radius-place); box-shadow: var(--shadow); padding: 6px; --hover: var(--menu-hover); }
    .menu hm-button { display: block; }
    .fields > * + * { margin-top: 12px; }
    .posters { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 16px; }
    .icons { display: flex; flex-wrap: wrap; gap: 12px; color: var(--text2); }
    .picture { display: flex; flex-wrap: wrap; gap: 8px; padding: 16px; background: #3b4a35; border-radius: var(--radius-place); align-items: center; }
    .bars > * + * { margin-top: 12px; }
    .skeleton hm-skeleton { width: 100%; }
    @media (max-width: 1099.98px) { :host { width: 100%; } }
    @media (max-width: 719.98px) { :host { padding: 16px; } .two { grid-template-columns: 1fr; } .posters { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
  `];

  render() {
    const name = this.dataset.theme === 'dark' ? 'Dark' : 'Light';
    return html`
      <div class="top"><span class="t28">${name}</span><span class="swatches">${SWATCHES.map((token) => html`<i class="swatch-${token}" title=${token}></i>`)}</span></div>
      <p class="say">Buttons: primary, plain, outline, quiet, danger, icon, off, busy</p>
      <div class="line"><hm-button kind="primary" icon="play">Play</hm-button><hm-button>Start over</hm-button><hm-button kind="outline">Share</hm-button><hm-button kind="quiet">Cancel</hm-button><hm-button kind="danger">Delete</hm-button><hm-icon-button square icon="dots" label="More"></hm-icon-button></div>
      <div class="line"><hm-button kind="primary" class="focus">Focus</hm-button><hm-button disabled>Off</hm-button><hm-button kind="primary" busy>Saving</hm-button><hm-button size="small">Small 32</hm-button><hm-button kind="primary" size="large" icon="play">Large 48</hm-button></div>
      <div class="two"><div>
        <p class="say">Fields: rest, focus, error, switch, chips</p>
        <div class="fields"><hm-field label="Name" value="Ben Brandt"></hm-field><hm-field type="search" label="Search" hide-label value="bro"></hm-field><hm-field label="Address" hide-label value="ben@" error="The part after @ is missing"></hm-field>
          <hm-field label="Kind" type="select" .options=${[{ value: 'a', label: 'Films' }, { value: 'b', label: 'Shows' }]} value="a" hint="What the folder holds"></hm-field><hm-field label="Password" type="password" value="secret"></hm-field></div>
        <div class="line"></div>
        <div class="line"><hm-switch aria-name="On" checked></hm-switch><hm-switch aria-name="Off"></hm-switch><hm-chip chosen>Unwatched</hm-chip><hm-chip menu>Year</hm-chip></div>
        <div class="line"><hm-checkbox label="Chosen" checked></hm-checkbox><hm-checkbox label="Not"></hm-checkbox><hm-checkbox label="Some" indeterminate></hm-checkbox></div>
        <hm-switch label="Watch folders" hint="New files appear by themselves" checked></hm-switch>
        <p class="say">Chips in a field, pictures to choose from</p>
        <div class="fields"><hm-people-field label="Whom to share with" placeholder="Name of a member" nobody="Nobody by that name" .values=${['1']} .people=${[{ id: '0', name: 'Everybody', icon: 'users' }, { id: '1', name: 'Noor' }, { id: '2', name: 'Opa Karl', second: 'Member' }]}></hm-people-field></div>
        <div class="fields"><hm-chips-field label="Genres" .values=${['Drama', 'Western']} .suggestions=${['Comedy', 'Documentary']} placeholder="Enter adds one"></hm-chips-field>
          <hm-picture-choice label="Poster" automatic .pictures=${[{ id: 'a', url: SQUARE, selected: true, caption: 'beside the file', second: '1000 × 1500' }, { id: 'b', url: SQUARE, caption: 'TMDb', second: '780 × 1170' }]}></hm-picture-choice></div>
      </div><div>
        <p class="say">Menu</p>
        <div class="line"><hm-menu .items=${MENU} align="start" label="Menu"><hm-button>Open the menu</hm-button></hm-menu><hm-menu .items=${[{ group: 'Sort' }, { id: 't', label: 'Title, A–Z', checked: true }, { id: 'y', label: 'Year', checked: false }]} align="start"><hm-chip menu>Title, A–Z</hm-chip></hm-menu></div>
        <p class="say">Badges, tags, avatars, keys</p>
        <div class="line"><hm-badge>4K</hm-badge><hm-badge tone="accent">Converting</hm-badge><hm-badge tone="good">Ready</hm-badge><hm-badge tone="warn">Low space</hm-badge><hm-badge tone="bad">Failed</hm-badge></div>
        <div class="line"><hm-tag>0:48</hm-tag><hm-avatar name="Jonas" size="24"></hm-avatar><hm-avatar name="Ben" size="32"></hm-avatar><hm-avatar name="Mara" size="40"></hm-avatar><hm-key>W</hm-key><hm-spinner></hm-spinner></div>
        <p class="say">Tabs and ways to see</p>
        <div class="line"><hm-tabs .tabs=${[{ id: 'films', label: 'Films' }, { id: 'shows', label: 'Shows' }, { id: 'videos', label: 'Home videos' }]} value="films"></hm-tabs><hm-segmented .options=${[{ value: 'grid', label: 'Grid', icon: 'grid' }, { value: 'list', label: 'List', icon: 'list' }]} value="grid"></hm-segmented></div>
        <p class="say">On pictures</p>
        <div class="picture"><hm-button kind="primary" size="large" icon="play" on-picture>Resume at 41:08</hm-button><hm-button size="large" on-picture>Start over</hm-button><hm-icon-button size="large" square on-picture icon="bookmark" label="Save"></hm-icon-button></div>
      </div></div>
      <div class="two"><div>
        <p class="say">Dialog: only for what cannot be undone</p>
        <div class="line"><hm-button @click=${() => { this.dialog = true; }}>Open a dialog</hm-button><hm-button kind="danger" @click=${() => confirmDialog({ heading: 'Remove Ben for good?', text: 'His 412 photos stay with the house. His sign-in and shares end now.', action: 'Remove Ben', keep: 'Keep', danger: true })}>Ask</hm-button></div>
      </div><div>
        <p class="say">Toast with undo; progress: known, unknown, in parts</p>
        <div class="line"><hm-button @click=${() => toast('3 photos moved to the bin', { undo: () => toast('They are back') })}>Show a toast</hm-button></div>
        <div class="bars"><hm-progress .value=${0.62} label="Known"></hm-progress><hm-progress label="Unknown"></hm-progress><hm-progress .parts=${PARTS} bare label="Parts"></hm-progress><hm-progress .value=${0.4} quiet label="Quiet"></hm-progress></div>
      </div></div>
      <p class="say">Counted</p>
      <hm-progress .parts=${PARTS} label="Reading"></hm-progress>
      <p class="say">Poster without one, progress, watched, skeleton, cannot be read</p>
      <div class="posters"><hm-poster .item=${MADE} href="#" second="2019 · 1 h 33 min" playable></hm-poster><hm-poster class="focus" .item=${ROSE} href="#" second="2017 · 1 h 35 min" playable></hm-poster><hm-poster .item=${{ ...ROSE, title: 'A Long Name That Goes Over Three Lines', thumbTone: '#20304f' }} watched href="#" second="2008 · 10 min"></hm-poster><hm-skeleton kind="poster"></hm-skeleton><hm-poster heading="Via Nova" missing="Missing since Tue"></hm-poster></div>
      <p class="say">Cards</p>
      <div class="two"><hm-card .item=${{ ...MADE, thumbTone: '#3b4a35' }} href="#" second="18 min left" tag="0:48" place-tag="Arezzo" playable></hm-card><hm-card .item=${{ ...MADE, thumbTone: '#3b4a35' }} horizontal href="#" second="S2 · E4 — The Well" third="18 min left" playable></hm-card></div>
      <p class="say">Empty, error, notices</p>
      <div class="two"><hm-empty icon="photos" heading="No photos yet" text="Back up a phone, or add a folder."><hm-button slot="action" kind="primary" size="small">Back up this phone</hm-button></hm-empty><hm-error heading="Big drive is not there" text="Looked for it 2 min ago. Nothing is lost." retry="Look again"></hm-error></div>
      <p></p>
      <div class="stack"><hm-notice tone="bad">7 files could not be read; most end after 2 MB.<hm-button slot="action" kind="quiet" size="small">See the 7</hm-button></hm-notice><hm-notice tone="warn" plain heading="Will be converted for this browser">The picture is HEVC, which this browser cannot play.</hm-notice></div>
      <p class="say">Icons</p>
      <div class="icons">${Object.keys(icons).map((name) => html`<hm-icon name=${name} size="24" title=${name}></hm-icon>`)}</div>
      ${this.dialog ? html`<hm-dialog open heading="Share “Arezzo”" cross @hm-close=${() => { this.dialog = false; }}><p>People first, link second.</p><hm-field label="Name"></hm-field>
        <hm-button slot="actions" kind="quiet" @click=${() => { this.dialog = false; }}>Cancel</hm-button><hm-button slot="actions" kind="primary">Share</hm-button></hm-dialog>` : nothing}`;
  }
}
customElements.define('widgets-side', WidgetsSide);

class WidgetsPage extends Page {
  createRenderRoot() {
    return this;
  }

  render() {
    this.title = 'Widgets';
    return html`<h1 class="visually-hidden" tabindex="-1">Widgets</h1><widgets-side data-theme="light"></widgets-side><widgets-side data-theme="dark"></widgets-side>`;
  }
}
customElements.define('widgets-page', WidgetsPage);
