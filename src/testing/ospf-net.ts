import { parseCidr } from '../core/base/cidr.ts'
import { must } from '../core/base/assert.ts'
import type { Bytes } from '../core/base/bytes.ts'
import { type Ip4, type Nanos, SEC } from '../core/base/ids.ts'
import { makeRng, nextBelow } from '../core/base/prng.ts'
import type { OspfCommand } from '../core/apps/frr/ospfd/command.ts'
import { parseOspfLine } from '../core/apps/frr/ospfd/command.ts'
import type { OspfNote } from '../core/apps/frr/ospfd/run.ts'
import { createOspf, nextDue, type OspfEvent, stepOspf } from '../core/apps/frr/ospfd/step.ts'
import type { Ospf } from '../core/apps/frr/ospfd/types.ts'
import type { ZapiAddr, ZapiRoute } from '../core/apps/frr/zapi.ts'
import { parseOspf } from '../core/wire/ospf.ts'
import { emitIpv4 } from '../core/wire/ipv4.ts'

/** One ospfd of an `OspfNet`. */
export interface Speaker {
  name: string
  o: Ospf
  running: boolean
  /** What it told zebra, by 'address/length'. */
  rib: Map<string, ZapiRoute>
  notes: (OspfNote & { at: Nanos })[]
  log: { at: Nanos; text: string }[]
  groups: Set<string>
  /** Segment by interface. */
  wires: Record<string, string>
  due: Nanos
}

export interface Sent {
  at: Nanos
  from: string
  dev: string
  dst: Ip4
  bytes: Bytes
}

/** ospfds on wires of 100 us, without kernels: what the daemon itself does, fast. */
export class OspfNet {
  readonly speakers = new Map<string, Speaker>()
  readonly sent: Sent[] = []
  now: Nanos = 0
  steps = 0
  private readonly rng = makeRng(1, 'ospf')
  private queue: { at: Nanos; to: string; dev: string; bytes: Bytes }[] = []
  /** Frames for which this is true are lost. */
  lose: (sent: Sent, to: string) => boolean = () => false
  private readonly delayNs: Nanos
  keepPackets = true

  constructor(delayNs: Nanos = 100_000) {
    this.delayNs = delayNs
  }

  /** `addrs`: 'ens33' -> 'address/length on segment'; several of one interface are joined by ','. */
  add(name: string, addrs: Record<string, string>): Speaker {
    const wires: Record<string, string> = {}
    const o = createOspf()
    const speaker: Speaker = {
      name,
      o,
      running: true,
      rib: new Map(),
      notes: [],
      log: [],
      groups: new Set(),
      wires,
      due: 0,
    }
    this.speakers.set(name, speaker)
    let index = 0
    for (const [dev, text] of Object.entries(addrs)) {
      const [list = '', wire = ''] = text.split(' on ')
      wires[dev] = wire
      index += 1
      const all = list.split(',').filter(Boolean).map(toAddr)
      this.step(name, { kind: 'interface', dev: makeDev(dev, index, all) })
    }
    return speaker
  }

  get(name: string): Speaker {
    return must(this.speakers.get(name), name)
  }

  /** Configuration as in frr.conf: 'interface x' and 'router ospf' open nodes. */
  configure(name: string, text: string): void {
    for (const command of parseConfig(text)) this.step(name, { kind: 'config', command })
  }

  step(name: string, event: OspfEvent): void {
    const speaker = this.get(name)
    if (!speaker.running) return
    this.steps += 1
    const actions = stepOspf(speaker.o, event, this.now, (below) => nextBelow(this.rng, below))
    speaker.due = nextDue(speaker.o)
    for (const action of actions) {
      if (action.do === 'send') this.send(speaker, { at: this.now, from: name, ...action })
      else if (action.do === 'log') speaker.log.push({ at: this.now, text: action.text })
      else if (action.do === 'note') speaker.notes.push({ ...action.note, at: this.now })
      else if (action.do === 'join') speaker.groups.add(`${action.dev} ${action.group}`)
      else if (action.do === 'leave') speaker.groups.delete(`${action.dev} ${action.group}`)
      else if (action.do === 'route') {
        for (const route of action.routes) {
          const key = `${route.dst}/${route.prefix}`
          if (route.remove) speaker.rib.delete(key)
          else speaker.rib.set(key, route)
        }
      }
    }
  }

  private send(speaker: Speaker, out: Sent & { src: Ip4 }): void {
    if (this.keepPackets) this.sent.push(out)
    const wire = speaker.wires[out.dev]
    const packet = new Uint8Array(20 + out.bytes.length)
    packet.set(out.bytes, 20)
    const length = packet.length
    emitIpv4(
      { src: out.src, dst: out.dst, proto: 89, ttl: 1, tos: 0xc0, id: 0, totalLength: length },
      packet,
      0,
    )
    for (const other of this.speakers.values()) {
      if (other === speaker) continue
      for (const [dev, segment] of Object.entries(other.wires)) {
        if (segment !== wire || this.lose(out, other.name)) continue
        if (!other.o.devs[dev]?.up || !hears(other, dev, out.dst)) continue
        this.queue.push({ at: this.now + this.delayNs, to: other.name, dev, bytes: packet })
      }
    }
  }

  /** Let time pass until `until` (ns). */
  run(until: Nanos): void {
    for (;;) {
      let next = until
      let due: Speaker | undefined
      for (const speaker of this.speakers.values()) {
        const at = speaker.running ? speaker.due : 0
        if (at !== 0 && at < next) {
          next = at
          due = speaker
        }
      }
      const frame = this.queue[0]
      if (frame && frame.at <= next) {
        this.queue.shift()
        this.now = Math.max(this.now, frame.at)
        this.step(frame.to, { kind: 'packet', dev: frame.dev, bytes: frame.bytes })
        continue
      }
      this.now = Math.max(this.now, next)
      if (!due) return
      this.step(due.name, { kind: 'time' })
    }
  }

  runSeconds(seconds: number): void {
    this.run(this.now + seconds * SEC)
  }

  /** Change what zebra tells of an interface. */
  change(name: string, dev: string, to: { up?: boolean; addrs?: string[]; mtu?: number }): void {
    const old = must(this.get(name).o.devs[dev], dev)
    const up = to.up ?? old.up
    const addrs = to.addrs?.map(toAddr) ?? old.addrs
    this.step(name, { kind: 'interface', dev: { ...old, up, running: up, addrs, mtu: to.mtu ?? old.mtu } })
  }
}

function hears(speaker: Speaker, dev: string, dst: Ip4): boolean {
  if (dst >>> 28 === 14) return speaker.groups.has(`${dev} ${dst}`)
  return Object.values(speaker.o.devs).some((one) => one.addrs.some((addr) => addr.ip === dst))
}

function toAddr(text: string): ZapiAddr {
  return { ...must(parseCidr(text.trim()), text), label: '', secondary: false }
}

function makeDev(dev: string, index: number, addrs: ZapiAddr[]) {
  const loopback = dev === 'lo'
  const mtu = loopback ? 65536 : 1500
  return { dev, index, up: true, running: true, loopback, mtu, speed: loopback ? 0 : 10_000, addrs }
}

function parseConfig(text: string): OspfCommand[] {
  let node = ''
  const commands: OspfCommand[] = []
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    if (line === '' || line === 'exit' || line === '!') continue
    if (line === 'router ospf' || line.startsWith('interface ')) {
      node = line
      if (line.startsWith('interface ')) continue
    }
    const parsed = parseOspfLine(line === 'router ospf' ? '' : node, line)
    if (!parsed.ok) throw new Error(parsed.error)
    commands.push(parsed.value)
  }
  return commands
}

/** 'dd 0x07' and the like: kind and what tells one packet from another. */
export function describePacket(bytes: Bytes): string {
  const parsed = parseOspf(bytes, 0, bytes.length)
  if (!parsed.ok) return parsed.error
  const { body } = parsed.value
  if (body.kind === 'dd') return `dd 0x${body.flags.toString(16).padStart(2, '0')} ${body.headers.length}`
  if (body.kind === 'lsr') return `lsr ${body.keys.map((key) => key.type).join(',')}`
  if (body.kind === 'lsu') return `lsu ${body.lsas.map((lsa) => lsa[3]).join(',')}`
  if (body.kind === 'lsack') return `lsack ${body.headers.map((header) => header.type).join(',')}`
  return 'hello'
}

const COURSE_HOSTS: readonly [name: string, ip: string, priority: number, startSeconds: number][] = [
  ['router', '172.16.253.135', 1, 0],
  ['LB1', '172.16.253.131', 0, 4.45],
  ['LB2', '172.16.253.129', 0, 8.07],
]

/** The three routers of the course's lab, started as in golden A4. */
export function courseNet(): OspfNet {
  const net = new OspfNet()
  for (const [name, ip, priority, start] of COURSE_HOSTS) {
    net.run(start * SEC)
    const vip = name === 'router' ? '' : ',172.16.253.100/32'
    net.add(name, { ens33: `${ip}/24 on lan`, lo: `127.0.0.1/8${vip} on -` })
    net.configure(name, courseConfig(ip, priority))
  }
  return net
}

function courseConfig(ip: string, priority: number): string {
  return `interface ens33
 ip ospf cost 1
 ip ospf dead-interval 4
 ip ospf hello-interval 1
 ip ospf priority ${priority}
router ospf
 ospf router-id ${ip}
 log-adjacency-changes
 network 172.16.253.0/24 area 0`
}
