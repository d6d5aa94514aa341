import { formatIp4, type Ip4, parseIp4, SEC } from '../../base/ids.ts'
import { selectSource } from '../../kernel/dev/address.ts'
import type { Command, Io, Outcome } from '../sys.ts'
import { start } from './programs.ts'
import { notModelled, refuse, tell } from './words.ts'

/**
 * arping of iputils: unasked announcements by request (-U) or reply (-A); asking and listening is a program of its own.
 */
const PROBES_LIMIT = 1000

export const arping: Command = {
  name: 'arping',
  summary: 'ask for an address by ARP, or announce one (-U, -A)',
  run: (args, io) => {
    let kind: 'announce' | 'announce-reply' | undefined
    let dev: string | undefined
    let count = PROBES_LIMIT
    let target: Ip4 | undefined
    for (let i = 0; i < args.length; i++) {
      const arg = args[i] ?? ''
      if (arg === '-U') kind = 'announce'
      else if (arg === '-A') kind = 'announce-reply'
      else if (arg === '-q' || arg === '-b' || arg === '-f' || arg === '-D') continue
      else if (arg === '-I') dev = args[++i]
      else if (arg === '-c' || arg === '-w') count = Math.min(PROBES_LIMIT, Number(args[++i]))
      else if (arg === '-s') i++
      else if (arg.startsWith('-')) return tell(io, notModelled(`\`arping ${arg}'`))
      else target = parseIp4(arg)
    }
    if (target === undefined) return tell(io, refuse('arping: destination address required', 2))
    if (!kind) return start(['arping', ...args], io, 'exit')
    if (!(count >= 1)) return tell(io, refuse('arping: invalid argument', 1))
    const { devs } = io.sys.host()
    const name =
      dev ?? Object.keys(devs).find((other) => devs[other]?.addrs.some((a) => a.ip === target)) ?? ''
    const found = devs[name]
    if (!found || found.loopback || found.tunnel)
      return tell(io, refuse(`arping: Device ${name === '' ? '-' : name} not available.`, 2))
    io.out(`ARPING ${formatIp4(target)} from ${formatIp4(target)} ${name}\n`)
    const src = selectSource(io.sys.host(), name, target)
    return send(io, { op: 'arp.send', dev: name, kind, ip: target, src }, count, 0)
  },
}

type Sending = Extract<Parameters<Io['sys']['apply']>[0], { op: 'arp.send' }>

/** One probe a second, then the summary. */
function send(io: Io, op: Sending, left: number, sent: number): Outcome {
  if (left === 0) {
    io.out(`Sent ${sent} probes (${sent} broadcast(s))\nReceived 0 response(s)\n`)
    return 0
  }
  io.sys.apply(op)
  return {
    step: { kind: 'sleep', until: io.sys.now() + SEC },
    then: () => send(io, op, left - 1, sent + 1),
  }
}
