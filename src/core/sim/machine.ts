import { cloneProc, runProcess, spawn } from '../apps/table.ts'
import { cloneHost } from '../kernel/clone.ts'
import { applyOp, fireTimer, makeStack, receiveFrame, setCarrier } from '../kernel/kernel.ts'
import type { Handlers } from './handlers.ts'

/** The real kernel and the real programs. */
export const machine: Handlers = {
  stack: makeStack(),
  receiveFrame,
  fireTimer,
  applyOp,
  setCarrier,
  runProcess,
  spawn,
  cloneHost: (host) => cloneHost(host, cloneProc),
}
