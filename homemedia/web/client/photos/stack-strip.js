import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api } from '../api.js';
import { count } from '../format.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { reset } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { readAgain, tell } from './changes.js';
import { say } from './en.js';
import { fromAsset, pictureUrl } from './items.js';

/** Another of the stack lies on top. @param {string} stackId @param {string} photoId */
export async function lead(stackId, photoId) {
  const put = (id) => api.put(`/api/stacks/${stackId}`, { primaryAssetId: id });
  try {
    const { primaryAssetId: before } = await api.get(`/api/stacks/${stackId}`);
    await put(photoId);
    toast(say.stackCovered, { undo: () => put(before).catch(toastError).then(readAgain) });
  } catch (error) {
    toastError(error);
  }
  readAgain();
}

/** One leaves its stack; taken back, the others come to it as they were. @param {string} stackId @param {string} photoId */
export async function leave(stackId, photoId) {
  try {
    const { assets } = await api.get(`/api/stacks/${stackId}`);
    const ids = assets.map((one) => one.id);
    await api.delete(`/api/stacks/${stackId}/assets/${photoId}`);
    tell({ ids: new Set([photoId]), now: { stackId: null, stacked: 0 } });
    const again = async () => {
      try {
        const made = await api.post('/api/stacks', { assetIds: ids });
        tell({ ids: new Set(ids), now: { stackId: made.id, stacked: ids.length } });
      } catch (error) {
        toastError(error);
      }
      readAgain();
    };
    toast(say.tookOutOfStack, { undo: again });
  } catch (error) {
    toastError(error);
  }
  readAgain();
}

/** The photos of a stack under the one that is shown; emits `photo-of-stack {photo}`. */
class StackStrip extends Widget {
  static properties = { stackId: { attribute: false }, shown: { attribute: false } };

  static styles = [reset, css`
    :host { display: flex; justify-content: safe start; gap: 4px; max-width: 100%; overflow-x: auto; scrollbar-width: none; padding: 4px; }
    button { flex: none; width: 52px; height: 52px; border-radius: 6px; overflow: hidden; background: rgb(255 255 255 / .14); opacity: .72; transition: opacity var(--fast) ease-out; } button[aria-pressed="true"] { opacity: 1; box-shadow: 0 0 0 2px #fff; } button:focus-visible { outline-color: #fff; } @media (hover: hover) { button:hover { opacity: 1; } }
    @media (max-width: 719.98px) { :host { justify-content: safe center; } }
    img { width: 100%; height: 100%; object-fit: cover; }
  `];

  stack = new QueryController(this, () => (this.stackId ? `/api/stacks/${this.stackId}` : null), { keep: false });

  get photos() {
    return this.stack.error ? [] : (this.stack.data?.assets ?? []).map(fromAsset);
  }

  get primaryId() {
    return this.stack.data?.primaryAssetId;
  }

  /** By how many one goes on, around. */
  step(by) {
    const { photos } = this;
    if (photos.length < 2) return;
    const at = photos.findIndex((one) => one.id === this.shown);
    this.emit('photo-of-stack', { photo: photos[(at + by + photos.length) % photos.length] });
  }

  updated() {
    this.renderRoot.querySelector('[aria-pressed="true"]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }

  render() {
    const { photos } = this;
    if (photos.length < 2) return nothing;
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', say.inStack);
    return repeat(photos, (one) => one.id, (one, i) => html`<button type="button" aria-pressed=${String(one.id === this.shown)} aria-label=${`${count(i + 1)} / ${count(photos.length)}`} @click=${() => this.emit('photo-of-stack', { photo: one })}><img src=${pictureUrl(one)} alt="" decoding="async"></button>`);
  }
}
customElements.define('photo-stack-strip', StackStrip);
