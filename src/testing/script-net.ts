import { provideLines } from '../core/apps/lines.ts'
import { loadIpvs } from '../core/kernel/ipvs/module.ts'
import { runLineAtOnce } from '../core/shell/line-now.ts'
import { loadCommands } from '../core/shell/table.ts'

/** `makeNet` for programs that change IPVS and run command lines themselves. */

await loadIpvs()
await loadCommands()
provideLines(runLineAtOnce)

export { makeNet } from './net.ts'
