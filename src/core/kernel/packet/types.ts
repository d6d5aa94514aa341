import type { DevName, Pid } from '../../base/ids.ts'

/** A packet socket (net/packet/af_packet.c): hears every frame of a device both ways, before any filter of the stack. */
export interface PacketSock {
  pid: Pid
  /** '' = all devices. */
  dev: DevName
}
