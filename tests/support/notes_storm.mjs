// Yjs clients of many blocks whose messages come shuffled, twice, split, merged or not at all; told by test_convergence.py.
// `node notes_storm.mjs URL TOKEN HEAP SEED RUNS`. After the first half of each run it prints "half" and waits for a line:
// the address to go on with.
import { createInterface } from 'node:readline/promises'
import * as encoding from 'lib0/encoding'
import * as decoding from 'lib0/decoding'
import WebSocket from 'ws'
import * as Y from 'yjs'

let url = process.argv[2]
const [token, heap, seed, runs] = process.argv.slice(3)
const CLIENTS = 4, STEPS = 24
const LETTERS = ['a', 'bc', 'def ', '😀', '👩‍👩‍👧', 'x😀y', '\n', 'ß', '語', '𝄞𝄞']

/** The same numbers every time (mulberry32). */
const chances = (from) => () => {
  from = (from + 0x6d2b79f5) | 0
  let t = Math.imul(from ^ (from >>> 15), 1 | from)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const b64 = (bytes) => Buffer.from(bytes).toString('base64')
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'))
const ask = async (path, body) => {
  const answer = await fetch(url + path, {
    method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const shuffled = (list, chance) => list.map((one) => [chance(), one]).sort((a, b) => a[0] - b[0]).map(([, one]) => one)

class Client {
  constructor(block, number, chance) {
    Object.assign(this, { block, chance, doc: new Y.Doc(), outbox: [], inbox: [], socket: null })
    this.doc.clientID = number
    this.doc.on('update', (update, origin) => origin !== 'remote' && this.outbox.push(update))
  }

  pick(list) { return list[Math.floor(this.chance() * list.length)] }

  edit() {
    const text = this.doc.getText('t'), at = Math.floor(this.chance() * (text.length + 1)), dice = this.chance()
    if (dice < 0.5) text.insert(at, this.pick(LETTERS))
    else if (dice < 0.8) text.delete(at, Math.min(text.length - at, 1 + Math.floor(this.chance() * 3))) // half of a pair too
    else if (dice < 0.9) this.doc.getMap('meta').set(this.pick(['title', 'icon']), this.pick(LETTERS))
    else if (dice < 0.95) this.doc.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')])
    else this.doc.getArray('list').insert(0, [this.pick(LETTERS)])
  }

  apply(update) { Y.applyUpdate(this.doc, update, 'remote') }

  /** Some of what is to be sent, as it may come to be sent. */
  some() {
    let list = shuffled(this.outbox, this.chance)
    this.outbox = this.chance() < 0.3 ? list.slice() : []  // sent again another time
    if (this.chance() < 0.2) list = list.slice(1)  // lost
    if (this.chance() < 0.3) list = list.concat(list)
    if (list.length > 1 && this.chance() < 0.4) list = [Y.mergeUpdates(list.slice(0, 2)), ...list.slice(2)]
    return list
  }

  async push(updates = this.some()) {
    if (!updates.length) return
    const vector = b64(Y.encodeStateVector(this.doc))
    const { results } = await ask('/api/sync/push', {
      blocks: updates.map((update) => ({ block_id: this.block, workspace_id: heap, update: b64(update), state_vector: vector })),
    })
    for (const one of results) {
      if (!['created', 'applied', 'unchanged', 'pending'].includes(one.status)) throw new Error(`push: ${JSON.stringify(one)}`)
      if (one.update && this.chance() < 0.7) this.apply(bytes(one.update))
    }
  }

  async pull() {
    const { blocks: [one] } = await ask('/api/sync/pull', { blocks: [{ block_id: this.block, state_vector: b64(Y.encodeStateVector(this.doc)) }] })
    if (one.update) this.apply(bytes(one.update))
    return one
  }

  async open() {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?block_id=${this.block}&heap_id=${heap}&token=${token}`)
    socket.binaryType = 'arraybuffer'
    socket.on('message', (data, isBinary) => isBinary && this.inbox.push(new Uint8Array(data)))
    socket.on('close', (code) => { this.code = code })
    await new Promise((done, fail) => { socket.on('open', done); socket.on('error', fail) })
    this.socket = socket
    this.say(0, Y.encodeStateVector(this.doc))
  }

  say(step, data) {
    const out = encoding.createEncoder()
    encoding.writeVarUint(out, 0)
    encoding.writeVarUint(out, step)
    encoding.writeVarUint8Array(out, data)
    this.socket.send(encoding.toUint8Array(out))
  }

  /** What has come, in whatever order, some twice and some not at all. */
  hear() {
    const heard = shuffled(this.inbox, this.chance).filter(() => this.chance() < 0.8)
    this.inbox = []
    for (const frame of this.chance() < 0.3 ? heard.concat(heard) : heard) {
      const take = decoding.createDecoder(frame)
      if (decoding.readVarUint(take) !== 0) continue
      const step = decoding.readVarUint(take), data = decoding.readVarUint8Array(take)
      if (step !== 0) this.apply(data)
      else this.say(1, Y.encodeStateAsUpdate(this.doc, data))
    }
  }

  async leave() {
    if (!this.socket) return
    const socket = this.socket
    this.socket = null
    socket.close()
    await new Promise((done) => (socket.readyState === WebSocket.CLOSED ? done() : socket.on('close', done)))
    if (this.code >= 4000) throw new Error(`closed with ${this.code}`)
    this.inbox = []
  }

  async step() {
    this.edit()
    const dice = this.chance()
    if (this.socket) {
      if (dice < 0.5) for (const update of this.some()) this.say(2, update)
      if (dice > 0.2) this.hear()
      if (dice > 0.9) await this.leave()
    } else if (dice < 0.35) await this.push()
    else if (dice < 0.5) await this.pull()
    else if (dice < 0.65) await this.open()
  }

  /** Everything this one knows is at the server, and the reverse. */
  async settle() {
    const known = await this.pull()
    await this.push([Y.encodeStateAsUpdate(this.doc, known.state_vector ? bytes(known.state_vector) : undefined)])
    this.outbox = []
  }

  get said() {
    const { doc } = this
    return JSON.stringify([doc.getText('t').toString(), Object.entries(doc.getMap('meta').toJSON()).sort(), doc.getXmlFragment('content').toString(), doc.getArray('list').toJSON()])
  }
}

const all = Array.from({ length: Number(runs) }, (_, run) => {
  const chance = chances(Number(seed) * 1000 + run)
  return { run, chance, clients: Array.from({ length: CLIENTS }, (_, n) => new Client(`block-${seed}-${run}`, 100 + n, chance)) }
})
const half = async ({ clients, chance }) => {
  for (let n = 0; n < STEPS; n++) await clients[Math.floor(chance() * CLIENTS)].step()
  for (const one of clients) await one.leave()
}
for (const one of all) await half(one)
console.log('half')
const lines = createInterface({ input: process.stdin })
url = (await lines[Symbol.asyncIterator]().next()).value
let apart = 0
for (const one of all) {
  await half(one)
  for (const client of one.clients) await client.settle()
  for (const client of one.clients) await client.pull()
  const fresh = new Client(one.clients[0].block, 99, one.chance)
  await fresh.pull()
  const said = [...one.clients, fresh].map((client) => client.said)
  if (new Set(said).size > 1) {
    apart++
    console.log(`run ${one.run}: ${said.join('\n')}`)
  }
  const waiting = fresh.doc.store.pendingStructs
  if (waiting) { apart++; console.log(`run ${one.run}: something waits for what nobody has`) }
}
console.log(`apart ${apart} of ${all.length}`)
process.exit(0)
