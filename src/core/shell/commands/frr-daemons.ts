import type { Pid } from '../../base/ids.ts'
import type { Proc } from '../../kernel/host.ts'

/** What /usr/lib/frr/frrinit.sh does around watchfrr. */

const FILE = '/etc/frr/daemons'
/** In the order of frrcommon.sh; those that are modelled. */
const MODELLED = ['zebra', 'ospfd', 'staticd']

/**
 * Daemons to watch, by /etc/frr/daemons (`ospfd=yes`); zebra and staticd always run. Undefined: there is no such file, and
 * the script gives up. Daemons that are not modelled are left out.
 */
export function frrDaemons(files: Readonly<Record<string, string>>): string[] | undefined {
  const text = files[FILE]
  if (text === undefined) return undefined
  return MODELLED.filter((name) => {
    const said = new RegExp(`^\\s*${name}=["']?(\\w+)`, 'gm')
    const value = [...text.matchAll(said)].at(-1)?.[1] ?? 'no'
    return name !== 'ospfd' || (value !== 'no' && value !== '0')
  })
}

/** watchfrr first, so that it brings nothing back; then the daemons, zebra last. */
export function frrStopOrder(procs: readonly Proc[]): Pid[][] {
  const of = (test: (program: string) => boolean): Pid[] =>
    procs.filter(({ program }) => test(program)).map(({ pid }) => pid)
  const ends = ['watchfrr', 'zebra']
  return [
    of((program) => program === 'watchfrr'),
    of((program) => !ends.includes(program)),
    of((program) => program === 'zebra'),
  ]
}
