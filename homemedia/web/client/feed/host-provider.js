import { css, html, nothing } from '../vendor/lit.js';
import { join } from '../format.js';
import { QueryController } from '../ui/controllers.js';
import { confirmDialog } from '../ui/dialog.js';
import { Widget } from '../ui/element.js';
import { shared } from '../ui/styles.js';
import { toast, toastError } from '../ui/toast.js';
import { host as say } from './en.js';
import { PROVIDER, switchOff, switchOn, update, use } from './provider.js';

/** What fetches clips: whether it may, which version, and what it uses. */
class ClipProvider extends Widget {
  static properties = { doing: { state: true } };

  static styles = [shared, css`
    :host { display: block; } h2 { display: flex; align-items: center; gap: 10px; font: var(--font-16); letter-spacing: -0.008em; } h2 hm-badge { margin-left: auto; }
    .quiet { font: var(--font-14); text-wrap: pretty; max-width: 64ch; margin-top: 4px; } .facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 20px; margin-top: 16px; font: var(--font-14); } dt { color: var(--text2); } dd { overflow-wrap: anywhere; }
    .actions { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 16px; } hm-progress { margin-top: 16px; }
  `];

  found = new QueryController(this, () => PROVIDER);

  constructor() {
    super();
    this.doing = '';
  }

  /** @param {string} name what goes on @param {() => Promise<string | void>} work gives what to say */
  async run(name, work) {
    if (this.doing) return;
    this.doing = name;
    try {
      const words = await work();
      if (words) toast(words);
    } catch (error) {
      toastError(error);
    }
    this.doing = '';
    this.found.refresh();
  }

  async off(id) {
    if (await confirmDialog({ heading: say.removeTitle, text: say.removeText, action: say.turnOff })) this.run('off', () => switchOff(id).then(() => say.turnedOff));
  }

  renew({ id, version }) {
    return this.run('update', async () => {
      const now = await update(id);
      return now === version ? say.newest(now) : say.updated(now);
    });
  }

  facts(one) {
    return html`<dl class="facts">
      ${one.installed ? html`<dt>${one.name}</dt><dd>${join(say.version(one.version), one.bundledVersion && one.bundledVersion !== one.version ? say.bundled(one.bundledVersion) : '')}</dd>` : nothing}
      ${one.dependencies?.length ? html`<dt>${say.needs}</dt><dd>${one.dependencies.join(', ')}</dd>` : nothing}
      <dt>${say.license}</dt><dd>${one.license} · <a class="link" href=${one.homepage} target="_blank" rel="noreferrer">${say.homepage}</a></dd></dl>`;
  }

  panel(one) {
    const { doing } = this;
    const state = one.active ? ['good', say.providerOn] : one.installed ? ['warn', say.pausedState] : ['plain', say.providerOff];
    return html`<section class="panel" id="provider"><h2>${say.providerTitle}<hm-badge tone=${state[0]}>${state[1]}</hm-badge></h2><p class="quiet">${say.providerText}</p>
      ${one.installed ? nothing : html`<p class="quiet">${say.consent}</p>`}${this.facts(one)}
      <div class="actions">${one.installed ? html`
          ${one.active ? nothing : html`<hm-button kind="primary" ?busy=${doing === 'use'} @click=${() => this.run('use', () => use(one.id).then(() => say.turnedOn))}>${say.resume}</hm-button>`}
          <hm-button icon="refresh" ?busy=${doing === 'update'} @click=${() => this.renew(one)}>${doing === 'update' ? say.updating : say.update}</hm-button>
          ${one.active ? html`<hm-button kind="quiet" ?busy=${doing === 'pause'} @click=${() => this.run('pause', () => use(null).then(() => say.pausedToast))}>${say.paused}</hm-button>` : nothing}
          <hm-button kind="quiet" ?busy=${doing === 'off'} @click=${() => this.off(one.id)}>${say.turnOff}</hm-button>`
        : html`<hm-button kind="primary" ?busy=${doing === 'on'} @click=${() => this.run('on', () => switchOn(one.id).then(() => say.turnedOn))}>${doing === 'on' ? say.turningOn : say.turnOn}</hm-button>`}</div>
      ${doing === 'on' || doing === 'update' ? html`<hm-progress label=${doing === 'on' ? say.turningOn : say.updating}></hm-progress>` : nothing}</section>`;
  }

  render() {
    return this.found.render({ loading: () => html`<hm-skeleton kind="panel" count="1"></hm-skeleton>`, data: ({ providers }) => providers.map((one) => this.panel(one)) });
  }
}
customElements.define('hm-clip-provider', ClipProvider);
