// Stock Yjs clients of a block: `node notes_clients.mjs STORY URL TOKEN BLOCK HEAP [OTHER]`, told by test_notes_clients.py.
// A story that does not come out throws; what one prints is the test's to read.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const [story, url, token, block, heap, other] = process.argv.slice(2)
const PATIENCE_MS = 20_000

/** A client with its document, what it was told of its connection, and how often it tried to connect. */
const join = (params = {}) => {
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(url.replace('http', 'ws'), 'ws', doc, {
    params: { block_id: block, heap_id: heap, token, ...params }, WebSocketPolyfill: WebSocket, disableBc: true,
  })
  const one = { doc, provider, text: doc.getText('t'), codes: [], final: null, connected: 0, lost: 0 }
  provider.on('connection-close', (event) => event && one.codes.push(event.code))
  provider.on('closed', (event) => { one.final = event.code })
  provider.on('status', ({ status }) => { one[status === 'connected' ? 'connected' : 'lost'] += status !== 'connecting' })
  return one
}
const until = async (holds, what) => {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await new Promise((done) => setTimeout(done, 10))) {
    if (holds()) return
  }
  throw new Error(`never: ${typeof what === 'string' ? what : what()}`)
}
const synced = (one) => until(() => one.provider.synced, () => `synced; closed with ${one.codes}`)
const joined = async (params) => { const one = join(params); await synced(one); return one }
const same = (...all) => until(() => new Set(all.map((one) => one.text.toString())).size === 1, 'the same text')
const names = (one) => [...one.provider.awareness.getStates().values()].map((state) => state.user?.name).filter(Boolean)
const expect = (is, what) => { if (!is) throw new Error(`not so: ${what}`) }
const closed = (one, code) => until(() => one.final === code, () => `closed with ${code}, but ${one.codes}`)
const ask = async (method, path, body) => {
  const answer = await fetch(url + path, {
    method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.status === 204 ? null : JSON.parse((await answer.text()) || 'null')
}
const push = (doc, more = {}) => ask('POST', '/api/sync/push', {
  blocks: [{ block_id: block, workspace_id: heap, update: Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64'), ...more }],
})
/** Long enough for a client that would come back to come back. */
const aWhile = () => new Promise((done) => setTimeout(done, 1200))

const stories = {
  async together() {
    const [a, b] = [await joined(), await joined()]
    a.text.insert(0, 'hello ')
    b.text.insert(0, 'world 😀 ')
    await until(() => a.text.length > 12, 'both words')
    await same(a, b)
    a.text.delete(0, 2)
    b.doc.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')])
    b.doc.getXmlFragment('content').get(0).insert(0, [new Y.XmlText('a paragraph')])
    await until(() => a.doc.getXmlFragment('content').toString() === '<paragraph>a paragraph</paragraph>', 'the paragraph')
    await same(a, b)
    const late = await joined()
    expect(late.text.toString() === a.text.toString(), 'who comes late has it all')
    expect(a.connected === 1 && b.connected === 1, 'nobody was cut off')
  },

  async offline() {
    const [a, b] = [await joined(), await joined()]
    a.text.insert(0, 'abcdef')
    await same(a, b)
    b.provider.disconnect()
    b.text.insert(3, 'OFF')
    b.text.delete(0, 1)
    a.text.insert(6, ' on 😀')
    a.text.delete(4, 1)
    b.provider.connect()
    await synced(b)
    await same(a, b)
    expect(a.text.toString().includes('OFF') && a.text.toString().includes('on 😀'), a.text.toString())
  },

  // Half of a pair is deleted by one while the other writes on.
  async halves() {
    const [a, b] = [await joined(), await joined()]
    a.text.insert(0, 'x😀y')
    await same(a, b)
    a.text.delete(1, 1)
    b.text.insert(4, ' and on')
    await until(() => a.text.toString().endsWith('on'), 'what the other wrote')
    await same(a, b)
    const late = await joined()
    expect(late.text.toString() === a.text.toString(), 'who comes late reads the same')
  },

  async presence() {
    const [a, b] = [await joined(), await joined()]
    a.provider.awareness.setLocalStateField('user', { name: 'anna' })
    await until(() => names(b).includes('anna'), 'anna is seen')
    const late = await joined()
    await until(() => names(late).includes('anna'), 'anna is seen by who comes late')
    a.provider.destroy()
    await until(() => !names(b).includes('anna') && !names(late).includes('anna'), 'anna has gone')
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'sit', url, token, block, heap], { stdio: 'inherit' })
    await until(() => names(b).includes('ben'), 'ben is seen')
    child.kill('SIGKILL')
    await until(() => !names(b).includes('ben'), 'ben is gone with his process')
  },

  async sit() {
    const one = await joined()
    one.provider.awareness.setLocalStateField('user', { name: 'ben' })
    await new Promise((done) => setTimeout(done, PATIENCE_MS))
  },

  // `other`: for how many seconds.
  async idle() {
    const one = await joined()
    one.provider.awareness.setLocalState(null)
    const began = Date.now()
    await new Promise((done) => setTimeout(done, Number(other) * 1000))
    expect(one.lost === 0 && one.connected === 1, 'never cut off')
    expect(one.provider.wsLastMessageReceived > began + 500, 'something was heard meanwhile')
  },

  async large() {
    const [a, b] = [await joined(), await joined()]
    a.doc.getMap('big').set('x', 'y'.repeat(6_000_000))
    await until(() => b.doc.getMap('big').get('x')?.length === 6_000_000, 'six million letters')
    a.provider.destroy()
    b.provider.destroy()
    const late = await joined()
    expect(late.doc.getMap('big').get('x').length === 6_000_000, 'they are kept')
  },

  async tooLarge() {
    const one = await joined()
    one.doc.getMap('big').set('x', 'y'.repeat(40_000_000))
    await closed(one, 4413)
    await aWhile()
    expect(one.connected === 1, `connected ${one.connected} times`)
  },

  // `other`: a token of another session, which is ended meanwhile.
  async revoked() {
    const one = await joined({ token: other })
    await ask('DELETE', `/api/sessions/${JSON.parse(Buffer.from(other.split('.')[1], 'base64url')).sid}`)
    await closed(one, 4401)
    await aWhile()
    expect(one.connected === 1, 'does not come back by itself')
    one.provider.params.token = token
    one.text.insert(0, 'here again')
    one.provider.connect()
    await synced(one)
    const late = await joined()
    expect(late.text.toString() === 'here again', 'and brings what was written meanwhile')
    const stranger = join({ token: 'x' })
    await closed(stranger, 4401)
  },

  // `other`: the token of somebody who may look only.
  async viewer() {
    const denied = []
    console.warn = (text) => denied.push(text)
    const owner = await joined()
    owner.text.insert(0, 'to be read')
    await push(owner.doc)
    const guest = await joined({ token: other })
    await same(owner, guest)
    guest.provider.awareness.setLocalStateField('user', { name: 'guest' })
    await until(() => names(owner).includes('guest'), 'the guest is seen')
    guest.text.insert(0, 'X')
    guest.text.insert(0, 'Y')
    await until(() => denied.length, 'told that it is read-only')
    owner.text.insert(0, 'still ')
    await until(() => guest.text.toString().includes('still'), 'and reads on')
    expect(denied.length === 1 && denied[0].includes('read-only'), `told once: ${denied}`)
    expect(owner.text.toString() === 'still to be read', 'nothing of his is taken')
    expect((await joined()).text.toString() === 'still to be read', 'nor kept')
  },

  async purged() {
    const one = await joined()
    one.text.insert(0, 'to be thrown away')
    one.doc.getMap('meta').set('deleted_at', Date.now())
    await push(one.doc)
    one.text.insert(0, 'still ')
    const other = await joined()
    await same(one, other)
    await until(() => one.connected === 1 && one.lost === 0, 'trash does not end it')
    for (let purged = 0; !purged; ) ({ purged } = await ask('DELETE', `/api/trash/${heap}?block_id=${block}`))
    await Promise.all([closed(one, 4410), closed(other, 4410)])
    const again = join()
    await closed(again, 4410)
    await aWhile()
    expect(one.connected === 1, 'nobody comes back')
  },

  async generations() {
    const one = await joined({ sync_version: 1 })
    one.text.insert(0, 'old')
    await push(one.doc, { sync_version: 3 })
    await closed(one, 4409)
    const older = join({ sync_version: 2 })
    await closed(older, 4409)
    const current = await joined({ sync_version: 3 })
    expect(current.text.toString() === 'old', 'who has the newest comes in')
    const newer = await joined({ sync_version: 5 })
    newer.text.insert(0, 'newer than ')
    await closed(current, 4409)
    expect((await push(newer.doc)).results[0].sync_version === 5, 'a newer generation is taken over')
  },

  // The server is killed meanwhile, and comes back at the same address. Two write live, two send by HTTP and forget what
  // was acknowledged; `other`: how many edits in all.
  async killed() {
    const count = Number(other), live = [await joined(), await joined()], acknowledged = []
    for (const one of live) one.provider.maxBackoffTime = 300
    const writer = async (one, name) => {
      for (let n = 0; n < count / 4; n++) {
        one.doc.getArray('list').push([`${name}-${n}`])
        await new Promise((done) => setTimeout(done, 1))
      }
    }
    const sender = async (name) => {
      for (let n = 0; n < count / 4; n += 4) {
        const names = [0, 1, 2, 3].map((more) => `${name}-${n + more}`)
        const blocks = names.map((key) => {
          const doc = new Y.Doc()
          doc.getMap('sent').set(key, true)
          return { block_id: block, workspace_id: heap, update: Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64') }
        })
        try {
          const { results } = await ask('POST', '/api/sync/push', { blocks })
          expect(results.every((one) => ['created', 'applied'].includes(one.status)), JSON.stringify(results))
          acknowledged.push(...names)
          if (acknowledged.length % 100 === 0) console.log(acknowledged.length)
          await new Promise((done) => setTimeout(done, 10))
        } catch (err) {
          if (!(err instanceof TypeError)) throw err // nobody answers
          n -= 4
          await new Promise((done) => setTimeout(done, 20))
        }
      }
    }
    await Promise.all([writer(live[0], 'a'), writer(live[1], 'b'), sender('c'), sender('d')])
    console.log('written')
    await until(() => live.every((one) => one.provider.synced && one.doc.getArray('list').length === count / 2), 'all live edits')
    const late = await joined()
    const list = late.doc.getArray('list').toArray()
    expect(list.length === count / 2 && new Set(list).size === list.length, `${list.length} live edits`)
    const lost = acknowledged.filter((name) => !late.doc.getMap('sent').has(name))
    expect(lost.length === 0, `acknowledged and lost: ${lost}`)
    expect(JSON.stringify(live[0].doc.getArray('list')) === JSON.stringify(list), 'in the same order')
    console.log(`${acknowledged.length} acknowledged, ${list.length} live`)
  },

  // One stops reading; what the others write is more than waits for him.
  async slow() {
    const [fast, third, slow] = [await joined(), await joined(), await joined()]
    slow.provider.ws._socket.pause()
    const pieces = fast.doc.getArray('pieces')
    for (let n = 0; n < 32; n++) {
      pieces.push([randomBytes(500_000).toString('base64')])
      await until(() => third.doc.getArray('pieces').length === n + 1, 'the others are not kept waiting')
    }
    slow.provider.ws._socket.resume()
    await until(() => slow.codes.length, 'let go')
    await until(() => slow.doc.getArray('pieces').length === 32, 'all of it, after coming back')
    await synced(slow)
    expect(fast.lost === 0 && third.lost === 0, 'nobody else was let go')
    console.log(JSON.stringify(slow.codes))
  },
}

await stories[story]()
console.log('done')
process.exit(0)
