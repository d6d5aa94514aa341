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

/**
 * Upper row: right of the host's port, 4 px under the card, or left of it where the stage ends. Lower row: beside the
 * card's foot, where neither flag nor callout comes; above it when cards stand on both sides.
 */
export function placeHooks(layout: StageLayout, card: CardBox, count: number): { x: number; y: number } {
  const width = hookStripWidth(count)
  const port = card.host.ports[0]
  const link = port ? linkOf(layout, { host: card.id, dev: port.dev }) : undefined
  const portX = link && !link.direct ? link.port.x : card.x + card.w / 2
  const right = portX + 20
  const x = right + width <= layout.width - 8 ? right : portX - 20 - width
  if (card.row === 'top') return { x, y: card.y + card.h + 4 }
  const sides = [card.x + card.w + 12, card.x - 12 - width]
  const beside = sides.find((left) => isFree(layout, card, left, width))
  return beside === undefined ? { x, y: card.y - HEIGHT - 4 } : { x: beside, y: card.y + card.h - HEIGHT }
}

function isFree(layout: StageLayout, card: CardBox, left: number, width: number): boolean {
  if (left < 8 || left + width > layout.width - 8) return false
  const others = layout.cards.filter((c) => c.row === card.row && c !== card)
  return others.every((c) => c.x >= left + width + 8 || c.x + c.w + 8 <= left)
}
