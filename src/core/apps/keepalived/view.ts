import type { Nanos } from '../../base/ids.ts'
import type { DaemonView, HealthServerView, HealthView, VrrpView } from '../daemon-view.ts'
import type { CheckersState } from './health/types.ts'
import type { KeepalivedState } from './state.ts'
import type { VrrpState } from './vrrp/types.ts'

/** What each child of keepalived knows; the parent knows nothing. */
export function viewKeepalived(state: KeepalivedState, now: Nanos): DaemonView | undefined {
  if (state.role === 'checkers' && state.checkers) return viewChecks(state.checkers)
  if (state.role === 'vrrp' && state.vrrp) return viewVrrp(state.vrrp, now)
  return undefined
}

function viewChecks(state: CheckersState): HealthView {
  return {
    kind: 'health',
    services: state.services.map((service, i) => ({
      vip: service.spec.ip,
      port: service.spec.port,
      quorum: service.spec.quorum,
      quorumUp: service.quorumUp,
      sorry: service.sorry?.set ?? false,
      servers: service.servers.map((server, n): HealthServerView => {
        const checks = state.checks.filter((check) => check.service === i && check.server === n)
        return {
          ip: server.spec.ip,
          port: server.spec.port,
          weight: server.weight,
          alive: server.alive,
          set: server.set,
          checking: checks.some(({ phase }) => phase !== 'idle'),
          checks: checks.map(({ spec, up, hasRun, retryIt }) => ({
            ...{ kind: spec.kind, up, hasRun },
            failedTries: retryIt,
          })),
        }
      }),
    })),
  }
}

function viewVrrp(state: VrrpState, now: Nanos): VrrpView | undefined {
  if (state.instances.length === 0) return undefined
  return {
    kind: 'vrrp',
    instances: state.instances.map(({ spec, state: is, priority, masterIp, deadlineNs }) => ({
      ...{ name: spec.name, vrid: spec.vrid, dev: spec.dev, state: is, priority, masterIp },
      vips: spec.vips.map(({ ip }) => ip),
      waitNs: deadlineNs < 0 ? -1 : Math.max(0, deadlineNs - now),
    })),
  }
}
