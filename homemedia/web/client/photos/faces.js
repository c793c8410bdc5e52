import { css, html, nothing, repeat } from '../vendor/lit.js';
import { Widget } from '../ui/element.js';
import { openMenu } from '../ui/menu.js';
import { reset } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { vars } from '../ui/vars.js';
import { say } from './en.js';
import { boxOf, facesOn, giveFace, mark, nameOf, unmark } from './people.js';

const LEAST_PX = 16;
const STEP = 0.01;
const percent = (share) => `${(share * 100).toFixed(3)}%`;
const held = (value, most) => Math.min(Math.max(0, value), most);

/** Over the picture in the viewer: whom it shows, and a box drawn by hand for somebody who is not marked yet. */
class PhotoFaces extends Widget {
  static properties = { photo: { attribute: false }, asset: { attribute: false }, rect: { attribute: false }, faces: { state: true }, draft: { state: true } };

  static styles = [reset, css`
    :host { position: absolute; inset: 0; z-index: 2; touch-action: none; cursor: crosshair; }
    .field { position: absolute; left: var(--x); top: var(--y); width: var(--w); height: var(--h); }
    .box { position: absolute; left: var(--x); top: var(--y); width: var(--w); height: var(--h); border-radius: 6px; box-shadow: 0 0 0 2px #fff, 0 0 0 3px rgb(0 0 0 / .6), inset 0 0 0 1px rgb(0 0 0 / .4); cursor: pointer; }
    .box:focus-visible { outline: 2px solid oklch(.82 .085 195); outline-offset: 4px; }
    .box span { position: absolute; top: calc(100% + 6px); left: 50%; transform: translateX(-50%); max-width: 160px; padding: 2px 6px; border-radius: 4px; background: oklch(.15 .005 70 / .78); color: #fff; font: var(--font-12); font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .draft { box-shadow: 0 0 0 2px oklch(.82 .085 195), 0 0 0 3px rgb(0 0 0 / .6); cursor: move; }
    .told { position: absolute; left: 50%; bottom: calc(24px + env(safe-area-inset-bottom, 0px)); transform: translateX(-50%); display: flex; align-items: center; flex-wrap: wrap; justify-content: center; gap: 8px 12px; width: max-content; max-width: calc(100vw - 32px); padding: 8px 8px 8px 16px; border-radius: var(--radius-place); background: var(--raised); color: var(--text); box-shadow: var(--shadow); font: var(--font-14); cursor: default; --hover: var(--menu-hover); }
  `];

  constructor() {
    super();
    this.faces = null;
    this.draft = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.read();
  }

  async read() {
    const { id } = this.photo;
    try {
      const faces = await facesOn(id);
      const area = (face) => boxOf(face).width * boxOf(face).height;
      if (this.photo.id === id) this.faces = faces.sort((a, b) => area(b) - area(a)); // small ones lie on top of large ones
    } catch (error) {
      toastError(error);
    }
  }

  get size() {
    const { width, height } = this.asset ?? {};
    return width && height ? { width, height } : { width: 4000, height: Math.round(4000 / (this.photo.ratio || 1)) };
  }

  /** Where in the picture, in shares of it. */
  at(event) {
    const field = this.renderRoot.querySelector('.field').getBoundingClientRect();
    return { x: held((event.clientX - field.left) / field.width, 1), y: held((event.clientY - field.top) / field.height, 1) };
  }

  pressed(event) {
    if (event.button !== 0 || event.target.closest('.told, button')) return;
    event.preventDefault();
    const start = this.at(event);
    const inDraft = event.target.closest('.draft') ? { ...this.draft } : null;
    this.setPointerCapture(event.pointerId);
    const moved = (next) => {
      const now = this.at(next);
      if (inDraft) this.draft = { ...inDraft, x: held(inDraft.x + now.x - start.x, 1 - inDraft.width), y: held(inDraft.y + now.y - start.y, 1 - inDraft.height) };
      else this.draft = { x: Math.min(start.x, now.x), y: Math.min(start.y, now.y), width: Math.abs(now.x - start.x), height: Math.abs(now.y - start.y) };
    };
    const ended = () => {
      for (const [name, fn] of [['pointermove', moved], ['pointerup', ended], ['pointercancel', ended]]) this.removeEventListener(name, fn);
      if (inDraft || !this.draft) return;
      if (this.draft.width * this.rect.width < LEAST_PX || this.draft.height * this.rect.height < LEAST_PX) this.draft = null;
      else this.name();
    };
    for (const [name, fn] of [['pointermove', moved], ['pointerup', ended], ['pointercancel', ended]]) this.addEventListener(name, fn);
  }

  /** Without a pointer: a box in the middle, moved by the arrows and made larger or smaller by Shift and them. */
  async begin() {
    const ratio = this.rect.width / this.rect.height;
    this.draft = { x: 0.5 - 0.1, y: 0.5 - 0.1 * ratio, width: 0.2, height: Math.min(1, 0.2 * ratio) };
    await this.updateComplete;
    this.renderRoot.querySelector('.draft').focus();
  }

  keyed(event) {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === 'Enter' && this.draft) this.name();
    else if (event.key === 'Escape') {
      this.draft = null;
    } else if (by && this.draft) {
      const { x, y, width, height } = this.draft;
      const [across, down] = by.map((one) => one * STEP);
      if (event.shiftKey) this.draft = { x, y, width: Math.min(1 - x, Math.max(STEP * 2, width + across)), height: Math.min(1 - y, Math.max(STEP * 2, height + down)) };
      else this.draft = { x: held(x + across, 1 - width), y: held(y + down, 1 - height), width, height };
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async name() {
    const box = this.draft;
    const { choosePerson } = await import('./person-dialog.js');
    const person = await choosePerson({ heading: say.whoIsThis, mayCreate: true });
    this.draft = null;
    if (!person || !(await mark(this.photo, person, box, this.size))) return;
    const before = new Set((this.faces ?? []).map((one) => one.id));
    await this.changed();
    const made = this.faces?.find((one) => !before.has(one.id));
    toast(say.marked(nameOf(person)), { undo: async () => made && (await unmark(made)) && this.changed() });
  }

  async changed() {
    await this.read();
    this.emit('photo-faces-changed', { id: this.photo.id });
  }

  async chosen(face, event) {
    const { person } = face;
    const what = await openMenu(event.currentTarget, [
      ...(person ? [{ id: 'open', label: say.openPerson(nameOf(person)), icon: 'user' }] : []),
      { id: 'give', label: say.somebodyElse, icon: 'users' },
      { id: 'remove', label: say.removeFace, icon: 'trash', danger: true },
    ], { label: person ? nameOf(person) : say.somebody });
    if (what === 'open') this.emit('photo-person', { person });
    if (what === 'give') {
      const { choosePerson } = await import('./person-dialog.js');
      const other = await choosePerson({ heading: say.whoIsThis, except: person ? [person.id] : [], mayCreate: true });
      if (other && (await giveFace(face, other))) {
        await this.changed();
        toast(say.marked(nameOf(other)), { undo: person ? async () => (await giveFace(face, person)) && this.changed() : undefined });
      }
    }
    if (what === 'remove' && (await unmark(face))) {
      await this.changed();
      const again = async () => (await mark(this.photo, person, boxOf(face), { width: face.imageWidth, height: face.imageHeight })) && this.changed();
      toast(say.faceRemoved, { undo: person ? again : undefined });
    }
  }

  place = ({ x, y, width, height }) => vars({ '--x': percent(x), '--y': percent(y), '--w': percent(width), '--h': percent(height) });

  render() {
    const { rect } = this;
    if (!rect) return nothing;
    return html`<div class="field" ${vars({ '--x': `${rect.x}px`, '--y': `${rect.y}px`, '--w': `${rect.width}px`, '--h': `${rect.height}px` })}>
        ${repeat(this.faces ?? [], (one) => one.id, (one) => html`<button class="box" type="button" ${this.place(boxOf(one))} @click=${(event) => this.chosen(one, event)}><span>${one.person ? nameOf(one.person) : say.somebody}</span></button>`)}
        ${this.draft ? html`<div class="box draft" tabindex="0" role="application" aria-label=${say.boxKeys} ${this.place(this.draft)}></div>` : nothing}</div>
      <div class="told"><span>${say.drawBox}</span><hm-button size="small" icon="plus" @click=${() => this.begin()}>${say.boxInMiddle}</hm-button><hm-button kind="primary" size="small" @click=${() => this.emit('photo-faces-close')}>${say.ready}</hm-button></div>`;
  }

  firstUpdated() {
    this.addEventListener('pointerdown', (event) => this.pressed({ button: event.button, clientX: event.clientX, clientY: event.clientY, pointerId: event.pointerId, target: event.composedPath()[0], preventDefault: () => event.preventDefault() }));
    this.addEventListener('keydown', (event) => this.keyed(event));
  }
}
customElements.define('photo-faces', PhotoFaces);
