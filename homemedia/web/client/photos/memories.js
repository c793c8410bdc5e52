import { css, html, nothing, repeat } from '../vendor/lit.js';
import { counted } from '../format.js';
import { router, setSearch } from '../router.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { toastError } from '../ui/toast.js';
import { vars } from '../ui/vars.js';
import { say } from './en.js';
import { fromAsset, pictureUrl } from './items.js';
import { placeholder } from './thumbhash.js';
import { dayOfYear } from './words.js';

const LEAST = 0.8;
const MOST = 1.6;

/** The day on the clock of this device, as the server keeps memories: as if it were UTC. */
export function today(now = new Date()) {
  const two = (n) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** What there is to be reminded of on a day; the same address all day long. */
export const ofDay = (day) => `/api/memories?for=${day}T12:00:00.000Z`;

/** "2019 · 7 years ago". */
export function yearWords({ data }, short = false) {
  const ago = new Date().getFullYear() - data.year;
  return short || ago < 1 ? String(data.year) : `${data.year} · ${say.yearsAgo(ago)}`;
}

/** One memory as a picture that opens it. */
class MemoryCard extends Widget {
  static shadowRootOptions = { ...Widget.shadowRootOptions, delegatesFocus: true };
  static properties = { memory: { attribute: false }, short: { type: Boolean }, failed: { state: true } };

  static styles = [shared, css`
    :host { display: block; min-width: 0; }
    a { display: block; position: relative; height: 100%; border-radius: var(--radius); overflow: hidden; background: var(--hover) center / cover no-repeat; background-image: var(--hash, none); color: var(--text3); }
    img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; transition: opacity var(--fast) ease-out; }
    a::after { content: ''; position: absolute; inset: 0; background: #000; opacity: 0; transition: opacity var(--fast) ease-out; } @media (hover: hover) { a:hover::after { opacity: .12; } }
    hm-tag { position: absolute; z-index: 1; left: 8px; bottom: 8px; max-width: calc(100% - 16px); } hm-icon { position: absolute; z-index: 1; right: 8px; top: 8px; color: #fff; filter: drop-shadow(0 0 2px rgb(0 0 0 / .7)); }
  `];

  render() {
    const { memory } = this;
    const [first] = memory.assets;
    const hash = placeholder(first?.thumbhash ?? null);
    return html`<a href=${`?memory=${memory.id}`} aria-label=${`${yearWords(memory)}, ${counted(memory.assets.length, say.photo, say.photos)}`} ${vars({ '--hash': hash ? `url(${hash})` : null })}>
      ${first && !this.failed ? html`<img src=${pictureUrl(first, 'preview')} alt="" decoding="async" @error=${() => (this.failed = true)}>` : nothing}
      <hm-tag>${yearWords(memory, this.short)}</hm-tag>${memory.isSaved ? html`<hm-icon name="bookmark-filled" size="16" title=${say.isKept}></hm-icon>` : nothing}</a>`;
  }
}
customElements.define('photo-memory-card', MemoryCard);

/** Opens the story of a memory as `?memory=` says, so that Back closes it. The host has `search` and `memories()`. */
export class Stories {
  constructor(host) {
    this.host = host;
    host.addController(this);
  }

  hostDisconnected() {
    this.story?.remove();
    this.story = null;
    this.asked = this.wants = undefined;
  }

  hostUpdated() {
    const { host } = this;
    const id = host.search.memory;
    if (id !== this.asked) {
      this.asked = id;
      this.wants = id;
      if (!id) {
        this.story?.remove();
        this.story = null;
      }
    }
    if (this.wants && !this.story && !this.opening && host.memories()) this.show();
  }

  async show() {
    this.opening = true;
    try {
      await import('./story.js');
    } catch (error) {
      toastError(error);
      return;
    } finally {
      this.opening = false;
    }
    const memories = this.host.memories();
    const at = memories?.findIndex((one) => one.id === this.wants) ?? -1;
    this.wants = null;
    if (at < 0 || !this.host.isConnected || this.story) {
      if (at < 0) setSearch({ memory: null });
      return;
    }
    this.story = Object.assign(document.createElement('photo-story'), { memories, at });
    this.story.addEventListener('photo-story-closed', () => this.closed());
    document.body.append(this.story);
  }

  closed() {
    this.story?.remove();
    this.story = null;
    if (this.cameByClick && router.current.search.memory) history.back();
    else setSearch({ memory: null });
    this.cameByClick = false;
  }

  /** A click on a card. */
  clicked(event) {
    const card = event.composedPath().find((node) => node.localName === 'photo-memory-card');
    if (!card || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.cameByClick = true;
    setSearch({ memory: card.memory.id }, { push: true });
  }
}

/** "On this day" over the timeline; nothing at all on a day without memories. `column`: one large, two below it. */
class MemoriesRow extends Widget {
  static properties = { search: { attribute: false }, column: { type: Boolean, reflect: true } };

  static styles = [shared, css`
    .three { display: grid; grid-template-columns: 1fr 1fr; gap: 4px; } .three photo-memory-card { height: auto; aspect-ratio: 174 / 112; } .three :first-child { grid-column: span 2; aspect-ratio: 348 / 206; } .three :nth-child(2):last-child { grid-column: span 2; aspect-ratio: 348 / 112; }
    :host { display: block; --high: 168px; } hm-row { display: block; --row-gap: 4px; --row-gap-phone: 4px; --arrow-top: 50%; }
    photo-memory-card { flex: 0 0 calc(var(--high) * var(--ratio)); height: var(--high); }
    @media (max-width: 719.98px) { :host { --high: 130px; } }
  `];

  asked = new QueryController(this, () => ofDay(today()));

  constructor() {
    super();
    this.search = {};
    this.stories = new Stories(this);
  }

  memories() {
    return this.asked.data ? this.asked.data.filter((one) => one.assets.length) : this.asked.error ? [] : null;
  }

  render() {
    const memories = this.memories();
    this.hidden = !memories?.length; // takes no room where there is none
    if (!memories?.length) return nothing;
    if (this.column) return html`<hm-section heading=${say.onThisDay} href="/photos/memories" more=${dayOfYear(today())} @click=${(event) => this.stories.clicked(event)}><div class="three" role="list">${repeat(memories.slice(0, 3), (one) => one.id, (one, i) => html`<photo-memory-card role="listitem" .memory=${one} ?short=${i > 0}></photo-memory-card>`)}</div></hm-section>`;
    return html`<hm-row heading=${say.onThisDay} href="/photos/memories" more=${dayOfYear(today())} @click=${(event) => this.stories.clicked(event)}>${repeat(memories, (one) => one.id, (one, i) => html`<photo-memory-card role="listitem" .memory=${one} ?short=${i > 0} ${vars({ '--ratio': Math.max(LEAST, Math.min(MOST, fromAsset(one.assets[0]).ratio)) })}></photo-memory-card>`)}</hm-row>`;
  }
}
customElements.define('photo-memories', MemoriesRow);
