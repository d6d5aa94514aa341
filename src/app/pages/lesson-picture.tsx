import { Plate } from '../parts/plate.tsx'

/** Cells of the packet that a lesson is about, MACs before IPs; a ring (`!`) on those that its mode writes. */
const CELLS: Readonly<Record<string, readonly string[]>> = {
  'lvs/dr': ['L1', 'S1!', 'C', 'V'],
  'lvs/arp': ['S2', 'X', 'V!', 'R'],
  'lvs/nat': ['L1', 'S1', 'C', 'S1!'],
  'lvs/tun': ['L1', 'S1', 'L1!', 'S1!', 'C', 'V'],
  'lvs/fullnat': ['L1', 'S1', 'L1!', 'S1!'],
}
/** Hooks in Netfilter's order; those on the way of a request to the load balancer are strong. */
const HOOKS: readonly (readonly [name: string, on: boolean])[] = [
  ['PRE', true],
  ['IN', true],
  ['FWD', false],
  ['OUT', true],
  ['POST', true],
]

/** What one will see in a lesson, small. Lessons without a picture of their own show the hash space. */
export function LessonPicture({ id }: { id: string }) {
  const cells = CELLS[id]
  if (id.startsWith('netfilter/')) return <Hooks />
  if (cells === undefined) return <HashSpace />
  return cells.map((cell, i) => (
    <span key={i} className={cell.endsWith('!') ? 'map-ring' : undefined}>
      <Plate code={cell.replace('!', '')} size="list" />
    </span>
  ))
}

function Hooks() {
  return HOOKS.map(([name, on]) => (
    <span key={name} className={`map-hook${on ? '' : ' off'}`}>
      {name}
    </span>
  ))
}

/** Flows as dots over the hash space of two next hops. */
function HashSpace() {
  const dots = [0.1, 0.2, 0.34, 0.56, 0.72, 0.9]
  return (
    <svg width="134" height="22">
      {dots.map((at) => (
        <circle key={at} cx={at * 132} cy={6} r={3} fill={at < 0.5 ? 'var(--L1)' : 'var(--L2)'} />
      ))}
      <rect x={0} y={13} width={66} height={6} fill="var(--L1)" />
      <rect x={67} y={13} width={66} height={6} fill="var(--L2)" />
    </svg>
  )
}
