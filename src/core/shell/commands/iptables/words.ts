import type { Io } from '../../sys.ts'
import { type Refusal, refuse } from '../words.ts'

/** How the tools of iptables 1.8 (nf_tables) word their refusals. */

export function versionText(io: Io): string {
  return io.sys.host().profile.id === 'debian-12' ? 'v1.8.9 (nf_tables)' : 'v1.8.10 (nf_tables)'
}

/** A mistake in the command line (xtables_error PARAMETER_PROBLEM); the tool's name and version are put in front later. */
export interface Mistake {
  text: string
  kind: 'usage' | 'plain' | 'kernel' | 'bare' | 'model' | 'table' | 'foreign'
}

/** `iptables vX: TEXT`, then where to find help. Status 2. */
export function usage(text: string): Mistake {
  return { text, kind: 'usage' }
}

/** `iptables: TEXT`, status 1: what the kernel or the chain says. */
export function plain(text: string): Mistake {
  return { text, kind: 'plain' }
}

/** Refused by the kernel while it carried out the change. Status 4. */
export function kernel(text: string): Mistake {
  return { text, kind: 'kernel' }
}

/** Real on Linux, not here. */
export function model(what: string): Mistake {
  return { text: what, kind: 'model' }
}

const HINT = "Try `iptables -h' or 'iptables --help' for more information."

export function wordMistake(mistake: Mistake, io: Io): Refusal {
  const head = `iptables ${versionText(io)}:`
  switch (mistake.kind) {
    case 'usage':
      return refuse(`${head} ${mistake.text}\n${HINT}`, 2)
    case 'bare':
      return refuse(`${mistake.text}\n${HINT}`, 2)
    case 'table':
      return refuse(`${head} ${mistake.text}\nPerhaps iptables or your kernel needs to be upgraded.`, 3)
    case 'foreign':
      return refuse(`${head} ${mistake.text}`, 1)
    case 'plain':
      return refuse(`iptables: ${mistake.text}`, 1)
    case 'kernel':
      return refuse(`${head}  ${mistake.text}`, 4)
    case 'model':
      return refuse(`vipscope: ${mistake.text} is not modelled yet`, 1)
  }
}
