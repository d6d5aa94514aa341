/**
 * Who may import whom, as data. A layer is a folder; its files may import each other, the layers it names (a folder or
 * a single file), and the packages it names. Whatever is not named is refused, type-only imports too.
 */
export interface LayerRule {
  reads: readonly string[]
  packages: readonly string[]
}

const BASE = 'src/core/base'
const WIRE = 'src/core/wire'
const KERNEL = 'src/core/kernel'
const APPS = 'src/core/apps'
const SIM = 'src/core/sim'
const SHELL = 'src/core/shell'
const LAB = 'src/core/lab'

/** What happened, as plain data: the note, the trace record, and the types they are made of. No behaviour. */
export const PLAIN_NOTES: readonly string[] = [
  'src/core/sim/trace.ts',
  'src/core/kernel/note.ts',
  'src/core/kernel/drop.ts',
  'src/core/kernel/netlink.ts',
  'src/core/kernel/ipvs/types.ts',
  'src/core/kernel/neigh/entry.ts',
  'src/core/kernel/route/types.ts',
]

const BELOW_ENGINE = [BASE, WIRE, KERNEL, APPS, SIM, SHELL, LAB]
const ALL = [
  ...BELOW_ENGINE,
  'src/engine',
  'src/content',
  'src/i18n',
  'src/view',
  'src/app',
  'src/cli',
  'src/bench',
]

export const LAYERS: Readonly<Record<string, LayerRule>> = {
  [BASE]: { reads: [], packages: [] },
  [WIRE]: { reads: [BASE], packages: [] },
  [KERNEL]: { reads: [BASE, WIRE], packages: [] },
  [APPS]: { reads: [BASE, WIRE, KERNEL], packages: [] },
  [SIM]: { reads: [BASE, WIRE, KERNEL, APPS], packages: [] },
  [SHELL]: { reads: [BASE, WIRE, KERNEL, APPS, SIM], packages: [] },
  [LAB]: { reads: [BASE, WIRE, KERNEL, APPS, SIM, SHELL], packages: ['valibot', '@valibot/to-json-schema'] },
  'src/engine': { reads: BELOW_ENGINE, packages: [] },
  'src/content': { reads: [BASE, SIM, LAB], packages: [] },
  'src/i18n': { reads: [BASE, ...PLAIN_NOTES], packages: [] },
  'src/view': { reads: [BASE, WIRE, ...PLAIN_NOTES], packages: ['d3'] },
  'src/app': {
    // the table of the fidelity page is written by tests
    reads: ['src/engine', 'src/view', 'src/content', 'src/i18n', BASE, WIRE, 'src/testing/fidelity.json'],
    packages: [
      'react',
      'react-dom',
      'zustand',
      'immer',
      'wouter',
      'tinykeys',
      '@codemirror/commands',
      '@codemirror/language',
      '@codemirror/search',
      '@codemirror/state',
      '@codemirror/view',
      '@xterm/addon-fit',
      '@xterm/xterm',
      '@xterm/xterm/css/xterm.css',
      'valibot',
      '@tanstack/react-virtual',
    ],
  },
  'src/cli': { reads: BELOW_ENGINE, packages: ['node:', '@valibot/to-json-schema'] },
  'src/bench': { reads: ALL, packages: ['node:', '@playwright/test'] },
  'src/testing': {
    reads: [...ALL, '.ci/report.mjs'],
    packages: ['node:', 'typescript', 'vitest', 'fast-check'],
  },
}

/** Tests may read their own layer's world, the shared helpers, and Node's file system for fixtures. */
export const TEST_READS: readonly string[] = ['src/testing']
export const TEST_PACKAGES: readonly string[] = ['vitest', 'fast-check', 'node:']

/** A composition root is imported from outside its folder only, else its parts would need each other in a circle. */
export const COMPOSITION_ROOTS: Readonly<Record<string, string>> = { 'src/core/kernel/kernel.ts': KERNEL }
