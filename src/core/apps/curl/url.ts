import { type Ip4, parseIp4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { CurlOptions } from './options.ts'

/** A URL as curl reads it. */
export interface CurlUrl {
  host: string
  port: number
  /** Path and query; '/' when the URL has none. */
  target: string
}

export interface UrlError {
  status: number
  message: string
}

/** Parse a URL; the scheme may be left out. `major`: curl 8 says what is wrong, curl 7 only that something is. */
export function parseUrl(text: string, major: number): Result<CurlUrl, UrlError> {
  const m = /^(?:([a-z][a-z0-9+.-]*):\/\/)?\/?([^/?#]*)([^#]*)/i.exec(text)
  const scheme = (m?.[1] ?? 'http').toLowerCase()
  if (scheme === 'https') return bad({ status: 1, message: 'https is not modelled here' })
  if (scheme !== 'http')
    return bad({ status: 1, message: `Protocol "${scheme}" not supported or disabled in libcurl` })
  const wrong = (why: string): Result<CurlUrl, UrlError> => {
    const words = major >= 8 ? `URL rejected: ${why}` : 'URL using bad/illegal format or missing URL'
    return bad({ status: 3, message: words })
  }
  const authority = (m?.[2] ?? '').replace(/^[^@]*@/, '')
  const parts = /^([^:]*)(?::(.*))?$/.exec(authority)
  const host = parts?.[1] ?? ''
  const portText = parts?.[2] ?? ''
  if (!parts || (portText !== '' && (!/^\d+$/.test(portText) || Number(portText) > 65535))) {
    return wrong('Port number was not a decimal number between 0 and 65535')
  }
  if (host === '') return wrong('No host part in the URL')
  if (/[\s"<>\\^`{|}]/.test(host)) return wrong('Bad hostname')
  if (/\s/.test(m?.[3] ?? '')) return wrong('Malformed input to a URL function')
  const rest = m?.[3] ?? ''
  const target = rest.startsWith('/') ? rest : `/${rest}`
  return ok({ host, port: portText === '' ? 80 : Number(portText), target })
}

/** Address of a host name: an address, localhost, or what /etc/hosts says. There is no DNS here. */
export function resolve(host: string, hostsFile: string | undefined): Ip4 | undefined {
  const ip = parseIp4(host)
  if (ip !== undefined) return ip
  if (host === 'localhost') return 0x7f000001 as Ip4
  for (const line of (hostsFile ?? '').split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (names.includes(host)) return parseIp4(address)
  }
  return undefined
}

/** Address that --resolve names for this host and port; the last one counts. */
export function givenAddress({ resolve: texts }: CurlOptions, { host, port }: CurlUrl): Ip4 | undefined {
  for (const text of [...texts].reverse()) {
    const [name, number, address = ''] = text.split(':')
    if ((name === host || name === '*') && Number(number) === port) return parseIp4(address)
  }
  return undefined
}

/** -G: what -d gave stands behind a question mark of every URL. */
export function intoUrls(options: CurlOptions): void {
  const { data } = options
  options.data = undefined
  if (data === undefined) return
  options.urls = options.urls.map((url) => {
    const whole = /^([a-z][a-z0-9+.-]*:\/\/)?[^/?]*$/i.test(url) ? `${url}/` : url
    return `${whole}${whole.includes('?') ? '&' : '?'}${data}`
  })
}
