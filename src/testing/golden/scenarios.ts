import { COURSE_SCENARIOS } from './course.ts'
import { DR_SCENARIOS, FULLNAT_SCENARIOS, NAT_SCENARIOS } from './outside.ts'
import { ARP_SCENARIO, COUNTS_SCENARIO, HOOKS_SCENARIO } from './tables.ts'
import { MODES_SCENARIO, TUN_SCENARIOS } from './tunnels.ts'
import type { GoldenScenario } from './scenario.ts'

/** Every recorded scenario of the data plane. B13 (schedulers) is held by the tests of the schedulers themselves. */
export const SCENARIOS: readonly GoldenScenario[] = [
  ...COURSE_SCENARIOS,
  ...DR_SCENARIOS,
  ...NAT_SCENARIOS,
  ...TUN_SCENARIOS,
  ...FULLNAT_SCENARIOS,
  MODES_SCENARIO,
  ARP_SCENARIO,
  HOOKS_SCENARIO,
  COUNTS_SCENARIO,
]
