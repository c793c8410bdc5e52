// The live channel: one WebSocket, events by name. Events are hints; what they point at is read again over the API.
const GROUPS = ['library', 'scans', 'playback', 'system', 'members', 'photos', 'notifications', 'clips', 'heaps', 'blocks', 'shares', 'uploads'];
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
const QUIET_MS = 45_000;

class Live {
  connected = false;
  #wanted = false;
  #socket = null;
  #pause = FIRST_PAUSE;
  #timer = 0;
  #before = false;
  #heard = new Map();

  /**
   * @param {string} name event name, a group as 'scan.*', or '*'; 'connected' when the channel stands ({again} after a gap)
   * @param {(event: any) => void} fn
   * @returns {() => void} stops listening
   */
  on(name, fn) {
    if (!this.#heard.has(name)) this.#heard.set(name, new Set());
    this.#heard.get(name).add(fn);
    return () => this.#heard.get(name)?.delete(fn);
  }

  start() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#open();
  }

  stop() {
    this.#wanted = false;
    this.#before = false;
    clearTimeout(this.#timer);
    this.#socket?.close(1000);
    this.#socket = null;
    this.connected = false;
  }

  #tell(name, event) {
    const group = `${name.split('.')[0]}.*`;
    for (const key of [name, group, '*']) for (const fn of [...(this.#heard.get(key) ?? [])]) fn(event);
  }

  #open() {
    clearTimeout(this.#timer);
    if (!this.#wanted) return;
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
    this.#socket = socket;
    socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'hello', id: '1', client: 'web/1.0', events: GROUPS })));
    socket.addEventListener('message', (message) => this.#hear(socket, message.data));
    socket.addEventListener('close', (end) => this.#closed(socket, end.code));
    this.#watch(socket);
  }

  #hear(socket, text) {
    if (socket !== this.#socket || typeof text !== 'string') return;
    this.#watch(socket);
    let frame = null;
    try {
      frame = JSON.parse(text);
    } catch {
      return; // not ours
    }
    if (frame.type === 'ready') {
      this.connected = true;
      this.#pause = FIRST_PAUSE;
      this.#tell('connected', { again: this.#before });
      this.#before = true;
    } else if (frame.type === 'event' && frame.event) {
      if (frame.event === 'resync') this.#tell('connected', { again: true });
      else this.#tell(frame.event, frame);
    }
  }

  /** Asks for a sign of life after silence; a phone that slept holds a socket that is dead without knowing. */
  #watch(socket) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (socket !== this.#socket) return;
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'ping', id: 'p' }));
      this.#timer = setTimeout(() => socket === this.#socket && this.#closed(socket, 0), 10_000);
    }, QUIET_MS);
  }

  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.connected = false;
    clearTimeout(this.#timer);
    socket.close();
    if (code === 4401) {
      this.#wanted = false;
      this.#tell('ended', {}); // signed out elsewhere, or by an administrator
      return;
    }
    if (!this.#wanted) return;
    this.#timer = setTimeout(() => this.#open(), this.#pause * (0.7 + Math.random() * 0.6));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  /** The window is seen again: do not wait out a long pause. */
  wake() {
    if (this.#wanted && !this.#socket) this.#open();
  }
}

export const live = new Live();
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && live.wake());
window.addEventListener('online', () => live.wake());
