import { rect, text, type Shape } from '../paint/shape.ts'
import { linkOf, type StageLayout } from './layout.ts'
import type { CardBox } from './cards-layout.ts'
import type { HookBox } from './model.ts'

const BOX = 36
const GAP = 4
const HEIGHT = 18

export function hookStripWidth(count: number): number {
  return count * BOX + (count - 1) * GAP
}

/** Where the packet is inside the kernel: walked, now, not met. Left upper corner at (x, y). */
export function hookStrip(x: number, y: number, boxes: readonly HookBox[]): Shape[] {
  return boxes.flatMap(({ name, state }, i): Shape[] => {
    const left = x + i * (BOX + GAP)
    const now = state === 'now'
    const skip = state === 'skip'
    return [
      rect(left + 0.6, y + 0.6, BOX - 1.2, HEIGHT - 1.2, {
        fill: now ? 'var(--ink)' : skip ? 'var(--surface)' : 'var(--sunken)',
        stroke: skip ? 'var(--rule)' : 'var(--ink)',
        width: now ? 1.2 : 1,
        r: 2,
        ...(skip && { dash: '2 2' }),
      }),
      text(left + BOX / 2, y + 13, name, {
        size: 11,
        weight: now ? 700 : 500,
        anchor: 'middle',
        fill: now ? 'var(--paper)' : skip ? 'var(--faint)' : 'var(--ink)',
      }),
    ]
  })
}

/** Right of the host's port, 4 px off the card; left of it where the stage ends. */
export function placeHooks(layout: StageLayout, card: CardBox, count: number): { x: number; y: number } {
  const port = card.host.ports[0]
  const link = port ? linkOf(layout, { host: card.id, dev: port.dev }) : undefined
  const portX = link && !link.direct ? link.port.x : card.x + card.w / 2
  const width = hookStripWidth(count)
  const right = portX + 20
  const x = right + width <= layout.width - 8 ? right : portX - 20 - width
  return { x, y: card.row === 'top' ? card.y + card.h + 4 : card.y - HEIGHT - 4 }
}
