import { css, html, nothing } from '../vendor/lit.js';
import { api } from '../api.js';
import { ago, join, time } from '../format.js';
import { toast, toastError } from '../ui/toast.js';
import { say } from './en.js';
import { SectionPage } from './section-page.js';

const words = say.hardwareWords;
const CODECS = { h264: 'H.264', hevc: 'HEVC', hevc10: 'HEVC 10-bit', vp9: 'VP9', av1: 'AV1' };
const ENCODERS = { h264: 'H.264', hevc: 'HEVC' };
const ADDRESS = '/api/hardware';
/** An encoder in hardware is measured at 720 lines; what films are mostly made at has this many times the pixels. */
const OF_1080 = (1280 * 720) / (1920 * 1080);
const options = (values, label) => values.map((value) => ({ value: String(value), label: label(value) }));
/** What is chosen may be none of the usual steps; it is offered as well. */
const withValue = (values, value) => [...new Set([...values, value])].sort((one, other) => one - other);

/** What converts films on this machine, tried and timed, and how it shall be done. */
class HardwarePage extends SectionPage {
  static properties = { ...SectionPage.properties, busy: { state: true }, problem: { state: true } };

  static styles = [SectionPage.styles, css`
    .device { display: grid; grid-template-columns: 20px minmax(0, 1fr) auto; gap: 2px 12px; border-top: 1px solid var(--line); padding: 14px 0; }
    .device > hm-icon { color: var(--text2); margin-top: 1px; } .device .name { font: var(--font-14); font-weight: 600; } .device .speed { font: var(--font-14); white-space: nowrap; }
    .device .facts { grid-column: 2 / 4; font: var(--font-12); color: var(--text2); } .device .facts.bad { color: var(--bad); }
    .head { display: flex; align-items: center; justify-content: space-between; gap: 12px; margin-bottom: 14px; min-height: 36px; }
    .program { border-top: 1px solid var(--line); padding-top: 14px; display: grid; gap: 4px; } .program .path { overflow-wrap: anywhere; }
    .problem { display: grid; grid-template-columns: 20px minmax(0, 1fr); gap: 8px; font: var(--font-14); margin-top: 6px; } .problem hm-icon { color: var(--warn); }
    .pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px; }
    summary { display: flex; align-items: center; gap: 8px; cursor: pointer; font: var(--font-14); font-weight: 500; min-height: 44px; border-radius: 4px; list-style: none; } summary::-webkit-details-marker { display: none; }
    summary hm-icon { color: var(--text2); transition: transform var(--fast) ease-out; } details[open] summary hm-icon { transform: rotate(90deg); } details .form { margin-top: 12px; }
    @media (max-width: 719.98px) { .pair { grid-template-columns: minmax(0, 1fr); } }
  `];

  hardware = this.query(() => ADDRESS, { poll: 4_000, maxAge: 0 });

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
  }

  /** Done at once; the way back is one press. */
  async change(change, name) {
    const before = Object.fromEntries(Object.keys(change).map((key) => [key, this.hardware.data.settings[key]]));
    if (Object.keys(change).every((key) => change[key] === before[key])) return;
    try {
      await this.save(change);
      toast(words.changed(name), { undo: () => this.save(before).catch(toastError) });
    } catch (error) {
      this.hardware.update((data) => ({ ...data }));
      toastError(error);
    }
  }

  async save(change) {
    const answer = await api.put(ADDRESS, change);
    this.hardware.update(() => answer);
  }

  async rescan() {
    this.busy = true;
    try {
      await this.save({ rescan: true });
    } catch (error) {
      toastError(error);
    } finally {
      this.busy = false;
    }
  }

  async savePaths(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const { settings } = this.hardware.data;
    const written = Object.fromEntries(['tempDir', 'ffmpegPath'].map((key) => [key, String(form.get(key)).trim()]));
    // Only what is other than it was: the usual folder is shown too, and left alone it stays the usual one.
    const change = Object.fromEntries(Object.entries(written).filter(([key, value]) => value !== settings[key]).map(([key, value]) => [key, value || null]));
    this.problem = null;
    try {
      await this.save(change);
      toast(say.saved);
    } catch (error) {
      this.problem = error;
    }
  }

  render() {
    return this.framed('administration', 'hardware', this.hardware.render({
      loading: () => html`<hm-skeleton kind="panel" count="3"></hm-skeleton>`,
      data: (data) => html`${this.machines(data)}${this.quality(data)}${this.limits(data)}`,
    }));
  }

  machines(data) {
    const busy = data.probing || this.busy;
    return html`<section class="panel">
      <div class="head"><div><h2>${words.converts}</h2><p class="second">${this.summary(data)}</p></div>
        <hm-button icon="refresh" ?busy=${busy} ?disabled=${busy} @click=${this.rescan}>${busy ? words.trying : words.tryAgain}</hm-button></div>
      ${data.devices.map((device) => this.device(device, data))}
      ${this.processor(data)}
      <div class="program"><p class="name strong">${data.ffmpeg.version ? words.program(data.ffmpeg.version) : words.noProgram}</p>
        ${data.ffmpeg.path ? html`<p class="second path">${data.ffmpeg.path}</p>` : nothing}
        ${data.ffmpeg.problems.map((one) => html`<p class="problem"><hm-icon name="warning"></hm-icon><span>${one}</span></p>`)}</div>
    </section>`;
  }

  summary(data) {
    if (data.probing) return words.probing;
    const tried = data.probedAt ? words.tried(ago(data.probedAt)) : words.untried;
    return join(data.devices.length ? '' : words.noDevice, tried);
  }

  device(device, data) {
    const inUse = data.active === device.id;
    const rests = device.disabledUntil;
    const works = device.encoders.find((one) => one.ok);
    return html`<div class="device">
      <hm-icon name="chip"></hm-icon>
      <div><span class="name">${device.name || device.id}</span> ${this.badge({ inUse, rests, usable: device.usable, isTried: device.encoders.length > 0 })}</div>
      <span class="speed strong tabular">${works?.fps ? words.fps(Math.round(works.fps * OF_1080)) : nothing}</span>
      ${device.usable ? html`<p class="facts">${this.abilities(device)}</p>` : device.error ? html`<p class="facts bad">${device.error}</p>` : nothing}
      ${!device.usable && Object.values(device.decoders).some(Boolean) ? html`<p class="facts">${words.decodes(this.codecs(device))}</p>` : nothing}
      ${rests ? html`<p class="facts bad">${words.rests(device.failures, time(rests))}</p>` : nothing}
    </div>`;
  }

  badge({ inUse, rests, usable, isTried }) {
    if (rests) return html`<hm-badge tone="warn">${words.resting}</hm-badge>`;
    if (inUse) return html`<hm-badge tone="good">${words.inUse}</hm-badge>`;
    if (!isTried) return html`<hm-badge>${words.notTried}</hm-badge>`;
    return usable ? html`<hm-badge>${words.works}</hm-badge>` : html`<hm-badge tone="bad">${words.refuses}</hm-badge>`;
  }

  codecs(device) {
    return Object.entries(CODECS).filter(([id]) => device.decoders[id]).map(([, name]) => name).join(', ');
  }

  abilities(device) {
    const writes = device.encoders.filter((one) => one.ok).map((one) => ENCODERS[one.name.split('_')[0]] ?? one.name).join(', ');
    const reads = this.codecs(device);
    return join(words.writes(writes), reads && words.reads(reads), device.toneMapping ? words.maps : words.mapsNot);
  }

  processor({ software, active, settings }) {
    return html`<div class="device">
      <hm-icon name="processor"></hm-icon>
      <div><span class="name">${words.processor}</span> ${active === 'software' ? html`<hm-badge tone="good">${words.inUse}</hm-badge>` : nothing}</div>
      <span class="speed strong tabular">${software.fps1080 ? words.fps(Math.round(software.fps1080)) : nothing}</span>
      <p class="facts">${join(words.writes('H.264'), software.fps1080 ? '' : words.notMeasured, software.toneMapping && settings.toneMapping === 'auto' ? words.maps : words.mapsNot)}</p>
    </div>`;
  }

  quality({ settings, devices }) {
    const usable = devices.filter((device) => device.usable);
    const chosen = settings.device || (settings.acceleration === 'auto' || settings.acceleration === 'none' ? settings.acceleration : `api:${settings.acceleration}`);
    const choices = [
      { value: 'auto', label: words.automatic },
      ...usable.map((device) => ({ value: device.id, label: device.name || device.id })),
      ...(chosen.startsWith('api:') ? [{ value: chosen, label: words.anyOf(chosen.slice(4)) }] : []),
      { value: 'none', label: words.processorOnly },
    ];
    return html`<section class="panel"><h2>${words.quality}</h2><div class="form">
      ${this.choice(words.encoder, chosen, choices, (value) => this.chooseDevice(value), words.encoderHint)}
      <div class="pair">
        ${this.choice(words.crf, String(settings.crf), options(withValue([18, 20, 22, 24, 26, 28], settings.crf), words.crfs), (value) => this.change({ crf: Number(value) }, words.crf))}
        ${this.choice(words.preset, settings.preset, Object.entries(words.presets).map(([value, label]) => ({ value, label })), (value) => this.change({ preset: value }, words.preset))}
      </div>
      ${this.choice(words.maxHeight, String(settings.maxHeight), options(withValue([720, 1080, 1440, 2160, 0], settings.maxHeight), words.lines), (value) => this.change({ maxHeight: Number(value) }, words.maxHeight), words.maxHeightHint)}
      <hm-switch label=${words.toneMapping} hint=${words.toneMappingHint} ?checked=${settings.toneMapping === 'auto'} @hm-change=${(event) => this.change({ toneMapping: event.detail.checked ? 'auto' : 'off' }, words.toneMapping)}></hm-switch>
      <hm-switch label=${words.dialogue} hint=${words.dialogueHint} ?checked=${settings.dialogueBoost} @hm-change=${(event) => this.change({ dialogueBoost: event.detail.checked }, words.dialogue)}></hm-switch>
    </div></section>`;
  }

  chooseDevice(value) {
    if (value === 'auto' || value === 'none') return this.change({ acceleration: value, device: '' }, words.encoder);
    if (value.startsWith('api:')) return undefined;
    return this.change({ acceleration: value.split(':')[0], device: value }, words.encoder);
  }

  limits({ settings, limits }) {
    const number = (key, name, values, label, hint) => this.choice(name, String(settings[key]), options(withValue(values, settings[key]), label), (value) => this.change({ [key]: Number(value) }, name), hint);
    return html`<section class="panel"><h2>${words.limits}</h2><div class="form">
      <div class="pair">
        ${number('maxSessions', words.maxSessions, [0, 1, 2, 3, 4, 6, 8, 12], (n) => (n ? words.films(n) : words.byItself(limits.maxSessions)))}
        ${number('maxSessionsPerUser', words.perMember, [1, 2, 3, 4, 6, 10], words.films)}
      </div>
      ${number('tempLimitMb', words.tempLimit, [1024, 5120, 10240, 20480, 51200, 102400], words.gigabytes, words.tempLimitHint)}
      <details><summary><hm-icon name="chevron-right" size="16"></hm-icon>${words.more}</summary><div class="form">
        <div class="pair">
          ${number('segmentSeconds', words.segment, [2, 3, 4, 6, 8, 10], words.seconds)}
          ${number('aheadSeconds', words.ahead, [30, 60, 120, 300], words.seconds)}
          ${number('idleSeconds', words.idle, [30, 60, 120, 300], words.seconds)}
          ${number('sessionSeconds', words.session, [600, 1800, 3600, 7200], (n) => words.minutes(n / 60))}
        </div>
        <form class="form" @submit=${this.savePaths}>
          <hm-field label=${words.tempDir} name="tempDir" .value=${settings.tempDir} hint=${words.tempDirHint} autocomplete="off" error=${this.problem?.field?.('tempDir') ?? ''}></hm-field>
          <hm-field label=${words.ffmpegPath} name="ffmpegPath" .value=${settings.ffmpegPath} hint=${words.ffmpegPathHint} autocomplete="off" error=${this.problem?.field?.('ffmpegPath') ?? ''}></hm-field>
          <div class="actions"><hm-button type="submit">${say.save}</hm-button></div>
        </form>
      </div></details>
    </div></section>`;
  }

  choice(label, value, choices, change, hint = '') {
    return html`<hm-field type="select" label=${label} .value=${value} .options=${choices} hint=${hint} @change=${(event) => change(event.target.value)}></hm-field>`;
  }
}
customElements.define('hardware-page', HardwarePage);
