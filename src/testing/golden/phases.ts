/**
 * When the captures of a take were started, in milliseconds after the counters of IPVS were last added up. That happens
 * every two seconds from boot on, so it is random, as a seed is; found by make-seeds.ts. A listing of counters lacks what
 * came after the last time.
 */
export const PHASES: Readonly<Record<string, number>> = {
  B14: 900,
  'B4/same-subnet-default': 400,
  'B4/servers-host-route-via-lb': 1200,
  'B6/no-ipip-module': 400,
  'B7/default': 0,
  'B7/icmp-lost': 1400,
  'B9/DR-forward1': 0,
  'B9/FULLNAT-forward1': 0,
  'B9/TUN-forward0': 1600,
}
