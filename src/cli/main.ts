import { runCheck } from './check.ts'
import { runCompare } from './compare.ts'
import { runEcmp } from './ecmp.ts'
import { runExperiments } from './experiment.ts'
import { runExport } from './export.ts'
import { runLab } from './run.ts'
import { wrongInput } from './input.ts'

const USAGE = `usage: vipscope COMMAND ...
  run LAB [--script FILE] [--out DIR] [--seed N] [--profile P] [--settle S]
                            boot a lab, run a script, print its transcript
  export LAB --to netns|containerlab [--out FILE]
                            a script that builds the lab on a real Linux machine
  compare SIM_DIR REAL_DIR [--with health]
                            compare two runs capture point by capture point
  ecmp VECTORS.json         replay next-hop choices measured on a real kernel
  check LAB...              check lab files
  experiment [ID...]        make a failure under load and count what it costs
LAB is a file, or the name of a lab that comes with the program: course, outside`

type Verb = (args: string[]) => number

const VERBS: Record<string, Verb> = {
  run: runLab,
  compare: runCompare,
  ecmp: runEcmp,
  check: runCheck,
  experiment: runExperiments,
  export: runExport,
}

/** The command line. Exit status: 0 done, 1 a comparison or check failed, 2 wrong input (one line on stderr). */
export function main(args: string[]): number {
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const out = name === undefined ? process.stderr : process.stdout
    out.write(`${USAGE}\n`)
    return name === undefined ? 2 : 0
  }
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined
  return verb ? verb(rest) : wrongInput(`there is no command ${name}; see vipscope --help`)
}
