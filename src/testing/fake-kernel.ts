import { write48 } from '../core/base/bytes.ts'
import { MAC_BROADCAST, MS, SEC, US, type HostId, type Mac } from '../core/base/ids.ts'
import { nextBelow } from '../core/base/prng.ts'
import { bad, ok } from '../core/base/result.ts'
import { addDevice, createHost } from '../core/kernel/create.ts'
import type { Ctx } from '../core/kernel/ctx.ts'
import type { Host, Profile } from '../core/kernel/host.ts'
import type { Handlers } from '../core/sim/handlers.ts'
import { addHost, addSegment, createWorld, type World } from '../core/sim/world.ts'

/**
 * A kernel for tests of sim alone: hosts that answer frames, set timers and run programs as their own dice say, so that
 * runs are lively and long, and every draw depends on the state.
 *
 * Frame: receiver, sender (6 bytes each), ethertype 0, hops left, number.
 */
export const fakeKernel: Handlers = {
  stack: {
    hooks: { PREROUTING: [], LOCAL_IN: [], FORWARD: [], LOCAL_OUT: [], POSTROUTING: [] },
    protocols: {},
    linkFailure: () => undefined,
    icmpSend: () => undefined,
    tunnelTransmit: () => undefined,
  },
  receiveFrame: (host, dev, frame, ctx) => {
    ctx.note(host, { kind: 'rx', dev, frame: frame.id, pkt: 'host' })
    const hops = frame.bytes[14] ?? 0
    const src = [...frame.bytes.slice(6, 12)].reduce((mac, byte) => mac * 256 + byte, 0) as Mac
    if (hops > 0 && nextBelow(host.rng, 10) < 9) sendFake(host, src, hops - 1, ctx, frame.id)
    if (nextBelow(host.rng, 4) === 0) ctx.setTimer(host, 'again', ctx.now + nextBelow(host.rng, 3) * MS)
  },
  fireTimer: (host, key, ctx) => {
    if (key === 'again') sendFake(host, MAC_BROADCAST, 3, ctx, 0)
    ctx.setTimer(host, 'slow', ctx.now + 60 * SEC)
  },
  applyOp: (host, op, ctx) => {
    if (op.op === 'link.set') {
      const dev = host.devs[op.dev]
      if (dev === undefined) return bad('ENODEV')
      dev.up = op.up ?? dev.up
    }
    sendFake(host, MAC_BROADCAST, 5, ctx, 0)
    return ok(undefined)
  },
  setCarrier: (host, dev, on) => {
    const device = host.devs[dev]
    if (device !== undefined) device.carrier = on
  },
  spawn: (host, argv, ctx) => {
    if (argv[0] === 'nothing') return bad('nothing: command not found')
    const pid = host.nextPid++
    host.procs[pid] = { pid, argv, program: 'fake', state: 0, startedNs: ctx.now, ppid: 1, unit: '' }
    ctx.note(host, { kind: 'proc.start', pid, argv })
    ctx.wake(host, pid, { kind: 'start' })
    return ok(pid)
  },
  runProcess: (host, pid, event, ctx) => {
    const proc = host.procs[pid]
    if (proc === undefined) return
    const turns = Number(proc.state) + 1
    proc.state = turns
    if (event.kind === 'signal' || turns > Number(proc.argv[1] ?? 3)) {
      delete host.procs[pid]
      ctx.note(host, { kind: 'proc.exit', pid, status: event.kind === 'signal' ? 143 : 0 })
      return
    }
    ctx.note(host, { kind: 'stdout', pid, text: `turn ${turns}\n`, err: false })
    if (proc.argv[0] === 'echo') sendFake(host, MAC_BROADCAST, 4, ctx, 0)
    ctx.wake(host, pid, { kind: 'timer', name: 'turn' }, ctx.now + 100 * US)
  },
  cloneHost: (host) => JSON.parse(JSON.stringify(host)) as Host,
}

function sendFake(host: Host, dst: Mac, hops: number, ctx: Ctx, parent: number): void {
  const dev = host.devs['eth0']
  if (dev === undefined) return
  const bytes = new Uint8Array(60)
  write48(bytes, 0, dst)
  write48(bytes, 6, dev.mac)
  bytes[14] = hops
  bytes[15] = host.ipId++ & 0xff
  if (dev.up && dev.carrier) ctx.transmit(host, 'eth0', bytes, parent)
}

const PROFILE: Profile = {
  id: 'debian-12',
  kernel: '6.1',
  build: '#1 SMP',
  curl: '7.88.1',
  nginx: '1.22.1',
  frr: '8.4.4',
  ipvsadm: '1.31',
  curlMajor: 7,
}

/** MAC of the fake host of that index. */
export function fakeMac(index: number): Mac {
  return (0x020000000000 + index + 1) as Mac
}

/** `names.length` hosts with one device `eth0` each on segment `lan` (50 us). */
export function fakeWorld(seed: number, names: readonly HostId[] = ['h1', 'h2', 'h3']): World {
  const world = createWorld()
  addSegment(world, 'lan', { delayNs: 50 * US, mtu: 1500 })
  names.forEach((id, index) => {
    const host = createHost({ id, role: 'server', profile: PROFILE, seed })
    addDevice(host, { name: 'eth0', mac: fakeMac(index), segment: 'lan', mtu: 1500 })
    addHost(world, host)
  })
  return world
}
