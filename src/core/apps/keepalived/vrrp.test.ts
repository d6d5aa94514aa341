import { expect, test } from 'vitest'
import { formatIp4, SEC } from '../../base/ids.ts'
import { formatFrame } from '../../wire/format.ts'
import { makeNet } from '../../../testing/script-net.ts'

function instance(
  priority: number,
  state: string,
  more = '',
  vip = '10.0.0.100/24',
  name = 'VI_1',
  vrid = 51,
): string {
  return `vrrp_instance ${name} {
    state ${state}
    interface eth0
    virtual_router_id ${vrid}
    priority ${priority}
    advert_int 1
    ${more}
    virtual_ipaddress {
        ${vip}
    }
}
`
}

type Id = 'LB1' | 'LB2'

function makeLab(one: string, two: string) {
  const hosts = { LB1: '10.0.0.1/24', LB2: '10.0.0.2/24', c: '10.0.0.9/24' }
  const net = makeNet({ hosts, profile: 'debian-12' })
  const write = (id: Id, text: string): void => {
    net.host(id).files['/etc/keepalived/keepalived.conf'] = text
  }
  write('LB1', one)
  write('LB2', two)
  const begin = (id: Id): number => net.start(id, 'keepalived -n -D')
  const seen = { LB1: 0, LB2: 0 }
  /** What VRRP has written in the journal since the last call, gratuitous ARP left out. */
  const said = (id: Id): string[] => {
    const { journal } = net.host(id)
    const lines = journal.slice(seen[id])
    seen[id] = journal.length
    return lines
      .filter(({ ident, text }) => ident === 'Keepalived_vrrp' && !text.includes('gratuitous'))
      .map(({ text }) => text)
  }
  const holders = (ip = '10.0.0.100'): string[] =>
    Object.keys(hosts).filter((id) =>
      Object.values(net.host(id).devs).some((dev) => dev.addrs.some((addr) => formatIp4(addr.ip) === ip)),
    )
  const packets = (): string[] =>
    net.trace.frames.map((frame) => formatFrame(frame.bytes)).filter((line) => !line.includes('igmp'))
  const stop = (id: Id, pid: number): void => net.runner.signal(id, pid, 'TERM')
  return { ...net, write, begin, said, holders, packets, stop }
}

const SETTING = ['(VI_1) Entering MASTER STATE', '(VI_1) setting VIPs.']
const TIMEOUT = '(VI_1) Receive advertisement timeout'

test('the higher priority becomes master after three intervals and its skew time', () => {
  const lab = makeLab(instance(150, 'MASTER'), instance(100, 'BACKUP'))
  lab.begin('LB1')
  lab.begin('LB2')
  lab.run(3.4 * SEC)
  expect(lab.holders()).toEqual([])
  lab.run(0.1 * SEC)
  expect(lab.holders()).toEqual(['LB1'])
  lab.run(20 * SEC)
  expect(lab.holders()).toEqual(['LB1'])
  expect(lab.said('LB1').slice(-3)).toEqual([TIMEOUT, ...SETTING])
  expect(lab.said('LB2').at(-2)).toBe('(VI_1) Entering BACKUP STATE (init)')
  const advert =
    'IP 10.0.0.1 > 224.0.0.18: VRRPv2, Advertisement, vrid 51, prio 150, authtype none, intvl 1s, length 20'
  expect(lab.packets()[0]).toBe(advert)
})

test('five gratuitous ARPs at once and five more after five seconds', () => {
  const lab = makeLab(instance(150, 'MASTER'), '')
  lab.begin('LB1')
  lab.run(8 * SEC)
  const garp = 'ARP, Request who-has 10.0.0.100 (ff:ff:ff:ff:ff:ff) tell 10.0.0.100, length 28'
  const count = (): number => lab.packets().filter((line) => line === garp).length
  expect(count()).toBe(5)
  lab.run(SEC)
  expect(count()).toBe(10)
  lab.run(20 * SEC)
  expect(count()).toBe(10)
})

test('a master that ends says so, and the backup need not wait; the better one takes its place back', () => {
  const lab = makeLab(instance(150, 'MASTER'), instance(100, 'BACKUP'))
  const pid = lab.begin('LB1')
  lab.begin('LB2')
  lab.run(10 * SEC)
  lab.said('LB1')
  lab.said('LB2')
  lab.stop('LB1', pid)
  lab.run(0.7 * SEC)
  expect(lab.said('LB1')).toEqual(['(VI_1) sent 0 priority', '(VI_1) removing VIPs.'])
  expect(lab.said('LB2')).toEqual(['(VI_1) Backup received priority 0 advertisement', TIMEOUT, ...SETTING])
  expect(lab.holders()).toEqual(['LB2'])
  lab.run(10 * SEC)
  lab.said('LB1')
  lab.begin('LB1')
  lab.run(9 * SEC)
  const discarding = '(VI_1) received lower priority (100) advert from 10.0.0.2 - discarding'
  expect(lab.said('LB1').slice(-6)).toEqual([discarding, discarding, discarding, TIMEOUT, ...SETTING])
  expect(lab.said('LB2')).toEqual([
    '(VI_1) Master received advert from 10.0.0.1 with higher priority 150, ours 100',
    '(VI_1) Entering BACKUP STATE',
    '(VI_1) removing VIPs.',
  ])
  expect(lab.holders()).toEqual(['LB1'])
})

test('a master that is cut off is followed after three intervals and the skew time; then both, then one again', () => {
  const lab = makeLab(instance(150, 'MASTER'), instance(100, 'BACKUP'))
  lab.begin('LB1')
  lab.begin('LB2')
  lab.run(10 * SEC)
  lab.runner.op('LB1', { op: 'link.set', dev: 'eth0', up: false })
  lab.run(4 * SEC)
  expect(lab.holders()).toEqual(['LB2'])
  expect(lab.said('LB1').slice(-4)).toEqual([
    'Netlink reports eth0 down',
    '(VI_1) Entering FAULT STATE',
    '(VI_1) sent 0 priority',
    '(VI_1) removing VIPs.',
  ])
  lab.runner.op('LB1', { op: 'link.set', dev: 'eth0', up: true })
  lab.run(5 * SEC)
  expect(lab.holders()).toEqual(['LB1'])
})

test('nopreempt: whoever is master stays master', () => {
  const lab = makeLab(instance(150, 'BACKUP', 'nopreempt'), instance(100, 'BACKUP', 'nopreempt'))
  lab.begin('LB2')
  lab.run(6 * SEC)
  lab.begin('LB1')
  lab.run(20 * SEC)
  expect(lab.holders()).toEqual(['LB2'])
})

test('preempt_delay: not before it is over', () => {
  const lab = makeLab(instance(150, 'BACKUP', 'preempt_delay 3'), instance(100, 'BACKUP'))
  lab.begin('LB2')
  lab.run(5 * SEC)
  lab.begin('LB1')
  lab.run(5 * SEC)
  expect(lab.holders()).toEqual(['LB2'])
  expect(lab.said('LB1')).toContain('(VI_1) start preempt delay (3.000000)')
  lab.run(4 * SEC)
  expect(lab.holders()).toEqual(['LB1'])
})

test('equal priorities: the higher address wins a tie, and a running master keeps its place', () => {
  const both = makeLab(instance(100, 'BACKUP'), instance(100, 'BACKUP'))
  both.begin('LB1')
  both.begin('LB2')
  both.run(10 * SEC)
  expect(both.holders()).toHaveLength(1)
  const cut = makeLab(instance(100, 'BACKUP'), instance(100, 'BACKUP'))
  cut.begin('LB1')
  cut.run(5 * SEC)
  cut.runner.cable('LB2', 'eth0', false)
  cut.begin('LB2')
  cut.run(5 * SEC)
  expect(cut.holders()).toEqual(['LB1'])
  cut.runner.cable('LB2', 'eth0', true)
  cut.run(8 * SEC)
  expect(cut.holders()).toEqual(['LB1'])
})

test('another password, other addresses or another interval: two masters, and both logs say why', () => {
  const auth = (pass: string): string => `authentication {\n auth_type PASS\n auth_pass ${pass}\n }`
  const cases = [
    [instance(100, 'BACKUP', auth('bbbb')), '(VI_1) received an invalid passwd!'],
    [
      instance(100, 'BACKUP', auth('aaaa'), '10.0.0.101/24'),
      '(VI_1) ip address associated with VRID 51 not present in MASTER advert: 10.0.0.101',
    ],
    [
      instance(100, 'BACKUP', auth('aaaa')).replace('advert_int 1', 'advert_int 2'),
      "(VI_1) advertisement interval mismatch mine=2 sec rcv'd=1 sec",
    ],
    [instance(100, 'BACKUP', 'version 3'), '(VI_1) wrong version. Received 2 and expect 3'],
  ] as const
  for (const [two, why] of cases) {
    const lab = makeLab(instance(150, 'MASTER', auth('aaaa')), two)
    lab.begin('LB1')
    lab.begin('LB2')
    lab.run(12 * SEC)
    const said = lab.said('LB2')
    expect(said).toContain(why)
    expect(said).toContain('(VI_1) Entering MASTER STATE')
  }
})

test('version 3 goes down to hundredths of a second, and the backup learns the interval', () => {
  const fast = instance(150, 'MASTER', 'version 3').replace('advert_int 1', 'advert_int 0.2')
  const lab = makeLab(fast, instance(100, 'BACKUP', 'version 3'))
  const pid = lab.begin('LB1')
  lab.run(2 * SEC)
  lab.begin('LB2')
  lab.run(4 * SEC)
  expect(lab.said('LB2')).toContain('(VI_1) advertisement interval updated from 1000ms to 200ms by master')
  lab.runner.signal('LB1', pid + 1, 'KILL')
  lab.runner.signal('LB1', pid, 'KILL')
  lab.run(0.8 * SEC)
  expect(lab.said('LB2')).toContain('(VI_1) Entering MASTER STATE')
})

test('unicast: adverts go to the peers alone', () => {
  const to = (own: number, peer: number): string =>
    `unicast_src_ip 10.0.0.${own}\n unicast_peer {\n 10.0.0.${peer}\n }`
  const lab = makeLab(instance(150, 'MASTER', to(1, 2)), instance(100, 'BACKUP', to(2, 1)))
  lab.begin('LB1')
  lab.begin('LB2')
  lab.run(10 * SEC)
  expect(lab.holders()).toEqual(['LB1'])
  expect(lab.packets().some((line) => line.startsWith('IP 10.0.0.1 > 10.0.0.2: VRRPv2'))).toBe(true)
  expect(lab.packets().some((line) => line.includes('224.0.0.18'))).toBe(false)
})

test('a script without weight takes the instance down, with weight its priority', () => {
  const script = (weight: string): string => `vrrp_script chk {
    script "sysctl net.ipv4.conf.eth0.arp_ignore_"
    interval 1
    fall 2
    rise 2
    ${weight}
}
`
  const track = 'track_script {\n chk\n }'
  const down = makeLab(script('') + instance(150, 'MASTER', track), instance(100, 'BACKUP'))
  const less = makeLab(script('weight -60') + instance(150, 'MASTER', track), instance(100, 'BACKUP'))
  for (const lab of [down, less]) {
    lab.begin('LB1')
    lab.begin('LB2')
    lab.run(10 * SEC)
    expect(lab.holders()).toEqual(['LB2'])
  }
  expect(down.said('LB1').find((line) => line.startsWith('VRRP_Script'))).toMatch(
    /^VRRP_Script\(chk\) failed \(exited with status \d+\)$/,
  )
  expect(less.said('LB1')).toContain('(VI_1) Changing effective priority from 150 to 90')
})

test('a sync group moves as one, and scripts hear of it', () => {
  const two = instance(150, 'MASTER', '', '10.0.0.102/24', 'VI_2', 52)
  const notify = 'notify_master "ip addr add 10.0.0.77/32 dev lo"'
  const group = 'vrrp_sync_group G {\n group {\n VI_1\n VI_2\n }\n}\n'
  const lab = makeLab(group + instance(150, 'MASTER', notify) + two, instance(100, 'BACKUP'))
  lab.begin('LB1')
  lab.run(6 * SEC)
  expect(lab.said('LB1')).toContain('VRRP_Group(G) Syncing instances to MASTER state')
  expect([lab.holders(), lab.holders('10.0.0.102'), lab.holders('10.0.0.77')]).toEqual([
    ['LB1'],
    ['LB1'],
    ['LB1'],
  ])
  lab.runner.op('LB1', { op: 'link.set', dev: 'eth0', up: false })
  lab.run(SEC)
  expect([lab.holders(), lab.holders('10.0.0.102')]).toEqual([[], []])
})

test('reload: the master stays master, with its new priority', () => {
  const lab = makeLab(instance(150, 'MASTER'), instance(100, 'BACKUP'))
  const pid = lab.begin('LB1')
  lab.begin('LB2')
  lab.run(10 * SEC)
  lab.said('LB1')
  lab.write('LB1', instance(90, 'MASTER', '', '10.0.0.105/24'))
  lab.runner.signal('LB1', pid, 'HUP')
  lab.run(0.5 * SEC)
  expect(lab.said('LB1').slice(0, 3)).toEqual([
    'Reloading',
    'Assigned address 10.0.0.1 for interface eth0',
    '(VI_1) setting VIPs.',
  ])
  expect(lab.holders()).toEqual([])
  expect(lab.holders('10.0.0.105')).toEqual(['LB1'])
})

test('an interface that is not there ends everything', () => {
  const lab = makeLab(instance(150, 'MASTER').replace('eth0', 'eth9'), '')
  const pid = lab.begin('LB1')
  lab.run(SEC)
  expect(lab.host('LB1').journal.map((line) => line.text)).toContain(
    'Keepalived_vrrp exited with permanent error CONFIG. Terminating',
  )
  expect(lab.host('LB1').procs[pid]).toBeUndefined()
})
