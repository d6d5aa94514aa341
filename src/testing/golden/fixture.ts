import type { Reduced } from '../../core/wire/compare.ts'

/**
 * What real Linux showed in one recorded scenario: the reduced packets of every capture point, health checks left out.
 * Texts are stored once each, with 'e' for the number of the random port.
 */
export interface GoldenFixture {
  id: string
  /** What was typed, in order, with its transcript. */
  commands: GoldenCommand[]
  shapes: string[]
  points: Record<string, GoldenPoint>
}

export interface GoldenCommand {
  /** Milliseconds since the captures were started; negative: before. */
  at: number
  host: string
  line: string
  /** Lines printed, the exit status as the last one if it was not 0. */
  output: string[]
  /** A health check, found in the captures: not typed by anybody. */
  check?: boolean
}

/** A packet: microseconds since the capture's first whole second, conversation, number in `shapes`, number of the random port. */
export interface GoldenPoint {
  kinds: Record<string, string>
  packets: [number, number, number, number][]
}

const PORT = / e(\d+)(?= |$)/g
const PORT_MARK = / e(?= |$)/g

/** The packets of one capture point, for `comparePoint`. An unknown point is an empty list. */
export function goldenPoint(fixture: GoldenFixture, name: string): Reduced[] {
  const point = fixture.points[name]
  if (!point) return []
  return point.packets.map(([us, conn, shape, port]) => ({
    at: us * 1000,
    conn,
    kind: point.kinds[conn] ?? '',
    text: (fixture.shapes[shape] ?? '').replace(PORT_MARK, ` e${port}`),
  }))
}

export function packGolden(
  id: string,
  commands: GoldenCommand[],
  points: ReadonlyMap<string, readonly Reduced[]>,
): GoldenFixture {
  const fixture: GoldenFixture = { id, commands, shapes: [], points: {} }
  const numbers = new Map<string, number>()
  for (const [name, packets] of points) {
    const point: GoldenPoint = { kinds: {}, packets: [] }
    for (const { at, conn, kind, text } of packets) {
      const port = Number([...text.matchAll(PORT)][0]?.[1] ?? 0)
      const shape = text.replace(PORT, ' e')
      const number = numbers.get(shape) ?? fixture.shapes.push(shape) - 1
      numbers.set(shape, number)
      point.kinds[conn] = kind
      point.packets.push([Math.round(at / 1000), conn, number, port])
    }
    fixture.points[name] = point
  }
  return fixture
}

/** A line per packet, so that a change can be read. */
export function goldenJson(fixture: GoldenFixture): string {
  const points = Object.entries(fixture.points).map(([name, { kinds, packets }]) => {
    const rows = packets.map((row) => JSON.stringify(row)).join(',')
    return `  ${JSON.stringify(name)}: {"kinds": ${JSON.stringify(kinds)},\n   "packets": [${rows}]}`
  })
  const shapes = fixture.shapes.map((shape) => `  ${JSON.stringify(shape)}`).join(',\n')
  const commands = fixture.commands.map((command) => `  ${JSON.stringify(command)}`).join(',\n')
  const head = `{"id": ${JSON.stringify(fixture.id)}, "commands": [\n${commands}\n ]`
  return `${head}, "shapes": [\n${shapes}\n ], "points": {\n${points.join(',\n')}\n}}\n`
}
