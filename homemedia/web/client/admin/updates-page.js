import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago, date, join, time } from '../format.js';
import { copyText } from '../ui/platform.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const words = say.updateWords;
const ADDRESS = '/api/home/server/updates';

/** Whether `latest` is a later version than `version`; each is numbers with dots. @param {string | null} latest @param {string} version */
function isNewer(latest, version) {
  const numbers = (text) => text.split('.').map((part) => parseInt(part, 10) || 0);
  const [now, then] = [numbers(latest ?? ''), numbers(version)];
  const at = now.findIndex((number, index) => number !== (then[index] ?? 0));
  return at >= 0 && now[at] > (then[at] ?? 0);
}

/** Which version runs, whether a newer one is known, how it gets here, and the way back. Nothing is installed from here. */
class UpdatesPage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true } };

  static styles = [SectionPage.styles, css`
    .panel > hm-notice, .panel > .form, .panel > .actions { margin-top: 16px; }
    .version { display: flex; gap: 16px; align-items: center; } .version > hm-icon { color: var(--text2); } .version .second { margin-top: 2px; }
    .also { grid-column: 2; }
    ol { display: grid; gap: 12px; margin-top: 16px; font: var(--font-14); counter-reset: step; list-style: none; padding: 0; }
    li { display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: 4px 12px; counter-increment: step; text-wrap: pretty; }
    li::before { content: counter(step); display: grid; place-items: center; width: 24px; height: 24px; border-radius: var(--round); background: var(--hover); font: var(--font-12); font-variant-numeric: tabular-nums; }
    .command { grid-column: 2; display: flex; gap: 8px; align-items: center; padding-left: 12px; border-radius: var(--radius); background: var(--sunken); }
    code { flex: 1; min-width: 0; padding: 8px 0; font: 13px/20px var(--mono); overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
    .prose { font: var(--font-14); color: var(--text2); margin-top: 12px; text-wrap: pretty; } dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 8px 16px; margin-top: 16px; font: var(--font-14); }
    dt { color: var(--text2); } dd { margin: 0; overflow-wrap: anywhere; }
    @media (max-width: 719.98px) { dl { grid-template-columns: minmax(0, 1fr); gap: 2px; } dd + dt { margin-top: 8px; } }
  `];

  updates = this.query(() => ADDRESS, { maxAge: 0 });

  constructor() {
    super();
    this.busy = '';
  }

  /** @param {string} what @param {() => Promise<any>} ask */
  async change(what, ask) {
    if (this.busy) return;
    this.busy = what;
    try {
      const state = await ask();
      this.updates.update(() => state);
    } catch (error) {
      toastError(error);
      this.updates.refresh();
    } finally {
      this.busy = '';
    }
  }

  turn = (event) => this.change('turn', () => api.put(ADDRESS, { isChecking: event.detail.checked }, { quiet: true }));

  look = () => this.change('look', () => api.post(`${ADDRESS}/check`, null, { quiet: true }));

  render() {
    return this.framed('administration', 'updates', this.updates.render({
      loading: () => html`<hm-skeleton kind="panel" count="3"></hm-skeleton>`,
      data: (state) => html`${this.version(state)}${this.way(state)}${this.back(state)}`,
    }));
  }

  version(state) {
    const { version, latest, checkedAt, problem, notes, isChecking } = state;
    const newer = isNewer(latest, version);
    const looked = checkedAt ? words.looked(ago(checkedAt / 1000)) : words.neverLooked;
    return html`<section class="panel">
      <div class="version"><hm-icon name="mark" size="24"></hm-icon><div><h2>${words.runs(version)}</h2><p class="second">${looked}</p></div></div>
      ${newer
        ? html`<hm-notice tone="accent" heading=${words.newer(latest)}>${words.newerText}${notes ? html`<hm-button slot="action" size="small" icon="external" href=${notes} target="_blank">${words.notes}</hm-button>` : nothing}</hm-notice>`
        : latest && !problem ? html`<hm-notice tone="good">${words.newest}</hm-notice>` : nothing}
      ${problem ? html`<hm-notice tone="warn" heading=${words.failed}>${problem}</hm-notice>` : nothing}
      <div class="form"><hm-switch label=${words.check} hint=${words.checkHint} ?checked=${isChecking} ?disabled=${this.busy === 'turn'} @hm-change=${this.turn}></hm-switch></div>
      <div class="actions"><hm-button icon="refresh" ?busy=${this.busy === 'look'} @click=${this.look}>${this.busy === 'look' ? words.looking : words.look}</hm-button></div></section>`;
  }

  way({ how, latest, version }) {
    const wanted = isNewer(latest, version) ? latest : null;
    const { name, steps } = (words.ways[how] ?? words.ways.pip)(wanted);
    return html`<section class="panel"><h2>${words.how}</h2><p class="second">${name}</p>
      <ol>${steps.map(([text, command]) => html`<li><span>${text}</span>${command ? this.command(command) : nothing}</li>`)}</ol>
      <p class="prose">${words.stays}</p></section>`;
  }

  back({ backup, previous, how }) {
    return html`<section class="panel"><h2>${words.back}</h2><p class="prose">${words.backText}</p>
      ${backup ? html`<dl><dt>${words.copyOf}</dt><dd>${join(previous ? words.from(previous) : '', date(backup.madeAt / 1000), time(backup.madeAt / 1000))}</dd></dl>
        <ol><li><span>${words.backSteps[0]}</span></li><li><span>${words.backSteps[1](previous)}</span></li><li><span>${words.backSteps[2]}</span>${this.command(`homemedia backup restore ${backup.name}`)}${how === 'deb' ? html`<span class="also">${words.asService}</span>${this.command(`sudo homemedia-service backup restore ${backup.name}`)}` : nothing}</li></ol>`
        : html`<p class="prose">${words.noCopy}</p>`}</section>`;
  }

  command(text) {
    return html`<div class="command"><code>${text}</code><hm-icon-button icon="copy" label=${say.copy(text)} @click=${() => this.copy(text)}></hm-icon-button></div>`;
  }

  async copy(text) {
    toast((await copyText(text)) ? words.copied : words.notCopied);
  }
}
customElements.define('updates-page', UpdatesPage);
