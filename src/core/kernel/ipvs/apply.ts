import { ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Errno, IpvsOp, IpvsOpDest, IpvsOpService } from '../netlink.ts'
import {
  addDest,
  addService,
  deleteDest,
  deleteService,
  type DestSpec,
  editDest,
  editLocal,
  editService,
  flushServices,
  type ServiceSpec,
  zeroCounters,
} from './control.ts'
import { expireNodest } from './nodest.ts'
import { startDaemon, stopDaemon } from './sync.ts'
import type { IpvsServiceKey } from './types.ts'

/** Carry out one `ipvsadm` command (the kernel's side of it, ip_vs_ctl.c). */
export function applyIpvs(host: Host, op: IpvsOp, ctx: Ctx): Result<void, Errno> {
  const done = change(host, op, ctx)
  if (op.op === 'ipvs.dest.del' || op.op === 'ipvs.service.del' || op.op === 'ipvs.clear')
    expireNodest(host, ctx)
  return done
}

function change(host: Host, op: IpvsOp, ctx: Ctx): Result<void, Errno> {
  switch (op.op) {
    case 'ipvs.service.add':
      return addService(host, serviceSpec(op), ctx.now)
    case 'ipvs.service.edit':
      return editService(host, serviceSpec(op))
    case 'ipvs.service.del':
      return deleteService(host, keyOf(op), ctx.now)
    case 'ipvs.dest.add':
      return addDest(host, keyOf(op), destSpec(op), ctx.now)
    case 'ipvs.dest.edit':
      return editDest(host, keyOf(op), destSpec(op))
    case 'ipvs.dest.del':
      return deleteDest(host, keyOf(op), op.ip, op.dport, ctx.now)
    case 'ipvs.laddr.add':
    case 'ipvs.laddr.del':
      return editLocal(host, keyOf(op), op.lip, op.op === 'ipvs.laddr.add')
    case 'ipvs.zero':
      return zeroCounters(host, op.key && keyOf(op.key), ctx.now)
    case 'ipvs.timeouts':
      return setTimeouts(host, op)
    case 'ipvs.daemon.start':
      return startDaemon(host, op.state, { dev: op.dev, id: op.id }, ctx)
    case 'ipvs.daemon.stop':
      return stopDaemon(host, op.state, ctx)
    case 'ipvs.clear':
      flushServices(host, ctx.now)
      return ok(undefined)
  }
}

function keyOf(op: IpvsOpService): IpvsServiceKey {
  const { proto, vip, port, fwmark = 0 } = op
  return { proto, vip, port, fwmark }
}

function serviceSpec(op: Extract<IpvsOp, { scheduler: string }>): ServiceSpec {
  const { scheduler, flags = [], persistent = 0, netmask = 0xffffffff } = op
  return { ...keyOf(op), scheduler, flags: [...flags], persistent, netmask }
}

function destSpec(op: IpvsOpDest): DestSpec {
  const { ip, dport, weight, mode, upper = 0, lower = 0 } = op
  return { ip, port: dport, weight, mode, upper, lower }
}

/** Seconds; 0 leaves a timeout as it is. Connections keep theirs until their next packet. */
function setTimeouts(host: Host, op: { tcp: number; tcpfin: number; udp: number }): Result<void, Errno> {
  const { timeouts } = host.ipvs
  for (const name of ['tcp', 'tcpfin', 'udp'] as const) if (op[name] !== 0) timeouts[name] = op[name]
  return ok(undefined)
}
