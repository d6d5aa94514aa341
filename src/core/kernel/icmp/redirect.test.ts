import { expect, test } from 'vitest'
import { ip, makeLan, ms, s } from '../../../testing/lan.ts'
import { routeGet } from '../route/lookup.ts'

const NONE = ip('0.0.0.0')

/** `host` uses `lb` as gateway, which uses `router`; all on one LAN. Beyond the router is `far`. */
function lan() {
  const lan = makeLan({
    host: { eth0: '172.16.0.10/24' },
    lb: { eth0: '172.16.0.1/24' },
    router: { eth0: '172.16.0.254/24', eth1: '10.0.0.1/24 on out' },
    far: { eth0: '10.0.0.2/24 on out' },
  })
  const gateway = (host: string, via: string) =>
    lan.op(host, {
      ...{ op: 'route.add', dst: NONE, prefix: 0, type: 'unicast', proto: 'boot', metric: 0, prefsrc: NONE },
      nexthops: [{ gateway: ip(via), dev: 'eth0', weight: 1 }],
    })
  gateway('host', '172.16.0.1')
  gateway('lb', '172.16.0.254')
  gateway('far', '10.0.0.1')
  for (const id of ['lb', 'router']) lan.sysctl(id, 'ip_forward', 1)
  const way = () => {
    const found = routeGet(lan.host('host'), { dst: ip('10.0.0.2'), src: NONE, proto: 1, sport: 0, dport: 0 })
    return found.ok ? found.value.dst : undefined
  }
  const ping = () => {
    lan.ping('host', '10.0.0.2')
    lan.run(ms(100))
  }
  const sent = () => lan.notes('redirect.sent', 'lb').length
  return { ...lan, way, ping, sent }
}

test('the first redirect makes the host ask for the new gateway, the next one takes effect', () => {
  const net = lan()
  net.ping()
  expect(net.sent()).toBe(1)
  expect(net.way()?.gateway).toBe(ip('172.16.0.1'))
  expect(net.host('host').neigh['eth0 ' + ip('172.16.0.254')]?.state).toBe('REACHABLE')
  net.ping()
  expect(net.sent()).toBe(2)
  expect(net.way()).toMatchObject({ gateway: ip('172.16.0.254'), cached: {} })
  expect(net.way()?.cached?.expiresNs).toBeGreaterThan(0)
  // From now on past the LB, for this destination alone.
  const before = net.notes('rx', 'lb').length
  net.ping()
  expect(net.notes('rx', 'lb').length).toBe(before)
  net.run(s(301))
  expect(net.way()?.gateway).toBe(ip('172.16.0.1'))
  expect(net.notes('route.cache', 'host').at(-1)).toMatchObject({ why: 'expired' })
})

test('`ip route flush cache` forgets', () => {
  const net = lan()
  net.ping()
  net.ping()
  net.op('host', { op: 'route.flush-cache' })
  expect(net.way()?.gateway).toBe(ip('172.16.0.1'))
})

test('send_redirects=0 sends none; both all and the interface must be 0', () => {
  const net = lan()
  net.sysctl('lb', 'conf.all.send_redirects', 0)
  net.ping()
  expect(net.sent()).toBe(1)
  net.sysctl('lb', 'conf.eth0.send_redirects', 0)
  net.ping()
  expect(net.sent()).toBe(1)
})

test('accept_redirects=0 does not believe them; on a host one of the two is enough, on a router both are needed', () => {
  const net = lan()
  net.sysctl('host', 'conf.all.accept_redirects', 0)
  net.ping()
  net.ping()
  expect(net.way()?.cached).toBeDefined()
  net.op('host', { op: 'route.flush-cache' })
  net.sysctl('host', 'conf.eth0.accept_redirects', 0)
  net.ping()
  expect(net.way()?.cached).toBeUndefined()
  expect(net.notes('redirect.ignored', 'host')).toHaveLength(1)
  net.sysctl('host', 'conf.eth0.accept_redirects', 1)
  net.sysctl('host', 'conf.eth0.forwarding', 1)
  net.ping()
  net.ping()
  expect(net.way()?.cached).toBeUndefined()
})

test('a host that does not listen gets nine, ever rarer, then none for 20 seconds', () => {
  const net = lan()
  net.sysctl('host', 'conf.all.accept_redirects', 0)
  net.sysctl('host', 'conf.eth0.accept_redirects', 0)
  for (let i = 0; i < 200; i++) net.ping()
  expect(net.sent()).toBe(9)
  net.run(s(21))
  net.ping()
  expect(net.sent()).toBe(10)
})
