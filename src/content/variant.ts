import type { Challenge } from './challenge.ts'

/** The course's own numbers, under which challenges are written. */
const NET = '172.16.253'
/** Last numbers of hosts that a variant gives anew; clients' extra addresses (.200 and up) keep theirs. */
const HOSTS = [100, 129, 130, 131, 134, 135]
const SIDES: readonly (readonly [string, string])[] = [
  ['LB1', 'LB2'],
  ['server1', 'server2'],
  ['{L1}', '{L2}'],
  ['{S1}', '{S2}'],
  [`${NET}.131`, `${NET}.129`],
  [`${NET}.130`, `${NET}.134`],
  ['00:0c:29:31:01:31', '00:0c:29:df:3c:cc'],
  ['00:0c:29:30:01:30', '00:0c:29:ad:61:36'],
]

/** How a text written for the course's lab reads in a variant. */
export interface Variant {
  /** The same fault on the other side: load balancers and servers change places. For what is written about a challenge. */
  mirrored: (text: string) => string
  /** Other addresses. For everything, the lab too. */
  renumbered: (text: string) => string
}

/**
 * Variant by number. 0 is the challenge as it was written; odd numbers put the fault on the other side. Subnet and last
 * numbers follow from the number alone, so an address in a link shows the same task to everybody.
 */
export function variantOf(seed: number): Variant {
  if (seed === 0) return { mirrored: (text) => text, renumbered: (text) => text }
  const net = `10.${20 + (seed % 97)}.${(seed * 7) % 251}`
  const last = new Map(HOSTS.map((host, i) => [host, 11 + ((seed * 13 + i * 29) % 174)]))
  const renumbered = (text: string): string =>
    text.replace(/172\.16\.253\.(\d+)/g, (_, host: string) => `${net}.${last.get(Number(host)) ?? host}`)
  return { mirrored: seed % 2 === 1 ? mirror : (text) => text, renumbered }
}

function mirror(text: string): string {
  const other = new Map(SIDES.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]))
  const names = [...other.keys()].map((name) => name.replace(/[{}.]/g, String.raw`\$&`))
  return text.replace(new RegExp(`(?:${names.join('|')})(?![0-9])`, 'g'), (name) => other.get(name) ?? name)
}

/** A challenge in a variant. */
export function inVariant(challenge: Challenge, variant: Variant): Challenge {
  const { id, topic } = challenge
  const text = variant.renumbered(variant.mirrored(JSON.stringify(challenge)))
  return { ...(JSON.parse(text) as Challenge), id, topic }
}
