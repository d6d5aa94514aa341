import { loadPrograms } from '../apps/table.ts'
import type { Command } from './sys.ts'

/** Tools beyond those of the lesson, by name; see table.ts for how they are loaded. */
export const TOOLS: Readonly<Record<string, () => Promise<Command>>> = {
  ab: async () => (await netPrograms('ab')).ab,
  nc: async () => (await netPrograms('nc')).nc,
  bridge: async () => (await import('./commands/bridge.ts')).bridge,
  diff: async () => (await import('./commands/diff.ts')).diff,
  ethtool: async () => (await import('./commands/ethtool.ts')).ethtool,
  find: async () => (await import('./commands/find.ts')).find,
  netstat: async () => (await import('./commands/netstat.ts')).netstat,
  free: async () => (await system()).free,
  groups: async () => (await system()).groups,
  id: async () => (await system()).id,
  lsmod: async () => (await system()).lsmod,
  uptime: async () => (await system()).uptime,
  whoami: async () => (await system()).whoami,
  alias: async () => (await manual()).alias,
  unalias: async () => (await manual()).unalias,
  apt: async () => (await manual()).apt,
  'apt-get': async () => (await manual()).aptGet,
  dnf: async () => (await manual()).dnf,
  yum: async () => (await manual()).yum,
  history: async () => (await manual()).history,
  nft: async () => (await import('./commands/nft.ts')).nft,
  netcat: async () => (await netPrograms('nc')).nc,
}

async function netPrograms(name: string) {
  await loadPrograms([name])
  return import('./commands/net-programs.ts')
}

function system() {
  return import('./commands/system.ts')
}

function manual() {
  return import('./commands/manual.ts')
}
