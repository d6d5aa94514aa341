import type { Command } from '../sys.ts'

/** The list of all commands with their summaries. */
export function makeHelp(names: readonly string[], summaryOf: (name: string) => string): Command {
  return {
    name: 'help',
    summary: 'this list',
    run: (_args, io) => {
      io.out('Commands that are modelled:\n')
      for (const name of names) {
        const summary = name === 'help' ? 'this list' : summaryOf(name)
        if (name !== ':') io.out(`  ${name.padEnd(10)} ${summary}\n`)
      }
      io.out(
        'They are joined by ; && || and |, led into files by > >> <, repeated by for and while, left running by &.\n',
      )
      return 0
    },
  }
}
