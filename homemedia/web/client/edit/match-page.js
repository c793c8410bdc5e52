import { css, html, nothing } from '../vendor/lit.js';
import { api, artUrl } from '../api.js';
import { count, join } from '../format.js';
import { back } from '../router.js';
import { Page } from '../ui/page.js';
import { gone } from '../watch/gone.js';
import { shaped } from '../watch/items.js';
import { itemHref } from '../watch/links.js';
import { done } from './deeds.js';
import { say } from './en.js';
import { isMatchable, likely, shownAs } from './fields.js';

const SECOND = 1000;
const small = (poster, width = 240) => (poster ? `${poster}${poster.includes('?') ? '&' : '?'}w=${width}` : null);

/** Which film or show of TMDb a thing is: what it is now beside what it may be. */
class MatchPage extends Page {
  static properties = { ...Page.properties, asked: { state: true }, results: { state: true }, busy: { state: true }, problem: { state: true }, chosen: { state: true }, applying: { state: true }, force: { state: true }, refusal: { state: true }, wait: { state: true } };

  static styles = [Page.styles, css`
    .columns { display: grid; grid-template-columns: 280px minmax(0, 868px); gap: 40px; align-items: start; padding-top: 12px; }
    .now { position: sticky; top: calc(var(--top) + 12px); display: flex; flex-direction: column; gap: 12px; min-width: 0; } .now hm-art { width: 200px; }
    .now h2 { font: var(--font-16); letter-spacing: -0.008em; overflow-wrap: anywhere; } .now .path { font: var(--font-12); color: var(--text2); overflow-wrap: anywhere; } .now .paths { display: flex; flex-direction: column; gap: 6px; }
    .eyebrow { font: var(--font-12); color: var(--text3); }
    form { display: grid; grid-template-columns: minmax(0, 1fr) 104px 140px auto; gap: 12px; align-items: end; }
    form hm-button { height: 44px; --height: 44px; display: flex; align-items: center; }
    .state { display: flex; align-items: center; gap: 8px; min-height: 20px; margin: 20px 0 4px; font: var(--font-14); color: var(--text2); }
    .result { display: grid; grid-template-columns: 92px minmax(0, 1fr) auto; gap: 20px; align-items: start; padding: 16px 0; }
    .result + .result { border-top: 1px solid var(--line); }
    .result hm-art { width: 92px; } .result h3 { font: var(--font-16); letter-spacing: -0.008em; } .result h3 .quiet { font-weight: 400; }
    .result .text { font: var(--font-14); color: var(--text2); margin-top: 8px; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; text-wrap: pretty; max-width: 64ch; }
    .facts { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; margin-top: 4px; }
    .no-art { display: grid; place-items: center; aspect-ratio: 2 / 3; border-radius: var(--radius); background: var(--hover); color: var(--text3); width: 100%; }
    .pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 24px; padding-top: 12px; } .pair > div { display: flex; flex-direction: column; gap: 8px; min-width: 0; }
    .pair hm-art, .pair .no-art { width: 148px; } .pair h3 { font: var(--font-16); overflow-wrap: anywhere; } .pair .summary { font: var(--font-12); color: var(--text2); display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 6; overflow: hidden; }
    .force { display: block; margin-top: 20px; padding-top: 16px; border-top: 1px solid var(--line); } .dialog-text { font: var(--font-14); color: var(--text2); text-wrap: pretty; }
    hm-notice { margin-top: 16px; } hm-empty, hm-error { margin-top: 20px; max-width: 560px; } .skeleton { margin-top: 20px; }
    .credit { margin-top: 28px; max-width: 60ch; }
    @media (max-width: 1099.98px) { .columns { grid-template-columns: 200px minmax(0, 1fr); gap: 28px; } .now hm-art { width: 160px; } form { grid-template-columns: minmax(0, 1fr) 96px; } form hm-button { justify-self: start; } }
    @media (max-width: 719.98px) {
      .columns { grid-template-columns: minmax(0, 1fr); gap: 16px; padding-top: 0; }
      .now { position: static; display: grid; grid-template-columns: 64px minmax(0, 1fr); gap: 4px 16px; align-items: start; } .now .picture { grid-row: 1 / 4; } .now hm-art, .now .no-art { width: 64px; } .now .eyebrow { margin-top: 2px; }
      .now .paths { grid-column: 2; } .now .paths li + li { display: none; }
      form { grid-template-columns: repeat(2, minmax(0, 1fr)); } form hm-button { grid-column: 1 / -1; justify-self: stretch; } form .wide { grid-column: 1 / -1; }
      .result { grid-template-columns: 72px minmax(0, 1fr); gap: 8px 16px; } .result hm-art, .result .no-art { width: 72px; } .result .pick { grid-column: 2; justify-self: start; }
      .pair { gap: 16px; } .pair hm-art, .pair .no-art { width: 100%; max-width: 120px; }
    }
  `];

  known = this.query(() => `/api/media-item/${this.params.key}`);
  item = this.query(() => `/api/media/${this.params.key}`);

  constructor() {
    super();
    this.forget();
  }

  forget() {
    clearInterval(this.timer);
    this.form = null;
    this.asked = false;
    this.results = null;
    this.busy = false;
    this.problem = null;
    this.chosen = null;
    this.applying = false;
    this.force = false;
    this.refusal = null;
    this.wait = 0;
  }

  willUpdate(changed) {
    if (changed.has('params')) this.forget();
    const known = this.known.data;
    if (this.form || !known) return;
    this.form = { title: known.fields.title ?? '', year: shownAs('year', known.fields.year), tmdbId: '' };
    if (isMatchable(known.type)) this.find();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.running?.abort();
  }

  get wish() {
    const { title, year, tmdbId } = this.form;
    const number = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : undefined);
    return { title: title.trim() || undefined, year: number(year) ?? null, tmdbId: number(tmdbId) };
  }

  async find() {
    this.running?.abort();
    this.running = new AbortController();
    const { signal } = this.running;
    clearInterval(this.timer);
    this.busy = true;
    this.problem = null;
    this.wait = 0;
    try {
      const { results } = await api.post(`/api/match/${this.params.key}/search`, this.wish, { signal });
      this.results = results;
    } catch (error) {
      if (signal.aborted) return;
      this.results = null;
      this.problem = error;
      if (error.code === 'tmdb_rate_limited') this.goOnIn(Math.max(1, Math.ceil(error.retryAfter ?? 10)));
    }
    this.busy = false;
    this.asked = true;
  }

  /** TMDb asked to wait: the seconds are counted down, then it is asked again. */
  goOnIn(seconds) {
    this.wait = seconds;
    this.timer = setInterval(() => {
      this.wait -= 1;
      if (this.wait > 0) return;
      clearInterval(this.timer);
      this.find();
    }, SECOND);
  }

  async apply() {
    this.applying = true;
    this.refusal = null;
    const { tmdbId, title } = this.chosen;
    try {
      const { editId, item } = await api.post(`/api/match/${this.params.key}/apply`, { tmdbId, force: this.force });
      this.chosen = null;
      done(say.applied(item?.title ?? title), editId);
      back(this.backTo);
    } catch (error) {
      this.refusal = error.code === 'tmdb_not_found' ? say.gone : error.message;
    } finally {
      this.applying = false;
    }
  }

  get backTo() {
    return this.item.data ? itemHref(this.item.data) : '/';
  }

  render() {
    this.title = say.fixMatch;
    const loading = () => html`<hm-page-header back="/" heading=${say.fixMatch}></hm-page-header><div class="body columns"><hm-skeleton kind="poster"></hm-skeleton><hm-skeleton kind="panel" count="3"></hm-skeleton></div>`;
    return this.known.render({ loading, error: (error) => gone(this, error, '/', () => this.known.refresh()), data: (known) => this.page(known) });
  }

  page(known) {
    return html`
      <hm-page-header back=${this.backTo} heading=${say.fixMatch}></hm-page-header>
      <div class="body columns">
        <aside class="now" aria-label=${say.now}>${this.present(known)}</aside>
        <div>${isMatchable(known.type) ? html`${this.searchForm()}${this.state(known)}` : this.never()}</div>
      </div>
      ${this.chosen ? this.compare(known) : nothing}`;
  }

  picture(src) {
    return src ? html`<hm-art ratio="2/3" src=${src}></hm-art>` : html`<div class="no-art"><hm-icon name="film" size="24"></hm-icon></div>`;
  }

  get own() {
    return this.item.data ? artUrl(shaped(this.item.data), { width: 200 }) : null;
  }

  present(known) {
    const { title, year } = known.fields;
    return html`<div class="picture">${this.picture(this.own)}</div>
      <p class="eyebrow">${say.now}${known.matchState ? ` · ${say.matched[known.matchState] ?? ''}` : ''}</p>
      <div><h2>${title}</h2><p class="second">${join(year ?? say.noYear, known.ids?.tmdb ? `TMDb ${known.ids.tmdb}` : '')}</p></div>
      <ul class="paths">${(known.paths ?? []).slice(0, 6).map((path) => html`<li class="path">${path}</li>`)}</ul>`;
  }

  searchForm() {
    const set = (name) => (event) => {
      this.form = { ...this.form, [name]: event.target.value };
      this.requestUpdate();
    };
    return html`<form novalidate role="search" @submit=${(event) => { event.preventDefault(); this.find(); }}>
      <hm-field class="wide" label=${say.searchTitle} name="title" .value=${this.form.title} autocomplete="off" @input=${set('title')}></hm-field>
      <hm-field label=${say.searchYear} name="year" inputmode="numeric" maxlength="4" .value=${this.form.year} autocomplete="off" @input=${set('year')}></hm-field>
      <hm-field label=${say.searchId} name="tmdbId" inputmode="numeric" .value=${this.form.tmdbId} autocomplete="off" @input=${set('tmdbId')}></hm-field>
      <hm-button type="submit" icon="search" ?busy=${this.busy}>${this.busy ? say.searching : say.search}</hm-button></form>`;
  }

  never() {
    return html`<hm-empty icon="video" heading=${say.notMatchable} text=${say.notMatchableText}><hm-button slot="action" icon="edit" href="/edit/${this.params.key}">${say.byHand}</hm-button></hm-empty>`;
  }

  /** What came of the search, whichever way it went. */
  state(known) {
    if (this.problem) return this.trouble();
    if (!this.results) return html`<div class="skeleton"><hm-skeleton kind="text" count="9"></hm-skeleton></div>`;
    const { results } = this;
    if (!results.length) return html`<hm-empty icon="search" heading=${say.none} text=${say.noneText}><hm-button slot="action" icon="edit" href="/edit/${this.params.key}">${say.byHand}</hm-button></hm-empty>`;
    return html`<p class="state" role="status">${say.results(results.length, count(results.length))}</p>
      <div role="list">${results.map((one) => this.result(one, known))}</div><p class="hint credit">${say.attribution}</p>`;
  }

  trouble() {
    const { code, message } = this.problem;
    const byHand = html`<hm-button slot="action" icon="edit" href="/edit/${this.params.key}">${say.byHand}</hm-button>`;
    if (code === 'tmdb_not_configured') return html`<hm-empty icon="key" heading=${say.noKey} text=${say.noKeyText}><hm-button slot="action" kind="primary" href="/admin/metadata">${say.enterKey}</hm-button>${byHand}</hm-empty>`;
    if (code === 'tmdb_key_refused') return html`<hm-empty icon="key" heading=${say.refused} text=${say.refusedText}><hm-button slot="action" kind="primary" href="/admin/metadata">${say.enterKey}</hm-button>${byHand}</hm-empty>`;
    if (code === 'tmdb_rate_limited') return html`<hm-notice role="status">${say.limited(this.wait)}</hm-notice>`;
    if (code === 'not_matchable') return this.never();
    if (code === 'tmdb_not_found') return html`<hm-empty icon="search" heading=${say.gone} text=${say.noneText}></hm-empty>`;
    const isAway = code === 'tmdb_unreachable';
    return html`<hm-error heading=${isAway ? say.unreachable : say.failed} text=${isAway ? say.unreachableText : message} retry=${say.again} @hm-retry=${() => this.find()}>${byHand}</hm-error>`;
  }

  result(one, known) {
    const isNow = known.ids?.tmdb === one.tmdbId;
    const [, words, tone] = likely(one.score, say.scores);
    return html`<article class="result" role="listitem">${this.picture(small(one.poster))}
      <div><h3>${one.title} <span class="quiet">${one.year ?? say.noYear}</span></h3>
        <p class="facts">${isNow ? html`<hm-badge tone="accent">${say.isNow}</hm-badge>` : html`<hm-badge tone=${tone}>${words}</hm-badge>`}${one.originalTitle && one.originalTitle !== one.title ? html`<span class="second">${one.originalTitle}</span>` : nothing}</p>
        ${one.summary ? html`<p class="text">${one.summary}</p>` : nothing}</div>
      <hm-button class="pick" label=${say.chooseThis(one.title, one.year)} @click=${() => this.choose(one)}>${say.choose}</hm-button></article>`;
  }

  choose(one) {
    this.refusal = null;
    this.force = false;
    this.chosen = one;
  }

  compare(known) {
    const { chosen } = this;
    const side = (heading, src, title, year, summary) => html`<div><p class="eyebrow">${heading}</p>${this.picture(src)}<h3>${title}</h3><p class="second">${year ?? say.noYear}</p>${summary ? html`<p class="summary">${summary}</p>` : nothing}</div>`;
    const names = known.locked.map((field) => say.fields[field]).filter(Boolean);
    return html`<hm-dialog open heading=${say.compare} width="600" ?no-close=${this.applying} @hm-close=${() => (this.chosen = null)}>
      <p class="dialog-text">${say.compareText}</p>
      <div class="pair">${side(say.now, this.own, known.fields.title, known.fields.year, known.fields.summary)}${side(say.then, small(chosen.poster), chosen.title, chosen.year, chosen.summary)}</div>
      ${names.length ? html`<div class="force"><hm-checkbox label=${say.overwrite} hint=${say.overwriteHint(names.join(', '))} ?checked=${this.force} @hm-change=${(event) => (this.force = event.detail.checked)}></hm-checkbox></div>` : nothing}
      ${this.refusal ? html`<hm-notice tone="bad" role="alert">${this.refusal}</hm-notice>` : nothing}
      <hm-button slot="actions" kind="quiet" ?disabled=${this.applying} @click=${() => (this.chosen = null)}>${say.cancel}</hm-button>
      <hm-button slot="actions" kind="primary" autofocus ?busy=${this.applying} @click=${() => this.apply()}>${this.applying ? say.applying : say.apply}</hm-button></hm-dialog>`;
  }
}
customElements.define('match-page', MatchPage);
