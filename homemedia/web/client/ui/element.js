import { LitElement } from '../vendor/lit.js';

/** What every widget has: `emit`, a bubbling and composed event. */
export class Widget extends LitElement {
  /**
   * @param {string} name
   * @param {object} [detail]
   * @param {boolean} [cancelable]
   * @returns {boolean} false when a listener called preventDefault()
   */
  emit(name, detail = {}, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
  }
}
