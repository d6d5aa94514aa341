/** Commands of vtysh outside configuration (golden A9 for the words). Patterns are FRR's where it has them. */
import { networkOf, parseCidr } from '../../../base/cidr.ts'
import { formatIp4 } from '../../../base/ids.ts'
import type { Daemon } from '../cli/command.ts'
import { own } from '../config/own.ts'
import { entryText } from '../config/prefix-list.ts'
import { showInterface, showInterfaceBrief } from '../zebra/show/interface.ts'
import {
  showClients,
  showGroups,
  showPrefixLists,
  showProtocol,
  showRouteMaps,
} from '../zebra/show/policy.ts'
import {
  findDest,
  routeJson,
  showRouteDetail,
  showRoutes,
  showSummary,
  sortedDests,
} from '../zebra/show/route.ts'
import { frrJson } from '../zebra/show/uptime.ts'
import type { ZebraState } from '../zebra/types.ts'
import { OSPF_SHOWS } from './ospf-shows.ts'
import { type Given, move, type Printed, show, type ShowCommand } from './show-command.ts'
import { runningConfig, type View } from './view.ts'
import { versionText } from './version.ts'

/** A command of zebra, which runs when this is called. */
function ofZebra(pattern: string, run: (st: ZebraState, given: Given, view: View) => string): ShowCommand {
  return show('zebra', pattern, (view, given) => (view.zebra ? run(view.zebra, given, view) : ''))
}

const TYPES = '<kernel|connected|static|rip|ospf|isis|bgp|eigrp|nhrp|table|vnc|babel|openfabric>'
const DAEMON = '[<zebra|ospfd|staticd>]'

const ROUTES: readonly ShowCommand[] = [
  ofZebra(`show ip <route|fib> [${TYPES}]`, (st, { words }, { now }) =>
    showRoutes(st, now, { fib: words[2] === 'fib', ...(words[3] !== undefined && { type: words[3] }) }),
  ),
  ofZebra('show ip <route|fib> A.B.C.D/M longer-prefixes', (st, { words, values }, { now }) => {
    const within = parseCidr(values[0] ?? '')
    return showRoutes(st, now, { fib: words[2] === 'fib', ...(within && { within }) })
  }),
  ofZebra(`show ip <route|fib> [${TYPES}] json`, (st, { words }, { now }) => {
    const type = words[3] === 'json' ? undefined : words[3]
    const dests = sortedDests(st)
      .map((dest) => ({
        ...dest,
        entries: dest.entries.filter((e) => type === undefined || e.type === type),
      }))
      .filter((dest) => dest.entries.length > 0)
    return frrJson(routeJson(st, dests, now))
  }),
  ofZebra('show ip <route|fib> <A.B.C.D|A.B.C.D/M> [json]', (st, { words, values }, { now }) => {
    const text = values[0] ?? ''
    const cidr = parseCidr(text)
    const dest = cidr && findDest(st, networkOf(cidr.ip, cidr.prefix), cidr.prefix, text.includes('/'))
    if (words[words.length - 1] === 'json') return dest ? frrJson(routeJson(st, [dest], now)) : '{}\n'
    return dest ? showRouteDetail(st, dest, now) : text.includes('/') ? '% Network not in table\n' : ''
  }),
  ofZebra('show ip route summary', (st) => showSummary(st)),
]

const ZEBRA: readonly ShowCommand[] = [
  ...ROUTES,
  ofZebra('show interface [IFNAME]', (st, { values }) => showInterface(st, values[0])),
  ofZebra('show interface brief', (st) => showInterfaceBrief(st)),
  ofZebra('show ip protocol', (st) => showProtocol(st)),
  ofZebra('show ip forwarding', (_, __, { forwarding }) => `IP forwarding is ${forwarding ? 'on' : 'off'}\n`),
  ofZebra('show nexthop-group rib [(0-4294967295)]', (st, { values }, { now }) =>
    showGroups(st, now, values[0] === undefined ? undefined : Number(values[0])),
  ),
  ofZebra('show router-id', ({ config: { routerId } }) =>
    routerId === 0 ? '' : `zebra:\n     router-id ${formatIp4(routerId)} vrf default\n`,
  ),
  ofZebra('show zebra client summary', (st, _, { now }) => showClients(st, now)),
]

/** Lists and maps stand in every daemon; those of ospfd are the same. */
const POLICY: readonly ShowCommand[] = [
  ofZebra('show ip prefix-list [WORD]', (st, { values }, view) => {
    const [name] = values
    if (name !== undefined && !own(st.config.lists, name)) return "% Can't find specified prefix-list\n"
    return protocolsOf(view)
      .map((daemon) => showPrefixLists(st, daemon, name))
      .join('')
  }),
  ofZebra('show ip prefix-list WORD seq (1-4294967295)', (st, { values }, view) => {
    const [name = '', seq] = values
    const entry = own(st.config.lists, name)?.find((one) => one.seq === Number(seq))
    return protocolsOf(view)
      .map((daemon) => `${daemon}: ${entry ? `   ${entryText(entry)}\n` : ''}`)
      .join('')
  }),
  ofZebra('show route-map [WORD]', (st, { values }, view) =>
    protocolsOf(view)
      .map((daemon) => showRouteMaps(st, daemon, values[0]))
      .join(''),
  ),
]

function protocolsOf(view: View): string[] {
  return view.ospf ? ['ZEBRA', 'OSPF'] : ['ZEBRA']
}

function showRunning(view: View, { words }: Given): string {
  const only = words.find(
    (word): word is Daemon => word === 'zebra' || word === 'ospfd' || word === 'staticd',
  )
  const body = [...runningConfig(view, only), 'end', ''].join('\n')
  return words.includes('no-header')
    ? body
    : `Building configuration...\n\nCurrent configuration:\n!\n${body}`
}

/** `write memory`: by watchfrr where it runs, else by vtysh itself, which warns. */
function writeConfig(view: View): Printed {
  const text = `${runningConfig(view).join('\n')}\n`
  const path = '/etc/frr/frr.conf'
  const old = view.file(path)
  const warning = view.watchfrr
    ? ''
    : '\nWarning: attempting direct configuration write without watchfrr.\n' +
      'File permissions and ownership may be incorrect, or write may fail.\n\n'
  const saved = `Building Configuration...\nIntegrated configuration saved to ${path}\n[OK]\n`
  return {
    out: `Note: this version of vtysh never writes vtysh.conf\n${warning}${saved}`,
    write: { [path]: text, ...(old !== undefined && { [`${path}.sav`]: old }) },
  }
}

function notModelled(what: string): Printed {
  return { out: `vipscope: ${what} is not modelled\n`, failed: true }
}

const OWN: readonly ShowCommand[] = [
  move('config', 'configure [terminal]'),
  move('stay', 'enable'),
  move('stay', 'disable'),
  move('stay', 'end'),
  move('stay', '[no] terminal <length (0-512)|paginate|monitor>'),
  // Debugging writes to a log that nobody sees here.
  move('stay', '[no] debug <ospf|zebra> WORD [WORD]'),
  move('quit', '<exit|quit>'),
  show('', 'clear ip ospf [<process|neighbor>]', () => notModelled('clear ip ospf')),
  show('', '<ping|traceroute> WORD', () => notModelled('ping and traceroute inside vtysh')),
  show('', 'show version', versionText),
  show('', `show running-config ${DAEMON} [no-header]`, showRunning),
  { ...show('', `write terminal ${DAEMON} [no-header]`, showRunning), anywhere: true },
  { ...show('', 'write [<memory|file>]', writeConfig), anywhere: true },
  show('', 'copy running-config startup-config', writeConfig),
  show('', 'show startup-config', (view) => view.file('/etc/frr/frr.conf') ?? ''),
  show('', 'show daemons', (view) => ` ${daemonsOf(view).join(' ')}\n`),
  show('', 'show watchfrr', (view) =>
    view.watchfrr ? watchText(view) : { out: 'watchfrr is not running\n', failed: true },
  ),
]

function daemonsOf({ zebra, ospf, statics, watchfrr }: View): string[] {
  return [zebra && 'zebra', ospf && 'ospfd', statics && 'staticd', watchfrr && 'watchfrr'].filter(
    (name): name is Daemon | 'watchfrr' => typeof name === 'string',
  )
}

function watchText(view: View): string {
  const rows = daemonsOf(view)
    .filter((name) => name !== 'watchfrr')
    .map((name) => `  ${name.padEnd(20)} Up\n`)
  return `watchfrr global phase: Idle\n Restart Command: "/usr/lib/frr/watchfrr.sh restart %s"\n Start Command: "/usr/lib/frr/watchfrr.sh start %s"\n Stop Command: "/usr/lib/frr/watchfrr.sh stop %s"\n Min Restart Interval: 60\n Max Restart Interval: 600\n Restart Timeout: 90\n${rows.join('')}`
}

/** All commands outside configuration. */
export const SHOW_COMMANDS: readonly ShowCommand[] = [...OWN, ...ZEBRA, ...POLICY, ...OSPF_SHOWS]
