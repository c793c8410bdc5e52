// What to do where HomeMedia may not read a folder, in the words of the system the server runs on.
import { session } from '../session.js';
import { say } from './en.js';

/** A sentence for whoever looks after the server. */
export const folderHelp = () => say.folderHelp[session.server?.platform] ?? say.folderHelp.linux;
