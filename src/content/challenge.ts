import type { HostId } from '../core/base/ids.ts'
import type { TraceRecord } from '../core/sim/trace.ts'
import type { Command, L10n } from './lesson.ts'

/** Why a packet was lost. */
export type DropReason = Extract<TraceRecord, { kind: 'drop' }>['why']

/** Branches of the list of challenges, in the order of the course. */
export const TOPIC_IDS = ['ecmp', 'netfilter', 'dr', 'arp', 'nat', 'tun', 'fullnat', 'ipvs', 'ospf'] as const
export type TopicId = (typeof TOPIC_IDS)[number]

/** Labs that challenges are set in: see `challenge-lab.ts`. */
export type ChallengeLab = 'course-static' | 'course' | 'outside'

/**
 * What must be true of the notes of a check, however it was reached: outcomes, never the text of a configuration.
 * Addresses are those of the course's lab; `variant.ts` gives them other numbers.
 */
export type Goal =
  /** Every request of the check was answered with status 200. */
  | { kind: 'answered'; of: number; text: L10n }
  /** Each of these hosts answered at least so many requests. */
  | { kind: 'servers'; hosts: readonly HostId[]; least: number; text: L10n }
  /** Each of these load balancers took on at least so many connections; none but these took any. */
  | { kind: 'balancers'; hosts: readonly HostId[]; least: number; text: L10n }
  /** No request reached a server past the load balancers. */
  | { kind: 'balanced'; text: L10n }
  /** ARP was asked for this address, and only these hosts answered. */
  | { kind: 'arp'; ip: string; hosts: readonly HostId[]; text: L10n }
  /** No neighbour table of this host ever got another MAC for the address than that of the owner given. */
  | { kind: 'neighbour'; host: HostId; ip: string; mac: string; text: L10n }
  /** The servers saw requests from this address only. */
  | { kind: 'source'; ip: string; text: L10n }
  /** No packet was lost for one of these reasons. */
  | { kind: 'kept'; why: readonly DropReason[]; text: L10n }
  /** Nothing had to be sent twice. */
  | { kind: 'prompt'; text: L10n }
  /** The router decided with this hash policy, each time. */
  | { kind: 'policy'; policy: number; text: L10n }

/** A change that looks right and is not: the check must refuse it. */
export interface WrongSolution {
  commands: readonly Command[]
  why: L10n
}

/** One fault in a lab, to be found and mended. Plain data, so that a variant can be made of it. */
export interface Challenge {
  id: string
  topic: TopicId
  /** 1: one look finds it; 2: two things must be put together; 3: what is seen misleads. */
  level: 1 | 2 | 3
  title: L10n
  /** What is seen, and what shall be reached; never the cause. */
  task: L10n
  lab: ChallengeLab
  /** Typed while the lab boots, after the hosts' own lines: what this lab is set up for, then the fault. */
  boot: readonly Command[]
  /** What the check types, in the lab as the learner has left it. */
  check: readonly Command[]
  goals: readonly Goal[]
  /** Where to look, what to compare, what it is. */
  hints: readonly [L10n, L10n, L10n]
  solution: readonly Command[]
  wrong: readonly WrongSolution[]
  /** What it was, when it is done. */
  debrief: L10n
}
