import type { Errno } from '../../kernel/netlink.ts'

/** strerror(3) for what a connect or read can meet; numbers as in errno.h. */
export const STRERROR: Readonly<Partial<Record<Errno, { number: number; text: string }>>> = {
  EACCES: { number: 13, text: 'Permission denied' },
  EINVAL: { number: 22, text: 'Invalid argument' },
  EPIPE: { number: 32, text: 'Broken pipe' },
  EMSGSIZE: { number: 90, text: 'Message too long' },
  ENOPROTOOPT: { number: 92, text: 'Protocol not available' },
  EOPNOTSUPP: { number: 95, text: 'Operation not supported' },
  EADDRINUSE: { number: 98, text: 'Address already in use' },
  EADDRNOTAVAIL: { number: 99, text: 'Cannot assign requested address' },
  ENETDOWN: { number: 100, text: 'Network is down' },
  ENETUNREACH: { number: 101, text: 'Network is unreachable' },
  ECONNRESET: { number: 104, text: 'Connection reset by peer' },
  ENOTCONN: { number: 107, text: 'Transport endpoint is not connected' },
  ETIMEDOUT: { number: 110, text: 'Connection timed out' },
  ECONNREFUSED: { number: 111, text: 'Connection refused' },
  EHOSTUNREACH: { number: 113, text: 'No route to host' },
}

export function strerror(errno: Errno): string {
  return STRERROR[errno]?.text ?? errno
}

export const USAGE = "curl: try 'curl --help' or 'curl --manual' for more information\n"
