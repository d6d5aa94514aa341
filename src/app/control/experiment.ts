import { formatIp4, type HostId } from '../../core/base/ids.ts'
import { hostsOfRole, serviceOf } from '../model/knob-commands.ts'
import type { Views } from '../model/lvs-lab.ts'
import type { Session } from '../session/session.ts'
import { daemonOf } from './daemons.ts'

export const EXPERIMENTS = ['kill', 'stop', 'cable', 'off', 'keepalived', 'server', 'servers'] as const
export type ExperimentKind = (typeof EXPERIMENTS)[number]

/** A failure under load: on which host, and what has to be done there. */
export interface Experiment {
  kind: ExperimentKind
  host: HostId
}

/** The failures that can happen in this lab as its hosts are. */
export function experimentsFor(views: Views): Experiment[] {
  const lbs = hostsOfRole(views, 'lb')
  const [server] = hostsOfRole(views, 'server')
  const out: Experiment[] = []
  for (const host of lbs.slice(0, 2)) {
    const view = views[host]
    if (daemonOf(view, 'ospf')) out.push({ kind: 'kill', host }, { kind: 'stop', host })
    out.push({ kind: 'cable', host }, { kind: 'off', host })
    if (daemonOf(view, 'health')) out.push({ kind: 'keepalived', host }, { kind: 'servers', host })
  }
  if (server !== undefined) out.push({ kind: 'server', host: server })
  return out
}

/** A request gives up after this long. */
const TIMEOUT_S = 1
const GAP_NS = 200_000_000
/** Of the requests so many come before the failure. */
const BEFORE = 3

/** Requests one after the other, the failure after the first three. `onRequest` is told of each. */
export async function runExperiment(
  session: Session,
  experiment: Experiment,
  count: number,
  onRequest: (n: number) => void,
): Promise<void> {
  const views = session.views.store.getState().tail
  const service = serviceOf(views)
  const client = hostsOfRole(views, 'client')[0] ?? hostsOfRole(views, 'router')[0]
  const url = service && `http://${formatIp4(service.vip)}:${service.port}`
  await session.act(async (engine) => {
    for (let n = 0; n < count; n++) {
      if (n === BEFORE) await fail(session, experiment)
      onRequest(n + 1)
      if (client !== undefined && url !== undefined)
        await engine.exec(client, `curl -s -m ${TIMEOUT_S} ${url}`)
      await engine.advance(GAP_NS)
    }
  })
}

async function fail({ engine, lab, views }: Session, { kind, host }: Experiment): Promise<void> {
  if (kind === 'off') return engine.power(host, 'off')
  if (kind === 'cable') {
    const [dev] = Object.keys(lab.hosts[host]?.interfaces ?? {})
    return dev === undefined ? undefined : engine.cable(host, dev, false)
  }
  const lines: { host: HostId; line: string }[] = []
  if (kind === 'kill') lines.push({ host, line: 'kill -9 $(pidof ospfd)' })
  if (kind === 'stop') lines.push({ host, line: 'systemctl stop frr' })
  if (kind === 'keepalived') lines.push({ host, line: 'kill -9 $(pidof keepalived)' })
  if (kind === 'server') lines.push({ host, line: 'kill $(pidof nginx)' })
  if (kind === 'servers')
    for (const server of serversOf(views.store.getState().tail, host))
      lines.push({ host: server, line: 'kill $(pidof nginx)' })
  await engine.execAll(lines)
}

/** Hosts that have the addresses of a load balancer's real servers. */
function serversOf(views: Views, lb: HostId): HostId[] {
  const real = new Set((views[lb]?.ipvs.services ?? []).flatMap(({ dests }) => dests.map(({ ip }) => ip)))
  return Object.values(views)
    .filter(({ devs }) => devs.some(({ addrs }) => addrs.some(({ ip }) => real.has(ip))))
    .map(({ host }) => host)
}
