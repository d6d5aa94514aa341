import { flagLayout, scaleOf } from '../flag/geometry.ts'
import type { Captions } from '../flag/model.ts'
import { flagShapes, leader } from '../flag/shapes.ts'
import { textWidth } from '../paint/measure.ts'
import { group, line, rect, text, type Shape } from '../paint/shape.ts'
import type { StageLayout } from './layout.ts'
import type { StageModel, StagePacket } from './model.ts'
import { lowerEdge, placePacket, type CalloutBox, type PacketBox } from './packet-layout.ts'

/** The packet spoken of with leader, captions and callout; paper behind it keeps lines out of the text. */
export function packetShapes(layout: StageLayout, packet: StagePacket, model: StageModel): Shape[] {
  const box = placePacket(layout, packet)
  const captions = captionsFor(packet, model)
  const flag = flagShapes(packet.flag, { zoom: box.zoom, captions, ttl: box.ttl })
  const attrs = { role: 'img', 'aria-label': packet.flag.ariaLabel, 'data-flag': 'packet' }
  return [
    ...halo(layout, packet, box),
    ...(box.callout ? calloutShapes(box.callout) : []),
    ...(box.leader ? leader(box.leader.from, box.leader.to, box.zoom) : []),
    group(box.x, box.y, flag, { cls: 'flag', attrs }),
  ]
}

function captionsFor({ flag }: StagePacket, model: StageModel): Captions {
  if (flag.inner) return model.tunnelCaptions ?? model.captions
  return flag.kind === 'arp' ? model.arpCaptions : model.captions
}

/** Not over the cards of the lower row. */
function halo(layout: StageLayout, packet: StagePacket, box: PacketBox): Shape[] {
  const scale = scaleOf(box.zoom)
  const { width } = flagLayout(packet.flag, box)
  const captions = box.zoom === 4 ? 44 : box.zoom === 3 ? 24 : 0
  const height = Math.min(scale.height + 12 + captions, lowerEdge(layout) - 4 - (box.y - 6))
  return [rect(box.x - 6, box.y - 6, width + 12, height, { fill: 'var(--paper)' })]
}

function calloutShapes(callout: CalloutBox): Shape[] {
  const { line: at, x, title, text: body, lineHeight } = callout
  const title600 = { size: 13, weight: 600 }
  const out: Shape[] = [line(at.x, at.y1, at.x, at.y2, { stroke: 'var(--ink)', width: 1 })]
  title.lines.forEach((words, i) => {
    const y = title.y + i * 20
    out.push(paperBehind(x, y, textWidth(words, title600)), text(x, y, words, title600))
  })
  body.lines.forEach((words, i) => {
    const y = body.y + i * lineHeight
    out.push(paperBehind(x, y, textWidth(words, { size: 12 })), text(x, y, words, { fill: 'var(--ink2)' }))
  })
  return out
}

function paperBehind(x: number, baseline: number, width: number): Shape {
  return rect(x - 4, baseline - 13, width + 8, 18, { fill: 'var(--paper)' })
}
