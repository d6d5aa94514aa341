import { type Bytes, textOfBytes } from '../../base/bytes.ts'
import type { Sys } from '../sys.ts'
import type { NcOptions } from './options.ts'

/** Names of ports (/etc/services) that nc shows, `*` for the others. */
const SERVICES: Readonly<Record<string, string>> = {
  'tcp/22': 'ssh',
  'tcp/53': 'domain',
  'udp/53': 'domain',
  'tcp/80': 'http',
  'tcp/443': 'https',
  'tcp/8080': 'http-alt',
}

export function portWords(options: NcOptions, ip: string, port: number): string {
  const proto = options.udp ? 'udp' : 'tcp'
  const service = (options.numeric ? undefined : SERVICES[`${proto}/${port}`]) ?? '*'
  const who = options.numeric || options.host === ip ? options.host : `${options.host} (${ip})`
  return `Connection to ${who} ${port} port [${proto}/${service}]`
}

/** A terminal goes to the next line by itself at a carriage return and a line feed. */
export function show(sys: Sys, bytes: Bytes): void {
  sys.print(textOfBytes(bytes).replaceAll('\r\n', '\n'))
}
