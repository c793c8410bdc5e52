// What of a song is played, and how: its file as it is, or converted where this browser does not know it.
import { api } from '../api.js';
import { FileFeed } from '../player/feeds.js';
import { playsHere } from '../watch/playable.js';

/** A file nobody has looked into yet may well play. */
const mayPlay = (file) => !file.container || !file.audioCodec || playsHere(file);

const KEPT = ['id', 'title', 'thumb', 'thumbTag', 'thumbTone', 'duration', 'parentId', 'parentTitle', 'grandparentId', 'grandparentTitle', 'artists', 'gain', 'available'];

/** What the queue keeps of a card, and its best file when the card tells. */
export function songOf(card) {
  const song = Object.fromEntries(KEPT.map((key) => [key, card[key] ?? null]));
  return { ...song, available: card.available !== false, file: card.files ? fileOf(card.files) : null };
}

function fileOf(files) {
  const there = files.filter((file) => file.available !== false);
  const best = there.find(mayPlay) ?? there[0] ?? null;
  return best && { id: best.id, streamUrl: best.streamUrl, container: best.container, audioCodec: best.audioCodec };
}

/** What can be played at once, without asking anybody; null when it must be asked. */
export const feedNow = (song) => (song.file && mayPlay(song.file) ? new FileFeed(song.file.streamUrl, null) : null);

/** @returns {Promise<any>} a feed; null when there is no file @throws {Error} it cannot be played; the message says why */
export async function feedOf(song, { at = 0, signal, isConverted = false } = {}) {
  if (!song.file) song.file = fileOf((await api.get(`/api/media/${song.id}`, null, { signal })).files ?? []);
  if (!song.file) return null;
  if (!isConverted && mayPlay(song.file)) return new FileFeed(song.file.streamUrl, null);
  const { Streams } = await import('../player/streams.js');
  const streams = new Streams();
  if (isConverted) streams.force = 'transcode';
  return streams.open(song.file.id, at, signal);
}
