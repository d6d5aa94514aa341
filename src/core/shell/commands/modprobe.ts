import type { Command, Io } from '../sys.ts'
import { refuse, tell } from './words.ts'

/** Kernel modules: ipip brings tunl0, toa (of FULLNAT kernels) lets programs see the client; the others are built in here, so that loading them changes nothing. */

const KNOWN =
  /^(ipip|toa|ip_tunnel|tunnel4|ip_vs(_[a-z0-9]+)?|nf_[a-z_]+|xt_[a-z_A-Z]+|ip_tables|iptable_[a-z]+|br_netfilter|dummy|veth)$/

export const modprobe: Command = {
  name: 'modprobe',
  summary: 'load a kernel module (ipip: tunl0; toa)',
  run: (args, io) => {
    const remove = args.includes('-r') || args.includes('--remove')
    const names = args.filter((arg) => !arg.startsWith('-'))
    if (names.length === 0) return tell(io, refuse('modprobe: ERROR: missing parameters. See -h.', 1))
    for (const name of remove ? names : names.slice(0, 1)) {
      const module = name.replaceAll('-', '_')
      if (!KNOWN.test(module)) {
        const text = `modprobe: FATAL: Module ${name} not found in directory /lib/modules/${io.sys.host().profile.kernel}`
        return tell(io, refuse(text, 1))
      }
      if (remove) unload(module, io)
      else io.sys.apply({ op: 'module.load', name: module })
    }
    return 0
  },
}

export const rmmod: Command = {
  name: 'rmmod',
  summary: 'remove a kernel module',
  run: (args, io) => {
    const [name] = args
    if (name === undefined) return tell(io, refuse('rmmod: ERROR: missing module name.', 1))
    if (unload(name.replaceAll('-', '_'), io)) return 0
    return tell(io, refuse(`rmmod: ERROR: Module ${name} is not currently loaded`, 1))
  },
}

function unload(name: string, io: Io): boolean {
  return io.sys.apply({ op: 'module.unload', name }).ok
}
