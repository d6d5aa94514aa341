import type { SockId } from '../../base/ids.ts'

/** All TCP state of a host. */
export interface Tcp {
  nextSock: SockId
}
