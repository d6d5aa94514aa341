import { expect, test } from 'vitest'
import { SEC } from '../../base/ids.ts'
import { makeNet, type Net } from '../../../testing/net.ts'
import { loadIpvs } from '../../kernel/ipvs/module.ts'

await loadIpvs()

const NGINX = `events {}
http {
    server {
        listen 8080;
        location / {
            return 200;
        }
    }
}
`
const A7 = `virtual_server 10.0.0.100 8080 {
    delay_loop 5
    lvs_sched rr
    lvs_method DR
    protocol TCP
    real_server 10.0.0.11 8080 {
        weight 10
        HTTP_GET {
            url {
                path /
                status_code 200
            }
            connect_port 8080
            connect_timeout 2
            retry 1
            delay_before_retry 1
        }
    }
}
`

function makeLab(config: string) {
  const net = makeNet({
    hosts: { LB1: '10.0.0.1/24', s1: '10.0.0.11/24', s2: '10.0.0.12/24' },
    profile: 'debian-12',
  })
  net.host('LB1').files['/etc/keepalived/keepalived.conf'] = config
  for (const id of ['s1', 's2']) net.host(id).files['/etc/nginx/nginx.conf'] = NGINX
  const nginx = { s1: net.start('s1', 'nginx'), s2: net.start('s2', 'nginx') }
  net.run(SEC)
  const parent = net.start('LB1', 'keepalived -n -l -D -C')
  return { ...net, nginx, parent }
}

/** The journal from line `from` on, without the names of processes. */
function journal(net: Net, id: string, from = 0): string[] {
  return net
    .host(id)
    .journal.slice(from)
    .map((line) => line.text)
}

test('x', () => {
  const lab = makeLab(A7)
  lab.run(20 * SEC)
  lab.runner.signal('s1', lab.nginx.s1, 'KILL')
  lab.run(20 * SEC)
  lab.start('s1', 'nginx')
  lab.run(20 * SEC)
  lab.runner.signal('LB1', lab.parent, 'TERM')
  lab.run(3 * SEC)
  console.log(
    lab
      .host('LB1')
      .journal.map((l) => `${(l.at / 1e9).toFixed(2)} ${l.ident}[${l.pid}] ${l.text}`)
      .join('\n'),
  )
  expect(1).toBe(1)
})
