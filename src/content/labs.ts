import { LABS } from '../core/lab/labs/index.ts'
import { outsideLab } from '../core/lab/labs/outside.ts'
import type { Lab } from '../core/lab/schema.ts'
import { fullnatSetup, natSetup, tunSetup } from './challenges/parts.ts'
import type { Command, L10n } from './lesson.ts'

/** The lab with the client outside, in the other modes: LB1 in front of both servers. */
const MODES: Readonly<Record<string, () => Lab>> = {
  'outside-nat': () =>
    inMode('outside-nat', { en: 'NAT, the client outside', zh: 'NAT，客户端在外部' }, natSetup),
  'outside-tun': () =>
    inMode('outside-tun', { en: 'TUN, the client outside', zh: 'TUN，客户端在外部' }, tunSetup),
  'outside-fullnat': () =>
    inMode(
      'outside-fullnat',
      { en: 'FULLNAT, the client outside', zh: 'FULLNAT，客户端在外部' },
      fullnatSetup,
    ),
}

/** A lab that comes with the program; undefined for an id that there is none of. */
export function labById(id: string): Lab | undefined {
  if (Object.hasOwn(LABS, id)) return LABS[id]
  return Object.hasOwn(MODES, id) ? MODES[id]?.() : undefined
}

function inMode(id: string, title: L10n, setup: readonly Command[]): Lab {
  const boot: Record<string, string[]> = {}
  for (const { host, sh } of setup) (boot[host] ??= []).push(sh)
  return { ...outsideLab({ boot }), id, title }
}
