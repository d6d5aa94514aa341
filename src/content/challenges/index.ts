import type { Challenge, TopicId } from '../challenge.ts'

/** Challenges of one topic; their text is loaded when it is needed. */
export interface ChallengeSet {
  topic: TopicId
  load: () => Promise<readonly Challenge[]>
}

export const CHALLENGES: readonly ChallengeSet[] = [
  { topic: 'ecmp', load: async () => (await import('./ecmp.ts')).ecmp },
  { topic: 'netfilter', load: async () => (await import('./netfilter.ts')).netfilter },
  { topic: 'dr', load: async () => (await import('./dr.ts')).dr },
  { topic: 'arp', load: async () => (await import('./arp.ts')).arp },
  { topic: 'nat', load: async () => (await import('./nat.ts')).nat },
  { topic: 'tun', load: async () => (await import('./tun.ts')).tun },
  { topic: 'fullnat', load: async () => (await import('./fullnat.ts')).fullnat },
  { topic: 'ipvs', load: async () => (await import('./ipvs.ts')).ipvs },
  { topic: 'ospf', load: async () => (await import('./ospf.ts')).ospf },
]

/** All challenges in the order of the list. */
export async function loadChallenges(): Promise<readonly Challenge[]> {
  return (await Promise.all(CHALLENGES.map((set) => set.load()))).flat()
}
