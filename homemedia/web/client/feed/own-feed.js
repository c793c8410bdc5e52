import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { QueryController } from '../ui/controllers.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { own as say } from './en.js';

/** How clips play for a member, on all his devices: a panel of his settings. */
class OwnFeed extends Widget {
  static styles = [shared, css`:host { display: block; } h2 { font: var(--font-16); letter-spacing: -0.008em; } .all { display: grid; gap: 16px; margin-top: 16px; max-width: 520px; }`];

  auth = new QueryController(this, () => '/api/auth');

  async prefer(change) {
    const { user } = this.auth.data;
    const undo = Object.fromEntries(Object.keys(change).map((name) => [name, user[name]]));
    const show = (fields) => this.auth.update((auth) => ({ ...auth, user: { ...auth.user, ...fields } }));
    const put = async (body) => {
      show(body);
      show(await api.post('/api/profile/preferences', body));
    };
    try {
      await put(change);
      toast(say.saved, { undo: () => put(undo).catch(toastError) });
    } catch (error) {
      show(undo);
      toastError(error);
    }
  }

  render() {
    const user = this.auth.data?.user;
    if (!user) return nothing;
    const orders = Object.entries(say.orders).map(([value, label]) => ({ value, label }));
    return html`<section class="panel"><h2>${say.title}</h2><p class="second">${say.text}</p><div class="all">
      <hm-switch label=${say.autoScroll} ?checked=${user.autoScroll} @hm-change=${(event) => this.prefer({ autoScroll: event.detail.checked })}></hm-switch>
      <hm-switch label=${say.muted} ?checked=${user.mutedByDefault} @hm-change=${(event) => this.prefer({ mutedByDefault: event.detail.checked })}></hm-switch>
      <hm-field type="select" label=${say.order} .value=${user.feedSortOrder} .options=${orders} @change=${(event) => this.prefer({ feedSortOrder: event.target.value })}></hm-field>
      <p><a class="link t14" href="/feed/setup">${say.setup}</a></p></div></section>`;
  }
}
customElements.define('own-feed', OwnFeed);
