import { api } from '../api.js';

/** Ratings and labels that titles of the house bear, offered where limits are chosen: a controller of Lit. */
export class Offered {
  ratings = [];
  labels = [];

  constructor(host) {
    this.host = host;
    host.addController(this);
  }

  async hostConnected() {
    try {
      const { libraries } = await api.get('/api/libraries');
      const found = await Promise.all(libraries.filter((one) => one.type !== 'photo').map((one) => api.get('/api/home/library/filters', { library: one.id })));
      const names = (field) => [...new Set(found.flatMap((one) => one[field].map((choice) => choice.name)))].sort((a, b) => a.localeCompare(b));
      this.ratings = names('contentRatings');
      this.labels = names('labels');
      this.host.requestUpdate();
    } catch {
      // Suggestions alone: whatever is known can be typed as well.
    }
  }
}
