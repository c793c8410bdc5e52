// What one may do to a clip of one's own, or show of any to people outside of the house.
import { css, html } from '../vendor/lit.js';
import { api } from '../api.js';
import { openShareDialog } from '../share/share-dialog.js';
import { confirmDialog } from '../ui/dialog.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { adding, mine as say } from './en.js';
import { clips, thumbnailUrl } from './store.js';

const MAX_CAPTION = 500;
const SHORT = 32;
/** Why a clip could not be fetched stands where its title would, and is nobody's caption. @param {any} clip @returns {string | null} */
export const titleOf = (clip) => (clip.status === 'failed' && clip.title === clip.failureReason ? null : (clip.title ?? null));
const path = (clip) => `/api/clips/${encodeURIComponent(clip.id)}`;

/** For good, for everybody; asked first. @param {any} clip @returns {Promise<boolean>} */
export async function removeClip(clip) {
  if (!(await confirmDialog({ heading: say.removeTitle, text: say.removeText, action: say.remove, danger: true }))) return false;
  try {
    await api.delete(path(clip));
    clips.forget([clip.id]);
    toast(say.removed);
    return true;
  } catch (error) {
    if (error.status === 404) clips.forget([clip.id]);
    else clips.load(clip.id).catch(() => {}); // somebody has watched it meanwhile: what one may is another
    toastError(error);
    return false;
  }
}

class CaptionDialog extends Widget {
  static properties = { clip: { attribute: false }, isBusy: { state: true }, problem: { state: true } };
  static styles = [shared, css`form { padding-top: 8px; }`];

  async save(event) {
    event.preventDefault();
    if (this.isBusy) return;
    const { clip } = this;
    const before = titleOf(clip);
    const title = this.renderRoot.querySelector('hm-field').value.trim() || null;
    if (title === before) return void this.close();
    const put = async (words) => {
      await api.patch(path(clip), { title: words });
      await clips.load(clip.id); // without one's own words those of the source stand there
    };
    this.isBusy = true;
    this.problem = '';
    try {
      await put(title);
      toast(say.saved, { undo: () => put(before).catch(toastError) });
      this.close();
    } catch (error) {
      this.problem = error.message;
    }
    this.isBusy = false;
  }

  close() {
    this.emit('hm-done');
  }

  render() {
    return html`<hm-dialog open heading=${say.caption} @hm-close=${() => this.close()}><form novalidate @submit=${this.save}><hm-field autofocus type="textarea" rows="3" hide-label label=${say.caption} maxlength=${MAX_CAPTION} .value=${titleOf(this.clip) ?? ''} hint=${this.problem ? '' : say.captionHint} error=${this.problem ?? ''}></hm-field></form>
      <hm-button slot="actions" kind="quiet" @click=${() => this.close()}>${say.cancel}</hm-button><hm-button slot="actions" kind="primary" ?busy=${this.isBusy} @click=${() => this.renderRoot.querySelector('form').requestSubmit()}>${say.save}</hm-button></hm-dialog>`;
  }
}
customElements.define('hm-caption-dialog', CaptionDialog);

/** @param {any} clip @returns {Promise<void>} when it is closed */
export function editCaption(clip) {
  return new Promise((done) => {
    const dialog = Object.assign(document.createElement('hm-caption-dialog'), { clip });
    dialog.addEventListener('hm-done', () => {
      dialog.remove();
      done();
    });
    document.body.append(dialog);
  });
}

const shortened = (words) => (words.length > SHORT ? `${words.slice(0, SHORT).replace(/[\s.,;:]+\S*$/, '')}…` : words);

/** A link for people outside of the house; inside everybody sees it anyway. @param {any} clip */
export function shareClip(clip) {
  const title = clip.title ? `“${shortened(clip.title)}”` : say.thisClip;
  return openShareDialog({ type: 'clip', id: clip.id, title, use: clip.contentType === 'music' ? 'listen' : 'watch', picture: thumbnailUrl(clip), page: `/feed?clip=${encodeURIComponent(clip.id)}`, isForAll: adding.everybodySees });
}
