import { bad, ok, type Result } from '../base/result.ts'
import type { Ctx } from './ctx.ts'
import { addAddress } from './dev/address.ts'
import { setLink } from './dev/link.ts'
import { deleteAddress } from './dev/remove-address.ts'
import type { Host } from './host.ts'
import { ipvsModule } from './ipvs/module.ts'
import { netfilter } from './netfilter/module.ts'
import type { Errno, NetlinkOp } from './netlink.ts'
import { applyIp } from './route/apply.ts'
import { setSysctl } from './sysctl/registry.ts'

/** Carry out one configuration change, or say why the kernel refuses it. */
export function applyOp(host: Host, op: NetlinkOp, ctx: Ctx): Result<void, Errno> {
  switch (op.op) {
    case 'sysctl':
      return setSysctl(host, op.key, op.value)
    case 'link.set':
      return setLink(host, op.dev, op, ctx)
    case 'addr.add': {
      const { ip, prefix, label, broadcast } = op
      return addAddress(host, op.dev, {
        ip,
        prefix,
        label,
        broadcast,
        scope: ip >>> 24 === 127 ? 'host' : 'global',
      })
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
      return applyFile(host, op)
    default:
      return ipvsModule().applyIpvs(host, op, ctx)
  }
}

function applyFile(host: Host, op: NetlinkOp & { op: 'file.write' | 'file.remove' }): Result<void, Errno> {
  if (op.op === 'file.write') host.files[op.path] = op.text
  else if (Object.hasOwn(host.files, op.path)) delete host.files[op.path]
  else return bad('ENOENT')
  return ok(undefined)
}
