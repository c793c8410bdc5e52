// A picture in some 25 bytes (thumbhash by Evan Wallace): drawn while the real one is on its way.
const KEPT = 600;
const LONGEST = 32;

const known = new Map();

function bytesOf(text) {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null; // not base64
  }
}

/** @param {Uint8Array} hash @returns {{width: number, height: number, pixels: Uint8ClampedArray} | null} */
export function decode(hash) {
  if (hash.length < 5) return null;
  const low = hash[0] | (hash[1] << 8) | (hash[2] << 16);
  const rest = hash[3] | (hash[4] << 8);
  const hasAlpha = low >> 23;
  const wide = rest >> 15;
  const across = Math.max(3, wide ? (hasAlpha ? 5 : 7) : rest & 7);
  const down = Math.max(3, wide ? rest & 7 : hasAlpha ? 5 : 7);
  const light = { dc: (low & 63) / 63, nx: across, ny: down, scale: ((low >> 18) & 31) / 31 };
  const yellow = { dc: ((low >> 6) & 63) / 31.5 - 1, nx: 3, ny: 3, scale: (((rest >> 3) & 63) / 63) * 1.25 };
  const red = { dc: ((low >> 12) & 63) / 31.5 - 1, nx: 3, ny: 3, scale: (((rest >> 9) & 63) / 63) * 1.25 };
  const alpha = { dc: hasAlpha ? (hash[5] & 15) / 15 : 1, nx: 5, ny: 5, scale: hasAlpha ? (hash[5] >> 4) / 15 : 0 };
  let nibble = (hasAlpha ? 6 : 5) * 2;
  const parts = hasAlpha ? [light, yellow, red, alpha] : [light, yellow, red];
  for (const part of parts) {
    part.ac = [];
    for (let cy = 0; cy < part.ny; cy += 1) {
      for (let cx = cy ? 0 : 1; cx * part.ny < part.nx * (part.ny - cy); cx += 1) {
        const value = ((hash[nibble >> 1] ?? 0) >> ((nibble & 1) << 2)) & 15;
        nibble += 1;
        part.ac.push({ cx, cy, f: (value / 7.5 - 1) * part.scale });
      }
    }
  }
  const ratio = (wide ? (hasAlpha ? 5 : 7) : rest & 7 || 1) / (wide ? rest & 7 || 1 : hasAlpha ? 5 : 7);
  const width = Math.max(1, Math.round(ratio > 1 ? LONGEST : LONGEST * ratio));
  const height = Math.max(1, Math.round(ratio > 1 ? LONGEST / ratio : LONGEST));
  const pixels = new Uint8ClampedArray(width * height * 4);
  const waves = (size) => Array.from({ length: size }, (_, i) => Array.from({ length: 7 }, (__, c) => Math.cos((Math.PI / size) * (i + 0.5) * c)));
  const fx = waves(width);
  const fy = waves(height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (part) => {
        let value = part.dc;
        for (const { cx, cy, f } of part.ac ?? []) value += f * fx[x][cx] * fy[y][cy] * 2;
        return value;
      };
      const [l, p, q] = [at(light), at(yellow), at(red)];
      const b = l - (2 / 3) * p;
      const r = (3 * l - b + q) / 2;
      pixels.set([r * 255, (r - q) * 255, b * 255, at(alpha) * 255], (y * width + x) * 4);
    }
  }
  return { width, height, pixels };
}

/** @param {string | null} text base64 @returns {string | null} address of a small picture */
export function placeholder(text) {
  if (!text) return null;
  if (known.has(text)) return known.get(text);
  const hash = bytesOf(text);
  const drawn = hash && decode(hash);
  let url = null;
  if (drawn) {
    const canvas = document.createElement('canvas');
    canvas.width = drawn.width;
    canvas.height = drawn.height;
    canvas.getContext('2d').putImageData(new ImageData(drawn.pixels, drawn.width, drawn.height), 0, 0);
    url = canvas.toDataURL();
  }
  known.set(text, url);
  if (known.size > KEPT) known.delete(known.keys().next().value);
  return url;
}
