// All that is shared: with me, by me; stopped one by one or many at once.
import { css, html, nothing, repeat } from '../vendor/lit.js';
import { api, invalidate } from '../api.js';
import { join } from '../format.js';
import { Page } from '../ui/page.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { hrefOf, isPhoto, SHARES, standing } from './shares.js';
import './share-card.js';

const MOST = 200;

class SharedPage extends Page {
  static properties = { ...Page.properties, chosen: { state: true }, withHidden: { state: true } };

  static styles = [Page.styles, css`
    .body { margin-top: 12px; } .list { max-width: 880px; } .list > * + * { border-top: 1px solid var(--line); } .hidden { margin-top: 16px; }
  `];

  got = this.query(() => `${SHARES}/incoming?limit=${MOST}${this.withHidden ? '&include_hidden=true' : ''}`);
  given = this.query(() => `${SHARES}/outgoing?limit=${MOST}`);

  constructor() {
    super();
    this.chosen = new Set();
    this.withHidden = false;
    this.live({ 'shares.changed': () => this.readAgain() });
  }

  get isMine() {
    return this.params.side === 'by-me';
  }

  readAgain() {
    invalidate(SHARES);
  }

  async run(ask, words, undo) {
    try {
      await ask();
      toast(words, { undo });
    } catch (error) {
      toastError(error);
    }
    this.readAgain();
  }

  hide(share, is) {
    const put = (hidden) => api.patch(`${SHARES}/${share.id}`, { hidden });
    return this.run(() => put(is), is ? say.hidden(share.target_title) : say.givenBack, is ? () => put(false).then(() => this.readAgain(), toastError) : undefined);
  }

  async stop(ids) {
    await this.run(() => api.post(`${SHARES}/batch/delete`, { share_ids: ids }), say.stoppedChosen(ids.length));
    this.chosen = new Set();
  }

  choose(share) {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(share.id)) chosen.add(share.id);
    this.chosen = chosen;
  }

  async manage(share) {
    const { openShareDialog } = await import('./share-dialog.js');
    const use = share.target_type === 'collection' ? 'album' : share.target_type === 'heap' ? 'heap' : ['media_set', 'user_library'].includes(share.target_type) || isPhoto(share) ? 'photos' : 'watch';
    await openShareDialog({ type: share.target_type, id: share.target_id, title: share.target_title, use, page: hrefOf(share) });
    this.readAgain();
  }

  async log(share) {
    (await import('./share-log.js')).openShareLog(share);
  }

  picked(share, id) {
    if (id === 'manage') this.manage(share);
    if (id === 'log') this.log(share);
    if (id === 'stop') this.stop([share.id]);
    if (id === 'hide') this.hide(share, true);
    if (id === 'show') this.hide(share, false);
  }

  mine(shares) {
    if (!shares.length) return html`<hm-empty icon="share" heading=${say.byMeNone} text=${say.byMeNoneText}></hm-empty>`;
    const items = [{ id: 'manage', label: say.manage, icon: 'pencil' }, { id: 'log', label: say.log, icon: 'eye' }, { separator: true }, { id: 'stop', label: say.stop, icon: 'x', danger: true }];
    return html`<div class="list">${repeat(shares, (one) => one.id, (one) => html`<share-card .share=${one} selectable ?chosen=${this.chosen.has(one.id)} second=${join(one.recipient_type === 'public_link' ? say.toLink : one.recipient_type === 'group' ? say.toHouse : say.to(one.recipient_name), standing(one), one.recipient_type === 'public_link' ? say.opened(one.access_count ?? 0, '') : '')}
      .items=${items} @hm-choose=${() => this.choose(one)} @hm-select=${(event) => this.picked(one, event.detail.id)}></share-card>`)}</div>
      <hm-action-bar ?open=${this.chosen.size > 0} count-text=${say.chosenCount(this.chosen.size)} @hm-close=${() => { this.chosen = new Set(); }}><hm-button kind="quiet" icon="x" @click=${() => this.stop([...this.chosen])}>${say.stopChosen}</hm-button></hm-action-bar>`;
  }

  others(shares) {
    const toggle = html`<hm-switch class="hidden" label=${say.showHidden} ?checked=${this.withHidden} @hm-change=${(event) => { this.withHidden = event.detail.checked; }}></hm-switch>`;
    if (!shares.length) return html`<hm-empty icon="share" heading=${say.withMeNone} text=${say.withMeNoneText}></hm-empty>${toggle}`;
    return html`<div class="list">${repeat(shares, (one) => one.id, (one) => html`<share-card .share=${one} second=${join(say.from(one.created_by_name ?? one.owner_name), standing(one))} .items=${[one.hidden ? { id: 'show', label: say.show, icon: 'eye' } : { id: 'hide', label: say.hide, icon: 'eye-off' }]} @hm-select=${(event) => this.picked(one, event.detail.id)}></share-card>`)}</div>${toggle}`;
  }

  render() {
    this.title = say.shares;
    const tabs = [{ id: 'with-me', label: say.withMe, href: '/shared' }, { id: 'by-me', label: say.byMe, href: '/shared/by-me' }];
    const loading = () => html`<hm-skeleton kind="text" count="8"></hm-skeleton>`;
    return html`<hm-page-header heading=${say.shares}><hm-tabs label=${say.shares} .tabs=${tabs} value=${this.isMine ? 'by-me' : 'with-me'}></hm-tabs></hm-page-header>
      <section class="body">${this.isMine ? this.given.render({ loading, data: (some) => this.mine(some) }) : this.got.render({ loading, data: (some) => this.others(some) })}</section>`;
  }
}
customElements.define('shared-page', SharedPage);
