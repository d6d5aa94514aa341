import type { Protocol } from '../ctx.ts'
import { tcpError } from './error.ts'
import { tcpReceive } from './receive.ts'

/** TCP for the table of protocols. */
export const tcpProtocol: Protocol = { receive: tcpReceive, error: tcpError }
