import type { DevName, Ip4, Pid, SockId } from '../../base/ids.ts'
import type { Bytes } from '../../base/bytes.ts'

/** A raw socket: hears every packet of one IP protocol that is for this host. Bound to a device if `dev` is not ''. */
export interface RawSock {
  id: SockId
  pid: Pid
  proto: number
  dev: DevName
}

/** A packet that a raw socket sends; the kernel writes its IP header. */
export interface RawPacket {
  dst: Ip4
  /** 0 or absent: the route's. */
  src?: Ip4
  /** The interface it leaves by; a must for groups. */
  dev?: DevName
  ttl: number
  tos: number
  /** Don't fragment; not set unless said. */
  df?: boolean
  payload: Bytes
}
