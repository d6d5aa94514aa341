import { formatIp4, type Nanos, SEC } from '../../base/ids.ts'
import type { Sys } from '../sys.ts'
import type { CurlState } from './state.ts'

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** `--write-out`: variables in %{braces}, %% and the escapes \n \r \t. Unknown variables come out as nothing. */
export function writeOut(format: string, sys: Sys, state: CurlState, status: number): string {
  const ends = sys.ends(state.sock)
  const since = (at: Nanos): string => (at === 0 ? 0 : (at - state.startNs) / SEC).toFixed(6)
  const code = String(state.head?.status ?? 0).padStart(3, '0')
  const values: Record<string, string> = {
    http_code: code,
    response_code: code,
    exitcode: String(status),
    time_connect: since(state.connectNs),
    time_starttransfer: since(state.firstByteNs),
    time_total: since(sys.now),
    size_download: String(state.bodyBytes),
    num_connects: state.connectNs === 0 || state.reused ? '0' : '1',
    remote_ip: state.connectNs === 0 ? '' : formatIp4(state.ip),
    remote_port: state.connectNs === 0 ? '0' : String(state.url.port),
    local_ip: state.connectNs === 0 ? '' : formatIp4(ends.laddr),
    local_port: state.connectNs === 0 ? '0' : String(state.localPort),
    url_effective: `http://${state.url.host}${state.url.port === 80 ? '' : `:${state.url.port}`}${state.url.target}`,
  }
  return format.replace(
    /%\{(\w+)\}|%%|\\([nrt])/g,
    (all, name: string | undefined, escape: string | undefined) => {
      if (all === '%%') return '%'
      if (escape !== undefined) return ESCAPES[escape] ?? ''
      return name !== undefined && Object.hasOwn(values, name) ? (values[name] ?? '') : ''
    },
  )
}
