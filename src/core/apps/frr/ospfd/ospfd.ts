import type { DevName, Ip4, Nanos, Pid, SockId } from '../../../base/ids.ts'
import { SEC } from '../../../base/ids.ts'
import type { ProcEvent } from '../../../kernel/ctx.ts'
import { PROTO_OSPF } from '../../../wire/ipv4.ts'
import type { Program } from '../../program.ts'
import type { Sys } from '../../sys.ts'
import { listenVty, onVtySock } from '../vty-port.ts'
import type { VtyError, VtyMessages, ZapiInterface, ZapiMessages } from '../zapi.ts'
import { parseOspfLine } from './command.ts'
import type { Action } from './run.ts'
import { createOspf, nextDue, type OspfEvent, stepOspf } from './step.ts'
import type { Ospf } from './types.ts'
import { viewOspf } from './view.ts'

/**
 * ospfd as a process: packets by a raw socket, interfaces and routes by zebra, configuration by vtysh. All it does is in the pure
 * core (`stepOspf`); this hands events in and does what comes out. When zebra is gone it goes on with what it knows; a zebra
 * that comes back is not told the routes again until they change, as in FRR 8.4.
 */
const RETRY_NS = 10 * SEC
/** OSPF_VTY_PORT. */
const VTY_PORT = 2604

export interface OspfdState {
  o: Ospf
  sock: SockId
  zebra: Pid
  /** When the next wake-up is set, 0 = none. */
  wakeAt: Nanos
}

export const ospfd: Program<OspfdState> = {
  name: 'ospfd',
  handles: ['TERM', 'INT', 'HUP'],
  init: () => ({ o: createOspf(), sock: 0, zebra: 0, wakeAt: 0 }),
  view: (st, now) => viewOspf(st.o, now),
  run: (sys, st, event) => {
    if (event.kind === 'raw') step(sys, st, { kind: 'packet', dev: event.dev, bytes: event.bytes })
    else if (event.kind === 'timer') onTimer(sys, st, event.name)
    else if (event.kind === 'message') onMessage(sys, st, event)
    else if (event.kind === 'start') start(sys, st)
    else if (event.kind === 'sock') onVtySock(sys, event)
    else if (event.kind === 'signal' && event.signal !== 'HUP') {
      sys.log('ospfd', '[W9T04-QWK6B] Terminating on signal')
      step(sys, st, { kind: 'stop' })
      sys.exit(0)
    }
  },
}

function start(sys: Sys, st: OspfdState): void {
  listenVty(sys, VTY_PORT)
  st.sock = sys.openRaw(PROTO_OSPF)
  connect(sys, st)
}

function connect(sys: Sys, st: OspfdState): void {
  const [pid] = sys.pidsOf('zebra')
  if (pid === undefined || !sys.watch(pid)) return sys.sleep('zebra', RETRY_NS)
  st.zebra = pid
  sys.tell(pid, 'zapi.hello', Object.freeze({ type: 'ospf' } satisfies ZapiMessages['zapi.hello']))
}

function onTimer(sys: Sys, st: OspfdState, name: string): void {
  if (name === 'zebra') return connect(sys, st)
  if (st.wakeAt <= sys.now) st.wakeAt = 0
  step(sys, st, { kind: 'time' })
}

function onMessage(sys: Sys, st: OspfdState, event: Extract<ProcEvent, { kind: 'message' }>): void {
  if (event.what === 'gone' && event.from === st.zebra) {
    st.zebra = 0
    sys.sleep('zebra', RETRY_NS)
  } else if (event.what === 'zapi.interface') {
    step(sys, st, { kind: 'interface', dev: event.body as ZapiInterface })
  } else if (event.what === 'zapi.interface.gone') {
    step(sys, st, { kind: 'interface.gone', dev: (event.body as ZapiMessages['zapi.interface.gone']).dev })
  } else if (event.what === 'zapi.router-id') {
    step(sys, st, { kind: 'router-id', id: (event.body as { id: Ip4 }).id })
  } else if (event.what === 'zapi.redistributed') {
    const { routes } = event.body as ZapiMessages['zapi.redistributed']
    step(sys, st, { kind: 'redistributed', routes })
  } else if (event.what === 'vty.config') {
    configure(sys, st, event.from, event.body as VtyMessages['vty.config'])
  }
}

/** Lines from vtysh; those that are wrong are told back. */
function configure(sys: Sys, st: OspfdState, from: Pid, { lines, boot }: VtyMessages['vty.config']): void {
  const errors: VtyError[] = []
  for (const { line, node, text } of lines) {
    if (/^(no )?debug /.test(text) || text.startsWith('interface ')) continue
    const parsed = parseOspfLine(node, text)
    const wrong = parsed.ok ? step(sys, st, { kind: 'config', command: parsed.value }) : parsed.error
    if (wrong !== '') errors.push(Object.freeze({ line, text: wrong, warning: wrong.startsWith('For this') }))
  }
  if (boot) sys.log('ospfd', '[VTVCM-Y2NW3] Configuration Read in Took: 00:00:00')
  sys.tell(from, 'vty.reply', Object.freeze({ errors: Object.freeze(errors) }))
}

/** Returns the answer to a line of configuration. */
function step(sys: Sys, st: OspfdState, event: OspfEvent): string {
  let answer = ''
  for (const action of stepOspf(st.o, event, sys.now, (below) => sys.random(below))) {
    if (action.do === 'send') {
      const { dst, src, dev, bytes: payload } = action
      sys.sendRaw(st.sock, { dst, src, dev, ttl: 1, tos: 0xc0, payload })
    } else if (action.do === 'join' || action.do === 'leave') group(sys, st, action)
    else if (action.do === 'arp') {
      // zebra does it for ospfd (dplane_neigh_discover)
      if (st.zebra !== 0) sys.useNeigh(action.dev, action.ip)
    } else if (action.do === 'log') sys.log('ospfd', action.text)
    else if (action.do === 'note') sys.note(action.note)
    else if (action.do === 'answer') answer = action.text
    else tellZebra(sys, st, action)
  }
  wake(sys, st)
  return answer
}

type Zebra = Extract<Action, { do: 'route' | 'redistribute' }>
type Group = Extract<Action, { dev: DevName; group: Ip4 }>

function group(sys: Sys, st: OspfdState, action: Group): void {
  if (action.do === 'join') sys.joinGroup(st.sock, action.dev, action.group)
  else sys.leaveGroup(st.sock, action.dev, action.group)
}

function tellZebra(sys: Sys, st: OspfdState, action: Zebra): void {
  if (st.zebra === 0) return
  if (action.do === 'route') {
    sys.tell(st.zebra, 'zapi.route', Object.freeze({ routes: Object.freeze(action.routes) }))
  } else {
    sys.tell(st.zebra, 'zapi.redistribute', Object.freeze({ type: action.type, on: action.on }))
  }
}

/** One wake-up is under way, for the timer that is due first. */
function wake(sys: Sys, st: OspfdState): void {
  const due = nextDue(st.o)
  if (due === 0 || (st.wakeAt !== 0 && st.wakeAt <= due)) return
  st.wakeAt = Math.max(due, sys.now)
  sys.sleep('due', st.wakeAt - sys.now)
}
