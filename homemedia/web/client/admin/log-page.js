import { css, html, nothing, repeat } from '../vendor/lit.js';
import { ago, count, join, size } from '../format.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const SHOWN = 200;
const AGAIN_MS = 5000;
const TONES = { warning: 'warn', error: 'bad' };

/** What was asked of the server lately; chosen part and path stand in the address. */
class LogPage extends SectionPage {
  static styles = [SectionPage.styles, css`
    .tools { display: flex; gap: 12px; align-items: end; flex-wrap: wrap; } .tools hm-field { flex: 1 1 220px; max-width: 360px; }
    .panel.rows { padding-block: 4px; }
    details { border-bottom: 1px solid var(--line); } details:last-child { border-bottom: 0; }
    summary { display: grid; grid-template-columns: 44px minmax(0, 1fr) auto; gap: 2px 12px; align-items: center; min-height: 52px; padding: 8px 0; cursor: pointer; list-style: none; }
    summary::-webkit-details-marker { display: none; }
    summary .facts { grid-column: 2 / 4; }
    .status { font: var(--font-14); font-variant-numeric: tabular-nums; color: var(--text2); grid-row: 1 / 3; align-self: start; padding-top: 2px; }
    .status.warn { color: var(--warn); } .status.bad { color: var(--bad); font-weight: 600; }
    .path { font: var(--font-14); overflow-wrap: anywhere; }
    .more { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; padding: 4px 0 16px 56px; font: var(--font-12); color: var(--text2); overflow-wrap: anywhere; }
    .more dt { color: var(--text3); } .more dd { margin: 0; user-select: text; }
    @media (max-width: 719.98px) { .more { padding-left: 0; } summary { min-height: 60px; } }
  `];

  log = this.query(() => {
    const asked = new URLSearchParams({ limit: String(SHOWN) });
    if (this.search.level) asked.set('level', this.search.level);
    if (this.search.path) asked.set('path', this.search.path);
    return `/api/logs?${asked}`;
  }, { keep: true });

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => document.hidden || this.log.refresh(), AGAIN_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
    clearTimeout(this.typing);
  }

  render() {
    return this.framed('administration', 'log', html`
      <div><h2>${say.logTitle}</h2><p class="second">${say.logText}</p></div>
      <div class="tools">
        <hm-segmented label=${say.logPart} .options=${say.logParts} value=${this.search.level ?? ''} @hm-change=${(event) => this.setSearch({ level: event.detail.value || null })}></hm-segmented>
        <hm-field hide-label label=${say.logPath} placeholder=${say.logPath} icon="search" .value=${this.search.path ?? ''} @input=${this.typed}></hm-field>
      </div>
      ${this.log.render({
        loading: () => html`<hm-skeleton kind="text" count="8"></hm-skeleton>`,
        data: ({ logs, total }) => this.list(logs, total),
      })}`);
  }

  typed = (event) => {
    const path = event.target.value.trim();
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.setSearch({ path: path || null }), 250);
  };

  list(logs, total) {
    if (!total) return html`<hm-empty icon="tick-circle" heading=${say.logNone} text=${say.logNoneText}></hm-empty>`;
    return html`
      <section class="panel rows" aria-label=${say.logTitle}>${repeat(logs, (entry) => entry.id, (entry) => this.entry(entry))}</section>
      ${total > logs.length ? html`<p class="hint">${say.logMore(count(logs.length), count(total))}</p>` : nothing}`;
  }

  entry(entry) {
    const facts = join(entry.username ?? say.logStranger, entry.address, say.logTook(count(Math.round(entry.durationMs))), entry.bytes ? size(entry.bytes) : '', entry.count > 1 ? say.logTimes(count(entry.count)) : '');
    return html`<details>
      <summary><span class="status ${TONES[entry.level] ?? ''}">${entry.status}</span><span class="path">${entry.method} ${entry.path}</span><span class="second">${ago(entry.at)}</span><span class="second facts">${facts}</span></summary>
      <dl class="more">
        ${entry.query ? html`<dt>${say.logQuery}</dt><dd>${entry.query}</dd>` : nothing}
        <dt>${say.logId}</dt><dd>${entry.requestId}</dd>
        <dt>${say.logAgent}</dt><dd>${entry.userAgent || '–'}</dd>
      </dl></details>`;
  }
}
customElements.define('log-page', LogPage);
