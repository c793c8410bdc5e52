import { css, html, nothing } from '../vendor/lit.js';
import { ApiError, api } from '../api.js';
import { percent } from '../format.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { canPaste, pasteText } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { toastError } from '../ui/toast.js';
import { follow, showHere } from './arrivals.js';
import { retry } from './deeds.js';
import { adding as say } from './en.js';
import { Faces } from './faces.js';
import { isHost, switchOn } from './provider.js';
import { SITES, filterOf, isTaken, labelOf, linkOf, sharedLink, siteOf } from './sites.js';
import { clips, thumbnailUrl } from './store.js';

const MAX_CAPTION = 500;

/**
 * A link sent to everybody, followed until it is there. `url`: already known (shared from elsewhere).
 * Emits `hm-added {id}` when the server has taken it, `hm-look {id}` when one wants to see it, `hm-close` when one is done.
 */
class AddClip extends Widget {
  static properties = {
    url: { type: String }, noClose: { type: Boolean, attribute: 'no-close' },
    text: { state: true }, problem: { state: true }, isBusy: { state: true }, double: { state: true }, sent: { state: true }, isSwitching: { state: true }, hasMore: { state: true },
  };

  static styles = [shared, css`
    :host { display: block; }
    form, .stack { display: flex; flex-direction: column; gap: 16px; } .where { display: flex; gap: 8px; align-items: flex-start; } .where hm-field { flex: 1 1 0; } .where hm-button { margin-top: 26px; --height: 44px; }
    .more { align-self: flex-start; min-height: 32px; } details { font: var(--font-14); } summary { display: inline-flex; align-items: center; gap: 6px; min-height: 32px; cursor: pointer; color: var(--text2); list-style: none; } summary::-webkit-details-marker { display: none; } details[open] summary hm-icon { transform: rotate(180deg); }
    .sites { font: var(--font-12); color: var(--text2); text-wrap: pretty; padding-top: 4px; } .actions { display: flex; gap: 12px; justify-content: flex-end; flex-wrap: wrap; } .actions.start { justify-content: flex-start; }
    .coming { display: grid; grid-template-columns: 72px minmax(0, 1fr); gap: 16px; align-items: center; } .picture { width: 72px; aspect-ratio: 3 / 4; border-radius: var(--radius); overflow: hidden; background: var(--hover); display: grid; place-items: center; color: var(--text3); }
    .picture img { width: 100%; height: 100%; object-fit: cover; } .coming .words { display: grid; gap: 6px; min-width: 0; } .coming hm-progress { margin-top: 4px; } .quiet { text-wrap: pretty; }
    @media (max-width: 719.98px) { .actions hm-button { flex: 1 1 auto; } }
  `];

  auth = new QueryController(this, () => '/api/auth', { maxAge: 5000 });
  faces = new Faces(this);

  constructor() {
    super();
    Object.assign(this, { url: '', noClose: false, text: '', problem: null, isBusy: false, double: null, sent: null, isSwitching: false, hasMore: false });
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = clips.subscribe(({ what, id }) => (what === 'clip' || what === 'progress' || what === 'removed') && id === this.sent && this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
    this.unshow?.();
  }

  willUpdate(before) {
    if (before.has('url') && this.url) this.text = this.url;
  }

  /** In a dialog one means to type at once; a page is heard from its heading. */
  updated() {
    const field = this.renderRoot.querySelector('hm-field');
    if (!field || this.isBegun) return;
    this.isBegun = true;
    if (!this.noClose) field.updateComplete.then(() => field.focus());
  }

  get group() {
    return this.auth.data?.group;
  }

  get site() {
    const url = linkOf(this.text);
    return url && siteOf(url);
  }

  typed(event) {
    this.text = event.target.value;
    this.problem = null;
    this.double = null;
  }

  async paste() {
    const text = await pasteText();
    if (text === null) return this.renderRoot.querySelector('hm-field')?.focus();
    this.text = sharedLink({ text }) || text.trim();
    this.problem = null;
    this.double = null;
    return undefined;
  }

  async send(event) {
    event.preventDefault();
    if (this.isBusy) return;
    const url = linkOf(this.text);
    this.problem = url ? null : this.text.trim() ? say.notALink : say.noUrl;
    this.double = null;
    if (!url) return void this.renderRoot.querySelector('hm-field')?.focus();
    const words = Object.fromEntries(new FormData(event.target));
    this.isBusy = true;
    try {
      const { clip } = await api.post('/api/clips', { url: url.href, title: words.title?.trim() || null, message: words.message?.trim() || null, tz: Intl.DateTimeFormat().resolvedOptions().timeZone });
      this.taken(clip.id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 409) this.double = error.body;
      else this.problem = error.message;
      if (error.code === 'no_provider') this.auth.refresh();
    }
    this.isBusy = false;
  }

  async taken(id) {
    this.sent = id;
    this.unshow?.();
    this.unshow = showHere(id);
    follow(id);
    this.emit('hm-added', { id });
    await clips.added(id).catch(() => null);
    this.requestUpdate();
  }

  async switchOn() {
    this.isSwitching = true;
    try {
      await switchOn();
    } catch (error) {
      toastError(error);
    }
    this.isSwitching = false;
    this.requestUpdate();
  }

  another() {
    this.unshow?.();
    Object.assign(this, { sent: null, text: '', problem: null, double: null, hasMore: false });
    this.updateComplete.then(() => this.renderRoot.querySelector('hm-field')?.focus());
  }

  look(id) {
    this.emit('hm-look', { id });
  }

  focus() {
    this.renderRoot.querySelector('hm-field')?.focus();
  }

  // what is seen

  switched() {
    if (!isHost(this.group)) return html`<hm-notice tone="info" heading=${say.noneTitle}>${say.noneMember}</hm-notice>`;
    return html`<div class="stack"><h3 class="t16">${say.noneTitle}</h3><p class="quiet t14">${say.noneHost}</p>
      <div class="actions start"><hm-button kind="primary" ?busy=${this.isSwitching} @click=${() => this.switchOn()}>${this.isSwitching ? say.switching : say.switchOn}</hm-button><hm-button kind="quiet" href="/settings/feed">${say.moreAbout}</hm-button></div>
      ${this.isSwitching ? html`<hm-progress label=${say.switching}></hm-progress>` : nothing}</div>`;
  }

  twice({ addedBy, clipId }) {
    const words = addedBy === session.user?.id ? say.duplicateMine : say.duplicateBy(this.faces.of(addedBy ?? '').name || say.somebody);
    return html`<hm-notice tone="accent" role="status" heading=${say.duplicateTitle}>${words}${clipId ? html`<hm-button slot="action" size="small" href="/feed?clip=${encodeURIComponent(clipId)}" @click=${() => this.look(clipId)}>${say.look}</hm-button>` : nothing}</hm-notice>`;
  }

  hint() {
    const { site } = this;
    if (!site) return linkOf(this.text) && /\.[a-z]{2,}$/i.test(linkOf(this.text).hostname) ? say.strange : say.urlHint;
    return isTaken(site.key, filterOf(this.group)) ? say.from(site.label) : say.refused(site.label);
  }

  sites() {
    const { mode, keys } = filterOf(this.group);
    const taken = SITES.filter((site) => isTaken(site.key, { mode, keys })).map((site) => site.label);
    return html`<details><summary>${say.sites}<hm-icon name="chevron-down" size="16"></hm-icon></summary><p class="sites">${mode === 'all' ? say.sitesAll : say.sitesOnly} ${taken.join(', ')}.</p></details>`;
  }

  form() {
    return html`<form novalidate @submit=${this.send}>
      <div class="where"><hm-field autofocus type="url" name="url" inputmode="url" label=${say.url} placeholder=${say.urlPlaceholder} autocomplete="off" .value=${this.text} hint=${this.problem ? '' : this.hint()} error=${this.problem ?? ''} @input=${this.typed}></hm-field>
        ${canPaste && !this.text ? html`<hm-button size="medium" icon="copy" @click=${() => this.paste()}>${say.paste}</hm-button>` : nothing}</div>
      ${this.double ? this.twice(this.double) : nothing}
      ${this.hasMore ? html`<hm-field name="title" label=${say.caption} maxlength=${MAX_CAPTION} hint=${say.captionHint} autocomplete="off"></hm-field>
        <hm-field name="message" type="textarea" rows="2" label=${say.message} maxlength=${MAX_CAPTION}></hm-field>`
        : html`<hm-button class="more" size="small" kind="quiet" icon="plus" @click=${() => this.open()}>${say.optional}</hm-button>`}
      ${this.sites()}
      <div class="actions">${this.noClose ? nothing : html`<hm-button kind="quiet" @click=${() => this.emit('hm-close')}>${say.cancel}</hm-button>`}<hm-button kind="primary" type="submit" icon=${this.isBusy ? nothing : 'send'} ?busy=${this.isBusy} ?disabled=${!this.text.trim()}>${this.isBusy ? say.sending : say.send}</hm-button></div></form>`;
  }

  async open() {
    this.hasMore = true;
    await this.updateComplete;
    const field = this.renderRoot.querySelector('hm-field[name="title"]');
    await field.updateComplete;
    field.focus();
  }

  coming(id) {
    const clip = clips.get(id);
    const status = clip?.status ?? 'downloading';
    const how = clips.progress(id);
    const part = how?.percent ?? null;
    const picture = clip && thumbnailUrl(clip);
    const words = status === 'ready' ? say.ready : status === 'failed' ? say.failed : say.stage(say.stages[how?.stage ?? 'waiting'], part === null ? null : percent(part / 100));
    return html`<div class="stack"><div class="coming"><div class="picture">${picture ? html`<img src=${picture} alt="">` : html`<hm-icon name=${clip?.contentType === 'music' ? 'music' : 'feed'} size="24"></hm-icon>`}</div>
        <div class="words" role="status"><p class="t16">${words}</p><p class="second one-line">${(status !== 'failed' && clip?.title) || (clip ? labelOf(clip.platform, clip.originalUrl) : '')}</p>
          ${status === 'downloading' ? html`<hm-progress .value=${part === null ? undefined : part / 100} label=${words}></hm-progress><p class="hint">${say.goOn}</p>` : nothing}
          ${status === 'failed' ? html`<p class="t14 bad">${clip.failureReason ?? say.unknownReason}</p>` : nothing}</div></div>
      <div class="actions">${status === 'failed' ? html`<hm-button icon="refresh" @click=${() => this.again(clip)}>${say.again}</hm-button>` : nothing}
        <hm-button kind=${status === 'ready' ? 'plain' : 'quiet'} icon="plus" @click=${() => this.another()}>${say.another}</hm-button>
        ${status === 'ready' ? html`<hm-button kind="primary" icon="play" href="/feed?clip=${encodeURIComponent(id)}" @click=${() => this.look(id)}>${say.look}</hm-button>` : this.noClose ? nothing : html`<hm-button kind="primary" @click=${() => this.emit('hm-close')}>${say.close}</hm-button>`}</div></div>`;
  }

  async again(clip) {
    if (await retry(clip)) follow(clip.id);
  }

  render() {
    if (this.sent) return this.coming(this.sent);
    return this.auth.render({ loading: () => html`<hm-skeleton kind="text" count="4"></hm-skeleton>`, data: ({ group }) => (group.downloadProvider ? this.form() : this.switched()) });
  }
}
customElements.define('hm-add-clip', AddClip);
