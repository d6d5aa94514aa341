import type { OwnLab } from './lab.ts'

/** IPVS and Netfilter together, in ways that the other labs are not. */
export const IPVS_LABS: readonly OwnLab[] = []
