// A page whose thing could not be read: not there any more, or the server failed.
import { html } from '../vendor/lit.js';
import { say } from './en.js';

/** @param {any} page @param {import('../api.js').ApiError} error @param {string} back @param {() => void} again */
export function gone(page, error, back, again) {
  const isUnknown = error.status === 404;
  const heading = isUnknown ? say.unknownItem : say.failed;
  page.title = heading;
  return html`<hm-page-header back=${back} heading=${isUnknown ? say.unknownTitle : say.failedTitle}></hm-page-header><div class="body">${isUnknown
    ? html`<hm-empty icon="question" heading=${heading} text=${say.unknownItemText}><hm-button slot="action" href="/">${say.backTo}</hm-button></hm-empty>`
    : html`<hm-error heading=${heading} text=${say.failedText(error.message)} retry=${say.again} @hm-retry=${again}></hm-error>`}</div>`;
}
