import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { makeShellHost, parseTranscripts } from '../../../../testing/shell-host.ts'

/** One session of the real tool (1.8.9, Linux 6.1) on a machine without rules, command by command. */
const fixture = new URL('../../../../testing/fixtures/iptables.txt', import.meta.url)
const session = parseTranscripts(readFileSync(fixture, 'utf8'))
const shell = makeShellHost('n1', '10.9.9.1/24', '02:00:00:00:00:01')
const answers = session.map(({ command }) => {
  const { output, status } = shell.run(command)
  const dated = output.replace(/ on \w+ \w+ +\d+ [\d:]+ 2026/g, ' on DATE')
  return dated + (status === 0 ? '' : `(exit status ${status})\n`)
})

test.each(session.map(({ command, output }, i) => ({ command, output, i })))(
  '$i: $command',
  ({ output, i }) => {
    expect(answers[i]).toBe(output)
  },
)
