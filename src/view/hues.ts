/**
 * Whose colour is it: owner codes to CSS variables of tokens.css. Only hosts and the VIP have colour.
 * There are four hues each for LBs and servers and one each for client, router and VIP; a lab with more hosts uses
 * them again with a 2 px paper stripe, and the printed code tells such hosts apart.
 */
export type OwnerCode = string

export interface Hue {
  /** CSS colour of the owner, usable in SVG attributes and in CSS. */
  fill: string
  /** Text on that colour, at least 4.5:1. */
  on: string
  /** The hue is used a second time: draw the paper stripe. */
  stripe: boolean
  /** What is printed on plate and cell. */
  text: string
}

/** Broadcast, multicast and addresses nobody in the lab owns. */
export const UNKNOWN: OwnerCode = 'X'

const HUES_PER_LETTER: Readonly<Record<string, number>> = { C: 1, R: 1, V: 1, L: 4, S: 4 }

/** 'L1' -> azure or indigo ..., 'L5' -> the hue of L1 with a stripe, anything else -> grey, printed as it is ('X' as '*'). */
export function hueOf(code: OwnerCode): Hue {
  const m = /^([CRVLS])(\d*)$/.exec(code)
  if (!m) return { fill: 'var(--X)', on: 'var(--Xo)', stripe: false, text: code === UNKNOWN ? '*' : code }
  const letter = m[1] ?? ''
  const count = HUES_PER_LETTER[letter] ?? 1
  const index = Math.max(1, Number(m[2] || 1)) - 1
  const name = count === 1 ? letter : `${letter}${(index % count) + 1}`
  return { fill: `var(--${name})`, on: `var(--${name}o)`, stripe: index >= count, text: code }
}
