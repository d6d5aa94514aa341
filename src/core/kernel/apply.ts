import type { Pid } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'
import type { Ctx } from './ctx.ts'
import { addAddress } from './dev/address.ts'
import { setLink } from './dev/link.ts'
import { deleteAddress } from './dev/remove-address.ts'
import type { Host } from './host.ts'
import { ipvsModule } from './ipvs/module.ts'
import { writeJournal } from './journal.ts'
import { tellNetlink } from './netlink-tell.ts'
import { netfilter } from './netfilter/module.ts'
import type { Errno, NetlinkOp } from './netlink.ts'
import { applyIp } from './route/apply.ts'
import { setSysctl } from './sysctl/registry.ts'

/**
 * Carry out one configuration change, or say why the kernel refuses it. `by`: the process that asks, 0 = a command line.
 * Who listens to netlink is told of what was asked for.
 */
export function applyOp(host: Host, op: NetlinkOp, ctx: Ctx, by: Pid = 0): Result<void, Errno> {
  const done = carryOut(host, op, ctx)
  if (done.ok && host.netlinkSocks.length > 0) tellOfOp(host, op, by, ctx)
  return done
}

function tellOfOp(host: Host, op: NetlinkOp, by: Pid, ctx: Ctx): void {
  switch (op.op) {
    case 'link.set':
    case 'link.del':
    case 'tunnel.add':
    case 'tunnel.change':
      return tellNetlink(host, { what: 'link', dev: op.dev, by }, ctx)
    case 'addr.add':
    case 'addr.del': {
      const { dev, ip, prefix } = op
      return tellNetlink(host, { what: 'addr', dev, ip, prefix, gone: op.op === 'addr.del', by }, ctx)
    }
    case 'route.add':
    case 'route.append':
    case 'route.replace':
    case 'route.del': {
      const { dst, prefix, table = 'main', type, proto, metric, prefsrc, nexthops, nhid } = op
      const gone = op.op === 'route.del'
      const route = { dst, prefix, table, type, proto, metric, prefsrc, nexthops, gone, by }
      return tellNetlink(host, { what: 'route', ...route, ...(nhid !== undefined && { nhid }) }, ctx)
    }
    default:
  }
}

function carryOut(host: Host, op: NetlinkOp, ctx: Ctx): Result<void, Errno> {
  switch (op.op) {
    case 'sysctl':
      return setSysctl(host, op.key, op.value)
    case 'link.set':
      return setLink(host, op.dev, op, ctx)
    case 'addr.add': {
      const { ip, prefix, label, broadcast } = op
      const scope = ip >>> 24 === 127 ? 'host' : 'global'
      return addAddress(host, op.dev, { ip, prefix, label, broadcast, scope })
    }
    case 'addr.del':
      return deleteAddress(host, op.dev, op.ip, op.prefix, ctx)
    case 'route.add':
    case 'route.append':
    case 'route.replace':
    case 'route.del':
    case 'route.flush-cache':
    case 'rule.add':
    case 'rule.del':
    case 'rule.flush':
    case 'nexthop.add':
    case 'nexthop.replace':
    case 'nexthop.del':
    case 'neigh.set':
    case 'neigh.del':
    case 'neigh.flush':
    case 'neigh.proxy':
    case 'arp.send':
    case 'tunnel.add':
    case 'tunnel.change':
    case 'link.del':
    case 'module.load':
    case 'module.unload':
      return applyIp(host, op, ctx)
    case 'nf.rule.add':
    case 'nf.rule.replace':
    case 'nf.rule.del':
    case 'nf.chain.add':
    case 'nf.chain.del':
    case 'nf.chain.rename':
    case 'nf.policy':
    case 'nf.flush':
    case 'nf.zero':
    case 'nf.table.del':
    case 'ct.flush':
    case 'ct.del':
      return netfilter().applyNf(host, op)
    case 'file.write':
    case 'file.remove':
    case 'journal':
      return applyFile(host, op, ctx)
    default:
      return ipvsModule().applyIpvs(host, op, ctx)
  }
}

/** What no kernel has a say in. */
function applyFile(
  host: Host,
  op: Extract<NetlinkOp, { op: 'file.write' | 'file.remove' | 'journal' }>,
  ctx: Ctx,
): Result<void, Errno> {
  switch (op.op) {
    case 'file.write':
      host.files[op.path] = op.text
      break
    case 'file.remove':
      if (!Object.hasOwn(host.files, op.path)) return bad('ENOENT')
      delete host.files[op.path]
      break
    case 'journal':
      writeJournal(host, { ...op, pid: op.ident === 'systemd' ? 1 : 0 }, ctx)
      break
  }
  return ok(undefined)
}
