/** Texts of iputils for what comes back, and numbers as it prints them. */

const UNREACHABLE: readonly string[] = [
  'Destination Net Unreachable',
  'Destination Host Unreachable',
  'Destination Protocol Unreachable',
  'Destination Port Unreachable',
  'Frag needed and DF set',
  'Source Route Failed',
  'Destination Net Unknown',
  'Destination Host Unknown',
  'Source Host Isolated',
  'Destination Net Prohibited',
  'Destination Host Prohibited',
  'Destination Net Unreachable for Type of Service',
  'Destination Host Unreachable for Type of Service',
  'Packet filtered',
  'Precedence Violation',
  'Precedence Cutoff',
]

/** Words for an ICMP error (pr_icmph). `mtu` belongs to "fragmentation needed". */
export function errorText(type: number, code: number, mtu: number): string {
  if (type === 3 && code === 4) return `Frag needed and DF set (mtu = ${mtu})`
  if (type === 3) return UNREACHABLE[code] ?? `Dest Unreachable, Bad Code: ${code}`
  if (type === 11) return code === 0 ? 'Time to live exceeded' : 'Frag reassembly time exceeded'
  if (type === 12) return 'Parameter problem: pointer = 0'
  return `Bad ICMP type: ${type}`
}

/** A round trip in microseconds with three significant figures, at least as iputils counts them. */
export function tripText(us: number): string {
  if (us >= 99950) return `${Math.floor((us + 500) / 1000)}`
  if (us >= 9995) return ((us + 50 - ((us + 50) % 100)) / 1000).toFixed(1)
  if (us >= 1000) return ((us + 5 - ((us + 5) % 10)) / 1000).toFixed(2)
  return (us / 1000).toFixed(3)
}

/** C's %g for percentages. */
export function percentText(percent: number): string {
  return String(Number(percent.toPrecision(6)))
}
