#!/usr/bin/env node
// Lists a CAR file as JSON lines: {"roots":[…],"version":1}, then for each block its CID, size, whether its bytes have
// that hash, and, for DAG-CBOR, its value in DAG-JSON's form of links and bytes. Exits 1 when the file is no CAR.
import './polyfill.mjs'
import { createReadStream } from 'node:fs'
import { createHash, timingSafeEqual } from 'node:crypto'
import { CarBlockIterator } from '@ipld/car'
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'

const RAW = 0x55
const SHA2_256 = 0x12

function plain (v) {
  if (typeof v === 'bigint') return v.toString()
  if (v instanceof Uint8Array) return { '/': { bytes: Buffer.from(v).toString('base64').replace(/=+$/, '') } }
  if (CID.asCID(v) != null) return { '/': v.toString() }
  if (Array.isArray(v)) return v.map(plain)
  if (v != null && typeof v === 'object') return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x)]))
  return v
}

const out = o => console.log(JSON.stringify(o))
try {
  const car = await CarBlockIterator.fromIterable(createReadStream(process.argv[2]))
  out({ version: car.version, roots: (await car.getRoots()).map(String) })
  for await (const { cid, bytes } of car) {
    const hashed = cid.multihash.code === SHA2_256 && timingSafeEqual(createHash('sha256').update(bytes).digest(), cid.multihash.digest)
    const line = { cid: cid.toString(), codec: cid.code, size: bytes.length, hashed }
    if (cid.code === dagCbor.code) line.value = plain(dagCbor.decode(bytes))
    else if (cid.code === RAW && bytes.length <= 1024) line.bytes = Buffer.from(bytes).toString('base64')
    out(line)
  }
} catch (e) {
  console.error(`${e.name}: ${e.message}`)
  process.exit(1)
}
