/** Names of ports from /etc/services that tools print without -n. */
const NAMES: Record<number, string> = {
  21: 'ftp',
  22: 'ssh',
  53: 'domain',
  80: 'http',
  443: 'https',
  2601: 'zebra',
  2604: 'ospfd',
  5353: 'mdns',
  8080: 'http-alt',
}

export function serviceName(port: number): string {
  return NAMES[port] ?? String(port)
}
