import { css, html, nothing } from '../vendor/lit.js';
import { counted, join } from '../format.js';
import { Page } from '../ui/page.js';
import { Deeds, onItemKeys } from './actions.js';
import { bone, boneStyles, bones, loading, stateStyles } from './bones.js';
import { poster } from './cards.js';
import { say } from './en.js';
import { gone } from './gone.js';
import { withMark } from './items.js';
import { cover } from './music-cards.js';

const TYPES = ['movie', 'show', 'video', 'album'];

/** What somebody did in one title: the role, else the jobs. */
const partOf = (item) => (item.role ? say.as(item.role) : item.jobs.map((job) => say.jobsOf[job] ?? job).join(', '));

/** `/people/<id>`: somebody with everything he took part in that the house has. */
class PersonPage extends Page {
  static styles = [Page.styles, stateStyles, boneStyles, css`
    .who { display: flex; align-items: center; gap: 28px; padding: 12px 0 36px; } .who hm-avatar { --side: 132px; } .who p { margin: 6px 0 0; color: var(--text2); font: var(--font-14); }
    .who .grow { min-width: 0; } h1 { overflow-wrap: anywhere; } .who .bone.round { width: 132px; height: 132px; }
    .groups { display: flex; flex-direction: column; gap: 36px; }
    .wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: var(--gap-rows) var(--gap); }
    @media (max-width: 719.98px) { .who { gap: 16px; padding: 8px 0 24px; } .who hm-avatar { --side: 88px; } .who .bone.round { width: 88px; height: 88px; } h1.t40 { font: var(--font-28); } .wall { grid-template-columns: repeat(3, minmax(0, 1fr)); } .groups { gap: 28px; } }
  `];

  found = this.query(() => `/api/home/library/people/${encodeURIComponent(this.params.id)}`);

  constructor() {
    super();
    new Deeds(this, ({ kind, item, watched }) => kind === 'mark' && this.found.update((data) => withMark(data, item, watched)));
    onItemKeys(this);
  }

  render() {
    return this.found.render({
      loading: () => html`<hm-page-header back="/"></hm-page-header><div class="body">${loading(html`<div class="who">${bone('round')}<div class="grow bones">${bones('title', 'line')}</div></div><hm-skeleton kind="grid" count="7" aria-hidden="true"></hm-skeleton>`)}</div>`,
      error: (error) => gone(this, error, '/', () => this.found.refresh()),
      data: (person) => this.shown(person),
    });
  }

  shown({ name, thumb, items }) {
    this.title = name;
    const groups = TYPES.map((type) => [type, items.filter((item) => item.type === type)]).filter(([, list]) => list.length);
    const jobs = [...new Set(items.flatMap((item) => item.jobs))].map((job) => say.jobsOf[job] ?? job);
    const counts = groups.map(([type, list]) => counted(list.length, ...say.counts[type]));
    return html`<hm-page-header back="/"></hm-page-header>
      <div class="body"><div class="who"><hm-avatar name=${name} src=${thumb ? `${thumb}?w=320&h=320` : nothing} aria-hidden="true"></hm-avatar>
        <div class="grow"><h1 class="t40" tabindex="-1">${name}</h1><p>${join([...new Set(jobs)].join(', '), ...counts)}</p></div></div>
        <div class="groups">${groups.map(([type, list]) => html`<hm-section heading=${say.personOf[type]}><div class="wall" role="list">${list.map((item) => this.card(item))}</div></hm-section>`)}</div></div>`;
  }

  card(item) {
    const second = join(item.year, partOf(item));
    return item.type === 'album' ? cover(item, { second }) : poster(item, { second });
  }
}
customElements.define('person-page', PersonPage);
