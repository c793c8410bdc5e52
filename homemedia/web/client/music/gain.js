// Replay gain: how much louder or quieter a song is played, so that all are equally loud.

/**
 * Never so loud that its peak would be cut off; where the peak is not known it is not made louder.
 * @param {{track: number | null, trackPeak: number | null, album: number | null, albumPeak: number | null} | null | undefined} gain dB, peaks as shares of full scale
 * @param {boolean} isAlbum songs of one album keep what they are to each other
 * @returns {number} a factor; 1 where nothing is known
 */
export function factorOf(gain, isAlbum) {
  const ofAlbum = gain && gain.album !== null && (isAlbum || gain.track === null);
  const [db, peak] = ofAlbum ? [gain.album, gain.albumPeak] : [gain?.track ?? null, gain?.trackPeak ?? null];
  if (typeof db !== 'number' || !Number.isFinite(db)) return 1;
  return Math.min(10 ** (db / 20), peak > 0 ? 1 / peak : 1);
}
