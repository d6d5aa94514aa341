import { formatIp4, formatMac, IP_ANY, type Ip4, type Mac, type Nanos, SEC, US } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { type ArpingOptions, parseArping } from './options.ts'

/** arping of iputils 20221126: asks and listens. Announcements (-U, -A) are the command's own. */
export const arping: Program<ArpingState> = { name: 'arping', init, run, handles: ['INT'] }

interface ArpingState {
  options: Readonly<ArpingOptions> | null
  src: Ip4
  /** Who answered last is asked alone, unless -b; 0 = everybody is. */
  asked: Mac
  sent: number
  broadcasts: number
  received: number
  lastSentNs: Nanos
}

function init(): ArpingState {
  return { options: null, src: 0 as Ip4, asked: 0 as Mac, sent: 0, broadcasts: 0, received: 0, lastSentNs: 0 }
}

function run(sys: Sys, state: ArpingState, event: ProcEvent): void {
  if (event.kind === 'start') return start(sys, state)
  const { options } = state
  if (!options) return
  if (event.kind === 'arp') return onArp(sys, state, options, event)
  if (event.kind === 'signal') return finish(sys, state)
  if (event.kind !== 'timer') return
  if (event.name === 'deadline' || state.sent === options.count) return finish(sys, state)
  send(sys, state, options)
}

function start(sys: Sys, state: ArpingState): void {
  const parsed = parseArping(sys.argv)
  if (!parsed.ok) {
    sys.eprint(parsed.error)
    return sys.exit(2)
  }
  const options = parsed.value
  const own = options.dad ? IP_ANY : sys.sourceOn(options.dev, options.target)
  const src = options.source ?? own
  if (src === undefined || !sys.hasDev(options.dev)) {
    sys.eprint(`arping: Device ${options.dev === '' ? '-' : options.dev} not available.\n`)
    return sys.exit(2)
  }
  state.options = Object.freeze(options)
  state.src = src
  sys.arpListen(options.dev)
  sys.print(`ARPING ${formatIp4(options.target)} from ${formatIp4(src)} ${options.dev}\n`)
  if (options.deadlineS > 0) sys.sleep('deadline', options.deadlineS * SEC)
  send(sys, state, options)
}

function send(sys: Sys, state: ArpingState, { dev, target }: ArpingOptions): void {
  sys.arpSend(dev, target, state.src, state.asked)
  state.sent++
  if (state.asked === 0) state.broadcasts++
  state.lastSentNs = sys.now
  sys.sleep('send', SEC)
}

/** Only what names the address asked for, and us as the one who asked (recv_pack); -D hears whoever else has the address. */
function onArp(
  sys: Sys,
  state: ArpingState,
  options: ArpingOptions,
  { arp, toHost, at }: Extract<ProcEvent, { kind: 'arp' }>,
): void {
  if (arp.spa !== options.target) return
  if (options.dad) {
    if (sys.isOwnMac(options.dev, arp.sha) || (state.src !== IP_ANY && arp.tpa !== state.src)) return
  } else if (arp.tpa !== state.src || !sys.isOwnMac(options.dev, arp.tha)) return
  state.received++
  if (!options.quiet) {
    const kind = `${toHost ? 'Unicast' : 'Broadcast'} ${arp.op === 2 ? 'reply' : 'request'}`
    const ms = (Math.floor((at - state.lastSentNs) / US) / 1000).toFixed(3)
    sys.print(`${kind} from ${formatIp4(arp.spa)} [${formatMac(arp.sha).toUpperCase()}]  ${ms}ms\n`)
  }
  if (!options.broadcastOnly) state.asked = arp.sha
  const isEnough = options.deadlineS > 0 && state.received === options.count
  if (options.first || isEnough) finish(sys, state)
}

/** With -D an answer is the failure. */
function finish(sys: Sys, { options, sent, broadcasts, received }: ArpingState): void {
  if (options?.quiet !== true)
    sys.print(`Sent ${sent} probes (${broadcasts} broadcast(s))\nReceived ${received} response(s)\n`)
  if (options?.dad === true) return sys.exit(received > 0 ? 1 : 0)
  sys.exit(received === sent ? 0 : 1)
}
