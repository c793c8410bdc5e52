// What this browser can play of a file, asked of the browser itself; the server is asked for nothing.
const CONTAINERS = { mp4: 'video/mp4', mov: 'video/mp4', '3gp': 'video/mp4', webm: 'video/webm', mp3: 'audio/mpeg', flac: 'audio/flac', ogg: 'audio/ogg', wav: 'audio/wav', aac: 'audio/aac', adts: 'audio/aac', mkv: 'video/x-matroska', ogv: 'video/ogg' };
const VIDEO = { h264: 'avc1.640028', hevc: 'hvc1.1.6.L120.90', av1: 'av01.0.08M.08', vp9: 'vp09.00.10.08', vp8: 'vp8', mpeg4: 'mp4v.20.9', theora: 'theora' };
const AUDIO = { aac: 'mp4a.40.2', mp3: 'mp3', opus: 'opus', vorbis: 'vorbis', flac: 'flac', ac3: 'ac-3', eac3: 'ec-3', alac: 'alac', dts: 'dtsc', truehd: 'mlpa' };
// Of sound alone the container says everything: browsers know it, and are not asked for the codec in it.
const SOUND = { mp3: 'mp3', flac: 'flac', wav: 'pcm', aac: 'aac', adts: 'aac' };
const WEBM = new Set(['vp8', 'vp9', 'av1', 'opus', 'vorbis']);
const AVC = { Baseline: '4200', 'Constrained Baseline': '42e0', Main: '4d40', High: '6400', 'High 10': '6e00', 'High 4:2:2': '7a00', 'High 4:4:4 Predictive': 'f400' };

const probe = document.createElement('video');
const can = (type) => probe.canPlayType(type) !== '' || Boolean(window.MediaSource?.isTypeSupported?.(type));
const two = (n) => String(n).padStart(2, '0');

// Chromium plays Matroska with the codecs it knows, and answers "" when asked for its type; others mean it.
const opensMatroska = () => can('video/x-matroska') || /Chrom(e|ium)\//.test(navigator.userAgent);

/** The RFC 6381 name of a picture track, as exact as what is known of it. @param {string} codec @param {any} [track] of `/info` */
export function videoName(codec, track = null) {
  const level = track?.level > 0 ? track.level : null;
  if (codec === 'h264' && level && AVC[track.profile]) return `avc1.${AVC[track.profile]}${level.toString(16).padStart(2, '0')}`;
  if (codec === 'hevc' && level) return track.profile === 'Main 10' ? `hvc1.2.4.L${level}.B0` : `hvc1.1.6.L${level}.B0`;
  if (codec === 'av1' && track?.bitDepth) return `av01.0.${two(level ?? 8)}M.${two(track.bitDepth)}`;
  if (codec === 'vp9' && track?.bitDepth > 8) return `vp09.02.10.${two(track.bitDepth)}`;
  return VIDEO[codec] ?? null;
}

const inContainer = (container, codec) => (container === 'mkv' ? (WEBM.has(codec) ? 'video/webm' : 'video/mp4') : CONTAINERS[container]);

/**
 * Each part for itself, so that a page can say what is in the way.
 * @param {import('../types.js').MediaFile} file @param {any} [info] its `/info`, for a closer look
 * @returns {{container: boolean, picture: boolean, sound: boolean, all: boolean}}
 */
export function judge(file, info = null) {
  const { container, videoCodec, audioCodec } = file;
  const known = Boolean(CONTAINERS[container]) && (container === 'mkv' ? opensMatroska() : can(CONTAINERS[container]));
  const track = info?.video?.[0] ?? null;
  const name = videoCodec ? videoName(videoCodec, track) : null;
  const picture = !videoCodec || (name !== null && can(`${inContainer(container, videoCodec) ?? 'video/mp4'}; codecs="${name}"`));
  const voice = audioCodec ? AUDIO[audioCodec] : null;
  const plain = SOUND[container];
  const sound = !audioCodec || (plain && audioCodec.startsWith(plain) && known) || (voice !== undefined && can(`${inContainer(container, audioCodec) ?? 'video/mp4'}; codecs="${voice}"`));
  return { container: known, picture, sound, all: known && picture && sound };
}

/** @param {import('../types.js').MediaFile} file @returns {boolean} whether it is expected to play as it is, picture and sound */
export const playsHere = (file) => judge(file).all;

const NAMES = {
  h264: 'H.264', hevc: 'HEVC', av1: 'AV1', vp9: 'VP9', vp8: 'VP8', mpeg1video: 'MPEG-1', mpeg2video: 'MPEG-2', mpeg4: 'MPEG-4', vc1: 'VC-1', wmv3: 'WMV', theora: 'Theora', prores: 'ProRes',
  aac: 'AAC', ac3: 'Dolby Digital', eac3: 'Dolby Digital Plus', dts: 'DTS', truehd: 'Dolby TrueHD', flac: 'FLAC', opus: 'Opus', mp2: 'MP2', mp3: 'MP3', vorbis: 'Vorbis', alac: 'ALAC',
};
export const codecName = (codec) => NAMES[codec] ?? (codec?.startsWith('pcm_') ? 'PCM' : (codec ?? '').toUpperCase());
