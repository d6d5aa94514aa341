import { type Nanos, US } from '../../../../base/ids.ts'
import type { Nbr, Oif, Ospf } from '../types.ts'

/** A stretch of time in FRR's words (ospf_timeval_dump): '3.165s', '1m31s', '2h04m05s'. */
export function dumpTime(ns: Nanos): string {
  const us = Math.floor(Math.max(0, ns) / US)
  let seconds = Math.floor(us / 1e6)
  const ms = Math.floor((us % 1e6) / 1000)
  const take = (size: number, needsMore: boolean): number => {
    const count = needsMore ? (seconds > size ? Math.floor(seconds / size) : 0) : Math.floor(seconds / size)
    seconds -= count * size
    return count
  }
  const w = take(604800, true)
  const d = take(86400, true)
  const h = take(3600, false)
  const m = take(60, false)
  const two = (n: number): string => String(n).padStart(2, '0')
  if (w > 99) return `${w}w${d}d`
  if (w > 0) return `${w}w${d}d${two(h)}h`
  if (d > 0) return `${d}d${two(h)}h${two(m)}m`
  if (h > 0) return `${h}h${two(m)}m${two(seconds)}s`
  if (m > 0) return `${m}m${two(seconds)}s`
  if (seconds > 0 || ms > 0) return `${seconds}.${String(ms).padStart(3, '0')}s`
  return `${us % 1e6} usecs`
}

/** Time until a timer fires; 'inactive' when it does not run. */
export function dumpTimer(at: Nanos, now: Nanos): string {
  return at === 0 ? 'inactive' : dumpTime(at - now)
}

/** The neighbour's role on its network: 'DR', 'Backup', 'DROther' (ospf_nbr_ism_state). */
export function roleOf(oif: Oif, nbr: Nbr): string {
  if (oif.type === 'p2p') return '-'
  if (nbr.src === oif.self.dr) return 'DR'
  return nbr.src === oif.self.bdr ? 'Backup' : 'DROther'
}

/** Options as letters, '*|-|-|-|-|-|E|-' (ospf_options_dump). */
export function optionLetters(options: number): string {
  const letters: [number, string][] = [
    [0x40, 'O'],
    [0x20, 'DC'],
    [0x10, 'EA'],
    [0x08, 'N/P'],
    [0x04, 'MC'],
    [0x02, 'E'],
    [0x01, 'M/T'],
  ]
  return ['*', ...letters.map(([bit, letter]) => ((options & bit) !== 0 ? letter : '-'))].join('|')
}

export function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

/** Interfaces by name, as FRR lists them, each with its addresses in order. */
export function oifsByName(o: Ospf, compare: (a: string, b: string) => number): Oif[] {
  return [...o.oifs].sort((a, b) => compare(a.dev, b.dev) || a.ip - b.ip)
}
