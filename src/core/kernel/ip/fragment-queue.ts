import type { Bytes } from '../../base/bytes.ts'
import type { DevName, FrameId, Nanos } from '../../base/ids.ts'

/** A datagram of which fragments are still missing. */
export interface FragQueue {
  /** Source, destination, protocol and identification. */
  key: string
  dev: DevName
  /** Sorted by offset, without overlaps; `bytes` is the whole IP packet of the fragment. */
  pieces: readonly { from: number; to: number; bytes: Bytes; frame: FrameId }[]
  /** Length of the payload once the last fragment has told it, else -1. */
  length: number
  expiresNs: Nanos
}
