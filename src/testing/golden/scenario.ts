import type { Lab } from '../../core/lab/schema.ts'

/**
 * One recorded scenario: a lab, and what was done on it in one or more takes, one after the other on the same machines.
 * Each take has its own captures. What the daemons did in some recordings is stood in for: routes and virtual servers by
 * boot commands, a health check by a real `curl` from the load balancer, left out of the comparison on both sides.
 */
export interface GoldenScenario {
  id: string
  /** What it shows, in one line. */
  shows: string
  lab: Lab
  /** With which the choices that Linux draws at random come out as captured; found by make-seeds.ts. */
  seed?: number
  /** Pairs of addresses whose TCP is health checks. */
  health?: readonly (readonly [string, string])[]
  takes: readonly GoldenTake[]
}

export interface GoldenTake {
  /** Sub-folder of the recording; '' when there is only one take. */
  name: string
  /** Script before the captures are started. */
  before?: string
  /** Script after the caches were emptied, before the captures are started. */
  warm?: string
  /**
   * Who was known to whom before the captures were started: an entry of the second host for the first one. Caches were emptied
   * host after host, and what was still said meanwhile (confirmations of entries, answers to them) filled some again.
   */
  known?: readonly (readonly [string, string])[]
  /** Seconds after those of the first take that the captures were started, where what was left of earlier takes shows. */
  startedAt?: number
  /** Programs take as long as they did on the recorded machine (pace.ts): a rule that measures time showed. */
  paced?: boolean
  /** Frames take as long from host to host as they did there: round trips decided what TCP sends. */
  slowCables?: boolean
  /** Recorded commands before which the same host's neighbours were flushed, without a transcript. */
  flushBefore?: RegExp
  /** Script while they run; else the recorded commands at their recorded times. */
  script?: string
  /** X-Host of each request, in order: what the seed is searched for. */
  served?: readonly string[]
  /** Capture points that cannot be equal, with the reason; '*' is all of the take. */
  except?: Readonly<Record<string, string>>
  /** Recorded commands whose printed words cannot be equal, with the reason; found by their beginning. */
  unlike?: Readonly<Record<string, string>>
}

/** 'B9/DR-forward0', or the scenario's own id when it has one take only. */
export function takeId(scenario: GoldenScenario, take: GoldenTake): string {
  return take.name === '' ? scenario.id : `${scenario.id}/${take.name}`
}
