import type { Cell, CellPair, FlagKind, FlagModel, Ring } from '../flag/model.ts'
import type { HostStatus, StageHost, StageModel } from '../stage/model.ts'

/** Hand-made models for the specimen sheet: addresses of the course lab, words in English or Chinese. */
export function cell(code: string, sub = '', ring?: Ring, old?: string): Cell {
  return { code, sub, ...(ring && { ring }), ...(old !== undefined && { old }) }
}

export function flagOf(
  kind: FlagKind,
  label: string,
  codes: readonly [string, string, string, string],
): FlagModel {
  const [a, b, c, d] = codes.map((code) => cell(code)) as [Cell, Cell, Cell, Cell]
  return { kind, label, mac: [a, b], ip: [c, d], ariaLabel: `${label}: ${codes.join(' ')}` }
}

export const KINDS: readonly (readonly [FlagModel, string])[] = [
  [flagOf('syn', 'SYN', ['R', 'L1', 'C', 'V']), 'opens'],
  [flagOf('synack', 'SYN,ACK', ['S1', 'R', 'V', 'C']), 'opens and answers'],
  [flagOf('ack', 'ACK', ['R', 'L1', 'C', 'V']), 'carries nothing'],
  [flagOf('data', 'GET /', ['R', 'L1', 'C', 'V']), 'carries data, named'],
  [flagOf('fin', 'FIN', ['R', 'L1', 'C', 'V']), 'closes'],
  [flagOf('rst', 'RST', ['R', 'L1', 'C', 'V']), 'breaks off'],
  [flagOf('arp', 'ARP', ['S2', 'X', 'V', 'R']), 'sender, asked for'],
  [flagOf('icmp', 'ICMP', ['L1', 'S1', 'L1', 'S1']), 'round left end'],
  [flagOf('ospf', 'Hello', ['L1', 'X', 'L1', 'X']), 'cut corners'],
]

const INNER: CellPair = [cell('C', '.10'), cell('V', '.100')]
export const TUNNEL: FlagModel = { ...flagOf('syn', 'SYN', ['L1', 'S1', 'L1', 'S1']), inner: INNER }

/** The SYN as LB1 sends it on in DR mode (golden A1, frame 25). */
export const SYN_OUT: FlagModel = {
  kind: 'syn',
  label: 'SYN',
  mac: [cell('L1', '31:01:31', 'hop', 'R'), cell('S1', '30:01:30', 'decision', 'L1')],
  ip: [cell('R', '.135'), cell('V', '.100')],
  ttl: { value: 63, old: 64 },
  ariaLabel: 'SYN, frame from LB1 to server1, packet from router to VIP, TTL 63; changed: MAC to, was LB1',
}

const ARP_ZH: FlagModel = {
  kind: 'arp',
  label: 'ARP\n请求',
  mac: [cell('S2', 'ad:61:36'), cell('X', 'ff:ff:ff')],
  ip: [cell('V', '.100', 'decision'), cell('R', '.135')],
  ariaLabel: 'ARP 请求',
}

interface Words {
  role: (code: string) => string
  state: (code: string) => string
}

const EN: Words = {
  role: (code) =>
    code === 'R'
      ? 'ECMP, ospfd; runs curl'
      : code.startsWith('L')
        ? 'director · IPVS, ospfd'
        : `nginx, X-Host: ${code}`,
  state: (code) =>
    code === 'R' ? 'policy 1 → LB1 for this flow' : code.startsWith('L') ? `DR, rr → S${code.slice(1)}:8080 weight 10` : 'accepts V: it is on lo', // prettier-ignore
}

const ZH: Words = {
  role: (code) =>
    code === 'R' ? '没有 VIP 的路由，只能问 ARP' : code.startsWith('L') ? '调度器 IPVS' : 'nginx',
  state: (code) => (code.startsWith('L') ? `DR 模式，轮询 → S${code.slice(1)}` : 'lo 上有 V，收下'),
}

const NAMES: Readonly<Record<string, string>> = { R: 'router', L1: 'LB1', L2: 'LB2', S1: 'server1', S2: 'server2', C: 'client' } // prettier-ignore
const ADDRESSES: Readonly<Record<string, string>> = { R: '172.16.253.135', L1: '172.16.253.131', L2: '172.16.253.129', S1: '172.16.253.130', S2: '172.16.253.134', C: '10.0.0.10' } // prettier-ignore
const PLACES: Readonly<Record<string, readonly [number, number]>> = { L1: [24, 24], R: [288, 24], L2: [552, 24], S1: [24, 412], S2: [552, 412] } // prettier-ignore

export function sampleHost(code: string, status: HostStatus, words: Words = EN): StageHost {
  const vip = { label: 'lo', address: '172.16.253.100', owner: 'V' }
  const own = {
    label: 'ens33',
    address: ADDRESSES[code] ?? `172.16.253.${code.charCodeAt(1) + 100}`,
    owner: code,
  }
  return {
    id: code,
    code,
    name: NAMES[code] ?? code,
    role: words.role(code),
    at: PLACES[code] ?? [0, 0],
    status,
    rows: code === 'R' ? [own, { label: 'V/32', address: 'via .131', owner: 'L1' }] : [own, vip],
    state: words.state(code),
    ports: [{ dev: 'ens33', segment: 'lan', up: status !== 'down' }],
    ariaLabel: NAMES[code] ?? code,
  }
}

const CAPTIONS = ['MAC from', 'MAC to', 'IP from', 'IP to'] as const
const port = (host: string): { host: string; dev: string } => ({ host, dev: 'ens33' })

/** The step "the director sends it on", as in the design. */
export function directStage(width: number, height: number): StageModel {
  const hosts = ['L1', 'R', 'L2', 'S1', 'S2'].map((code) =>
    sampleHost(code, code === 'L1' ? 'active' : 'dimmed'),
  )
  return {
    width,
    height,
    hosts: hosts.map((host) => (host.code === 'L1' ? { ...host, hooks: HOOKS } : host)),
    segments: [{ id: 'lan', label: 'LAN 172.16.253.0/24' }],
    way: [{ from: port('R'), to: [port('L1')] }],
    packet: {
      flag: SYN_OUT,
      at: port('S1'),
      callout: {
        field: 'macTo',
        title: 'LB1 put server1’s MAC here. Both IP addresses stay.',
        text: 'TTL −1 and the new MAC source are ordinary: every hop does that, and IPVS is a hop.',
      },
    },
    flights: [],
    captions: CAPTIONS,
    arpCaptions: ['MAC from', 'MAC to', 'sender IP', 'asks for'],
    ariaLabel: 'Course lab',
  }
}

export const HOOKS = [
  { name: 'PRE', state: 'done' },
  { name: 'IN', state: 'done' },
  { name: 'FWD', state: 'skip' },
  { name: 'OUT', state: 'done' },
  { name: 'POST', state: 'now' },
] as const

/** "ARP requests announce an address too", with the router's neighbour table grown out of its card. */
export function arpStage(width: number, height: number): StageModel {
  const hosts = ['L1', 'R', 'L2', 'S1', 'S2'].map((code): StageHost => {
    const host = sampleHost(code, code === 'R' || code === 'S2' ? 'active' : 'dimmed', ZH)
    return code === 'R' ? { ...host, rows: host.rows.slice(0, 1), table: NEIGH_ZH } : host
  })
  const everyone = ['L1', 'L2', 'S1'].map((host) => ({ ...port(host), taken: false }))
  return {
    ...directStage(width, height),
    hosts,
    segments: [{ id: 'lan', label: '局域网 172.16.253.0/24，广播', broadcast: true }],
    way: [{ from: port('S2'), to: [...everyone, port('R')] }],
    packet: {
      flag: ARP_ZH,
      at: port('S2'),
      callout: {
        field: 'ipFrom',
        title: '发送方写成了 VIP：arp_announce 实际为 0',
        text: '于是路由器认定 VIP 在 server2 上，后面的包绕过 LB2，直达 server2。',
      },
    },
    arpCaptions: ['源 MAC', '目的 MAC', '发送方 IP', '要问的 IP'],
  }
}

const NEIGH_ZH = {
  title: '邻居表',
  command: 'ip neigh',
  rows: [
    { address: '172.16.253.100', owner: 'V', note: 'STALE', strong: true },
    { address: '00:0c:29:df:3c:cc', owner: 'L2', note: '原来的值', mark: 'old' },
    { address: '00:0c:29:ad:61:36', owner: 'S2', note: '刚写入', mark: 'new' },
  ],
} as const

/** "The director wraps it": the outer pair is new, the inner one as the client wrote it. */
export function tunnelStage(width: number, height: number): StageModel {
  const model = directStage(width, height)
  return {
    ...model,
    packet: {
      flag: {
        ...SYN_OUT,
        mac: [SYN_OUT.mac[0], cell('S1', '30:01:30', 'hop', 'L1')],
        ip: [cell('L1', '.131', 'decision'), cell('S1', '.130', 'decision')],
        inner: [cell('R', '.135'), cell('V', '.100')],
      },
      at: port('S1'),
      callout: {
        field: 'outer',
        title: 'LB1 wrapped the packet into another one, to server1.',
        text: 'Inside, both IP addresses are as the client wrote them.',
      },
    },
    tunnelCaptions: ['MAC from', 'MAC to', 'outer from', 'outer to', 'inner from', 'inner to'],
  }
}

/** Twelve hosts: the cards become compact. */
export function crowdedStage(width: number, height: number): StageModel {
  const codes = ['C', 'R', 'L1', 'L2', 'L3', 'L5', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6']
  const hosts = codes.map((code, i): StageHost => {
    const status = code === 'S3' ? 'down' : ['R', 'L3'].includes(code) ? 'active' : 'normal'
    return { ...sampleHost(code, status), at: [24 + (i % 6) * 122, i < 6 ? 24 : 412] }
  })
  return {
    ...directStage(width, height),
    hosts,
    way: [{ from: port('R'), to: [port('L3')] }],
    packet: {
      flag: { ...SYN_OUT, mac: [cell('R', '35:01:35'), cell('L3', '33:01:33', 'decision')] },
      at: port('L3'),
    },
  }
}
