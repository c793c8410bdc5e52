// What this browser can play of a file, asked of the browser itself; the server is asked for nothing.
const CONTAINERS = { mp4: 'video/mp4', mov: 'video/mp4', webm: 'video/webm', mkv: 'video/x-matroska', ogv: 'video/ogg' };
const VIDEO = { h264: 'avc1.640028', hevc: 'hvc1.1.6.L120.90', av1: 'av01.0.08M.08', vp9: 'vp09.00.10.08', vp8: 'vp8', mpeg4: 'mp4v.20.9', theora: 'theora' };
const AUDIO = { aac: 'mp4a.40.2', mp3: 'mp3', opus: 'opus', vorbis: 'vorbis', flac: 'flac', ac3: 'ac-3', eac3: 'ec-3', alac: 'alac' };

const probe = document.createElement('video');
const can = (type) => probe.canPlayType(type) !== '';

/**
 * @param {import('../types.js').MediaFile} file
 * @returns {boolean} whether the file is expected to play as it is
 */
export function playsHere(file) {
  const container = CONTAINERS[file.container];
  const video = VIDEO[file.videoCodec];
  if (!container || (file.videoCodec && !video)) return false;
  const codecs = [video, file.audioCodec ? AUDIO[file.audioCodec] : null];
  if (file.audioCodec && !codecs[1]) return false;
  // Chromium plays Matroska with codecs it knows but answers "" for its type; so there only the codecs are asked.
  const type = file.container === 'mkv' ? (/^(vp|av0|opus|vorbis)/.test(`${video}`) ? 'video/webm' : 'video/mp4') : container;
  return can(`${type}; codecs="${codecs.filter(Boolean).join(', ')}"`);
}

const NAMES = { h264: 'H.264', hevc: 'HEVC', av1: 'AV1', vp9: 'VP9', vp8: 'VP8', mpeg2video: 'MPEG-2', mpeg4: 'MPEG-4', vc1: 'VC-1', aac: 'AAC', ac3: 'Dolby Digital', eac3: 'Dolby Digital Plus', dts: 'DTS', truehd: 'Dolby TrueHD', flac: 'FLAC', opus: 'Opus', mp3: 'MP3', vorbis: 'Vorbis' };
export const codecName = (codec) => NAMES[codec] ?? (codec ?? '').toUpperCase();
