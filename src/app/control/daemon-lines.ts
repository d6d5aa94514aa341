import type { HostView } from '../../engine/engine.ts'

/** What can be done to a service, as the lines that are typed. */
export interface Service {
  name: string
  running: boolean
  /** The process that `kill` ends. */
  victim: string
  lines: Readonly<Record<ServiceAct, string>>
}

export const SERVICE_ACTS = ['start', 'stop', 'kill'] as const
export type ServiceAct = (typeof SERVICE_ACTS)[number]

/** Which process of a service is killed: of FRR the one whose silence the others notice. */
const VICTIM: Readonly<Record<string, string>> = { frr: 'ospfd' }

/** Services that systemd has started on a host, and nginx started by hand. */
export function servicesOf(view: HostView): Service[] {
  const units = Object.entries(view.units)
    .filter(([name]) => name !== 'firewalld')
    .map(([name, state]) => unitLines(name, state === 'active'))
  if (view.role !== 'server' || units.some(({ name }) => name === 'nginx')) return units
  const running = view.procs.some(({ argv }) => /(^|\/)nginx/.test(argv[0] ?? ''))
  const lines = { start: 'nginx', stop: 'kill $(pidof nginx)', kill: 'kill -9 $(pidof nginx)' }
  return [...units, { name: 'nginx', running, victim: 'nginx', lines }]
}

function unitLines(name: string, running: boolean): Service {
  const victim = VICTIM[name] ?? name
  return {
    ...{ name, running, victim },
    lines: {
      start: `systemctl start ${name}`,
      stop: `systemctl stop ${name}`,
      kill: `kill -9 $(pidof ${victim})`,
    },
  }
}
