import { formatIp4, isLoopback, type HostId } from '../../core/base/ids.ts'
import type { ShellView } from '../../engine/engine.ts'
import type { Session } from '../session/session.ts'
import type { Known } from './completion.ts'

/** What a line on this host may name, as things are at the end of the run, where it will act. */
export function knownOn(session: Session, host: HostId, shell: ShellView): Known {
  const { tail } = session.views.store.getState()
  const view = tail[host]
  const views = Object.values(tail)
  const addresses = views.flatMap(({ devs }) =>
    devs.flatMap(({ addrs }) => addrs.filter(({ ip }) => !isLoopback(ip)).map(({ ip }) => formatIp4(ip))),
  )
  const confs = Object.entries(view?.conf ?? {}).flatMap(([dev, vars]) =>
    Object.keys(vars).map((name) => `net.ipv4.conf.${dev}.${name}`),
  )
  return {
    commands: [...shell.commands, ...EDITORS],
    devs: view?.devs.map(({ name }) => name) ?? [],
    addresses: [...new Set(addresses)],
    sysctls: [...Object.keys(view?.sysctl ?? {}), ...confs],
    vars: shell.vars,
    files: Object.keys(view?.files ?? {}),
    cwd: shell.cwd,
  }
}

/** Not commands of the simulator: they open the page's editor. */
const EDITORS = ['vi', 'vim', 'nano']
