import type { NetlinkOp } from '../../core/kernel/netlink.ts'
import type { NeighWhy } from '../../core/kernel/note.ts'
import { ip, mac, mono, type Part, say } from '../parts.ts'

export const WHY_NEIGH: Record<NeighWhy, string> = {
  create: 'new entry',
  'arp.reply': 'an ARP reply came',
  'arp.request': "taken from an ARP request's sender",
  gratuitous: 'gratuitous ARP',
  confirmed: 'TCP confirmed it',
  timeout: 'not confirmed for a while',
  used: 'used while stale',
  failed: 'nobody answered',
  admin: 'set by a command',
}

/** Fields that fib_multipath_hash_policy puts into the hash (measured on Linux). */
export function policyFields(policy: number): string {
  if (policy === 0) return 'source and destination address'
  if (policy === 1) return 'addresses, ports and protocol'
  if (policy === 2) return 'addresses, of the inner packet if there is one'
  return 'the fields chosen by fib_multipath_hash_fields'
}

export function icmpName(type: number, code: number): string {
  if (type === 0) return 'echo reply'
  if (type === 8) return 'echo request'
  if (type === 5) return 'redirect'
  if (type === 11) return 'time exceeded'
  if (type === 3)
    return (
      [
        'network unreachable',
        'host unreachable',
        'protocol unreachable',
        'port unreachable',
        'fragmentation needed',
      ][code] ?? 'unreachable'
    )
  return `type ${type} code ${code}`
}

/** A change of configuration in words; what has no words of its own is named as the op is. */
export function configWords(op: NetlinkOp): Part[] {
  switch (op.op) {
    case 'sysctl':
      return say`${mono(op.key)} = ${mono(op.value)}`
    case 'link.set':
      return say`${mono(op.dev)} is set ${op.up === undefined ? '' : op.up ? 'up' : 'down'}${op.mtu === undefined ? '' : `, MTU ${op.mtu}`}`
    case 'addr.add':
      return say`${ip(op.ip)} is put on ${mono(op.label)}`
    case 'addr.del':
      return say`${ip(op.ip)} is taken from ${mono(op.dev)}`
    case 'route.add':
    case 'route.append':
    case 'route.replace':
      return say`route to ${ip(op.dst)}/${op.prefix} is set, ${op.nexthops.length} next hop${op.nexthops.length === 1 ? '' : 's'}`
    case 'route.del':
      return say`route to ${ip(op.dst)}/${op.prefix} is removed`
    case 'neigh.set':
      return say`neighbour ${ip(op.ip)} is set to ${mac(op.mac)}, ${op.state}`
    case 'neigh.del':
      return say`neighbour ${ip(op.ip)} is removed`
    case 'neigh.flush':
      return say`the neighbour table is flushed`
    case 'ipvs.service.add':
    case 'ipvs.service.edit':
      return say`IPVS service ${ip(op.vip, op.port)}, scheduler ${mono(op.scheduler)}`
    case 'ipvs.service.del':
      return say`IPVS service ${ip(op.vip, op.port)} is removed`
    case 'ipvs.dest.add':
    case 'ipvs.dest.edit':
      return say`IPVS: ${ip(op.vip, op.port)} may go to ${ip(op.ip, op.dport)}, ${mono(op.mode)}, weight ${op.weight}`
    case 'ipvs.dest.del':
      return say`IPVS: ${ip(op.ip, op.dport)} no longer serves ${ip(op.vip, op.port)}`
    case 'ipvs.clear':
      return say`all IPVS services are removed`
    case 'file.write':
      return say`file ${mono(op.path)} is written`
  }
}
