import { describe, expect, it } from 'vitest'
import { directStage } from '../gallery/samples.ts'
import { layoutStage } from './layout.ts'
import { easeTravel, insetRoute, lengthOf, pointAt, routeOf } from './routes.ts'

const layout = layoutStage(directStage(784, 556))
const port = (host: string): { host: string; dev: string } => ({ host, dev: 'ens33' })

describe('the way of a frame', () => {
  it('goes down to the rail, along it and up again', () => {
    expect(routeOf(layout, port('R'), port('L1'))).toEqual([
      { x: 392, y: 152 },
      { x: 392, y: 232 },
      { x: 128, y: 232 },
      { x: 128, y: 152 },
    ])
  })

  it('is empty between ports that do not meet', () => {
    expect(routeOf(layout, port('R'), { host: 'L1', dev: 'lo' })).toEqual([])
  })

  it('is walked at even speed', () => {
    const route = routeOf(layout, port('R'), port('S2'))
    expect(lengthOf(route)).toBe(80 + 264 + 180)
    expect(pointAt(route, 0)).toEqual({ x: 392, y: 152 })
    expect(pointAt(route, 0.5)).toEqual({ x: 392 + 182, y: 232 })
    expect(pointAt(route, 1)).toEqual({ x: 656, y: 412 })
  })

  it('for a flag begins and ends beside the ports', () => {
    const route = insetRoute(routeOf(layout, port('R'), port('S2')), 24)
    expect([route[0], route.at(-1)]).toEqual([
      { x: 392, y: 176 },
      { x: 656, y: 388 },
    ])
  })

  it('starts and ends gently', () => {
    expect([easeTravel(0), easeTravel(1)].map((p) => Math.round(p * 1000))).toEqual([0, 1000])
    expect(easeTravel(0.1)).toBeLessThan(0.05)
    expect(easeTravel(0.9)).toBeGreaterThan(0.95)
  })
})
