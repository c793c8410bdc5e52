import { LitElement, css } from '../vendor/lit.js';
import { go, setSearch } from '../router.js';
import { say } from '../en.js';
import { session } from '../session.js';
import { LiveController, QueryController } from './controllers.js';
import { shared } from './styles.js';

/** The base of every page; the router sets `params` and `search`. */
export class Page extends LitElement {
  static properties = { params: { attribute: false }, search: { attribute: false } };

  static styles = [shared, css`:host { display: block; }`];

  constructor() {
    super();
    /** @type {Record<string, string>} */
    this.params = {};
    /** @type {Record<string, string>} */
    this.search = {};
  }

  /** The window's title. */
  set title(text) {
    document.title = [text, session.server?.name ?? say.product].filter(Boolean).join(' · ');
  }

  get title() {
    return document.title;
  }

  /** @param {() => string | null} path @param {{poll?: number, maxAge?: number, keep?: boolean}} [options] */
  query(path, options) {
    return new QueryController(this, path, options);
  }

  /** @param {Record<string, (event: any) => void>} handlers */
  live(handlers) {
    return new LiveController(this, handlers);
  }

  setSearch(changes, options) {
    setSearch(changes, options);
  }

  go(path, options) {
    return go(path, options);
  }
}
