import { formatIp4, parseIp4, parseMac, type HostId } from '../../core/base/ids.ts'
import type { HostView } from '../../engine/engine.ts'
import type { Lit } from '../session/session.ts'
import type { Owners } from '../model/owners.ts'

/**
 * Looks of text on a terminal, as escape sequences (ECMA-48 SGR). An owner is an underline in its hue; each owner has
 * palette numbers of its own, so that another theme, or lighting an owner up, is a change of the palette alone.
 */

/** Owners with hues of their own, by place in the palette. */
const HUES = ['C', 'R', 'V', 'L1', 'L2', 'L3', 'L4', 'S1', 'S2', 'S3', 'S4'] as const

/** Palette numbers: the hue as a line, the ground under an address, its letters. */
const LINE = 16
const GROUND = 32
const LETTERS = 48

export interface InkColours {
  ink: string
  ground: string
  /** Colours of a token of tokens.css. */
  of: (name: string) => string
}

/** Colours from number 16 on. `lit`: codes whose addresses are lit up. */
export function paletteOf(colours: InkColours, lit: ReadonlySet<string>): string[] {
  const list = Array.from({ length: LETTERS - 16 + HUES.length }, () => colours.ink)
  HUES.forEach((hue, i) => {
    list[LINE - 16 + i] = colours.of(`--${hue}`)
    list[GROUND - 16 + i] = lit.has(hue) ? colours.of(`--${hue}`) : colours.ground
    list[LETTERS - 16 + i] = lit.has(hue) ? colours.of(`--${hue}o`) : colours.ink
  })
  return list
}

/** Hosts beyond the hues use them again: 'L5' looks as 'L1' does. */
function hueAt(code: string): number {
  const [, letter = '', digits = ''] = /^([CRVLS])(\d*)$/.exec(code) ?? []
  if (letter === '') return -1
  const name = letter === 'L' || letter === 'S' ? `${letter}${((Number(digits || 1) - 1) % 4) + 1}` : letter
  return (HUES as readonly string[]).indexOf(name)
}

/** The hue that stands for an owner's code. */
export function hueName(code: string): string {
  return HUES[hueAt(code)] ?? ''
}

const RESET = '\x1b[0m'
export const BOLD = (text: string): string => `\x1b[1m${text}${RESET}`
/** Secondary ink: colour 8 of the theme. */
export const QUIET = (text: string): string => `\x1b[38;5;8m${text}${RESET}`

const ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/gi

/** What a program has printed, with the addresses of this lab in their owners' looks. Other escapes pass as they are. */
export function inkOutput(text: string, owners: Owners): string {
  return text.replaceAll(ADDRESS, (address) => {
    const hue = hueAt(codeOf(address, owners))
    if (hue < 0) return address
    return `\x1b[4;58;5;${LINE + hue};48;5;${GROUND + hue};38;5;${LETTERS + hue}m${address}${RESET}`
  })
}

/** A failed command's last line, underlined in the colour of errors (colour 1). */
export function inkFailed(text: string): string {
  return `\x1b[4:4;58;5;1m${text}${RESET}`
}

function codeOf(address: string, owners: Owners): string {
  const ip = parseIp4(address)
  if (ip !== undefined) return owners.ofIp(ip)
  const mac = parseMac(address)
  return mac === undefined ? '' : owners.ofMac(mac)
}

/** Something in a line of output that stands for a thing on the stage. */
export interface Thing {
  from: number
  to: number
  lit: Lit
}

/** Addresses and interfaces in a line that a host has printed. */
export function thingsIn(
  line: string,
  on: { host: HostId; owners: Owners; views: Readonly<Record<HostId, HostView>> },
): Thing[] {
  const things: Thing[] = []
  for (const match of line.matchAll(ADDRESS)) {
    const code = codeOf(match[0], on.owners)
    if (hueAt(code) < 0) continue
    things.push({
      from: match.index,
      to: match.index + match[0].length,
      lit: { hosts: holdersOf(match[0], code, on), text: match[0], codes: [code] },
    })
  }
  for (const { name } of on.views[on.host]?.devs ?? []) {
    const at = new RegExp(`(?<![\\w.-])${name}(?![\\w.-])`, 'g')
    for (const match of line.matchAll(at)) {
      const lit = { hosts: [on.host], text: name, codes: [] }
      things.push({ from: match.index, to: match.index + name.length, lit })
    }
  }
  return things
}

/** The VIP is on several hosts. */
function holdersOf(
  address: string,
  code: string,
  { owners, views }: { owners: Owners; views: Readonly<Record<HostId, HostView>> },
): HostId[] {
  const owner = owners.hostOf(code)
  if (owner !== undefined) return [owner]
  const has = (view: HostView): boolean =>
    view.devs.some(({ addrs }) => addrs.some(({ ip }) => formatIp4(ip) === address))
  return Object.values(views)
    .filter(has)
    .map(({ host }) => host)
}

/** Without escapes and control characters: for those who listen, and for copies. */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is taken out
  return text.replaceAll(/\x1b\[[\d;:?]*[A-Za-z]/g, '').replaceAll(/[\x00-\x08\x0b-\x1f]/g, '')
}
