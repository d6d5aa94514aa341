import type { Ip4 } from '../../../base/ids.ts'

/** Tables of rules as iptables knows them. All of it is JSON-shaped; a rule's `spec` is never written after it was made. */

/** The five hooks; notes use the same words. */
type Hook = 'PREROUTING' | 'LOCAL_IN' | 'FORWARD' | 'LOCAL_OUT' | 'POSTROUTING'

export type TableName = 'raw' | 'mangle' | 'nat' | 'filter'

export interface Address {
  ip: Ip4
  mask: number
  not: boolean
}

/** An interface name; a `+` at its end stands for any ending. */
export interface Interface {
  name: string
  not: boolean
}

/** Ports `from`..`to`, both included. */
export interface Ports {
  from: number
  to: number
}

type Negatable = { not: boolean }

export type CtStateName = 'INVALID' | 'NEW' | 'RELATED' | 'ESTABLISHED' | 'UNTRACKED' | 'SNAT' | 'DNAT'
export type AddrKind = 'UNSPEC' | 'UNICAST' | 'LOCAL' | 'BROADCAST' | 'MULTICAST'

/** Extensions of a rule (`-m NAME`), in the order in which they were given. */
export type Match =
  | {
      m: 'tcp'
      sport?: Ports & Negatable
      dport?: Ports & Negatable
      flags?: { mask: number; comp: number } & Negatable
    }
  | { m: 'udp'; sport?: Ports & Negatable; dport?: Ports & Negatable }
  /** `type` 255 = any. */
  | ({ m: 'icmp'; type: number; codeFrom: number; codeTo: number } & Negatable)
  | ({ m: 'state' | 'conntrack'; states: CtStateName[] } & Negatable)
  | ({ m: 'mark'; mark: number; mask: number } & Negatable)
  | ({ m: 'multiport'; side: 'sports' | 'dports' | 'ports'; ports: Ports[] } & Negatable)
  /** `per` second, minute, hour or day. */
  | { m: 'limit'; count: number; per: 'sec' | 'min' | 'hour' | 'day'; burst: number }
  | { m: 'comment'; text: string }
  | { m: 'addrtype'; src?: { kinds: AddrKind[] } & Negatable; dst?: { kinds: AddrKind[] } & Negatable }
  | {
      m: 'ipvs'
      /** Handled by IPVS at all. */
      ipvs?: Negatable
      vproto?: { proto: number } & Negatable
      vaddr?: Address
      vport?: { port: number } & Negatable
      vdir?: { reply: boolean } & Negatable
      vmethod?: { method: 'GATE' | 'IPIP' | 'MASQ' } & Negatable
    }

export const REJECT_KINDS = [
  'icmp-net-unreachable',
  'icmp-host-unreachable',
  'icmp-proto-unreachable',
  'icmp-port-unreachable',
  'icmp-net-prohibited',
  'icmp-host-prohibited',
  'icmp-admin-prohibited',
  'tcp-reset',
] as const
export type RejectKind = (typeof REJECT_KINDS)[number]

/** Where a NAT target leads. `to` 0 = the address stays; `portFrom` 0 = the port stays if it can. */
export interface NatTo {
  from: Ip4
  to: Ip4
  portFrom: number
  portTo: number
  random: boolean
}

export type Target =
  | { t: 'ACCEPT' | 'DROP' | 'RETURN' }
  | { t: 'jump'; chain: string }
  | { t: 'goto'; chain: string }
  | { t: 'REJECT'; kind: RejectKind }
  | { t: 'LOG'; prefix: string; level: number; flags: number }
  /** mark = (mark & ~mask) ^ value. */
  | { t: 'MARK'; value: number; mask: number }
  | { t: 'SNAT' | 'DNAT' | 'MASQUERADE' | 'REDIRECT'; to: NatTo }
  | { t: 'NOTRACK' | 'CT' }
  /** 0 = clamp to the path's MTU. */
  | { t: 'TCPMSS'; mss: number }

export interface RuleSpec {
  src?: Address
  dst?: Address
  in?: Interface
  out?: Interface
  /** 0 = any. */
  proto?: { proto: number; not: boolean }
  /** `-f`: second and further fragments. */
  fragment?: { not: boolean }
  matches: Match[]
  /** null: the rule only counts. */
  target: Target | null
}

export interface Rule {
  spec: RuleSpec
  packets: number
  bytes: number
  /** Of a `limit` match: credit left and when it was counted (ns); -1 = not used yet. */
  creditNs: number
  creditAt: number
}

export interface Chain {
  name: string
  /** Hook it is called from; '' = a chain of the user. */
  hook: Hook | ''
  policy: 'ACCEPT' | 'DROP'
  /** Packets that came to the policy are counted: from the first `-P` or `-Z` on, as nf_tables does. */
  counted: boolean
  /** It has had a rule or a policy: iptables on nf_tables makes a built-in chain only then, and shows the others all the same. */
  made: boolean
  packets: number
  bytes: number
  rules: Rule[]
}

export interface Table {
  /** Built-in chains first, then the user's in order of birth. */
  chains: Chain[]
}

/** Hooks that a host has in use; a function with a bit of these runs only where it is set. */
export const NF_RAW = 1
export const NF_MANGLE = 2
export const NF_NAT = 4
export const NF_FILTER = 8
export const NF_CONNTRACK = 16

export interface Nf {
  tables: Partial<Record<TableName, Table>>
  /** NF_ bits: tables that exist, and connection tracking if a rule refers to it. */
  active: number
}
