import { css, html, nothing, repeat } from '../vendor/lit.js';
import { ago, join, percent } from '../format.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { talk as say } from './en.js';
import { Faces } from './faces.js';
import { seconds } from './store.js';

const WHOLE = 95; // players stop a moment before the end

/** Who has watched a clip, how far, and who has not yet; live. `clip`. */
class ClipViews extends Widget {
  static properties = { clip: { attribute: false } };

  static styles = [shared, css`
    :host { display: block; }
    li { display: grid; grid-template-columns: 40px minmax(0, 1fr) 72px; align-items: center; gap: 12px; min-height: 60px; } li .name { display: block; } hm-progress { width: 72px; }
    .yet { display: flex; align-items: center; gap: 10px; padding-top: 12px; margin-top: 4px; border-top: 1px solid var(--line); font: var(--font-14); color: var(--text2); text-wrap: pretty; }
    .stack { display: flex; flex-direction: row; gap: 0; flex: none; } .stack hm-avatar + hm-avatar { margin-left: -8px; }
    .none { font: var(--font-14); color: var(--text2); }
  `];

  seen = new QueryController(this, () => (this.clip ? `/api/clips/${encodeURIComponent(this.clip.id)}/views` : null), { maxAge: 2000 });
  faces = new Faces(this);

  row = (view) => {
    const face = this.faces.of(view.userId, view.username, view.avatarPath);
    const isSender = view.userId === this.clip.addedBy;
    const how = isSender ? say.sentIt : view.status === 'skipped' ? (view.watchPercent ? say.skippedAt(percent(view.watchPercent / 100)) : say.skipped) : view.watchPercent >= WHOLE ? say.toTheEnd : say.seenTo(percent(view.watchPercent / 100));
    return html`<li><hm-avatar size="40" name=${face.name} src=${face.src ?? nothing}></hm-avatar>
      <div><span class="name one-line">${face.id === session.user?.id ? say.you : face.name}</span><span class="second">${join(how, ago(seconds(view.watchedAt)))}</span></div>
      ${isSender ? html`<span></span>` : html`<hm-progress .value=${view.watchPercent / 100} ?quiet=${view.status === 'skipped'} label=${face.name}></hm-progress>`}</li>`;
  };

  yet(views) {
    const known = new Set(views.map((view) => view.userId));
    const left = this.faces.all.filter((face) => !known.has(face.id));
    if (!left.length) return nothing;
    return html`<div class="yet"><span class="stack">${left.slice(0, 4).map((face) => html`<hm-avatar size="24" name=${face.name} src=${face.src ?? nothing}></hm-avatar>`)}</span><span>${say.notYet(left.map((face) => (face.id === session.user?.id ? say.youLast : face.name)))}</span></div>`;
  }

  render() {
    if (!this.clip) return nothing;
    return this.seen.render({
      loading: () => html`<hm-skeleton kind="text" count="4"></hm-skeleton>`,
      data: ({ views }) => html`${views.length ? html`<ul aria-label=${say.views}>${repeat(views, (view) => view.userId, this.row)}</ul>` : html`<p class="none">${say.nobodyYet}</p>`}${this.yet(views)}`,
    });
  }
}
customElements.define('hm-clip-views', ClipViews);
