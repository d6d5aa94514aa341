import type { RunFacts } from '../../lesson.ts'

/** Readings of a run that the questions of this lesson are judged by. */

/** Gateways taken, in order. */
export function turns(facts: RunFacts): number[] {
  return facts.decisions.map((d) => d.gateway)
}

/** Every decision took the same next hop. */
export function allSame(facts: RunFacts): boolean {
  const taken = turns(facts)
  return taken.length > 0 && taken.every((gateway) => gateway === taken[0])
}

/** Each decision took another next hop than the one before. */
export function takesTurns(facts: RunFacts): boolean {
  const taken = turns(facts)
  return taken.length > 1 && taken.every((gateway, i) => i === 0 || gateway !== taken[i - 1])
}

/** How many load balancers saw packets of one connection, at most. */
export function lbsPerConnection(facts: RunFacts): number {
  const seen = new Map<string, Set<string>>()
  for (const record of facts.records) {
    if (record.kind !== 'ipvs.conn') continue
    const key = `${record.cip}:${record.cport}`
    seen.set(key, (seen.get(key) ?? new Set()).add(record.host))
  }
  return Math.max(0, ...[...seen.values()].map((hosts) => hosts.size))
}

/** Connections of one source port differ in it; do their decisions carry one hash all the same? */
export function hashIgnoresPorts(facts: RunFacts): boolean {
  const ports = new Set<number>()
  const hashes = new Set<number>()
  for (const record of facts.records) {
    if (record.kind === 'ecmp') hashes.add(record.hash)
    if (record.kind === 'ipvs.conn') ports.add(record.cport)
  }
  return ports.size > 1 && hashes.size === 1
}

/** Source addresses of the decisions, each with the gateways it was sent to. */
export function gatewaysBySource(facts: RunFacts): Map<number, Set<number>> {
  const found = new Map<number, Set<number>>()
  for (const record of facts.records) {
    if (record.kind !== 'ecmp') continue
    const gateway = record.gateways[record.pick]
    if (gateway !== undefined) found.set(record.src, (found.get(record.src) ?? new Set()).add(gateway))
  }
  return found
}

/** Every source address always met the same next hop, and several addresses were used. */
export function sourceDecides(facts: RunFacts): boolean {
  const found = gatewaysBySource(facts)
  return found.size > 1 && [...found.values()].every((gateways) => gateways.size === 1)
}

/** Did a setting get this value, whoever typed it and however? */
export function hasSet(facts: RunFacts, key: string, value: string): boolean {
  return facts.records.some(
    (r) => r.kind === 'config' && r.op.op === 'sysctl' && r.op.key === key && r.op.value.trim() === value,
  )
}

/** Both load balancers took on connections, and every decision was made under this policy. */
export function bothUnderPolicy(facts: RunFacts, policy: number): boolean {
  const used = Object.values(facts.byLb).filter((n) => n > 0).length
  return used >= 2 && facts.decisions.length > 0 && facts.decisions.every((d) => d.policy === policy)
}
