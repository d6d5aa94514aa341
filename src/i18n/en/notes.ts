import { host, ip, mac, mono, type Part, say } from '../parts.ts'
import type { NoteWords } from '../words.ts'
import { configWords, faultWords, HOST_STATE, icmpName, policyFields, WHY_NEIGH } from './phrases.ts'

/** "all 0, ens33 1": the two places of a conf sysctl and the larger one. */
const effective = (name: string, n: { all: number; own: number; in: number }): Part =>
  mono(`${name} = max(all ${n.all}, interface ${n.own}) = ${n.in}`)

const VRRP_WHY = {
  init: '',
  timeout: ', no advertisement was heard in time',
  higher: ', another router has a higher priority',
  interface: ', because of a tracked interface',
  script: ', because of a tracked script',
  sync: ', together with its sync group',
} as const

const RIB_WHY = {
  only: '',
  connected: ': connected beats all others',
  distance: ': least administrative distance',
  metric: ': same distance, no larger metric',
} as const

const LSA_TYPE: Record<number, string | undefined> = { 1: 'router', 2: 'network', 5: 'external' }

const LSA_FATE = {
  originate: 'issues',
  install: 'learns',
  flush: 'takes back',
  refuse: 'ignores, as it comes within a second of the last',
  remove: 'forgets',
} as const

const OSPF_REFUSAL = {
  short: 'shorter than a header',
  version: 'not version 2',
  length: 'its length is wrong',
  type: 'no such packet type',
  body: 'its body does not fit its type',
  lsa: 'an LSA in it is broken',
  auth: 'authentication differs',
  checksum: 'wrong checksum',
  'no-interface': 'OSPF does not run on the sender’s subnet here',
  passive: 'the interface is passive',
  down: 'the interface is down for OSPF',
  'not-dr': 'meant for designated routers',
  area: 'another area',
  'unknown-neighbor': 'no Hello from this neighbour yet',
  mask: 'network masks differ',
  'dead-interval': 'dead intervals differ',
  'hello-interval': 'hello intervals differ',
  options: 'options differ',
  mtu: 'its MTU is larger than ours',
} as const

export const notes: NoteWords = {
  flight: (n) => {
    const to = n.to.flatMap((end, i): Part[] => (i === 0 ? [host(end.host)] : [', ', host(end.host)]))
    if (n.lost !== undefined) return say`frame ${n.frame} leaves ${mono(n.dev)} and is lost on the link`
    if (to.length === 0) return say`frame ${n.frame} leaves ${mono(n.dev)}; nobody receives it`
    return [...say`frame ${n.frame} leaves ${mono(n.dev)} towards `, ...to]
  },
  tx: (n) => say`frame ${n.frame} is handed to ${mono(n.dev)}`,
  rx: (n) =>
    n.pkt === 'otherhost'
      ? say`frame ${n.frame} comes in on ${mono(n.dev)}, but its MAC is another host's`
      : n.pkt === 'broadcast'
        ? say`broadcast frame ${n.frame} comes in on ${mono(n.dev)}`
        : say`frame ${n.frame} comes in on ${mono(n.dev)}`,
  link: (n) => say`${mono(n.dev)} is ${n.up ? 'up' : 'down'}${n.carrier ? '' : ', no carrier'}`,
  neigh: (n) => {
    const mac1: Part[] =
      n.mac === 0
        ? []
        : n.oldMac !== 0 && n.oldMac !== n.mac
          ? say` now ${mac(n.mac)}, was ${mac(n.oldMac)},`
          : say` at ${mac(n.mac)}`
    return [...say`neighbour ${ip(n.ip)}`, ...mac1, ...say`: ${n.from} → ${mono(n.to)} (${WHY_NEIGH[n.why]})`]
  },
  'neigh.queue': (n) => say`the MAC of ${ip(n.ip)} is not known yet: the packet waits (${n.waiting} waiting)`,
  'neigh.resolved': (n) => say`neighbour table: ${ip(n.ip)} is at ${mac(n.mac)} (${mono(n.state)})`,
  'arp.request': (n) => {
    const ask = n.unicast ? 'asks the known MAC again: who has ' : 'asks everyone: who has '
    const sender = say`${ask}${ip(n.target)}? Sender ${ip(n.sender)}`
    const from =
      n.sender === n.source
        ? say`, the packet's own source address`
        : say`, not the packet's source ${ip(n.source)}`
    return [
      ...sender,
      ...(n.source === 0 ? [] : from),
      ...say`; ${effective('arp_announce', { all: n.all, own: n.own, in: n.announce })}`,
    ]
  },
  'arp.reply': (n) =>
    say`answers ${ip(n.to)}: ${ip(n.target)} is here; ${effective('arp_ignore', { all: n.all, own: n.own, in: n.ignore })}`,
  'arp.ignored': (n) =>
    say`does not answer ${ip(n.from)} for ${ip(n.target)} on ${mono(n.owner)}; ${effective('arp_ignore', { all: n.all, own: n.own, in: n.ignore })}`,
  route: (n) => {
    if (n.found === 'none') return say`no route to ${ip(n.dst)}`
    if (n.found === 'local') return say`${ip(n.dst)} is an address of this host (table local): for us`
    if (n.found === 'broadcast' || n.found === 'multicast') return say`${ip(n.dst)} is a ${n.found} address`
    if (n.found !== 'unicast') return say`the route to ${ip(n.dst)} says ${mono(n.found)}`
    const rule = say`route to ${ip(n.dst)}: ${mono(formatNet(n.net, n.prefix))} `
    return [
      ...rule,
      ...(n.gateway === 0 ? say`on ${mono(n.dev)} directly` : say`via ${ip(n.gateway)} on ${mono(n.dev)}`),
    ]
  },
  ecmp: (n) => {
    const gateway = n.gateways[n.pick]
    const chosen = gateway === undefined ? mono(String(n.pick)) : ip(gateway)
    if (n.bySource)
      return say`ECMP: the source address belongs to the interface of ${chosen}, so that next hop is preferred`
    const port = n.randomPort ? ' (the port was not chosen yet: a random number stands for it)' : ''
    return say`ECMP, policy ${n.policy}: hash of ${policyFields(n.policy)}${port} = ${mono(String(n.hash))}, so next hop ${n.pick + 1} of ${n.gateways.length}: ${chosen}`
  },
  'arp.announce': (n) => say`announces to everyone: ${ip(n.ip)} is here, on ${mono(n.dev)}`,
  'arp.proxy': (n) =>
    say`answers ${ip(n.to)} in place of ${ip(n.target)}, which lies behind ${mono(n.by)} (proxy_arp)`,
  'redirect.sent': (n) =>
    say`${ip(n.to)} could send to ${ip(n.dst)} without us: ICMP redirect, the better gateway is ${ip(n.gateway)}`,
  'redirect.ignored': (n) =>
    say`redirect from ${ip(n.from)} is not believed: ${ip(n.dst)} by way of ${ip(n.gateway)}`,
  'route.cache': (n) => {
    if (n.why === 'expired') return say`what was learned about the way to ${ip(n.dst)} has expired`
    if (n.why === 'redirect')
      return say`from now on ${ip(n.dst)} is reached by way of ${ip(n.gateway)} (redirect)`
    return say`path MTU to ${ip(n.dst)} is ${n.mtu} from now on`
  },
  martian: (n) => say`kernel log: martian source ${ip(n.dst)} from ${ip(n.src)}, on dev ${mono(n.dev)}`,
  'ip.fragment': (n) =>
    say`packet of ${n.length} bytes is cut into ${n.pieces} fragments, the MTU of ${mono(n.dev)} is ${n.mtu}`,
  'ip.reassembled': (n) => say`the last of ${n.pieces} fragments is there: a packet of ${n.length} bytes`,
  tunnel: (n) =>
    n.way === 'in'
      ? say`outer header ${ip(n.src)} → ${ip(n.dst)} is taken off; the inner packet comes in on ${mono(n.dev)}`
      : say`${mono(n.dev)} puts an outer header in front: ${ip(n.src)} → ${ip(n.dst)}, TTL ${n.ttl}`,
  forward: (n) => say`not for us: forwarded, TTL ${n.ttlIn} → ${n.ttlOut}, out of ${mono(n.dev)}`,
  hook: (n) =>
    say`hook ${mono(n.point)}: ${n.by === '' ? '' : mono(n.by)}${n.by === '' ? '' : ' says '}${mono(n.verdict)}`,
  'nf.rule': (n) =>
    n.rule === 0
      ? say`${mono(`${n.table}/${n.chain}`)}: no rule decides, the policy is ${mono(n.target)}`
      : say`${mono(`${n.table}/${n.chain}`)}: rule ${n.rule} fits, ${mono(n.target)}`,
  'nf.log': (n) => say`kernel log: ${mono(n.line)}`,
  conntrack: (n) => {
    const who: Part[] = [ip(n.src, n.sport), ' → ', ip(n.dst, n.dport)]
    const state: Part[] = n.from === n.to ? [] : say`, ${n.from} → ${mono(n.to)}`
    if (n.info === 'INVALID') return [...say`connection tracking: ${mono('INVALID')}, `, ...who]
    const way = n.dir === 'reply' ? ', a reply' : ''
    return [...say`connection tracking: ${mono(n.info)}${way}, `, ...who, ...state]
  },
  nat: (n) =>
    n.manip === 'src'
      ? say`NAT: from now on the source ${ip(n.from, n.fromPort)} of this connection becomes ${ip(n.to, n.toPort)}`
      : say`NAT: from now on the destination ${ip(n.from, n.fromPort)} of this connection becomes ${ip(n.to, n.toPort)}`,
  'ipvs.conn': (n) =>
    n.found
      ? say`IPVS knows the connection ${ip(n.cip, n.cport)} → ${ip(n.vip, n.vport)}: to ${ip(n.dip, n.dport)}, ${n.oldState === n.state ? '' : `${n.oldState} → `}${mono(n.state)}`
      : say`IPVS opens a connection entry ${ip(n.cip, n.cport)} → ${ip(n.vip, n.vport)} → ${ip(n.dip, n.dport)}, ${mono(n.state)}`,
  'ipvs.pick': (n) =>
    say`IPVS service ${ip(n.vip, n.vport)} matches; ${mono(n.scheduler)} picks ${ip(n.dip, n.dport)}, weight ${n.weight}, of ${n.candidates}`,
  'ipvs.xmit': (n) =>
    n.mode === 'dr'
      ? say`method DR: both IP addresses stay, only the frame goes to ${ip(n.dip)}; TTL ${n.ttlIn} → ${n.ttlOut}`
      : say`method ${mono(n.mode)}: sent on to ${ip(n.dip)}; TTL ${n.ttlIn} → ${n.ttlOut}`,
  'ipvs.reply': (n) =>
    n.mode === 'nat' || n.mode === 'fullnat'
      ? say`an answer of ${ip(n.dip, n.dport)}: IPVS puts ${ip(n.vip, n.vport)} back as its source, ${n.oldState === n.state ? '' : `${n.oldState} → `}${mono(n.state)}`
      : say`an answer of ${ip(n.dip, n.dport)} passes by, ${n.oldState === n.state ? '' : `${n.oldState} → `}${mono(n.state)}`,
  'ipvs.local': (n) =>
    n.way === 'in'
      ? say`FULLNAT: ${ip(n.lip, n.lport)} stands for the client ${ip(n.cip, n.cport)}, which becomes the destination`
      : say`FULLNAT: the source ${ip(n.cip, n.cport)} becomes ${ip(n.lip, n.lport)}${n.toa ? '; the client travels along as TCP option 254' : ''}`,
  'ipvs.sync': (n) =>
    n.way === 'out'
      ? say`tells the other directors of ${ip(n.cip, n.cport)} → ${ip(n.vip, n.vport)} → ${ip(n.dip, n.dport)}`
      : say`learns from another director: ${ip(n.cip, n.cport)} → ${ip(n.vip, n.vport)} → ${ip(n.dip, n.dport)}`,
  'ipvs.expire': (n) => say`IPVS forgets the connection ${ip(n.cip, n.cport)} → ${ip(n.vip, n.vport)}`,
  icmp: (n) =>
    n.why === 'in'
      ? say`ICMP ${icmpName(n.type, n.code)} comes in`
      : say`sends ICMP ${icmpName(n.type, n.code)} to ${ip(n.to)} (${n.why})`,
  'tcp.state': (n) =>
    say`TCP ${ip(n.laddr, n.lport)} ↔ ${ip(n.raddr, n.rport)}: ${n.from} → ${mono(n.to)}${n.why === '' ? '' : ` (${n.why})`}`,
  'tcp.send': (n) =>
    say`TCP sends ${mono(n.what)}, seq ${n.seq}, ack ${n.ack}${n.length > 0 ? `, ${n.length} bytes` : ''}`,
  'tcp.rexmit': (n) =>
    say`no answer in time: TCP sends again, attempt ${n.attempt}, timeout now ${Math.round(n.rtoNs / 1e6)} ms`,
  'proc.start': (n) => say`program ${n.pid} starts: ${mono(n.argv.join(' '))}`,
  'proc.exit': (n) => say`program ${n.pid} ends with status ${n.status}`,
  stdout: (n) => say`${n.err ? 'prints on stderr' : 'prints'}: ${mono(n.text.trimEnd())}`,
  health: (n) =>
    n.up
      ? say`the ${n.why === 'http' ? 'HTTP' : n.why === 'tcp' ? 'TCP' : 'ping'} check of ${mono(n.server)} succeeds again`
      : say`the ${n.why === 'http' ? 'HTTP' : n.why === 'tcp' ? 'TCP' : 'ping'} check of ${mono(n.server)} fails`,
  quorum: (n) =>
    n.up
      ? say`${mono(n.service)} gains its quorum: live real servers weigh ${n.weight}, ${n.quorum} are needed`
      : say`${mono(n.service)} loses its quorum: live real servers weigh ${n.weight}, ${n.quorum} are needed`,
  vrrp: (n) =>
    say`VRRP ${mono(n.instance)} (virtual router ${n.vrid}, priority ${n.priority}): ${mono(n.from)} → ${mono(n.to)}${VRRP_WHY[n.why]}`,
  journal: (n) => say`${mono(n.ident)} writes in the journal: ${mono(n.text)}`,
  'ospf.neighbor': (n) =>
    say`OSPF neighbour ${ip(n.id)} on ${mono(n.dev)}: ${n.from} → ${mono(n.to)} (${mono(n.why)})`,
  'ospf.interface': (n) => {
    const dr = n.dr === 0 ? say`no designated router yet` : say`designated router ${ip(n.dr)}`
    const bdr = n.bdr === 0 ? [] : say`, backup ${ip(n.bdr)}`
    return [...say`OSPF on ${mono(n.dev)}: ${n.from} → ${mono(n.to)}; `, ...dr, ...bdr]
  },
  'ospf.lsa': (n) =>
    say`${LSA_FATE[n.what]}: ${LSA_TYPE[n.type] ?? `type ${n.type}`} LSA ${ip(n.id)} by ${ip(n.adv)}, sequence ${mono(`0x${n.seq.toString(16)}`)}`,
  'ospf.spf': (n) => say`shortest paths worked out: ${n.vertices} vertices, ${n.routes} routes (${n.why})`,
  'ospf.refused': (n) =>
    say`OSPF packet from ${ip(n.from)} on ${mono(n.dev)} not taken: ${OSPF_REFUSAL[n.why]}`,
  netlink: (n) => [...say`${mono(n.program)} tells the kernel: `, ...configWords(n.op)],
  rib: (n) => {
    const net = mono(formatNet(n.dst, n.prefix))
    if (n.why === 'gone') return say`zebra has no route to ${net} any more`
    const hops = n.hops
      .map((hop) => (hop.gateway === 0 ? hop.dev : formatNet(hop.gateway, 32).slice(0, -3)))
      .join(', ')
    return say`zebra chooses the ${mono(n.from)} route to ${net}, [${n.distance}/${n.metric}] via ${mono(hops)}${RIB_WHY[n.why]}`
  },
  request: (n) =>
    n.role === 'client'
      ? say`the client has its answer: ${mono(`${n.method} ${n.path}`)} from ${ip(n.peer, n.peerPort)}, status ${n.status}`
      : say`the server answers ${mono(`${n.method} ${n.path}`)} for ${ip(n.peer, n.peerPort)}, status ${n.status}`,
  command: (n) => say`command ${mono(n.line)}${n.status === 0 ? '' : ` failed with status ${n.status}`}`,
  config: (n) => configWords(n.op),
  fault: (n) =>
    say`link of ${mono(n.dev)}, ${n.way === 'in' ? 'inwards' : 'outwards'}: ${faultWords(n.faults)}`,
  host: (n) => say`the host is ${HOST_STATE[n.state]}`,
  cable: (n) => say`cable of ${mono(n.dev)} ${n.plugged ? 'put in' : 'taken out'}`,
  drop: (n) => say`frame ${n.frame} is dropped: ${mono(n.why)}${n.detail === '' ? '' : `, ${n.detail}`}`,
  limit: (n) => say`limit of the simulation reached: ${n.what}, ${n.value}`,
}

function formatNet(net: number, prefix: number): string {
  return prefix === 0
    ? 'default'
    : `${net >>> 24}.${(net >>> 16) & 255}.${(net >>> 8) & 255}.${net & 255}/${prefix}`
}
