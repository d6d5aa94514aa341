import { expect, test } from 'vitest'
import { must } from '../../base/assert.ts'
import { parseIp4 } from '../../base/ids.ts'
import { makeLan, s } from '../../../testing/lan.ts'

const TARGET = must(parseIp4('10.1.2.2'), 'address')

function flat() {
  const lan = makeLan({
    a: { eth0: '10.1.1.1/16' },
    r: { eth0: '10.1.1.254/24', eth1: '10.1.2.254/24 on back' },
    b: { eth0: '10.1.2.2/16 on back' },
  })
  lan.sysctl('r', 'ip_forward', 1)
  return lan
}

test('an entry answers for one address on one interface', () => {
  const lan = flat()
  expect(lan.op('r', { op: 'neigh.proxy', dev: 'eth0', ip: TARGET, on: true }).ok).toBe(true)
  lan.ping('a', '10.1.2.2')
  lan.run(s(1))
  expect(lan.notes('arp.proxy', 'r')).toHaveLength(1)
  // nothing of the kind on the other side: the answer does not come back
  expect(lan.notes('rx', 'b').length).toBeGreaterThan(0)
  lan.run(s(4))
  expect(lan.host('a').drops['NEIGH_FAILED']).toBeUndefined()
  expect(lan.host('b').drops['NEIGH_FAILED']).toBe(1)
})

test('an entry that is removed answers no more, and cannot be removed twice', () => {
  const lan = flat()
  const set = (on: boolean) => lan.op('r', { op: 'neigh.proxy', dev: 'eth0', ip: TARGET, on })
  set(true)
  expect(set(false).ok).toBe(true)
  expect(set(false)).toEqual({ ok: false, error: 'ENOENT' })
  lan.ping('a', '10.1.2.2')
  lan.run(s(5))
  expect(lan.notes('arp.proxy', 'r')).toHaveLength(0)
  expect(lan.host('a').drops['NEIGH_FAILED']).toBe(1)
})
