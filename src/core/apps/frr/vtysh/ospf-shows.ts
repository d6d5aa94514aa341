import type { ShowCommand } from './show-command.ts'

export const OSPF_SHOWS: readonly ShowCommand[] = []
