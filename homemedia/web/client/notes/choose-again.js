// A file on its way that a reload has left without its bytes is found again, or asked for.
import { size } from '../format.js';
import { toast } from '../ui/toast.js';
import { say } from './en.js';
import { uploads } from './uploads.js';

/** Needs a press. @param {import('./upload.js').Upload} one */
export async function chooseAgain(one) {
  if (one.handle && (await uploads.askAgain(one.block))) return;
  const field = Object.assign(document.createElement('input'), { type: 'file' });
  field.addEventListener('change', () => {
    if (field.files[0] && !uploads.chosen(one.block, field.files[0])) toast(say.otherFile(one.name, size(one.size)), { kind: 'bad' });
  });
  field.click();
}
