import { css, html, nothing, repeat } from '../vendor/lit.js';
import { count, size } from '../format.js';
import { onKey } from '../ui/controllers.js';
import { vars } from '../ui/vars.js';
import { bestOf, bytesOfAll, fileWords, pile, settle, sizeWords, spare } from './alike.js';
import { onChange } from './changes.js';
import { say } from './en.js';
import { fromAsset, pictureUrl, placeOf } from './items.js';
import { Loose, Shown } from './loose.js';
import { PhotosPage } from './photos-page.js';
import { placeholder } from './thumbhash.js';
import { whenWords } from './words.js';

const AT_ONCE = 20;

/** Photos that look alike, side by side: what is kept and what goes, group after group. */
class DuplicatesPage extends PhotosPage {
  static properties = { ...PhotosPage.properties, gone: { state: true }, many: { state: true } };

  static styles = [PhotosPage.styles, css`
    .told { display: flex; flex-wrap: wrap; align-items: center; gap: 12px 16px; padding: 0 0 16px; color: var(--text2); font: var(--font-14); } .told p { flex: 1 1 280px; text-wrap: pretty; }
    .group { padding: 20px; margin-bottom: 16px; background: var(--surface); border-radius: var(--radius-place); box-shadow: inset 0 0 0 1px var(--line); content-visibility: auto; contain-intrinsic-size: auto 420px; } .group:focus-within { box-shadow: inset 0 0 0 1px var(--line2); }
    .photos { display: flex; flex-wrap: wrap; gap: 20px 16px; }
    .photo { flex: 1 1 220px; min-width: 0; max-width: 360px; }
    .pick { display: block; position: relative; width: 100%; aspect-ratio: 4 / 3; border-radius: var(--radius); overflow: hidden; background: var(--sunken); box-shadow: inset 0 0 0 1px var(--line); }
    .pick img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; background: var(--hash, none) center / contain no-repeat; transition: opacity var(--fast) ease-out; }
    .keeps .pick { box-shadow: 0 0 0 2px var(--accent); } .goes .pick img { opacity: .4; }
    .state { position: absolute; left: 8px; top: 8px; display: inline-flex; align-items: center; gap: 4px; height: 24px; padding: 0 10px 0 6px; border-radius: 12px; font: var(--font-12); font-weight: 500; --icon: 16px; background: var(--tag); color: #fff; } .keeps .state { background: var(--accent); color: var(--on); }
    .pick hm-badge { position: absolute; left: 8px; bottom: 8px; }
    .facts { padding-top: 8px; } .facts p { font: var(--font-12); color: var(--text2); } .facts .name { font: var(--font-14); font-weight: 500; color: var(--text); } .facts b { font-weight: 600; color: var(--text); }
    .foot { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-top: 16px; } .foot .hint { margin-left: auto; }
    @media (max-width: 719.98px) { .group { padding: 12px; margin: 0 -4px 12px; } .photos { gap: 16px 8px; } .photo { flex: 0 0 calc(50% - 4px); } .foot hm-button { flex: 1 1 auto; } .told hm-button { width: 100%; } }
  `];

  groups = this.query(() => '/api/duplicates');

  constructor() {
    super();
    this.gone = new Set();
    this.many = AT_ONCE;
    /** What was chosen by hand, by group: ids that are kept. */
    this.kept = new Map();
    this.shown = new Shown(this);
    this.more20 = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && (this.many += AT_ONCE), { rootMargin: '600px' });
    const at = (run) => () => {
      const group = this.current();
      return group ? run(group) : false;
    };
    onKey(this, { j: () => this.walk(1), k: () => this.walk(-1), Enter: (event) => this.entered(event), a: at((group) => this.keepAll(group)), o: () => this.openFocused() });
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = onChange((change) => change.again && this.groups.refresh());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off();
    this.more20.disconnect();
  }

  updated() {
    const end = this.renderRoot.querySelector('.end');
    this.more20.disconnect();
    if (end) this.more20.observe(end);
  }

  get left() {
    return (this.groups.data ?? []).filter((one) => !this.gone.has(one.duplicateId) && one.assets.length > 1);
  }

  keeps(group) {
    return this.kept.get(group.duplicateId) ?? new Set(group.suggestedKeepAssetIds);
  }

  flip(group, id) {
    const keeps = new Set(this.keeps(group));
    if (!keeps.delete(id)) keeps.add(id);
    this.kept.set(group.duplicateId, keeps);
    this.requestUpdate();
  }

  // Where one is, by the focus

  current() {
    const id = this.renderRoot.activeElement?.closest('.group')?.dataset.group;
    return id ? this.left.find((one) => one.duplicateId === id) : null;
  }

  walk(by) {
    const all = [...this.renderRoot.querySelectorAll('.group')];
    const at = all.indexOf(this.renderRoot.activeElement?.closest('.group'));
    const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
    next?.querySelector('.pick').focus();
    next?.scrollIntoView({ block: 'nearest' });
  }

  beside(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const pick = by && event.target.closest?.('.pick');
    if (!pick) return;
    event.preventDefault();
    const all = [...pick.closest('.group').querySelectorAll('.pick')];
    all[Math.max(0, Math.min(all.length - 1, all.indexOf(pick) + by))].focus();
  }

  entered(event) {
    const group = this.current();
    if (!group || !event.composedPath()[0].matches('.pick')) return false; // buttons take it themselves
    return this.done(group);
  }

  openFocused() {
    const pick = this.renderRoot.activeElement?.closest('.pick');
    const group = this.current();
    if (!pick || !group) return false;
    return this.look(group, pick.dataset.id);
  }

  look(group, id) {
    this.shown.open(new Loose(group.assets.map((one) => one.id), group.assets.map(fromAsset)), id);
  }

  // What becomes of them

  settle(settled) {
    this.leaves(settled.map((one) => one.group));
    settle(settled, (groups) => this.backAgain(groups));
  }

  /** Dealt with: the next one takes the focus. */
  leaves(groups) {
    const first = this.renderRoot.activeElement?.closest('.group');
    const next = first?.nextElementSibling?.dataset?.group ?? first?.previousElementSibling?.dataset?.group;
    this.gone = new Set([...this.gone, ...groups.map((one) => one.duplicateId)]);
    if (next) this.updateComplete.then(() => this.renderRoot.querySelector(`[data-group="${next}"] .pick`)?.focus());
  }

  backAgain(groups) {
    const back = new Set(groups.map((one) => one.duplicateId));
    this.gone = new Set([...this.gone].filter((id) => !back.has(id)));
  }

  done(group) {
    const keeps = this.keeps(group);
    this.settle([{ group, go: group.assets.map((one) => one.id).filter((id) => !keeps.has(id)) }]);
  }

  keepAll(group) {
    this.settle([{ group, go: [] }]);
  }

  everywhere() {
    this.settle(this.left.map((group) => ({ group, go: spare(group).map((one) => one.id) })));
  }

  stacked(group) {
    this.leaves([group]);
    pile(group, (groups) => this.backAgain(groups));
  }

  photo(group, asset, best) {
    const photo = fromAsset(asset);
    const keeps = this.keeps(group).has(asset.id);
    const isSuggested = group.suggestedKeepAssetIds.includes(asset.id);
    const hash = placeholder(photo.thumbhash);
    const more = (id, words) => (id === asset.id ? html`<b>${words}</b>` : words);
    return html`<div class="photo ${keeps ? 'keeps' : 'goes'}"><button class="pick" type="button" role="checkbox" aria-checked=${String(keeps)} aria-label=${`${say.keep}: ${asset.originalFileName}`} data-id=${asset.id} @click=${() => this.flip(group, asset.id)} @dblclick=${() => this.look(group, asset.id)} ${vars({ '--hash': hash ? `url(${hash})` : null })}>
        <img src=${pictureUrl(photo, 'preview')} alt="" loading="lazy" decoding="async"><span class="state"><hm-icon name=${keeps ? 'check' : 'trash'} size="16"></hm-icon>${keeps ? say.keep : say.intoTrash}</span>${isSuggested ? html`<hm-badge tone="good">${say.suggested}</hm-badge>` : nothing}</button>
      <div class="facts"><p class="name one-line" title=${asset.originalFileName}>${asset.originalFileName}</p>
        <p class="tabular">${more(best.pixels, sizeWords(asset))}</p><p class="tabular">${more(best.bytes, fileWords(asset))}</p>
        <p class="tabular one-line">${[whenWords(photo.at), placeOf(photo)].filter(Boolean).join(' · ')}</p></div></div>`;
  }

  group(group) {
    const best = bestOf(group);
    const keeps = this.keeps(group);
    const go = group.assets.filter((one) => !keeps.has(one.id));
    const words = go.length ? say.trashSome(go.length, count(go.length)) : say.keepAll;
    return html`<section class="group" data-group=${group.duplicateId} aria-label=${say.groupOf(group.assets.length, count(group.assets.length))} @keydown=${this.beside}>
      <div class="photos">${repeat(group.assets, (one) => one.id, (one) => this.photo(group, one, best))}</div>
      <div class="foot"><hm-button kind=${go.length === group.assets.length ? 'danger' : 'plain'} icon=${go.length ? 'trash' : 'check'} @click=${() => this.done(group)}>${words}</hm-button>
        ${go.length ? html`<hm-button kind="quiet" @click=${() => this.keepAll(group)}>${say.keepAll}</hm-button>` : nothing}
        <hm-button kind="quiet" icon="stack" @click=${() => this.stacked(group)}>${say.stack}</hm-button>
        <hm-button kind="quiet" @click=${() => this.look(group, group.assets[0].id)}>${say.lookClosely}</hm-button>
        ${go.length ? html`<span class="hint tabular">${say.frees(size(bytesOfAll(go)))}</span>` : nothing}</div></section>`;
  }

  filled() {
    const { left } = this;
    if (!left.length) return html`<div class="few"><hm-empty icon="copy" heading=${say.noDuplicates} text=${say.noDuplicatesText}></hm-empty></div>`;
    const spares = left.flatMap(spare);
    return html`<div class="told"><p>${say.duplicatesText(left.length, count(left.length), size(bytesOfAll(spares)))}</p>
        ${left.length > 1 ? html`<hm-button kind="outline" @click=${() => this.everywhere()}>${say.keepSuggested}</hm-button>` : nothing}</div>
      ${repeat(left.slice(0, this.many), (one) => one.duplicateId, (one) => this.group(one))}
      ${left.length > this.many ? html`<div class="end"><hm-skeleton kind="card" count="1"></hm-skeleton></div>` : nothing}`;
  }

  render() {
    this.title = say.duplicates;
    return html`<hm-page-header back="/photos" heading=${say.duplicates}></hm-page-header>
      <div class="body">${this.groups.render({ loading: () => html`<hm-skeleton kind="panel" count="3"></hm-skeleton>`, data: () => this.filled() })}</div>`;
  }
}
customElements.define('photo-duplicates-page', DuplicatesPage);
