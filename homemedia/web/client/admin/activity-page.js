import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { count, percent } from '../format.js';
import { confirmDialog } from '../ui/dialog.js';
import { toast, toastError } from '../ui/toast.js';
import { pictureById } from '../people.js';
import './activity-history.js';
import { facts, isQuiet, row, rowBones, rowStyles } from './activity-row.js';
import { device, names, summary } from './activity-words.js';
import { say } from './en.js';
import { machinePanels } from './machine.js';
import './scan-panel.js';
import { SectionPage } from './section-page.js';

const words = say.activityWords;
const ADDRESS = '/api/home/playback/activity';
const LOOK_EVERY_MS = 500;

/** Who plays what, how and how fast; what the server reads besides. */
class ActivityPage extends SectionPage {
  static properties = { ...SectionPage.properties, about: { state: true }, leaving: { state: true } };

  static styles = [SectionPage.styles, rowStyles, css`
    .watching > header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 2px 16px; padding-bottom: 14px; } .watching header .second { font: var(--font-14); }
    .watching ul { list-style: none; margin: 0; padding: 0; }
    .watching hm-empty { border-top: 1px solid var(--line); }
    .beside { display: flex; flex-direction: column; gap: 20px; } .gauge + .gauge { margin-top: 0; } .runs + .runs { border-top: 0; padding-top: 12px; }
    .scan { display: flex; flex-direction: column; gap: 16px; }
    @media (max-width: 719.98px) { .watching.panel, .history.panel { padding: 20px 16px; } }
  `];

  playing = this.query(() => ADDRESS, { poll: 5000, maxAge: 0 });
  people = this.query(() => '/api/users');
  scans = this.query(() => '/api/scan-status', { poll: 5000, maxAge: 0 });
  server = this.query(() => '/api/status', { poll: 15_000 });
  hardware = this.query(() => '/api/hardware', { poll: 60_000 });
  addresses = this.query(() => '/api/home/server/addresses', { poll: 30_000 });

  constructor() {
    super();
    this.about = null;
    this.leaving = new Set();
    this.live({
      'playback.activity': () => this.playing.refresh(),
      'scan.started': () => this.look(),
      'scan.progress': () => this.look(),
      'scan.finished': () => this.look(),
      connected: ({ again }) => again && this.playing.refresh(),
    });
  }

  connectedCallback() {
    super.connectedCallback();
    // Between two readings the places go on by themselves.
    this.ticking = setInterval(() => document.visibilityState === 'visible' && this.shown.some((play) => play.state === 'playing') && this.requestUpdate(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.ticking);
    clearTimeout(this.timer);
    this.timer = 0;
  }

  look() {
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      this.scans.refresh();
    }, LOOK_EVERY_MS);
  }

  get shown() {
    return (this.playing.data?.playing ?? []).filter((play) => !this.leaving.has(play.id));
  }

  willUpdate() {
    if (this.playing.data === this.read) return;
    this.read = this.playing.data;
    this.readAt = performance.now();
  }

  position(play) {
    const at = play.position + (play.state === 'playing' ? performance.now() - this.readAt : 0);
    return play.duration ? Math.min(at, Math.max(play.duration, play.position)) : at;
  }

  render() {
    const aside = html`<div class="beside">${machinePanels(this.server.data, this.addresses.data, this.measured())}</div>`;
    return this.framed('administration', 'activity', html`
      ${this.playing.render({ loading: () => this.panel('', html`<div role="status" aria-label=${words.loading}>${rowBones()}${rowBones()}</div>`), data: () => this.watching() })}
      ${(this.scans.data?.scans ?? []).map((scan) => this.scan(scan))}
      <section class="panel history" aria-label=${say.historyWords.title(7)}><activity-history .people=${this.people.data}></activity-history></section>
      ${this.dialog()}`, aside);
  }

  panel(line, inner) {
    return html`<section class="panel watching" aria-label=${words.watching}><header><h2>${words.watching}</h2><p class="second tabular">${line}</p></header>${inner}</section>`;
  }

  watching() {
    const playing = [...this.shown].sort((one, other) => isQuiet(one) - isQuiet(other));
    if (!playing.length) return this.panel('', html`<hm-empty plain icon="tv" heading=${words.nobody} text=${words.nobodyText}></hm-empty>`);
    return this.panel(summary(playing), html`<ul>${repeat(playing, (play) => play.id, (play) => row(play, this.position(play), { menu: (id) => this.picked(id, play) }, pictureById(this.people.data, play.user.id)))}</ul>`);
  }

  scan(scan) {
    const text = count(scan.failed ?? 0);
    return html`<section class="panel scan" aria-label=${say.reading(scan.name)}><hm-scan-panel .scan=${scan} @hm-stopped=${() => this.scans.refresh()}></hm-scan-panel>
      ${scan.failed ? html`<hm-notice tone="bad">${say.couldNotRead(scan.failed, text)}<hm-button slot="action" kind="quiet" size="small" href="/admin/libraries/${scan.libraryId}/problems">${say.seeThem(scan.failed, text)}</hm-button></hm-notice>` : nothing}</section>`;
  }

  /** What converts, and how busy the machine is. */
  measured() {
    const { processor } = this.playing.data ?? {};
    const { devices = [], active } = this.hardware.data ?? {};
    const chip = devices.find((one) => one.id === active);
    const encoders = devices.flatMap((one) => one.encoders);
    const work = encoders.filter((one) => one.ok).length;
    const gauges = html`
      ${chip ? html`<div class="gauge"><hm-icon name="chip"></hm-icon><div><p class="name">${words.chip}</p><p class="second">${chip.name || chip.id}</p></div><hm-badge tone="good">${say.hardwareWords.inUse}</hm-badge></div>` : nothing}
      ${processor ? html`<div class="gauge"><hm-icon name="processor"></hm-icon><div><p class="name">${words.processor}</p><p class="second">${words.cores(processor.cores)}</p></div><span class="strong tabular">${percent(processor.load)}</span>
        <hm-progress quiet .value=${processor.load} label=${words.processor}></hm-progress></div>` : nothing}`;
    return { gauges, lines: encoders.length ? html`<p class="runs"><hm-icon name=${work ? 'check' : 'info'}></hm-icon><span>${words.tried(work, encoders.length)}</span></p>` : nothing };
  }

  picked(id, play) {
    if (id === 'facts') this.about = play.id;
    if (id === 'stop') this.stop(play);
  }

  /** The last word on it stays, should it end while one reads. */
  dialog() {
    const play = this.shown.find((one) => one.id === this.about) ?? (this.about === this.kept?.id ? this.kept : null);
    if (!play) return nothing;
    this.kept = play;
    return html`<hm-dialog open cross heading=${names(play).title} width="560" @hm-close=${() => (this.about = null)}>${facts(play)}</hm-dialog>`;
  }

  async stop(play) {
    const { title } = names(play);
    const sure = await confirmDialog({ heading: words.stopTitle(title, play.user.name), text: words.stopText(device(play)), action: words.stop, keep: say.keep, danger: true });
    if (!sure) return;
    this.leaving = new Set([...this.leaving, play.id]);
    try {
      await api.delete(`${ADDRESS}/${play.id}`);
      toast(words.stopped(title, play.user.name));
    } catch (error) {
      this.leaving = new Set([...this.leaving].filter((id) => id !== play.id));
      if (error.status !== 404) toastError(error); // 404: it ended by itself meanwhile
    }
    this.playing.refresh();
  }
}
customElements.define('activity-page', ActivityPage);
