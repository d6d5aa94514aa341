import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { addNeigh, makeShellHost, parseTranscripts, type ShellHost } from '../../testing/shell-host.ts'

/** Output, exit status and order of whole sessions, equal to what Debian 12's tools printed on the same set-up. */
interface Session {
  fixture: string
  host: string
  address: string
  mac: string
  /** Command lines that made the set-up. */
  setup: string[]
  /** What happened on the network before a command (by its place) was typed. */
  before?: Record<number, (shell: ShellHost) => void>
}

const R = '00:0c:29:35:01:35'
const LB1 = '00:0c:29:31:01:31'
const LB2 = '00:0c:29:df:3c:cc'
const S1 = '00:0c:29:30:01:30'
const VIP_ROUTE =
  'ip route add 172.16.253.100 proto ospf metric 20 nexthop via 172.16.253.131 dev ens33 nexthop via 172.16.253.129 dev ens33'

function counters(rxPackets: number, rxBytes: number, txPackets: number, txBytes: number) {
  return ({ host }: ShellHost): void => {
    Object.assign(host.devs['ens33'] ?? {}, { rxPackets, rxBytes, txPackets, txBytes })
  }
}

const SESSIONS: Session[] = [
  {
    fixture: 'router',
    host: 'router',
    address: '172.16.253.135/24',
    mac: R,
    setup: ['sysctl -w net.ipv4.ip_forward=1', VIP_ROUTE],
    before: {
      0: (shell) => {
        shell.host.files['/etc/sysctl.conf'] = '# nothing\n'
        addNeigh(shell, '172.16.253.131', LB1, 'STALE')
        addNeigh(shell, '172.16.253.129', LB2, 'STALE')
      },
      5: counters(612, 52300, 322, 27644),
      7: counters(617, 52730, 324, 27816),
      8: counters(620, 52988, 326, 27988),
      15: (shell) => {
        shell.host.neigh = {}
        addNeigh(shell, '172.16.253.131', LB1, 'STALE')
        addNeigh(shell, '172.16.253.77', '00:00:00:00:00:00', 'FAILED')
        addNeigh(shell, '172.16.253.129', LB2, 'REACHABLE')
      },
    },
  },
  {
    fixture: 'LB1',
    host: 'LB1',
    address: '172.16.253.131/24',
    mac: LB1,
    setup: [
      'ifconfig lo:0 172.16.253.100 netmask 255.255.255.255 up',
      'ipvsadm -A -t 172.16.253.100:8080 -s rr',
      'ipvsadm -a -t 172.16.253.100:8080 -r 172.16.253.130:8080 -g -w 10',
    ],
    before: {
      0: (shell) => {
        addNeigh(shell, '172.16.253.135', R, 'STALE')
        addNeigh(shell, '172.16.253.130', S1, 'REACHABLE')
        addNeigh(shell, '172.16.253.129', LB2, 'REACHABLE')
      },
      5: counters(736, 63016, 402, 33308),
      7: counters(741, 63446, 404, 33480),
      8: counters(743, 63618, 405, 33566),
      // five requests later
      17: ({ host }) => Object.assign(host.ipvs.services[0]?.dests[0] ?? {}, { inactConns: 5 }),
    },
  },
  {
    fixture: 'server1',
    host: 'server1',
    address: '172.16.253.130/24',
    mac: S1,
    setup: [
      'ifconfig lo:0 172.16.253.100 broadcast 172.16.253.100 netmask 255.255.255.255 up',
      'route add -host 172.16.253.100 dev lo:0',
    ],
    before: {
      0: (shell) => {
        addNeigh(shell, '172.16.253.131', LB1, 'REACHABLE')
      },
      5: counters(1139, 97380, 53, 5070),
      7: counters(1144, 97810, 53, 5070),
      8: counters(1148, 98154, 53, 5070),
    },
  },
  {
    fixture: 'more-router',
    host: 'router',
    address: '172.16.253.135/24',
    mac: R,
    setup: ['sysctl -w net.ipv4.ip_forward=1', VIP_ROUTE],
  },
  {
    fixture: 'more-LB1',
    host: 'LB1',
    address: '172.16.253.131/24',
    mac: LB1,
    setup: [
      'ipvsadm -A -t 172.16.253.100:8080 -s rr',
      'ipvsadm -a -t 172.16.253.100:8080 -r 172.16.253.130:8080 -g -w 10',
    ],
  },
]

describe.each(SESSIONS)('$fixture', ({ fixture, host, address, mac, setup, before = {} }) => {
  const url = new URL(`../../testing/fixtures/shell/${fixture}.txt`, import.meta.url)
  const transcripts = parseTranscripts(readFileSync(url, 'utf8'))
  const shell = makeShellHost(host, address, mac)
  for (const line of setup) expect(shell.run(line).status).toBe(0)

  transcripts.forEach(({ command, output }, i) => {
    it(`${i} ${command}`, () => {
      before[i]?.(shell)
      const got = shell.run(command)
      const status = got.status === 0 ? '' : `(exit status ${got.status})\n`
      // the transcripts were kept without the empty lines at their end
      const shown = got.output.replace(/\n+$/, '\n')
      expect(`${shown === '\n' ? '' : shown}${status}`).toBe(output)
    })
  })
})
