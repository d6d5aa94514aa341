import type { Sys } from '../sys.ts'
import type { Args } from './args.ts'
import { parseConfig, type Role } from './config/parse.ts'
import { resolveServices } from './health/validate.ts'
import { INSECURE_CHECKS, INSECURE_SCRIPTS, placed } from './report.ts'
import { checksUseScripts, vrrpUsesScripts } from './script.ts'
import { checkInstances } from './vrrp/validate.ts'

const EXIT_CONFIG_TEST_FAILED = 5
const EXIT_NO_CONFIG = 6

/** `keepalived -t`: the file is read as parent and children would; exit status 5 if there is anything to say. */
export function runConfigTest(sys: Sys, args: Args): void {
  const path = args.configFile
  if (sys.readFile(path) === undefined) {
    sys.eprint(`Config files missing '${path}'.\n`)
    return sys.exit(EXIT_NO_CONFIG)
  }
  const said: string[] = []
  for (const role of ['parent', 'checkers', 'vrrp', 'bfd'] satisfies Role[]) {
    const readFile = (name: string): string | undefined => sys.readFile(name)
    const hasDev = (dev: string): boolean => sys.hasDev(dev)
    const { config, errors } = parseConfig({ path, readFile, hasDev, role, reload: false, testing: true })
    const say = (text: string): void => void said.push(text)
    for (const { line, text } of errors) say(placed(role, path, line, text))
    const insecure = !config.globals.scriptSecurity
    if (role === 'checkers') {
      resolveServices(config, false, say, () => undefined)
      if (insecure && checksUseScripts(config)) say(INSECURE_CHECKS)
    } else if (role === 'vrrp' && checkInstances(config, say) && insecure && vrrpUsesScripts(config)) {
      say(INSECURE_SCRIPTS)
    }
  }
  for (const line of said) sys.eprint(`${line}\n`)
  sys.exit(said.length > 0 ? EXIT_CONFIG_TEST_FAILED : 0)
}
