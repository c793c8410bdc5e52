import { LitElement, css, html, nothing, repeat } from '../vendor/lit.js';
import { shared } from '../ui/styles.js';
import { chooseAgain } from './choose-again.js';
import { say } from './en.js';
import { stateOf } from './file-facts.js';
import { uploads } from './uploads.js';

/**
 * Files on their way, below the list of notebooks: how far each is, and what can be done. Nothing where there are none.
 * `here`: the note that is open, whose own files tell of themselves.
 */
class UploadsList extends LitElement {
  static properties = { here: {} };

  static styles = [shared, css`
    section { border-top: 1px solid var(--line); padding: 8px 12px calc(8px + var(--bottom, 0px)); max-height: 40vh; overflow-y: auto; } h3 { margin: 0; padding: 4px 8px; font: var(--font-12); font-weight: 600; color: var(--text2); }
    .one { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; min-height: 52px; padding-left: 8px; } a, .words { flex: 1 1 60%; min-width: 0; color: inherit; text-decoration: none; } b { display: block; font: var(--font-14); font-weight: 500; } .second { display: block; font: var(--font-12); overflow-wrap: anywhere; } .second.bad { color: var(--bad); } hm-progress { display: block; margin-top: 4px; } hm-button { margin: 4px 0; }
  `];

  connectedCallback() {
    super.connectedCallback();
    this.again = () => this.requestUpdate();
    uploads.addEventListener('change', this.again);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    uploads.removeEventListener('change', this.again);
  }

  deeds(one) {
    if (one.state === 'lost') return html`<hm-button size="small" @click=${() => chooseAgain(one)}>${say.chooseAgain}</hm-button>`;
    if (one.state === 'failed') return html`<hm-icon-button size="small" icon="refresh" label=${say.goOn} @click=${() => one.start()}></hm-icon-button><hm-icon-button size="small" icon="x" label=${say.stopUpload(one.name)} @click=${() => uploads.forget(one.block)}></hm-icon-button>`;
    return html`<hm-icon-button size="small" icon=${one.isGoing ? 'pause' : 'play'} label=${one.isGoing ? say.pause : say.goOn} @click=${() => (one.isGoing ? one.pause() : one.start())}></hm-icon-button>`;
  }

  row(one) {
    const inner = html`<b class="one-line" title=${one.name}>${one.name}</b><span class="second tabular ${one.state === 'failed' ? 'bad' : ''}" >${stateOf(one)}</span>${one.isGoing ? html`<hm-progress .value=${one.part} label=${say.sendingFile(one.name)}></hm-progress>` : nothing}`;
    return html`<div class="one">${one.page ? html`<a href=${`/notes/${one.heap}/${one.page}`}>${inner}</a>` : html`<span class="words">${inner}</span>`}${this.deeds(one)}</div>`;
  }

  render() {
    const open = uploads.open.filter((one) => one.inFolder || one.page !== this.here || !one.page);
    if (!open.length) return nothing;
    return html`<section aria-label=${say.uploads}><h3 role="status">${say.uploadsOf(open.length)}</h3>${repeat(open, (one) => one.block, (one) => this.row(one))}</section>`;
  }
}
customElements.define('hm-notes-uploads', UploadsList);
