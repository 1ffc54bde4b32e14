#!/usr/bin/env node
// A js-libp2p (+ Helia bitswap) peer driven by flags and line-based JSON. See README.md.
import './polyfill.mjs'
import { parseArgs } from 'node:util'
import { createInterface } from 'node:readline'
import { readFileSync } from 'node:fs'
import { createHash, randomBytes } from 'node:crypto'

const { createLibp2p } = await import('libp2p')
const { tcp } = await import('@libp2p/tcp')
const { noise } = await import('@libp2p/noise')
const { tls } = await import('@libp2p/tls')
const { yamux } = await import('@libp2p/yamux')
const { identify, identifyPush } = await import('@libp2p/identify')
const { ping } = await import('@libp2p/ping')
const { fetch: fetchService } = await import('@libp2p/fetch')
const { generateKeyPair, generateKeyPairFromSeed, privateKeyFromProtobuf, privateKeyToProtobuf, publicKeyToProtobuf } = await import('@libp2p/crypto/keys')
const { peerIdFromString } = await import('@libp2p/peer-id')
const { multiaddr } = await import('@multiformats/multiaddr')
const { CID } = await import('multiformats/cid')
const { sha256 } = await import('multiformats/hashes/sha2')
const { MemoryDatastore } = await import('datastore-core')

const { values: f } = parseArgs({
  options: {
    listen: { type: 'string', multiple: true, default: [] },
    announce: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string' },                 // integer: deterministic Ed25519 identity
    key: { type: 'string' },                  // hex libp2p PrivateKey protobuf
    'key-type': { type: 'string', default: 'Ed25519' }, // Ed25519 | secp256k1 | RSA (js-libp2p refuses ECDSA peer ids)
    security: { type: 'string', default: 'noise,tls' },
    muxer: { type: 'string', default: 'yamux' },        // yamux | mplex | yamux,mplex
    'no-early-muxer': { type: 'boolean', default: false }, // classic multistream muxer negotiation
    transport: { type: 'string', default: 'tcp,ws,circuit' }, // + quic
    pnet: { type: 'string' },                 // path of a swarm.key file
    gossip: { type: 'boolean', default: false },
    sign: { type: 'string', default: 'strict' },        // strict | none
    'gossip-version': { type: 'string', default: '1.2' }, // 1.0 | 1.1 | 1.2: highest version offered
    'gossip-px': { type: 'boolean', default: false },
    'flood-publish': { type: 'boolean', default: true },
    dht: { type: 'string' },                  // server | client
    'dht-protocol': { type: 'string', default: '/ipfs/kad/1.0.0' },
    'relay-server': { type: 'boolean', default: false },
    'relay-max': { type: 'string', default: '15' },
    'relay-seconds': { type: 'string', default: '120' },
    'relay-bytes': { type: 'string', default: '131072' },
    dcutr: { type: 'boolean', default: false },
    autonat: { type: 'string' },              // 1 | 2
    mdns: { type: 'boolean', default: false },
    'mdns-port': { type: 'string', default: '5353' },
    bitswap: { type: 'boolean', default: false },
    'max-connections': { type: 'string', default: '2000' },
    agent: { type: 'string' }
  }
})

const out = o => process.stdout.write(JSON.stringify(o, (k, v) => typeof v === 'bigint' ? v.toString() : v) + '\n')
const b64 = u => Buffer.from(u).toString('base64')
const unb64 = s => new Uint8Array(Buffer.from(s, 'base64'))
const has = (list, x) => list.split(',').map(s => s.trim()).includes(x)
const payload = c => c.data64 != null ? unb64(c.data64) : c.text != null ? new TextEncoder().encode(c.text) : c.size != null ? new Uint8Array(randomBytes(c.size)) : new Uint8Array(0)
const sig = ms => AbortSignal.timeout(ms ?? 15000)

async function identity () {
  if (f.key != null) return privateKeyFromProtobuf(Buffer.from(f.key, 'hex'))
  if (f.seed != null) return generateKeyPairFromSeed('Ed25519', createHash('sha256').update('js-peer-' + f.seed).digest())
  return generateKeyPair(f['key-type'])
}

const privateKey = await identity()
const transports = []
if (has(f.transport, 'tcp')) transports.push(tcp())
if (has(f.transport, 'ws')) transports.push((await import('@libp2p/websockets')).webSockets())
if (has(f.transport, 'circuit')) transports.push((await import('@libp2p/circuit-relay-v2')).circuitRelayTransport())
if (has(f.transport, 'quic')) transports.push((await import('@chainsafe/libp2p-quic')).quic())
const connectionEncrypters = f.security.split(',').map(s => s.trim() === 'tls' ? tls() : noise())
const streamMuxers = []
for (const m of f.muxer.split(',')) streamMuxers.push(m.trim() === 'mplex' ? (await import('@libp2p/mplex')).mplex() : yamux())

const services = { identify: identify({ runOnLimitedConnection: true }), identifyPush: identifyPush({ runOnLimitedConnection: true }), ping: ping(), fetch: fetchService() }
if (f.gossip) {
  const { gossipsub, StrictSign, StrictNoSign } = await import('@libp2p/gossipsub')
  const ladder = ['/meshsub/1.2.0', '/meshsub/1.1.0', '/meshsub/1.0.0']
  services.pubsub = gossipsub({
    globalSignaturePolicy: f.sign === 'none' ? StrictNoSign : StrictSign,
    ...(f.sign === 'none' ? { msgIdFn: m => createHash('sha256').update(m.topic).update(m.data).digest() } : {}),
    protocols: ladder.slice({ '1.2': 0, '1.1': 1, '1.0': 2 }[f['gossip-version']]),
    allowPublishToZeroTopicPeers: true,
    floodPublish: f['flood-publish'],
    emitSelf: false,
    doPX: f['gossip-px'],
    ...(f['gossip-px'] ? { scoreThresholds: { acceptPXThreshold: 0 } } : {})
  })
}
if (f.dht != null) {
  const { kadDHT, passthroughMapper } = await import('@libp2p/kad-dht')
  const ns = {}
  services.dht = kadDHT({
    protocol: f['dht-protocol'],
    clientMode: f.dht !== 'server',
    peerInfoMapper: passthroughMapper,
    validators: { test: async () => {} , ...ns },
    selectors: { test: () => 0 },
    initialQuerySelfInterval: 100,
    allowQueryWithZeroPeers: true
  })
}
if (f['relay-server']) {
  services.relay = (await import('@libp2p/circuit-relay-v2')).circuitRelayServer({
    reservations: {
      maxReservations: Number(f['relay-max']),
      applyDefaultLimit: Number(f['relay-seconds']) > 0 || Number(f['relay-bytes']) > 0,
      defaultDurationLimit: Number(f['relay-seconds']) * 1000,
      defaultDataLimit: BigInt(f['relay-bytes'])
    }
  })
}
if (f.dcutr) services.dcutr = (await import('@libp2p/dcutr')).dcutr()
if (f.autonat === '1') services.autonat = (await import('@libp2p/autonat')).autoNAT({ startupDelay: 500, refreshInterval: 2000 })
if (f.autonat === '2') services.autonat = (await import('@libp2p/autonat-v2')).autoNATv2({ startupDelay: 500, refreshInterval: 2000 })

const config = {
  privateKey,
  addresses: { listen: f.listen, announce: f.announce },
  transports,
  connectionEncrypters,
  streamMuxers,
  services,
  datastore: new MemoryDatastore(),
  connectionGater: { denyDialMultiaddr: () => false },
  connectionManager: {
    maxConnections: Number(f['max-connections']),
    inboundConnectionThreshold: 100000,
    maxIncomingPendingConnections: 100000
  },
  connectionMonitor: { enabled: false },
  nodeInfo: { name: f.agent ?? 'js-peer', version: '1.0.0' },
  peerDiscovery: f.mdns ? [(await import('@libp2p/mdns')).mdns({ interval: 1000, port: Number(f['mdns-port']) })] : []
}
if (f['no-early-muxer']) config.connectionEncrypters = f.security.split(',').map(s => s.trim() === 'tls' ? tls() : c => { const n = noise()(c); Object.defineProperty(n, 'streamMuxers', { value: [] }); const o = n.secureOutbound.bind(n); const i = n.secureInbound.bind(n); n.secureOutbound = (s, opts) => o(s, { ...opts, skipStreamMuxerNegotiation: true }); n.secureInbound = (s, opts) => i(s, { ...opts, skipStreamMuxerNegotiation: true }); return n })
if (f.pnet != null) config.connectionProtector = (await import('@libp2p/pnet')).preSharedKey({ psk: readFileSync(f.pnet) })

let node; let helia
if (f.bitswap) {
  const { createHeliaLight } = await import('helia')
  const { withBitswap } = await import('@helia/bitswap')
  const { withLibp2pLight } = await import('@helia/libp2p')
  const dagCbor = await import('@ipld/dag-cbor')
  helia = withBitswap(withLibp2pLight(createHeliaLight({ codecs: [dagCbor] }), config))
  await helia.start()
  node = helia.libp2p
} else {
  node = await createLibp2p(config)
}

// ---------------------------------------------------------------- streams
async function write (stream, bytes) {
  for (let off = 0; off < bytes.length; off += 65536) {
    if (!stream.send(bytes.subarray(off, off + 65536))) await stream.onDrain()
  }
}
async function readAll (stream, max = 64 << 20) {
  const parts = []; let n = 0
  for await (const b of stream) { const u = b.subarray(); n += u.length; if (n > max) throw new Error('too long'); parts.push(u) }
  return Buffer.concat(parts)
}
const ECHO = '/js-peer/echo/1.0.0'
const PERF = '/perf/1.0.0'
await node.handle(ECHO, async stream => {
  try { for await (const b of stream) { if (!stream.send(b)) await stream.onDrain() } await stream.close() } catch (e) { stream.abort(e) }
}, { runOnLimitedConnection: true, maxInboundStreams: 2000, maxOutboundStreams: 2000 })
// perf: 8 bytes big-endian = bytes wanted back, then upload until half close
await node.handle(PERF, async stream => {
  try {
    let head = Buffer.alloc(0); let got = 0
    for await (const b of stream) {
      if (head.length < 8) { head = Buffer.concat([head, b.subarray()]) } else got += b.byteLength
    }
    let want = Number(head.readBigUInt64BE(0))
    const chunk = new Uint8Array(65536)
    while (want > 0) { const c = want >= chunk.length ? chunk : chunk.subarray(0, want); want -= c.length; if (!stream.send(c)) await stream.onDrain() }
    await stream.close()
  } catch (e) { stream.abort(e) }
}, { maxInboundStreams: 64, maxOutboundStreams: 64, runOnLimitedConnection: true })

// slow: reads 64 KiB or more, then waits a millisecond; answers the number of bytes at the end
const SLOW = '/js-peer/slow/1.0.0'
await node.handle(SLOW, async stream => {
  try {
    let n = 0; let since = 0
    for await (const b of stream) { n += b.byteLength; since += b.byteLength; if (since >= 65536) { since = 0; await new Promise(resolve => setTimeout(resolve, 1)) } }
    const answer = Buffer.alloc(8); answer.writeBigUInt64BE(BigInt(n)); stream.send(answer); await stream.close()
  } catch (e) { stream.abort(e) }
}, { maxInboundStreams: 64, runOnLimitedConnection: true })
// reset: resets the stream at the first bytes
await node.handle('/js-peer/reset/1.0.0', async stream => {
  try { for await (const b of stream) { stream.abort(new Error('as asked')); break } } catch (e) { stream.abort(e) }
}, { maxInboundStreams: 64, runOnLimitedConnection: true })

// ---------------------------------------------------------------- events
const conn = c => ({ id: c.id, peer: c.remotePeer.toString(), addr: c.remoteAddr.toString(), direction: c.direction, direct: c.direct, limited: c.limits != null, limits: c.limits, relayed: c.remoteAddr.toString().includes('/p2p-circuit'), security: c.encryption, muxer: c.multiplexer, status: c.status, streams: c.streams.map(s => s.protocol) })
node.addEventListener('connection:open', e => out({ event: 'connection:open', ...conn(e.detail) }))
node.addEventListener('connection:close', e => out({ event: 'connection:close', ...conn(e.detail) }))
const ident = d => ({ peer: d.peerId.toString(), protocolVersion: d.protocolVersion, agentVersion: d.agentVersion, observedAddr: d.observedAddr?.toString(), listenAddrs: d.listenAddrs.map(String), protocols: d.protocols, signedPeerRecord: d.signedPeerRecord == null ? null : { seq: d.signedPeerRecord.seq, addrs: d.signedPeerRecord.addresses.map(String) } })
node.addEventListener('peer:identify', e => out({ event: 'identify', ...ident(e.detail) }))
node.addEventListener('peer:discovery', e => out({ event: 'discovery', peer: e.detail.id.toString(), addrs: e.detail.multiaddrs.map(String) }))
node.addEventListener('self:peer:update', e => out({ event: 'self', addrs: e.detail.peer.addresses.map(a => a.multiaddr.toString()) }))
const seen = { count: 0, bytes: 0, first: 0, last: 0 }
let quiet = false
if (f.gossip) {
  const ps = node.services.pubsub
  ps.addEventListener('gossipsub:message', e => {
    const m = e.detail.msg
    const now = performance.now(); if (seen.count === 0) seen.first = now; seen.last = now; seen.count++; seen.bytes += m.data.length
    if (!quiet) out({ event: 'message', topic: m.topic, from: m.type === 'signed' ? m.from.toString() : null, seqno: m.type === 'signed' ? m.sequenceNumber : null, signed: m.type === 'signed', via: e.detail.propagationSource.toString(), msgId: e.detail.msgId, data64: b64(m.data) })
  })
  ps.addEventListener('subscription-change', e => out({ event: 'subscription', peer: e.detail.peerId.toString(), subs: e.detail.subscriptions }))
  ps.addEventListener('gossipsub:graft', e => out({ event: 'graft', ...e.detail }))
  ps.addEventListener('gossipsub:prune', e => out({ event: 'prune', ...e.detail }))
}

const target = s => s.startsWith('/') ? multiaddr(s) : peerIdFromString(s)
async function connTo (c) {
  if (c.conn != null) return node.getConnections().find(x => x.id === c.conn)
  if (c.peer != null && c.addr == null) {
    const open = node.getConnections(peerIdFromString(c.peer))
    if (open.length > 0) return open.find(x => x.direct) ?? open[0]
  }
  return node.dial(target(c.addr ?? c.peer), { signal: sig(c.timeout), force: c.force === true })
}
const cidOf = async (bytes, codec) => CID.createV1(codec === 'dag-cbor' ? 0x71 : 0x55, await sha256.digest(bytes))
const info = p => ({ id: p.id.toString(), addrs: p.multiaddrs.map(String) })

const commands = {
  info: async () => ({ peerId: node.peerId.toString(), peerIdCid: node.peerId.toCID().toString(), publicKey: Buffer.from(publicKeyToProtobuf(privateKey.publicKey)).toString('hex'), privateKey: Buffer.from(privateKeyToProtobuf(privateKey)).toString('hex'), addrs: node.getMultiaddrs().map(String), protocols: node.getProtocols(), node: process.version }),
  addrs: async () => ({ addrs: node.getMultiaddrs().map(String) }),
  connections: async () => ({ connections: node.getConnections().map(conn) }),
  peers: async () => ({ peers: await Promise.all((await node.peerStore.all()).map(async p => ({ id: p.id.toString(), addrs: p.addresses.map(a => ({ addr: a.multiaddr.toString(), certified: a.isCertified })), protocols: p.protocols, hasRecord: p.peerRecordEnvelope != null, tags: [...p.tags.keys()], metadata: Object.fromEntries([...p.metadata].map(([k, v]) => [k, Buffer.from(v).toString()])) }))) }),
  dial: async c => { const t = performance.now(); const k = await node.dial(target(c.addr ?? c.peer), { signal: sig(c.timeout), force: c.force === true }); return { ms: performance.now() - t, connection: conn(k) } },
  hangup: async c => { await node.hangUp(target(c.peer), { signal: sig(c.timeout) }); return {} },
  dialMany: async c => { // handshake rate: n sequential-or-parallel dials, each closed at once
    const t = performance.now(); let ok = 0; let failed = 0; let left = c.n
    await Promise.all(Array.from({ length: c.parallel ?? 1 }, async () => { while (left-- > 0) { try { const k = await node.dial(multiaddr(c.addr), { force: true, signal: sig(c.timeout) }); ok++; await k.close() } catch (e) { failed++ } } }))
    const s = (performance.now() - t) / 1000
    return { ok, failed, seconds: s, perSecond: ok / s }
  },
  ping: async c => { const n = c.n ?? 1; const k = await connTo(c); const r = []; for (let i = 0; i < n; i++) r.push(await rtt(k, c)); r.sort((a, b) => a - b); return { n, minMs: r[0], medianMs: r[n >> 1], p99Ms: r[Math.min(n - 1, Math.floor(n * 0.99))], maxMs: r[n - 1] } },
  pingStream: async c => { // all pings over ONE stream, as the spec allows
    const k = await connTo(c); const s = await k.newStream('/ipfs/ping/1.0.0', { signal: sig(c.timeout) }); const it = s[Symbol.asyncIterator](); const n = c.n ?? 10; const r = []
    for (let i = 0; i < n; i++) { const p = randomBytes(32); const t = performance.now(); s.send(p); let got = Buffer.alloc(0); while (got.length < 32) { const { value, done } = await it.next(); if (done) throw new Error('closed'); got = Buffer.concat([got, value.subarray()]) } if (!got.equals(p)) throw new Error('mismatch'); r.push(performance.now() - t) }
    await s.close(); r.sort((a, b) => a - b)
    return { n, minMs: r[0], medianMs: r[n >> 1], p99Ms: r[Math.min(n - 1, Math.floor(n * 0.99))] }
  },
  identify: async c => { const k = await connTo(c); const p = new Promise((resolve, reject) => { const t = setTimeout(() => { node.removeEventListener('peer:identify', l); reject(new Error('identify timeout')) }, c.timeout ?? 10000); const l = e => { if (e.detail.connection === k) { clearTimeout(t); node.removeEventListener('peer:identify', l); resolve(ident(e.detail)) } }; node.addEventListener('peer:identify', l) }); const got = await node.services.identify.identify?.(k, { signal: sig(c.timeout) }); return got != null ? ident({ ...got, peerId: got.peerId ?? k.remotePeer }) : p },
  listen: async c => { const before = new Set(node.getMultiaddrs().map(String)); await node.components.transportManager.listen([multiaddr(c.addr)]); return { addr: node.getMultiaddrs().map(String).find(a => !before.has(a)) } },
  push: async () => { await node.services.identifyPush.push(); return {} },
  echo: async c => {
    const k = await connTo(c); const data = payload(c); const t = performance.now()
    const s = await k.newStream(c.protocol ?? ECHO, { signal: sig(c.timeout), runOnLimitedConnection: true, negotiateFully: c.negotiateFully, maxOutboundStreams: 2000 })
    const reading = readAll(s); await write(s, data); await s.close({ signal: sig(c.timeout) }); const back = await reading
    return { sent: data.length, received: back.length, equal: Buffer.compare(Buffer.from(data), back) === 0, ms: performance.now() - t, ...(data.length <= 1024 ? { data64: b64(back) } : {}), relayed: conn(k).relayed }
  },
  request: async c => { const k = await connTo(c); const s = await k.newStream(c.protocol, { signal: sig(c.timeout), runOnLimitedConnection: true }); const reading = readAll(s); await write(s, payload(c)); await s.close({ signal: sig(c.timeout) }); return { data64: b64(await reading) } },
  handle: async c => { // register a raw protocol: reads to half close, answers data64 (or echoes), closes
    await node.handle(c.protocol, async (stream, k) => { try { const got = await readAll(stream); out({ event: 'stream', protocol: c.protocol, peer: k.remotePeer.toString(), data64: b64(got) }); await write(stream, c.data64 != null ? unb64(c.data64) : got); await stream.close() } catch (e) { stream.abort(e) } }, { runOnLimitedConnection: true }); return {}
  },
  perf: async c => { // c.up / c.down bytes over one stream
    const k = await connTo(c); const s = await k.newStream(PERF, { signal: sig(c.timeout), runOnLimitedConnection: true })
    const up = c.up ?? 0; const down = c.down ?? 0; const head = Buffer.alloc(8); head.writeBigUInt64BE(BigInt(down))
    s.send(head); const chunk = new Uint8Array(65536); const t0 = performance.now(); let left = up; let got = 0
    const reading = (async () => { for await (const b of s) got += b.byteLength })()
    while (left > 0) { const b = left >= chunk.length ? chunk : chunk.subarray(0, left); left -= b.length; if (!s.send(b)) await s.onDrain() }
    await s.close({ signal: sig(c.timeout) }); await reading; const sec = (performance.now() - t0) / 1000
    return { up, down: got, seconds: sec, mbPerSecond: (up + got) / 1e6 / sec }
  },
  reset: async c => { const k = await connTo(c); const s = await k.newStream(c.protocol, { signal: sig(c.timeout) }); s.send(payload(c)); await new Promise(resolve => setTimeout(resolve, c.after ?? 50)); s.abort(new Error('as asked')); return {} },
  expectReset: async c => { const k = await connTo(c); const s = await k.newStream(c.protocol, { signal: sig(c.timeout) }); s.send(payload(c)); try { await readAll(s) } catch (e) { return { error: e.name } } throw new Error('was not reset') },
  subscribe: async c => { node.services.pubsub.subscribe(c.topic); return {} },
  unsubscribe: async c => { node.services.pubsub.unsubscribe(c.topic); return {} },
  publish: async c => { const r = await node.services.pubsub.publish(c.topic, payload(c)); return { recipients: r.recipients.map(String) } },
  publishMany: async c => { const d = payload(c); const t = performance.now(); for (let i = 0; i < c.n; i++) { const m = new Uint8Array(d); new DataView(m.buffer).setUint32(0, i); await node.services.pubsub.publish(c.topic, m); if (i % (c.burst ?? 50) === 0) await new Promise(resolve => setImmediate(resolve)) } const s = (performance.now() - t) / 1000; return { n: c.n, seconds: s, perSecond: c.n / s } },
  subscribers: async c => ({ peers: node.services.pubsub.getSubscribers(c.topic).map(String), mesh: node.services.pubsub.getMeshPeers?.(c.topic) ?? [], topics: node.services.pubsub.getTopics(), pubsubPeers: node.services.pubsub.getPeers().map(String) }),
  validator: async c => { node.services.pubsub.topicValidators.set(c.topic, () => c.result); return {} }, // accept | reject | ignore
  quiet: async c => { quiet = c.on !== false; return {} },
  seen: async c => { const s = { ...seen, seconds: (seen.last - seen.first) / 1000 }; s.perSecond = s.seconds > 0 ? (s.count - 1) / s.seconds : 0; if (c.reset) { seen.count = 0; seen.bytes = 0 } return s },
  dhtMode: async c => { if (c.mode != null) await node.services.dht.setMode(c.mode, { force: true }); return { mode: node.services.dht.getMode(), table: node.services.dht.routingTable.size } },
  dhtPut: async c => { const ev = []; for await (const e of node.services.dht.put(new TextEncoder().encode(c.key), payload(c), { signal: sig(c.timeout) })) ev.push(e.name); return { events: count(ev) } },
  dhtGet: async c => { for await (const e of node.services.dht.get(new TextEncoder().encode(c.key), { signal: sig(c.timeout), useCache: false })) if (e.name === 'VALUE') return { data64: b64(e.value), text: new TextDecoder().decode(e.value), from: e.from.toString() }; throw new Error('not found') },
  dhtProvide: async c => { const ev = []; for await (const e of node.services.dht.provide(CID.parse(c.cid), { signal: sig(c.timeout) })) ev.push(e.name + (e.messageName ? ':' + e.messageName : '')); return { events: count(ev) } },
  dhtFindProviders: async c => { const m = new Map(); for await (const e of node.services.dht.findProviders(CID.parse(c.cid), { signal: sig(c.timeout), useCache: false })) if (e.name === 'PROVIDER' || e.name === 'PEER_RESPONSE') for (const p of e.providers) m.set(p.id.toString(), info(p)); return { providers: [...m.values()] } },
  dhtFindPeer: async c => { for await (const e of node.services.dht.findPeer(peerIdFromString(c.peer), { signal: sig(c.timeout), useCache: false })) if (e.name === 'FINAL_PEER') return { peer: info(e.peer), from: e.from.toString() }; throw new Error('not found') },
  dhtClosest: async c => { const m = []; const { fromString } = await import('uint8arrays'); for await (const e of node.services.dht.getClosestPeers(c.cid != null ? CID.parse(c.cid).multihash.bytes : fromString(c.key), { signal: sig(c.timeout) })) if (e.name === 'FINAL_PEER') m.push(info(e.peer)); return { peers: m } },
  fetch: async c => { const v = await node.services.fetch.fetch(peerIdFromString(c.peer), new TextEncoder().encode(c.key), { signal: sig(c.timeout) }); return { data64: v == null ? null : b64(v) } },
  fetchServe: async c => { node.services.fetch.registerLookupFunction(c.prefix, async () => unb64(c.data64)); return {} },
  reserve: async c => { // listen on a relay: c.addr is the relay multiaddr (with /p2p/<relay>)
    const before = new Set(node.getMultiaddrs().map(String)); await node.dial(multiaddr(c.addr), { signal: sig(c.timeout) })
    await node.components.transportManager.listen([multiaddr(c.addr + '/p2p-circuit')]); if (c.announced) return { addrs: node.getMultiaddrs().map(String) }; const end = Date.now() + (c.timeout ?? 10000)
    while (Date.now() < end) { const a = node.getMultiaddrs().map(String).filter(x => x.includes('/p2p-circuit') && !before.has(x)); if (a.length > 0) return { addrs: a }; await new Promise(resolve => setTimeout(resolve, 50)) }
    throw new Error('no reservation')
  },
  reservations: async () => ({ reservations: [...node.services.relay.reservations.entries()].map(([p, r]) => ({ peer: p.toString(), expiry: r.expiry, limit: r.limit })) }),
  blockPut: async c => { const d = payload(c); const cid = await cidOf(d, c.codec ?? 'raw'); await helia.blockstore.put(cid, d); return { cid: cid.toString(), size: d.length } },
  blockPutCbor: async c => { const d = (await import('@ipld/dag-cbor')).encode(revive(c.value)); const cid = await cidOf(d, 'dag-cbor'); if (helia != null) await helia.blockstore.put(cid, d); return { cid: cid.toString(), data64: b64(d) } },
  cborDecode: async c => ({ value: plain((await import('@ipld/dag-cbor')).decode(unb64(c.data64))) }),
  blockHas: async c => ({ has: await helia.blockstore.has(CID.parse(c.cid)) }),
  blockGet: async c => { const t = performance.now(); const d = await collect(helia.blockstore.get(CID.parse(c.cid), { signal: sig(c.timeout), offline: c.offline === true })); return { size: d.length, ms: performance.now() - t, ...(d.length <= 65536 ? { data64: b64(d) } : {}) } },
  blockGetMany: async c => { const t = performance.now(); let bytes = 0; await Promise.all(c.cids.map(async x => { const d = await collect(helia.blockstore.get(CID.parse(x), { signal: sig(c.timeout) })); bytes += d.length })); const s = (performance.now() - t) / 1000; return { n: c.cids.length, bytes, seconds: s } },
  blockPutMany: async c => { const cids = []; for (let i = 0; i < c.n; i++) { const d = new Uint8Array(randomBytes(c.size)); const cid = await cidOf(d, 'raw'); await helia.blockstore.put(cid, d); cids.push(cid.toString()) } return { cids } },
  car: async c => { const { CarWriter } = await import('@ipld/car'); const root = CID.parse(c.root); const { writer, out: o } = CarWriter.create([root]); const p = []; const rd = (async () => { for await (const b of o) p.push(b) })(); for (const b of c.blocks) await writer.put({ cid: CID.parse(b.cid), bytes: unb64(b.data64) }); await writer.close(); await rd; return { data64: b64(Buffer.concat(p)) } },
  carRead: async c => { const { CarReader } = await import('@ipld/car'); const r = await CarReader.fromBytes(unb64(c.data64)); const blocks = []; for await (const b of r.blocks()) blocks.push({ cid: b.cid.toString(), data64: b64(b.bytes) }); return { roots: (await r.getRoots()).map(String), blocks } },
  stop: async () => { setTimeout(() => process.exit(0), 200); await Promise.race([helia != null ? helia.stop() : node.stop(), new Promise(resolve => setTimeout(resolve, 150))]); return {} }
}
async function rtt (k, c) { const t = performance.now(); const s = await k.newStream('/ipfs/ping/1.0.0', { signal: sig(c.timeout), runOnLimitedConnection: true }); const p = randomBytes(32); s.send(p); let got = Buffer.alloc(0); for await (const b of s) { got = Buffer.concat([got, b.subarray()]); if (got.length >= 32) break } const ms = performance.now() - t; if (!got.equals(p)) throw new Error('ping mismatch'); await s.close().catch(() => {}); return ms }
function count (list) { const m = {}; for (const x of list) m[x] = (m[x] ?? 0) + 1; return m }
async function collect (x) { x = await x; if (x instanceof Uint8Array) return x; const p = []; for await (const b of x) p.push(b); return Buffer.concat(p) }
// JSON <-> IPLD: {"/": "<cid>"} is a link, {"/": {"bytes": "<base64>"}} is bytes, as in DAG-JSON
function revive (v) { if (Array.isArray(v)) return v.map(revive); if (v != null && typeof v === 'object') { if (typeof v['/'] === 'string') return CID.parse(v['/']); if (typeof v['/']?.bytes === 'string') return unb64(v['/'].bytes); return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, revive(x)])) } return v }
function plain (v) { if (v instanceof Uint8Array) return { '/': { bytes: b64(v) } }; if (CID.asCID(v) != null) return { '/': v.toString() }; if (Array.isArray(v)) return v.map(plain); if (v != null && typeof v === 'object') return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x)])); return v }

out({ event: 'ready', ...(await commands.info()) })
const rl = createInterface({ input: process.stdin })
rl.on('line', async line => {
  if (line.trim() === '') return
  let c
  try { c = JSON.parse(line) } catch { out({ error: 'bad json' }); return }
  try {
    if (commands[c.cmd] == null) throw new Error('unknown command ' + c.cmd)
    out({ id: c.id, ok: true, ...(await commands[c.cmd](c)) })
  } catch (e) { out({ id: c.id, ok: false, error: `${e.name}: ${e.message}`, causes: e.errors?.map(x => `${x.name}: ${x.message}`) }) }
})
rl.on('close', () => setTimeout(() => process.exit(0), 300))
process.on('unhandledRejection', e => out({ event: 'unhandledRejection', error: String(e?.stack ?? e) }))
