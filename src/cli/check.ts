import { readLab, wrongInput } from './input.ts'

/** `vipscope check LAB...`: a line for each lab, and for each error one on stderr. Exit status 1 if one is not right. */
export function runCheck(args: string[]): number {
  if (args.length === 0 || args.some((arg) => arg.startsWith('-')))
    return wrongInput('usage: vipscope check LAB...')
  let status = 0
  for (const name of args) {
    const lab = readLab(name)
    if (lab.ok) {
      const { id, hosts, segments } = lab.value
      const count = `${Object.keys(hosts).length} hosts, ${Object.keys(segments).length} segments`
      process.stdout.write(`${name}: ok, lab ${id}, ${count}\n`)
    } else {
      status = 1
      for (const error of lab.error) process.stderr.write(`vipscope: ${error}\n`)
    }
  }
  return status
}
