import type { NetlinkOp } from '../../core/kernel/netlink.ts'
import type { LinkFaults, NeighWhy } from '../../core/kernel/note.ts'
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
    case 'neigh.proxy':
      return op.on
        ? say`requests for ${ip(op.ip)} are answered on ${mono(op.dev)}`
        : say`requests for ${ip(op.ip)} are no longer answered on ${mono(op.dev)}`
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
    case 'ipvs.laddr.add':
      return say`FULLNAT: ${ip(op.lip)} is a local address of ${ip(op.vip, op.port)}`
    case 'ipvs.laddr.del':
      return say`FULLNAT: ${ip(op.lip)} is no local address of ${ip(op.vip, op.port)} any more`
    case 'ipvs.zero':
      return say`the counters of IPVS start at 0 again`
    case 'ipvs.timeouts':
      return say`timeouts of IPVS: ${op.tcp} s for TCP, ${op.tcpfin} s after FIN, ${op.udp} s for UDP (0 = unchanged)`
    case 'ipvs.daemon.start':
      return say`connection synchronisation starts as ${mono(op.state)} on ${mono(op.dev)}`
    case 'ipvs.daemon.stop':
      return say`connection synchronisation as ${mono(op.state)} stops`
    case 'ipvs.clear':
      return say`all IPVS services are removed`
    case 'file.write':
      return say`file ${mono(op.path)} is written`
    case 'file.remove':
      return say`file ${mono(op.path)} is removed`
    case 'journal':
      return say`${mono(op.ident)} writes in the journal: ${mono(op.text)}`
    default:
      return ipWords(op)
  }
}

type IpOp = Extract<
  NetlinkOp,
  {
    op:
      | 'route.flush-cache'
      | 'rule.add'
      | 'rule.del'
      | 'rule.flush'
      | 'nexthop.add'
      | 'nexthop.replace'
      | 'nexthop.del'
      | 'arp.send'
      | 'tunnel.add'
      | 'tunnel.change'
      | 'link.del'
      | 'module.load'
      | 'module.unload'
  }
>

/** Rules, next-hop objects, tunnels and what else belongs to IP. */
function ipWords(op: IpOp | NfOp): Part[] {
  switch (op.op) {
    case 'route.flush-cache':
      return say`what was learned about routes is forgotten`
    case 'rule.add':
      return say`policy rule is added: ${mono(op.rule.action === 'lookup' ? `lookup ${op.rule.table}` : op.rule.action)}`
    case 'rule.del':
      return say`policy rule is removed`
    case 'rule.flush':
      return say`all policy rules but the first are removed`
    case 'nexthop.add':
    case 'nexthop.replace':
      return op.group.length > 0
        ? say`next-hop group ${op.id} has ${op.group.length} members`
        : say`next-hop object ${op.id} is set`
    case 'nexthop.del':
      return say`next-hop object ${op.id} is removed`
    case 'arp.send':
      return op.kind === 'request' ? say`asks who has ${ip(op.ip)}` : say`announces ${ip(op.ip)}`
    case 'tunnel.add':
    case 'tunnel.change':
      return say`tunnel ${mono(op.dev)}: ${ip(op.local)} → ${ip(op.remote)}`
    case 'link.del':
      return say`${mono(op.dev)} is removed`
    case 'module.load':
      return say`kernel module ${mono(op.name)} is loaded`
    case 'module.unload':
      return say`kernel module ${mono(op.name)} is removed`
    default:
      return nfWords(op)
  }
}

export const HOST_STATE: Record<'frozen' | 'thawed' | 'off' | 'on', string> = {
  frozen: 'frozen',
  thawed: 'running again',
  off: 'switched off',
  on: 'switched on',
}

/** `loss 10%, delay 5 ms`; nothing set = no faults. */
export function faultWords(f: LinkFaults): string {
  const words = [
    f.lossPercent > 0 && `loss ${f.lossPercent}%`,
    f.duplicatePercent > 0 && `duplicates ${f.duplicatePercent}%`,
    f.corruptPercent > 0 && `corruption ${f.corruptPercent}%`,
    f.reorderPercent > 0 && `reordering ${f.reorderPercent}%`,
    f.delayNs > 0 && `delay ${f.delayNs / 1e6} ms`,
    f.jitterNs > 0 && `jitter ${f.jitterNs / 1e6} ms`,
  ].filter((word) => word !== false)
  return words.length === 0 ? 'no faults' : words.join(', ')
}

type NfOp = Extract<NetlinkOp, { op: `nf.${string}` | `ct.${string}` }>

/** Filter tables and connection tracking. */
function nfWords(op: NfOp): Part[] {
  switch (op.op) {
    case 'nf.rule.add':
      return say`a rule is added to ${mono(`${op.table}/${op.chain}`)}`
    case 'nf.rule.replace':
      return say`rule ${op.at} of ${mono(`${op.table}/${op.chain}`)} is replaced`
    case 'nf.rule.del':
      return say`rule ${op.at} of ${mono(`${op.table}/${op.chain}`)} is removed`
    case 'nf.chain.add':
      return say`chain ${mono(`${op.table}/${op.chain}`)} is made`
    case 'nf.chain.del':
      return say`chain ${mono(`${op.table}/${op.chain}`)} is removed`
    case 'nf.chain.rename':
      return say`chain ${mono(`${op.table}/${op.chain}`)} is renamed to ${mono(op.to)}`
    case 'nf.policy':
      return say`policy of ${mono(`${op.table}/${op.chain}`)} is ${mono(op.policy)}`
    case 'nf.flush':
      return say`all rules of ${mono(op.chain === '' ? op.table : `${op.table}/${op.chain}`)} are removed`
    case 'nf.zero':
      return say`counters of ${mono(op.chain === '' ? op.table : `${op.table}/${op.chain}`)} are set to 0`
    case 'nf.table.del':
      return say`table ${mono(op.table)} is removed`
    case 'ct.flush':
      return say`all tracked connections are forgotten`
    case 'ct.del':
      return say`the tracked connection ${ip(op.tuple.src, op.tuple.sport)} → ${ip(op.tuple.dst, op.tuple.dport)} is forgotten`
  }
}
