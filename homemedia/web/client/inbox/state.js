// How much waits in the inbox: one number for the bell, kept by the live channel in every open tab.
import { query } from '../api.js';
import { live } from '../live.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { push, setBadge } from '../ui/platform.js';
import { renewSubscription } from './push.js';

const COUNT = '/api/home/notifications/count';

export const inbox = {
  unread: 0,
  listeners: new Set(),
  whose: null,
  end: () => {},

  /** @param {() => void} fn @returns {() => void} */
  subscribe(fn) {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  },

  tell(unread) {
    if (unread === this.unread) return;
    this.unread = unread;
    setBadge(unread);
    for (const fn of [...this.listeners]) fn();
  },

  /** Somebody signed in or out: his own number, or none. */
  follow() {
    const who = session.user?.id ?? null;
    if (who === this.whose) return;
    this.whose = who;
    this.end();
    this.end = () => {};
    if (!who) return this.tell(0);
    const count = query(COUNT);
    this.end = count.subscribe(() => this.whose === who && count.data && this.tell(count.data.unread));
    return renewSubscription();
  },
};

session.subscribe(() => inbox.follow());
live.on('notifications.changed', ({ unread }) => query(COUNT).set({ unread, families: {} }));
push.heard((message) => message?.type === 'open' && go(message.url));
