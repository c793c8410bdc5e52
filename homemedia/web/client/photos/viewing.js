// The viewer over a page: it opens and closes as `?photo=` says, so that Back closes it.
import { router, setSearch } from '../router.js';
import { toastError } from '../ui/toast.js';

export class Viewing {
  /** @type {import('../ui/element.js').Widget | null} */
  viewer = null;
  cameByClick = false;

  /** @param {{isReady: () => boolean, given: (id: string) => object, ended?: (last: string | undefined) => void}} host whether the page can show one now; what the viewer is given; what follows when it was closed */
  constructor(host) {
    this.host = host;
  }

  /** The address names this photo, or none. @param {string | undefined} id */
  follow(id) {
    if (id !== this.asked) {
      this.asked = id;
      this.wants = id;
    }
    if (id) this.show();
    else this.leave();
  }

  /** Somebody chose it. @param {string} id */
  open(id) {
    this.cameByClick = true;
    setSearch({ photo: id }, { push: true });
  }

  leave() {
    this.viewer?.remove();
    this.viewer = null;
    this.wants = null;
  }

  /** The page is gone; another may ask anew. */
  forget() {
    this.leave();
    this.asked = undefined;
  }

  async show() {
    if (this.viewer || this.opening || !this.wants || !this.host.isReady()) return;
    this.opening = true;
    try {
      await import('./viewer.js');
    } catch (error) {
      toastError(error);
      return;
    } finally {
      this.opening = false;
    }
    const id = this.asked;
    if (!id || this.viewer || !this.host.isReady()) return;
    this.wants = null;
    const viewer = Object.assign(document.createElement('photo-viewer'), { photoId: id }, this.host.given(id));
    this.viewer = viewer;
    viewer.addEventListener('photo-shown', (event) => {
      this.asked = event.detail.id;
      setSearch({ photo: event.detail.id });
    });
    viewer.addEventListener('photo-closed', () => this.closed());
    document.body.append(viewer);
  }

  closed() {
    const last = this.viewer?.photoId;
    this.leave();
    if (this.cameByClick && router.current.search.photo) history.back();
    else setSearch({ photo: null });
    this.cameByClick = false;
    this.host.ended?.(last);
  }
}
