// What was to be added to the photos, kept over a reload.
import { keeper } from '../ui/kept-uploads.js';

/** Beside what every list keeps: `path`, `album` ({id?, albumName}) and `sidecar` (a small file, kept itself). */
export const kept = keeper('homemedia-uploads', 'uploads.open');
