import { css, html, nothing } from '../vendor/lit.js';
import { session } from '../session.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { say } from './en.js';
import { Faces } from './faces.js';
import { HEART } from './talk.js';

const FACES = 3;

/** Who gave a clip a heart, by name; the same answer that its talk is drawn from. `clip` */
class Hearted extends Widget {
  static properties = { clip: { attribute: false } };

  static styles = [shared, css`
    :host { display: block; font: var(--font-12); color: #fff; min-height: 24px; } p { display: flex; align-items: center; gap: 8px; min-width: 0; }
    .faces { display: flex; flex: none; } .faces > * + * { margin-left: -8px; box-shadow: 0 0 0 2px rgb(0 0 0 / .45); }
  `];

  talk = new QueryController(this, () => `/api/clips/${encodeURIComponent(this.clip.id)}/comments`, { maxAge: 5000 });
  faces = new Faces(this);

  get people() {
    const last = new Map((this.talk.data?.reactionEvents ?? []).map((event) => [event.username, event.emoji]));
    const me = session.user?.username?.toLocaleLowerCase();
    const isMe = (name) => name.toLocaleLowerCase() === me;
    const others = [...last].filter(([name, emoji]) => emoji === HEART && !isMe(name)).map(([name]) => this.faces.called(name));
    return this.clip.reactions?.[HEART]?.reacted ? [...others, { ...this.faces.me, name: say.you }] : others;
  }

  render() {
    const { people } = this;
    if (!people.length) return nothing;
    return html`<p><span class="faces" aria-hidden="true">${people.slice(0, FACES).map((face) => html`<hm-avatar name=${face.name} size="24" src=${face.src ?? nothing}></hm-avatar>`)}</span><span class="one-line">${say.heartedBy(people.map((face) => face.name))}</span></p>`;
  }
}
customElements.define('hm-clip-hearted', Hearted);
