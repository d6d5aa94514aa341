import type { HostId, Ip4, Mac } from '../core/base/ids.ts'

/**
 * A sentence as data: plain text and the things in it that have an owner or a look of their own. The page draws an
 * address as an ink text with its owner's underline and plate; the Log's copy and the live region take `textOf`.
 */
export type Part =
  | string
  | { t: 'ip'; ip: Ip4; port?: number }
  | { t: 'mac'; mac: Mac }
  | { t: 'host'; host: HostId }
  | { t: 'mono'; text: string }

export type Sentence = readonly Part[]

/** Template tag: `say\`to ${ip(dst)}\``; numbers become text, parts stay parts. */
export function say(strings: TemplateStringsArray, ...values: readonly (Part | number)[]): Part[] {
  const out: Part[] = []
  strings.forEach((text, i) => {
    if (text !== '') out.push(text)
    const value = values[i]
    if (value === undefined) return
    const part = typeof value === 'number' ? String(value) : value
    if (part !== '') out.push(part)
  })
  return out
}

/** An address, with a port unless the port is unknown (0). */
export function ip(address: Ip4, port = 0): Part {
  return port > 0 ? { t: 'ip', ip: address, port } : { t: 'ip', ip: address }
}

export function mac(address: Mac): Part {
  return { t: 'mac', mac: address }
}

export function mono(text: string): Part {
  return { t: 'mono', text }
}

export function host(id: HostId): Part {
  return { t: 'host', host: id }
}
