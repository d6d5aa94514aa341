import { httpHeader, type HttpResponse } from '../../wire/http.ts'
import type { CurlOptions } from './options.ts'
import type { CurlUrl } from './url.ts'

/** `-L`: where a response sends curl on to, and what is asked there (lib/transfer.c Curl_follow). */

/** --max-redirs. */
export const REDIRECTS_MAX = 50

/** The Location of a redirect that is to be followed; undefined for any other response. */
export function locationOf(options: CurlOptions, head: HttpResponse): string | undefined {
  if (!options.location || head.status < 300 || head.status > 399) return undefined
  return httpHeader(head, 'location')
}

/** A whole URL; a path alone, or one relative to the last, belongs to the server that sent it. */
export function absoluteUrl(location: string, { host, port, target }: CurlUrl): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return location
  if (location.startsWith('//')) return `http:${location}`
  const server = `http://${host}${port === 80 ? '' : `:${port}`}`
  if (location.startsWith('/')) return server + location
  return `${server}${target.replace(/[?#].*/, '').replace(/[^/]*$/, '')}${location}`
}

/** Whether what was posted is asked for by GET now: 301, 302 and 303 say so, unless -X chose the method. */
export function turnsToGet(options: CurlOptions, status: number): boolean {
  return [301, 302, 303].includes(status) && options.data !== undefined && options.method === ''
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 of Latin-1 text, for -u (RFC 7617). */
export function base64(text: string): string {
  let out = ''
  for (let i = 0; i < text.length; i += 3) {
    const three = [0, 1, 2].map((k) => text.charCodeAt(i + k) & 255)
    const bits = ((three[0] ?? 0) << 16) | ((three[1] ?? 0) << 8) | (three[2] ?? 0)
    const chars = [18, 12, 6, 0].map((shift) => LETTERS.charAt((bits >> shift) & 63))
    const left = text.length - i
    out += chars.map((char, k) => (k > left ? '=' : char)).join('')
  }
  return out
}
