import type { Command, Io, Outcome } from '../sys.ts'
import { start } from './programs.ts'

/** Programs that speak through sockets and may be fed by a pipe. */

export const ab: Command = {
  name: 'ab',
  summary: 'load a web server with requests (ApacheBench)',
  run: (args, io) => start(['ab', ...args], io, 'exit'),
}

/** What a pipe gives is left where the program finds it: under its number, which it has next. */
function withInput(argv: string[], io: Io): Outcome {
  if (io.input !== null) {
    const path = `/proc/${io.sys.host().nextPid}/fd/0`
    io.sys.apply({ op: 'file.write', path, text: io.input.text })
    io.input.text = ''
  }
  return start(argv, io, 'exit')
}

export const nc: Command = {
  name: 'nc',
  summary: 'open a TCP or UDP connection, or wait for one',
  run: (args, io) => withInput(['nc', ...args], io),
}
