import { hueOf } from '../hues.ts'
import { flagShapes } from '../flag/shapes.ts'
import { arrowHead } from '../marks.ts'
import { group, line, rect, text, type Shape } from '../paint/shape.ts'
import { plate } from '../plate.ts'
import { cardShapes } from '../stage/card.ts'
import { hookStrip } from '../stage/hooks.ts'
import { metricsFor } from '../stage/metrics.ts'
import { lanShapes, railLabels } from '../stage/lan.ts'
import { wayShapes } from '../stage/way.ts'
import { layoutStage } from '../stage/layout.ts'
import { cell, directStage, flagOf, HOOKS, KINDS, sampleHost, SYN_OUT, TUNNEL } from './samples.ts'
import type { HostStatus } from '../stage/model.ts'

const muted = { fill: 'var(--ink2)' }
const CAPTIONS = ['MAC from', 'MAC to', 'IP from', 'IP to'] as const

/** Every part and state of the flag and of the host card on one sheet of 1440 x 900. */
export function specimenShapes(): Shape[] {
  return [...anatomy(), ...kinds(), ...states(), ...cards(), ...parts()]
}

function heading(x: number, y: number, words: string): Shape[] {
  return [line(x, y + 0.5, x + 672, y + 0.5, { width: 1 }), text(x, y + 20, words, { size: 14, weight: 600 })]
}

function anatomy(): Shape[] {
  return [
    ...heading(24, 16, 'Flag, zoom 3: anatomy'),
    text(696, 36, '64 + 8 + 2×88 + 8 + 2×88 + 8 + 56 = 496 × 48', { mono: true, anchor: 'end', ...muted }),
    group(24, 88, flagShapes(SYN_OUT, { zoom: 3, captions: CAPTIONS })),
    text(540, 78, 'ghost: old value, struck', muted),
    text(540, 100, 'solid ring: the decision', muted),
    text(540, 122, 'dashed ring: every hop', muted),
  ]
}

function kinds(): Shape[] {
  const rows = [...KINDS, [TUNNEL, 'inner in outer'] as const]
  return [
    ...heading(24, 188, 'Kinds, zoom 2 and zoom 1'),
    ...rows.flatMap(([flag, words], i) => [
      group(24, 222 + i * 36, flagShapes(flag, { zoom: 2 })),
      group(flag.inner ? 410 : 344, 228 + i * 36, flagShapes(flag, { zoom: 1 })),
      text(flag.inner ? 620 : 524, 240.5 + i * 36, words, muted),
    ]),
  ]
}

function states(): Shape[] {
  const y = 600
  const base = flagOf('syn', 'SYN', ['R', 'L1', 'C', 'V'])
  const at = (x: number, top: number, flag: typeof base, words: string): Shape[] => [
    group(x, top, flagShapes(flag, { zoom: 2 })),
    text(x, top + 52, words, muted),
  ]
  return [
    ...heading(24, y, 'States of a flag'),
    ...at(24, y + 40, { ...base, selected: true }, 'selected: 2 px frame, 5 px off'),
    ...at(296, y + 40, { ...base, lost: 'NEIGH_FAILED' }, 'lost: hollow, stamp, reason in words'),
    ...at(
      24,
      y + 124,
      { ...base, label: 'GET /', kind: 'data', queued: 12 },
      'queue: sheets behind, count beside',
    ),
    line(344, y + 138, 690, y + 138, { width: 4 }),
    ...arrowHead(696, y + 138, 'right', 12),
    rect(396, y + 118, 240, 40, { fill: 'var(--paper)' }),
    ...at(402, y + 124, { ...base, label: 'ACK', kind: 'ack' }, 'on a link: centred, 6 px paper around'),
    group(24, y + 200, flagShapes({ ...base, mac: [cell('R'), cell('L5')], beside: 'stripe: hue used again' }, { zoom: 2 })), // prettier-ignore
    group(24, y + 250, flagShapes({ ...base, ttl: { value: 63 } }, { zoom: 1, ttl: true })),
    group(240, y + 250, flagShapes({ ...base, mac: [cell('R'), cell('S1', '', 'decision', 'L1')], ttl: { value: 63 } }, { zoom: 1, ttl: true })), // prettier-ignore
    group(460, y + 244, flagShapes({ ...base, mac: [cell('R'), cell('S1', '', 'decision', 'L1')], ttl: { value: 63 } }, { zoom: 2 })), // prettier-ignore
  ]
}

function cards(): Shape[] {
  const metrics = metricsFor(784, 556)
  const card = (
    x: number,
    y: number,
    code: string,
    status: HostStatus,
    selected: boolean,
    words: string,
  ): Shape[] => [
    cardShapes(
      {
        id: words,
        host: { ...sampleHost(code, status), selected },
        x,
        y,
        w: 208,
        h: 128,
        row: 'top',
        form: 'full',
      },
      metrics,
    ),
    text(x, y + 158, words, muted),
  ]
  return [
    ...heading(744, 16, 'Host card: 208 × 128'),
    ...card(744, 56, 'L1', 'active', false, 'active'),
    ...card(976, 56, 'L1', 'dimmed', false, 'dimmed'),
    ...card(1208, 56, 'L1', 'normal', true, 'selected'),
    ...card(744, 232, 'S1', 'down', false, 'down'),
    ...card(1208, 232, 'S2', 'normal', false, 'normal'),
  ]
}

function parts(): Shape[] {
  const codes = ['C', 'R', 'L1', 'L2', 'L3', 'L4', 'S1', 'S2', 'S3', 'S4', 'V', 'X', 'L5', 'S6']
  const swatches = codes.flatMap((code, i) => {
    const x = 976 + (i % 7) * 32
    const y = 290 + Math.floor(i / 7) * 40
    return [
      ...plate(x, y, code, { height: 24, width: 28 }),
      rect(x, y + 29, 28, 2, { fill: hueOf(code).fill }),
    ]
  })
  const model = { ...directStage(672, 400), segments: [{ id: 'lan', label: 'LAN rail; hatched: broadcast', broadcast: true }] } // prettier-ignore
  const layout = layoutStage(model)
  return [
    ...hookStrip(976, 248, HOOKS),
    text(976, 282, 'hook strip under the card while walked', muted),
    ...swatches,
    ...heading(744, 420, 'LAN and the way walked'),
    group(744, 330, [...lanShapes(layout), ...wayShapes(layout, model.way), ...railLabels(layout)]),
  ]
}
