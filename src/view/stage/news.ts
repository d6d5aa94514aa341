import { fitText, textWidth } from '../paint/measure.ts'
import { rect, text, type Shape } from '../paint/shape.ts'
import { cardOf, type StageLayout } from './layout.ts'
import type { StageModel } from './model.ts'

/** A sentence about a host between its card and the other row, kept within the stage; paper keeps lines out of it. */
export function newsShapes(layout: StageLayout, news: StageModel['news']): Shape[] {
  const card = news && cardOf(layout, news.host)
  if (news === undefined || card === undefined) return []
  const size = layout.metrics.projector ? 22 : 13
  const face = { size, weight: 600 }
  const words = fitText(news.text, layout.width - 32, face)
  const width = textWidth(words, face)
  const rail = layout.rails.at(-1)?.y ?? layout.height / 2
  const y = card.row === 'top' ? rail + 30 + size : card.y - 24
  const x = Math.max(16, Math.min(card.x + card.w / 2 - width / 2, layout.width - 16 - width))
  return [
    rect(x - 8, y - size - 5, width + 16, size + 14, {
      fill: 'var(--paper)',
      stroke: 'var(--ink)',
      width: 1,
      r: 3,
    }),
    text(x, y, words, face),
  ]
}
