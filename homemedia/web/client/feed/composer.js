import { css, html, nothing } from '../vendor/lit.js';
import { openDialogs } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { media } from '../ui/platform.js';
import { shared } from '../ui/styles.js';
import { talk as say } from './en.js';
import './gif-picker.js';
import { MAX_COMMENT, fitting, mentionAt } from './talk.js';

const NEAR_THE_END = 50;

/**
 * The line one writes in: names by "@", a moving picture where the house has them, Enter sends (with a keyboard).
 * Emits `hm-say {text, gifUrl}` and `hm-reply-off`. `faces`: all members; `reply-to`: whose comment is answered.
 */
class ClipComposer extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = {
    faces: { attribute: false }, me: { attribute: false }, replyTo: { type: String, attribute: 'reply-to' }, hasGifs: { type: Boolean, attribute: 'has-gifs' },
    text: { state: true }, gif: { state: true }, mention: { state: true }, at: { state: true }, isPicking: { state: true },
  };

  static styles = [shared, css`
    :host { display: block; position: relative; }
    .box { display: flex; align-items: flex-end; gap: 8px; min-height: 44px; padding: 2px 4px 2px 12px; border-radius: var(--radius); background: var(--composer-ground, var(--bg)); }
    .box:focus-within { box-shadow: inset 0 0 0 2px var(--accent); }
    .box > hm-avatar { margin: 8px 0; } .box hm-icon-button { --side: 40px; }
    textarea { flex: 1 1 0; min-width: 0; min-height: 40px; max-height: 132px; padding: 10px 0; border: 0; background: none; outline: none; resize: none; field-sizing: content; font: var(--font-14); color: inherit; overflow-wrap: anywhere; }
    textarea:focus-visible { outline: none; } textarea::placeholder { color: var(--text3); opacity: 1; }
    .gif { height: 28px; margin: 6px 0; padding: 0 8px; border-radius: 4px; font: var(--font-12); font-weight: 600; color: var(--text2); box-shadow: inset 0 0 0 1px var(--line2); position: relative; } .gif::after { content: ''; position: absolute; inset: -8px -4px; }
    .above { display: flex; align-items: center; gap: 8px; min-height: 36px; padding-left: 12px; font: var(--font-12); color: var(--text2); } .above hm-icon-button { margin-left: auto; --side: 36px; }
    .chosen { position: relative; width: max-content; margin-bottom: 8px; } .chosen img { height: 96px; border-radius: var(--radius); } .chosen hm-icon-button { position: absolute; top: 4px; right: 4px; --side: 32px; }
    .left { align-self: center; font: var(--font-12); color: var(--text3); } .left.none { color: var(--bad); }
    .names { position: absolute; z-index: 15; left: 0; right: 0; bottom: 100%; margin-bottom: 6px; padding: 6px; border-radius: var(--radius-place); background: var(--raised); box-shadow: var(--shadow); max-height: 264px; overflow-y: auto; }
    .one { display: flex; align-items: center; gap: 10px; min-height: 40px; padding: 4px 10px; border-radius: var(--radius); font: var(--font-14); cursor: pointer; } .one[aria-selected="true"] { background: var(--menu-hover); }
    @media (max-width: 719.98px), (pointer: coarse) { textarea { font-size: 16px; } .one { min-height: 48px; } .box hm-icon-button { --side: 44px; } textarea { min-height: 44px; padding: 11px 0; } .box > hm-avatar { margin: 10px 0; } .gif { margin: 8px 0; } }
  `];

  constructor() {
    super();
    this.waived = null;
    Object.assign(this, { faces: [], me: null, replyTo: '', hasGifs: false, text: '', gif: null, mention: null, at: 0, isPicking: false });
  }

  get area() {
    return this.renderRoot.querySelector('textarea');
  }

  get isReady() {
    return (this.text.trim().length > 0 || this.gif !== null) && this.text.trim().length <= MAX_COMMENT;
  }

  get offers() {
    return this.mention ? fitting(this.faces, this.mention.word) : [];
  }

  focus(options) {
    this.area?.focus(options);
  }

  /** Begins with a text, the caret behind it. @param {string} text */
  async begin(text) {
    this.text = text;
    await this.updateComplete;
    this.area.value = text;
    this.area.focus();
    this.area.setSelectionRange(text.length, text.length);
  }

  send() {
    if (!this.isReady) return;
    this.emit('hm-say', { text: this.text.trim(), gifUrl: this.gif?.shareUrl ?? null });
    Object.assign(this, { text: '', gif: null, mention: null, isPicking: false });
    this.area.value = '';
    this.area.focus();
  }

  typed() {
    this.text = this.area.value;
    this.look();
  }

  look() {
    const { selectionStart, selectionEnd } = this.area;
    const found = selectionStart === selectionEnd ? mentionAt(this.area.value, selectionStart) : null;
    if (found?.start !== this.waived) this.waived = null;
    const mention = this.waived === null ? found : null;
    if (mention?.start !== this.mention?.start || mention?.word !== this.mention?.word) this.at = 0;
    this.mention = mention;
  }

  /** No names for this "@": the key that says so is heard again when it is let go. */
  waive() {
    this.waived = this.mention.start;
    this.mention = null;
  }

  take(face) {
    const { value, selectionStart } = this.area;
    const before = `${value.slice(0, this.mention.start)}@${face.username} `;
    this.area.value = before + value.slice(selectionStart).replace(/^ /, '');
    this.area.setSelectionRange(before.length, before.length);
    this.text = this.area.value;
    this.mention = null;
    this.area.focus();
  }

  keyed(event) {
    const { offers } = this;
    if (event.isComposing) return;
    if (offers.length && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) this.at = (this.at + (event.key === 'ArrowDown' ? 1 : offers.length - 1)) % offers.length;
    else if (offers.length && (event.key === 'Enter' || event.key === 'Tab')) this.take(offers[this.at]);
    else if (offers.length && event.key === 'Escape') this.waive();
    else if (event.key === 'Enter' && !event.shiftKey && !media.isTouch) this.send();
    else if (event.key === 'Escape' && this.replyTo) this.emit('hm-reply-off');
    else if (event.key === 'Escape' && openDialogs.size === 0) this.area.blur(); // in a sheet it closes that
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  names() {
    const { offers } = this;
    if (!offers.length) return nothing;
    return html`<div class="names" id="names" role="listbox" aria-label=${say.names}>${offers.map((face, i) => html`<div class="one" id="name-${i}" role="option" aria-selected=${String(i === this.at)} @pointerdown=${(event) => event.preventDefault()} @click=${() => this.take(face)} @pointermove=${() => { this.at = i; }}>
      <hm-avatar size="24" name=${face.name} src=${face.src ?? nothing}></hm-avatar><span class="one-line">${face.name}</span>${face.name === face.username ? nothing : html`<span class="second one-line">@${face.username}</span>`}</div>`)}</div>`;
  }

  picked({ detail }) {
    this.gif = detail.gif;
    this.isPicking = false;
    this.focus();
  }

  render() {
    const left = MAX_COMMENT - this.text.trim().length;
    const isOpen = this.offers.length > 0;
    return html`${this.names()}
      ${this.isPicking ? html`<hm-gif-picker @hm-gif=${this.picked} @hm-close=${() => { this.isPicking = false; this.focus(); }}></hm-gif-picker>` : nothing}
      ${this.replyTo ? html`<div class="above"><span class="one-line">${say.replyingTo(this.replyTo)}</span><hm-icon-button icon="x" size="small" label=${say.replyOff} @click=${() => this.emit('hm-reply-off')}></hm-icon-button></div>` : nothing}
      ${this.gif ? html`<div class="chosen"><img src=${this.gif.url} alt=${this.gif.title}><hm-icon-button on-picture square size="small" icon="x" label=${say.gifOff} @click=${() => { this.gif = null; }}></hm-icon-button></div>` : nothing}
      <div class="box">${this.me ? html`<hm-avatar size="24" name=${this.me.name} src=${this.me.src ?? nothing}></hm-avatar>` : nothing}
        <textarea rows="1" maxlength=${MAX_COMMENT + 100} placeholder=${this.replyTo ? say.writeReply : say.write} aria-label=${this.replyTo ? say.writeReply : say.write} aria-autocomplete="list" aria-controls=${isOpen ? 'names' : nothing} aria-activedescendant=${isOpen ? `name-${this.at}` : nothing} enterkeyhint=${media.isTouch ? 'enter' : 'send'}
          @input=${this.typed} @keydown=${this.keyed} @keyup=${this.look} @click=${this.look} @blur=${() => { this.mention = null; }}></textarea>
        ${left < NEAR_THE_END ? html`<span class="left tabular ${left < 0 ? 'none' : ''}" role="status">${left}</span>` : nothing}
        ${this.hasGifs ? html`<button type="button" class="gif" aria-expanded=${String(this.isPicking)} aria-label=${say.gif} @click=${() => { this.isPicking = !this.isPicking; }}>GIF</button>` : nothing}
        <hm-icon-button icon="send" label=${say.send} ?disabled=${!this.isReady} @click=${() => this.send()}></hm-icon-button></div>`;
  }
}
customElements.define('hm-clip-composer', ClipComposer);
