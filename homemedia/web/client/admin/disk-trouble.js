// A folder of a library as a whole is away or strange: what is the matter, and what a person can do about it.
import { html, nothing } from '../vendor/lit.js';
import { folderHelp } from '../ui/folder-help.js';
import { say } from './en.js';

/** Problems of a folder as a whole: told in words of their own, not among the files that could not be read. */
export const OF_FOLDERS = new Set(['mass_loss', 'root_missing', 'root_unreadable', 'root_empty', 'root_other_device', 'disk_silent']);
// A person may say that it is meant so.
const MEANT = new Set(['mass_loss', 'root_empty', 'root_other_device']);
// Perhaps the folder lies elsewhere now.
const MOVED = new Set(['root_missing', 'root_empty', 'root_other_device']);

/**
 * @param {any} library
 * @param {string | undefined} code of the problem, one of `OF_FOLDERS`
 * @param {string | undefined | null} why a sentence of the server
 * @param {(body?: {force: boolean}) => void} scan
 */
export function diskTrouble(library, code, why, scan) {
  const isLoss = code === 'mass_loss';
  return html`<hm-notice tone="bad" role="alert" heading=${isLoss ? say.massLoss : say.unavailable(library.name)}>${why ?? (isLoss ? say.massLossText : say.unavailableText)}${code === 'root_unreadable' ? html`<br>${folderHelp()}` : nothing}
    ${isLoss ? nothing : html`<hm-button slot="action" size="small" icon="refresh" @click=${() => scan()}>${say.lookAgain}</hm-button>`}
    ${MOVED.has(code ?? '') ? html`<hm-button slot="action" size="small" icon="folder" href="/admin/libraries/${library.id}">${say.itHasMoved}</hm-button>` : nothing}
    ${MEANT.has(code ?? '') ? html`<hm-button slot="action" size="small" @click=${() => scan({ force: true })}>${isLoss || code === 'root_empty' ? say.acceptLoss : say.acceptDisk}</hm-button>` : nothing}</hm-notice>`;
}
