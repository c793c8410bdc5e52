// Sentences of the feed.
import { count } from '../format.js';

export const say = {
  feed: 'Feed',
  unseen: (n) => `${count(n)} unseen`,
};
