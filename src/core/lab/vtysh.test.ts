import { expect, test } from 'vitest'
import { playLab } from '../../testing/play-lab.ts'
import { loadShell } from '../shell/module.ts'
import { course } from './labs/course.ts'
import type { Lab } from './schema.ts'

await loadShell()

/** The course with another frr.conf on the router. What is expected was seen on a real one. */
function withConf(text: string, ...lines: string[]): string[] {
  const hosts = Object.entries(course.hosts).map(([id, host]) => {
    const files = id === 'router' ? { ...host.files, '/etc/frr/frr.conf': text } : host.files
    return [id, { ...host, files, boot: host.boot.filter((line) => !line.includes('keepalived')) }] as const
  })
  const lab: Lab = { ...course, hosts: Object.fromEntries(hosts) }
  return playLab(
    lab,
    lines.map((line) => `router$ ${line}`),
  )
}

const WRONG = 'hostname r\nfoo bar\ninterface ens33\n ip ospf cost 70000\n ip ospf cost 9\n'

test('a wrong file is named line by line, and what is right in it holds', () => {
  const [boot, check, included] = withConf(
    WRONG,
    'vtysh -b',
    'vtysh -C',
    'vtysh -c "show running-config | include cost|hostname"',
  )
  const lines = 'line 2: % Unknown command[4]: foo bar\nline 4: % Unknown command[17]:  ip ospf cost 70000\n'
  expect(boot).toBe(`${lines}Configuration file[/etc/frr/frr.conf] processing failure: 2\n(exit status 2)\n`)
  expect(check).toBe(`${lines}(exit status 2)\n`)
  expect(included).toBe('hostname r\n ip ospf cost 9\n')
})

test('what was wrong at start stands in the journal', () => {
  const [journal] = withConf(WRONG, 'journalctl -u frr --no-pager')
  expect(journal).toContain('line 2: % Unknown command[4]: foo bar')
})

test('daemons that do not run', () => {
  const out = withConf(
    'hostname r\n',
    'systemctl stop frr',
    'vtysh -c "show ip route"',
    '/usr/lib/frr/zebra -d',
    'vtysh -c "show ip route summary"',
    'vtysh -c "show ip ospf"',
    'vtysh -c "conf t" -c "router ospf"',
    'vtysh -c "conf t" -c "ip route 10.0.0.0/8 blackhole"',
  )
  expect(out[1]).toBe('Exiting: failed to connect to any daemons.\n(exit status 1)\n')
  expect(out[3]).toContain('connected            1                    1')
  expect(out.slice(4)).toEqual([
    'ospfd is not running\n(exit status 1)\n',
    'ospfd is not running\n(exit status 1)\n',
    'staticd is not running\n(exit status 1)\n',
  ])
})

test('-E shows prompt and command of each mode', () => {
  const [out] = withConf('hostname r\n', 'vtysh -E -c "conf t" -c "interface ens33" -c "end"')
  expect(out).toBe('router# conf t\nrouter(config)# interface ens33\nrouter(config-if)# end\n')
})

test('an address and a link set by vtysh are the kernel`s', () => {
  const out = withConf(
    'hostname r\n',
    'vtysh -c "conf t" -c "interface ens33" -c "ip address 10.20.0.1/24" -c "exit" -c "no ip forwarding"',
    'ip -br addr show ens33',
    'sysctl net.ipv4.ip_forward',
    'vtysh -c "conf t" -c "interface ens33" -c "shutdown"; sleep 1; ip -br addr show ens33',
    'vtysh -c "show interface brief"',
  )
  expect(out[1]).toContain('172.16.253.135/24 10.20.0.1/24')
  expect(out[2]).toBe('net.ipv4.ip_forward = 0\n')
  expect(out[3]).toContain('DOWN')
  expect(out[4]).toMatch(/^ens33 +down/m)
})

test('what one typed is written in FRR`s order, and one line for one way', () => {
  const [, config, brief, ospf] = withConf(
    'hostname r\nlog syslog\nservice integrated-vtysh-config\n',
    'vtysh -c "conf t" -c "ip route 10.1.0.0/16 172.16.253.131" -c "ip route 10.1.0.0/16 172.16.253.131 200" ' +
      '-c "ip route 10.6.0.0/16 172.16.253.131 tag 7 33" -c "ip router-id 1.2.3.4" -c "ip protocol ospf route-map A" ' +
      '-c "ip protocol static route-map B" -c "interface ens33" -c "ip address 10.20.0.1/24"; sleep 1',
    'vtysh -c "show running-config no-header"',
    'vtysh -c "show interface brief"',
    'vtysh -c "show ip ospf neighbor"',
  )
  expect((config ?? '').split('\n').slice(2)).toEqual([
    'hostname r',
    'log syslog',
    'no ipv6 forwarding',
    'service integrated-vtysh-config',
    '!',
    'ip router-id 1.2.3.4',
    'ip route 10.1.0.0/16 172.16.253.131 200',
    'ip route 10.6.0.0/16 172.16.253.131 tag 7 33',
    '!',
    'interface ens33',
    ' ip address 10.20.0.1/24',
    'exit',
    '!',
    'ip protocol static route-map B',
    '!',
    'ip protocol ospf route-map A',
    '!',
    'end',
    '',
  ])
  expect(brief).toContain(
    'ens33           up      default         10.20.0.1/24\n                                        + 172.16.253.135/24\n',
  )
  expect(ospf).toBe('% OSPF is not enabled in vrf default\n')
})
