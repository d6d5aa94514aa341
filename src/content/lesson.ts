import type { HostId, Ip4 } from '../core/base/ids.ts'
import type { Cue } from '../core/sim/checks.ts'
import type { TraceRecord } from '../core/sim/trace.ts'

export type { Cue }

/**
 * Words at the leaves. Text marks: `**bold**`, `` `mono` ``, `{L1}` the plate of a host code or of the VIP (`{V}`),
 * `{ip:172.16.253.100}` an address with its owner's plate, `{term:ecmp}` a glossary word with its explanation.
 * A blank line begins a new paragraph.
 */
export interface L10n {
  en: string
  zh: string
}

/** What must be true for a step to be done. Counted over the notes since the step began. */
export type Check =
  | { kind: 'notes'; cue: Cue; min?: number; max?: number; text: L10n }
  /** A command's output holds `includes`; run on a copy, so it changes nothing. */
  | { kind: 'sh'; host: HostId; sh: string; includes: string; text: L10n }
  | { kind: 'facts'; holds: (facts: RunFacts) => boolean; text: L10n }

/** Summary of the notes since the step began: what questions, answers and checks look at. */
export interface RunFacts {
  records: readonly TraceRecord[]
  /** Connections each load balancer took on, by host. Hosts without any are absent. */
  byLb: Readonly<Record<HostId, number>>
  /** Requests each server answered, by host. */
  byServer: Readonly<Record<HostId, number>>
  /** Requests whose answer a client has received. */
  answered: number
  /** Multipath decisions in order: the next hop taken, the hash and the policy. */
  decisions: readonly { gateway: Ip4; hash: number; policy: number }[]
}

/** One command line typed on a host. */
export interface Command {
  host: HostId
  sh: string
}

export interface Choice {
  id: string
  text: L10n
  /** The mistaken idea behind it, for the learner's own statistics. */
  misconception?: string
  /** Shown after the reveal when this choice was taken: why it is so, or why not. */
  answer?: L10n
}

export interface Question {
  text: L10n
  choices: readonly Choice[]
  /** Id of the choice that the run has shown to be right; undefined when the run does not show it. */
  right: (facts: RunFacts) => string | undefined
  /** The note that shows it: linked from the reveal. Default: the last note of the run. */
  evidence?: Cue
  /** What the evidence says, in words. */
  because: L10n
}

/** Controls above the stage; a step shows only those it speaks of. */
export const KNOB_IDS = [
  'send',
  'mode',
  'policy',
  'weight',
  'cable',
  'scheduler',
  'arp_ignore',
  'arp_announce',
  'vip',
  'gateway',
  'ip_forward',
  'rp_filter',
  'mtu',
  'fault',
  'firewall',
  'power',
  'daemons',
] as const
export type KnobId = (typeof KNOB_IDS)[number]

/** What the stage and the inspector turn to when the step opens. */
export interface Focus {
  host?: HostId
  inspector?: 'packet' | 'host' | 'why'
  dock?: 'terminal' | 'packets' | 'charts' | 'log'
}

export interface Step {
  id: string
  title: L10n
  text: L10n
  knobs?: readonly KnobId[]
  /** Run when the question is locked in (or by "Run it" when there is none). The playhead stays before it. */
  run?: readonly Command[]
  /** Words of the button that starts `run` when there is no question. */
  runLabel?: L10n
  /** The reveal comes when the playhead has passed this note; default: the end of the run. */
  until?: Cue
  ask?: Question
  focus?: Focus
  /** A task of the learner's own: done when all hold. */
  expect?: readonly Check[]
  hint?: L10n
  /** What "Show me" does in a task. */
  show?: readonly Command[]
}

export interface Lesson {
  id: string
  title: L10n
  /** Place of the lesson in the mind map, and its number in the chapter. */
  chapter: { number: number; title: L10n }
  /** Id of a built-in lab. */
  lab: string
  /** Simulation seed; default: the lab's. */
  seed?: number
  /** One sentence for the way in. */
  summary: L10n
  /** Run once after the lab has booted, before the first step. */
  setup?: readonly Command[]
  steps: readonly Step[]
}
