// The libraries with somebody else's eyes: how much of each is left, and which titles are not; follows what is tried at once.
import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { count } from '../format.js';
import { live } from '../live.js';
import { shared } from '../ui/styles.js';
import { itemHref } from '../watch/links.js';
import { shaped } from '../watch/items.js';
import { say } from './en.js';

const words = say.sightWords;
const SETTLES_MS = 250;
const NAMED = 3;

const total = (library) => library.seen.count + library.hidden.count;

/**
 * `user`: a member's id, none for somebody yet to come; `limits` and `libraries`: what is tried on him, as the editor
 * has it; `compact`: counts alone.
 */
class SeenPreview extends LitElement {
  static properties = {
    user: { type: String }, name: { type: String }, limits: { attribute: false }, libraries: { attribute: false }, compact: { type: Boolean },
    found: { state: true }, problem: { state: true }, shown: { state: true }, side: { state: true },
  };

  static styles = [shared, css`
    :host { display: block; min-width: 0; }
    .library { display: block; width: 100%; text-align: start; padding: 12px 0; border-radius: 4px; } .library + .library { border-top: 1px solid var(--line); }
    :host([compact]) .library { padding: 6px 0; border: 0; }
    .line { display: flex; align-items: baseline; gap: 12px; font: var(--font-14); } .line .what { flex: 1; min-width: 0; font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .many { color: var(--text2); font-variant-numeric: tabular-nums; white-space: nowrap; } .many b { font-weight: 600; color: var(--text); }
    .shut .what, .shut .many { color: var(--text3); }
    hm-progress { margin-top: 8px; } .gone { display: block; margin-top: 8px; }
    button.library { cursor: pointer; } @media (hover: hover) { button.library:hover .what { text-decoration: underline; text-underline-offset: 3px; } }
    .tools { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; justify-content: space-between; margin-bottom: 16px; } .tools hm-tabs { flex: 1 1 auto; }
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); gap: 16px 12px; align-items: start; } .grid.wide { grid-template-columns: repeat(auto-fill, minmax(168px, 1fr)); }
    .more { margin-top: 16px; }
    @media (max-width: 719.98px) { .grid { grid-template-columns: repeat(3, minmax(0, 1fr)); } .grid.wide { grid-template-columns: repeat(2, minmax(0, 1fr)); } button.library { min-height: 44px; } }
  `];

  constructor() {
    super();
    this.found = null;
    this.problem = null;
    this.shown = null;
    this.side = 'seen';
    this.asked = '';
    this.turn = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = live.on('library.changed', () => this.ask());
    if (this.asked) this.ask();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
    clearTimeout(this.timer);
  }

  willUpdate() {
    const text = this.text();
    if (text === this.asked) return;
    const isFirst = !this.asked;
    this.asked = text;
    this.ask(isFirst ? 0 : SETTLES_MS);
  }

  /** What is asked for. The answer depends on nothing else of the limits: no word is sent of times and streams. */
  text() {
    const { maxAge, allowedRatings, blockedRatings, blockUnrated, allowedLabels, blockedLabels } = this.limits ?? {};
    const restrictions = this.limits ? { maxAge, allowedRatings, blockedRatings, blockUnrated, allowedLabels, blockedLabels } : undefined;
    return JSON.stringify({ userId: this.user, restrictions, libraries: this.libraries ?? undefined, cards: this.compact ? 0 : undefined });
  }

  ask(wait = SETTLES_MS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.read(), wait);
  }

  async read() {
    const turn = ++this.turn; // answers may overtake each other
    try {
      const { libraries } = await api.post('/api/home/library/seen-by', JSON.parse(this.asked));
      if (turn !== this.turn) return;
      this.found = libraries;
      this.problem = null;
    } catch (error) {
      if (turn === this.turn) this.problem = error; // what was found before stays beside it
    }
  }

  open(library) {
    this.shown = library.id;
    this.side = library.open && library.hidden.count ? 'hidden' : library.open ? 'seen' : 'hidden';
  }

  render() {
    if (this.problem && !this.found) return html`<hm-error heading=${words.failed} text=${this.problem.message} retry=${words.again} @hm-retry=${() => this.read()}></hm-error>`;
    if (!this.found) return html`<hm-skeleton kind="text" count=${this.compact ? 2 : 4}></hm-skeleton>`;
    if (!this.found.length) return html`<p class="second">${words.noLibraries}</p>`;
    return html`<div aria-live="polite">${this.found.map((library) => this.line(library))}</div>${this.shown ? this.dialog() : nothing}`;
  }

  line(library) {
    const all = total(library);
    const many = !library.open ? words.shut : all === 0 ? words.empty : library.hidden.count === 0 ? words.all(count(all)) : html`<b>${count(library.seen.count)}</b> ${words.of(count(all))}`;
    const line = html`<span class="line"><span class="what">${library.name}</span><span class="many">${many}</span></span>`;
    if (this.compact) return html`<div class="library ${library.open ? '' : 'shut'}">${line}</div>`;
    const isPart = library.open && library.hidden.count > 0;
    const names = library.hidden.items.slice(0, NAMED).map((one) => one.item.title);
    return html`<button class="library ${library.open ? '' : 'shut'}" type="button" ?disabled=${all === 0} aria-label=${words.look(library.name)} @click=${() => this.open(library)}>${line}
      ${isPart ? html`<hm-progress .value=${library.seen.count / all} quiet label=${words.share(library.name)}></hm-progress>
        <span class="second gone">${words.hiddenNames(names, library.hidden.count - names.length)}</span>` : nothing}</button>`;
  }

  dialog() {
    const library = this.found.find((one) => one.id === this.shown) ?? this.found[0];
    const sides = ['seen', 'hidden'].map((id) => ({ value: id, label: words.sides[id](count(library[id].count)) }));
    const part = library[this.side];
    const items = this.side === 'seen' ? part.items.map((item) => ({ item, second: item.contentRating ?? '' })) : part.items.map(({ item, why, word }) => ({ item, second: words.why[why](word) }));
    const left = part.count - items.length;
    return html`<hm-dialog open heading=${words.title(this.name)} width="760" cross @hm-close=${() => (this.shown = null)}>
      <div class="tools"><hm-tabs label=${words.libraries} .tabs=${this.found.map((one) => ({ id: one.id, label: one.name }))} value=${library.id} @hm-change=${(event) => this.turnTo(event)}></hm-tabs>
        <hm-segmented label=${words.what} .options=${sides} value=${this.side} @hm-change=${(event) => (this.side = event.detail.value)}></hm-segmented></div>
      ${items.length ? html`<div class="grid ${library.type === 'video' ? 'wide' : ''}">${items.map((one) => this.card(library, one))}</div>` : html`<hm-empty plain icon=${this.side === 'seen' ? 'eye-off' : 'eye'} heading=${words.none[this.side]}></hm-empty>`}
      ${left > 0 ? html`<p class="second more">${words.more(count(left))}</p>` : nothing}</hm-dialog>`;
  }

  turnTo(event) {
    event.stopPropagation();
    this.open(this.found.find((one) => one.id === event.detail.value));
  }

  card(library, { item, second }) {
    const shape = shaped(item);
    if (library.type === 'video') return html`<hm-card .item=${shape} href=${itemHref(item)} second=${second}></hm-card>`;
    if (library.type === 'music') return html`<hm-cover .item=${shape} round href=${itemHref(item)} second=${second}></hm-cover>`;
    return html`<hm-poster .item=${shape} href=${itemHref(item)} second=${second}></hm-poster>`;
  }
}
customElements.define('seen-preview', SeenPreview);
