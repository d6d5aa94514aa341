import { expect, test } from 'vitest'
import { SEC } from '../../base/ids.ts'
import { makeNet, type Net } from '../../../testing/net.ts'
import { loadIpvs } from '../../kernel/ipvs/module.ts'

await loadIpvs()

function instance(priority: number, state: string, more = ''): string {
  return `vrrp_instance VI_1 {
    state ${state}
    interface eth0
    virtual_router_id 51
    priority ${priority}
    advert_int 1
${more}
    virtual_ipaddress {
        10.0.0.100/24
    }
}
`
}

function makeLab(one: string, two: string, seed = 1) {
  const net = makeNet({
    hosts: { LB1: '10.0.0.1/24', LB2: '10.0.0.2/24', c: '10.0.0.9/24' },
    profile: 'debian-12',
    seed,
  })
  net.host('LB1').files['/etc/keepalived/keepalived.conf'] = one
  net.host('LB2').files['/etc/keepalived/keepalived.conf'] = two
  const start = (id: string) => net.start(id, 'keepalived -n -l -D')
  return { ...net, begin: start }
}

test('x', () => {
  const lab = makeLab(instance(150, 'MASTER'), instance(100, 'BACKUP'))
  let p1 = lab.begin('LB1')
  lab.begin('LB2')
  lab.run(10 * SEC)
  lab.runner.signal('LB1', p1, 'TERM')
  lab.run(8 * SEC)
  p1 = lab.begin('LB1')
  lab.run(9 * SEC)
  lab.host('LB1').files['/etc/keepalived/keepalived.conf'] = instance(90, 'MASTER')
  lab.runner.signal('LB1', p1, 'HUP')
  lab.run(9 * SEC)
  lab.runner.op('LB2', { op: 'link.set', dev: 'eth0', up: false })
  lab.run(4 * SEC)
  lab.runner.op('LB2', { op: 'link.set', dev: 'eth0', up: true })
  lab.run(6 * SEC)
  for (const h of ['LB1', 'LB2'])
    console.log(
      lab
        .host(h)
        .journal.map((l) => `${(l.at / 1e9).toFixed(2)} ${l.ident}[${l.pid}] ${l.text}`)
        .filter((x) => !x.includes('Sending gratuitous'))
        .join('\n'),
    )
  expect(1).toBe(1)
})
