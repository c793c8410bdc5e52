// Replay gain: how much quieter a song is played, so that all are equally loud.

/**
 * An audio element can be made quieter and not louder than it is: what asks for more stays at 1.
 * @param {{track: number | null, trackPeak: number | null, album: number | null, albumPeak: number | null} | null | undefined} gain dB, peaks as shares of full scale
 * @param {boolean} isAlbum songs of one album keep what they are to each other
 * @returns {number} a factor, 0–1; 1 where nothing is known
 */
export function factorOf(gain, isAlbum) {
  const ofAlbum = gain && gain.album !== null && (isAlbum || gain.track === null);
  const [db, peak] = ofAlbum ? [gain.album, gain.albumPeak] : [gain?.track ?? null, gain?.trackPeak ?? null];
  if (typeof db !== 'number' || !Number.isFinite(db)) return 1;
  const factor = 10 ** (db / 20);
  return Math.min(1, peak > 0 ? Math.min(factor, 1 / peak) : factor);
}
