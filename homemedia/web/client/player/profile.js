// What this browser plays, asked of the browser itself and told to the server, which decides by it.

const HEAD = 'video/mp4; codecs=';
const SOUND = { aac: 'mp4a.40.2', mp3: 'mp3', opus: 'opus', flac: 'flac', ac3: 'ac-3', eac3: 'ec-3', alac: 'alac', dts: 'dtsc' };
const MOST = { h264: [['avc1.64003e', 62], ['avc1.640034', 52], ['avc1.640033', 51], ['avc1.64002a', 42]], hevc: [['hvc1.1.6.L186.B0', 186], ['hvc1.1.6.L153.B0', 153], ['hvc1.1.6.L123.B0', 123], ['hvc1.1.6.L93.B0', 93]] };
const best = (list, can) => list.find(([name]) => can(`${HEAD}"${name}"`))?.[1] ?? null;

/**
 * @param {object} asks
 * @param {(type: string) => boolean} asks.plays what a media element says
 * @param {(type: string) => boolean} asks.takes what media source extensions say; without those, what a native HLS player is known to take
 * @param {boolean} [asks.opensMatroska] @param {boolean} [asks.selectsTracks] @param {boolean} [asks.showsHdr] whether the screen does
 * @returns {object} a profile as the server's decision reads it
 */
export function profileOf({ plays, takes, opensMatroska = false, selectsTracks = false, showsHdr = false }) {
  const containers = ['mp4', 'webm'].filter((name) => plays(`video/${name}`));
  if (plays('video/quicktime')) containers.push('mov');
  if (opensMatroska) containers.push('mkv');
  const can = (codec) => plays(`${HEAD}"${codec}"`);
  const inWebm = (codec) => plays(`video/webm; codecs="${codec}"`);
  const video = {};
  const avc = best(MOST.h264, plays);
  if (avc) video.h264 = { profiles: ['baseline', 'main', 'high', ...(can('avc1.6e0033') ? ['high10'] : [])], maxLevel: avc, maxBitDepth: can('avc1.6e0033') ? 10 : 8 };
  const hevc = best(MOST.hevc, plays);
  const hevc10 = can('hvc1.2.4.L120.B0');
  if (hevc) video.hevc = { profiles: ['main', ...(hevc10 ? ['main10'] : [])], maxLevel: hevc, maxBitDepth: hevc10 ? 10 : 8 };
  if (can('av01.0.08M.08')) video.av1 = { profiles: ['main'], maxBitDepth: can('av01.0.08M.10') ? 10 : 8 };
  const vp9 = [inWebm('vp09.00.10.08') && 'webm', can('vp09.00.10.08') && 'mp4'].filter(Boolean);
  const withMatroska = (list) => (opensMatroska && list.length ? [...list, 'mkv'] : list);
  if (vp9.length) video.vp9 = { maxBitDepth: inWebm('vp09.02.10.10') ? 10 : 8, containers: withMatroska(vp9) };
  if (inWebm('vp8')) video.vp8 = { containers: withMatroska(['webm']) };
  const audio = {};
  for (const [codec, name] of Object.entries(SOUND)) {
    const places = [plays(`audio/mp4; codecs="${name}"`) && 'mp4', ['opus'].includes(codec) && inWebm(codec) && 'webm'].filter(Boolean);
    const alone = { mp3: 'audio/mpeg', flac: 'audio/flac', aac: 'audio/aac' }[codec];
    if (places.length === 0 && !(alone && plays(alone))) continue;
    audio[codec] = codec === 'opus' ? { containers: withMatroska(places) } : {};
  }
  if (inWebm('vorbis')) audio.vorbis = { containers: withMatroska(['webm']) };
  for (const pcm of ['pcm_s16le', 'pcm_s24le']) if (plays('audio/wav; codecs="1"')) audio[pcm] = { containers: ['wav'] };
  const hls = {
    fmp4: true,
    videoCodecs: Object.entries({ h264: 'avc1.640029', hevc: 'hvc1.1.6.L120.B0', av1: 'av01.0.08M.08', vp9: 'vp09.00.10.08' }).filter(([codec, name]) => video[codec] && takes(`${HEAD}"${name}"`)).map(([codec]) => codec),
    audioCodecs: Object.entries(SOUND).filter(([, name]) => takes(`audio/mp4; codecs="${name}"`)).map(([codec]) => codec),
  };
  const hdr = showsHdr && (hevc10 || video.av1?.maxBitDepth === 10) ? ['hdr10', 'hlg', ...(can('dvh1.05.06') ? ['dv5', 'dv8'] : [])] : [];
  return { name: 'browser', containers, hls, video, audio, subtitles: ['vtt'], hdr, trackSelect: selectsTracks };
}

/** @param {object} profile @returns {string} as an address carries it */
export const profileText = (profile) => btoa(JSON.stringify(profile)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

const source = () => window.ManagedMediaSource ?? window.MediaSource;

/** Whether segments can be given to the picture by script; else the browser has to follow the playlist itself. */
export const hasMediaSource = () => Boolean(source()?.isTypeSupported?.('video/mp4; codecs="avc1.42E01E,mp4a.40.2"'));

let known = null;

/** The profile of this browser; asked once. */
export function browserProfile() {
  if (known) return known;
  const probe = document.createElement('video');
  const plays = (type) => probe.canPlayType(type) !== '' || Boolean(window.MediaSource?.isTypeSupported?.(type));
  known = profileOf({
    plays,
    takes: hasMediaSource() ? (type) => source().isTypeSupported(type) : (type) => !/vp0|opus|av01/.test(type) && plays(type),
    // Chromium plays Matroska with the codecs it knows, and answers "" when asked for its type; others mean it.
    opensMatroska: plays('video/x-matroska') || /Chrom(e|ium)\//.test(navigator.userAgent),
    selectsTracks: 'audioTracks' in probe,
    showsHdr: window.matchMedia('(dynamic-range: high)').matches,
  });
  return known;
}
