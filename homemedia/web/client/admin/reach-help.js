// "Does the phone not find it?": what keeps other devices away, in the words of the system the server runs on.
import { LitElement, css, html } from '../vendor/lit.js';
import { session } from '../session.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';

const words = say.reachWords;
const PORT = '8420';

/** `open`: shown from the start. The system is the server's, not the reader's. */
class ReachHelp extends LitElement {
  static properties = { open: { type: Boolean } };

  static styles = [shared, css`
    :host { display: block; }
    summary { display: flex; align-items: center; gap: 8px; min-height: 44px; border-radius: 4px; cursor: pointer; font: var(--font-14); font-weight: 500; list-style: none; } summary::-webkit-details-marker { display: none; }
    summary hm-icon { color: var(--text2); transition: transform var(--fast) ease-out; } details[open] summary hm-icon { transform: rotate(90deg); }
    ul { display: grid; gap: 12px; padding: 4px 0 0 24px; list-style: none; margin: 0; font: var(--font-14); color: var(--text2); }
    li { text-wrap: pretty; overflow-wrap: anywhere; } strong { display: block; color: var(--text); font-weight: 500; }
    code { font: 12px/18px var(--mono); user-select: all; -webkit-user-select: all; }
  `];

  render() {
    const own = words.systems[session.server?.platform] ?? words.systems.linux;
    return html`<details ?open=${this.open}><summary><hm-icon name="chevron-right" size="16"></hm-icon><span>${words.title}</span></summary>
      <ul>${[words.network, ...own, words.address].map(([title, text, command]) => html`<li><strong>${title}</strong>${text}${command ? html` <code>${command.replace(PORT, location.port || PORT)}</code>` : ''}</li>`)}</ul></details>`;
  }
}
customElements.define('reach-help', ReachHelp);
