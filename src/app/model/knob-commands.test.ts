import { beforeAll, describe, expect, it } from 'vitest'
import { type CourseRun, courseRun } from './course-run.fixture.ts'
import { labelOnLo, sendCommands, serviceOf, vipCommand } from './knob-commands.ts'

let course: CourseRun
beforeAll(async () => {
  course = await courseRun([
    ['router', 'ifconfig lo:1 172.16.253.200 netmask 255.255.255.255 up'],
    ['router', 'curl http://172.16.253.100:8080 --local-port 20000'],
  ])
})

const sender = () => {
  const view = course.views['router']
  const service = serviceOf(course.views)
  if (view === undefined || service === undefined)
    throw new Error('the course lab has a router and a service')
  return { view, service }
}

describe('commands of the knobs', () => {
  it('asks the service of the load balancers', () => {
    const { view, service } = sender()
    expect(sendCommands(view, service, 'port', 2)).toEqual([
      'curl -v http://172.16.253.100:8080',
      'curl -v http://172.16.253.100:8080',
    ])
  })

  it('waits for a port that is still in TIME_WAIT', () => {
    const { view, service } = sender()
    const [first] = sendCommands(view, service, 'fixed', 1)
    expect(first).toBe('sleep 61 && curl -v http://172.16.253.100:8080 --local-port 20000')
  })

  it('goes on with the next address that is not yet on lo', () => {
    const { view, service } = sender()
    expect(sendCommands(view, service, 'address', 1)).toEqual([
      'ifconfig lo:2 172.16.253.201 netmask 255.255.255.255 up',
      'curl -v http://172.16.253.100:8080 --interface 172.16.253.201',
    ])
  })

  it('uses addresses again when there are more requests than addresses', () => {
    const { view, service } = sender()
    const lines = sendCommands(view, service, 'address', 100)
    expect(lines.filter((line) => line.startsWith('curl'))).toHaveLength(100)
    const last = lines.map((line) => Number(/172\.16\.253\.(2\d\d)/.exec(line)?.[1] ?? 200))
    expect(Math.max(...last)).toBe(249)
  })

  it('takes the VIP from the label it is on, and puts it back as the course does', async () => {
    const server = course.views['server1']
    if (server === undefined) throw new Error('the course lab has server1')
    const { service } = sender()
    expect(labelOnLo(server, service.vip)).toBe('lo:0')
    const off = vipCommand(server, service.vip, false)
    const after = await courseRun([['server1', off]])
    const without = after.views['server1']
    expect(without && labelOnLo(without, service.vip)).toBeUndefined()
    const back = await courseRun([
      ['server1', off],
      ['server1', vipCommand(server, service.vip, true)],
    ])
    const again = back.views['server1']
    expect(again && labelOnLo(again, service.vip)).toBe('lo:0')
  })
})
