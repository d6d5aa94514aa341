import { expect, test } from 'vitest'
import { OspfNet } from '../../../../testing/ospf-net.ts'

const ROUTERS = 32

/** Router i has networks 10.0.i.0/24 (to the next one) and 10.0.(i-1).0/24, and two addresses of its own. */
function makeRing(network: string): OspfNet {
  const net = new OspfNet()
  net.keepPackets = false
  for (let i = 0; i < ROUTERS; i++) {
    const before = (i + ROUTERS - 1) % ROUTERS
    net.add(`r${i}`, {
      eth0: `10.0.${i}.1/24 on s${i}`,
      eth1: `10.0.${before}.2/24 on s${before}`,
      lo: `10.200.${i}.1/32,10.201.${i}.1/32 on -`,
    })
    const timers = ` ip ospf hello-interval 1\n ip ospf dead-interval 4\n ip ospf network ${network}\n ip ospf cost 1\n`
    const router = `router ospf\n ospf router-id 1.1.1.${i + 1}\n network 10.0.0.0/8 area 0`
    net.configure(`r${i}`, `interface eth0\n${timers}interface eth1\n${timers}${router}`)
  }
  return net
}

test.each(['broadcast', 'point-to-point'])(
  'a ring of 32 routers over %s networks: 64 addresses at the distance there is, both ways to the far side',
  (network) => {
    const net = makeRing(network)
    net.runSeconds(30)
    const wrong: string[] = []
    for (let i = 0; i < ROUTERS; i++) {
      const { rib } = net.get(`r${i}`)
      for (let k = 0; k < ROUTERS; k++) {
        for (const first of [200, 201]) {
          const ip = 10 * 2 ** 24 + first * 2 ** 16 + k * 2 ** 8 + 1
          const apart = Math.min((k - i + ROUTERS) % ROUTERS, (i - k + ROUTERS) % ROUTERS)
          const route = rib.get(`${ip}/32`)
          const ways = apart === ROUTERS / 2 ? 2 : 1
          if (route?.metric !== apart || route.nexthops.length !== ways) wrong.push(`r${i} to ${k}`)
        }
      }
    }
    expect(wrong).toEqual([])
    // About 160 events for each router until all is quiet, Hellos of 30 s included.
    expect(net.steps).toBeLessThan(9000)
  },
)

test('an idle minute costs three events for each Hello: its timer and those who hear it', () => {
  const net = makeRing('broadcast')
  net.runSeconds(60)
  const before = net.steps
  net.runSeconds(60)
  const hellos = ROUTERS * 2 * 60
  expect(net.steps - before).toBeLessThan(hellos * 2 + 100)
})
