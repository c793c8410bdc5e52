// A code that waits to be read out is shown to whoever looks after the server, wherever he is.
import { api } from '../api.js';
import { live } from '../live.js';
import { go, router } from '../router.js';
import { session } from '../session.js';
import { toast } from '../ui/toast.js';
import { say } from './en.js';

let told = '';

live.on('codes.changed', async () => {
  if (!session.user?.isAdmin || router.current.route?.tag === 'senders-page') return;
  const [newest] = (await api.get('/api/home/accounts/senders', null, { quiet: true }).catch(() => null))?.waiting ?? [];
  if (!newest || newest.code + newest.to === told) return;
  told = newest.code + newest.to;
  const words = say.senderWords;
  toast(words.toast(newest.who || newest.to, `${newest.code.slice(0, 3)} ${newest.code.slice(3)}`), { action: { label: words.show, run: () => go('/admin/senders') } });
});
