/** A global, or a property of one, that files under `where` may not touch, and what to use instead. */
export interface Ban {
  where: readonly string[]
  name: string
  use: string
}

const CORE = ['src/core']
const DRAWN = ['src/app', 'src/view']
const clock = 'ctx.now: simulated time'
const timer = 'ctx.setTimer: every wait is an event'
const page = 'nothing: the core knows no page'

export const BANS: readonly Ban[] = [
  { where: CORE, name: 'Date.now', use: clock },
  { where: CORE, name: 'new Date()', use: clock },
  { where: CORE, name: 'performance', use: clock },
  { where: CORE, name: 'Math.random', use: 'core/base/prng.ts: one seeded generator per host' },
  { where: CORE, name: 'crypto', use: 'core/base/prng.ts: one seeded generator per host' },
  { where: CORE, name: 'setTimeout', use: timer },
  { where: CORE, name: 'setInterval', use: timer },
  { where: CORE, name: 'setImmediate', use: timer },
  { where: CORE, name: 'queueMicrotask', use: timer },
  { where: CORE, name: 'requestAnimationFrame', use: timer },
  {
    where: ['src/core/base', 'src/core/wire', 'src/core/kernel', 'src/core/sim'],
    name: 'Promise',
    use: 'plain state that a checkpoint can hold',
  },
  { where: CORE, name: 'console', use: 'ctx.note: what happened is a note' },
  { where: CORE, name: 'structuredClone', use: 'the hand-written clone of the record' },
  { where: CORE, name: 'TextEncoder', use: 'core/base/bytes.ts' },
  { where: CORE, name: 'TextDecoder', use: 'core/base/bytes.ts' },
  { where: CORE, name: 'Buffer', use: 'core/base/bytes.ts' },
  { where: CORE, name: 'process', use: 'nothing: the core does not know Node' },
  { where: CORE, name: 'Intl', use: 'i18n: the core makes no words' },
  { where: CORE, name: 'fetch', use: page },
  { where: CORE, name: 'window', use: page },
  { where: CORE, name: 'document', use: page },
  { where: CORE, name: 'localStorage', use: page },
  { where: ['src/view'], name: 'Date.now', use: 'the time given to seek()' },
  { where: ['src/view'], name: 'new Date()', use: 'the time given to seek()' },
  { where: ['src/view'], name: 'performance', use: 'the time given to seek()' },
  { where: ['src/view'], name: 'Math.random', use: 'positions from the model' },
  { where: DRAWN, name: 'eval', use: 'code' },
  { where: DRAWN, name: 'alert', use: 'a box on the page' },
]

/** Properties that no file under `where` may read, write or call, whatever they belong to. */
export const BANNED_MEMBERS: readonly Ban[] = [
  { where: ['src/view'], name: 'transition', use: 'seek(at): the position is a function of time' },
  { where: DRAWN, name: 'innerHTML', use: 'textContent, or elements' },
  { where: DRAWN, name: 'outerHTML', use: 'textContent, or elements' },
  { where: DRAWN, name: 'insertAdjacentHTML', use: 'append' },
  { where: DRAWN, name: 'dangerouslySetInnerHTML', use: 'elements' },
  { where: CORE, name: 'localeCompare', use: '< and >: the same order on every machine' },
  { where: CORE, name: 'getHours', use: 'getUTCHours: the same text on every machine' },
  { where: CORE, name: 'getDate', use: 'getUTCDate: the same text on every machine' },
  { where: CORE, name: 'toLocaleString', use: 'String(): the same text on every machine' },
]

export const MAX_LINES = { code: 400, test: 600 }
/** Nine files of ten are at most this long. */
export const NINTH_DECILE_LINES = 300
export const MAX_README_LINES = 30
/** The functions inside a factory (`createX`, `makeX`) are measured one by one, not as part of it. */
export const MAX_FUNCTION_LINES = 60

/** Functions that are longer, as `path#name`: their present length. It may only shrink; do not add any. */
export const LONG_FUNCTIONS: Readonly<Record<string, number>> = {}

export interface WordRule {
  pattern: RegExp
  why: string
}

/** The project speaks of itself, finished, and from anywhere. */
export const BANNED_WORDS: readonly WordRule[] = [
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, why: 'do it, or say at the head of the file what is simplified' },
  { pattern: /(?<![\w}])\/(work|root)\//, why: 'a path of one machine' },
  { pattern: /\.\.\/shared\b|\bshared\/(design|golden|oracle|spec)\b/, why: 'a path outside the project' },
  {
    pattern: /(?<!fixtures\/)\bgolden\/(README|[A-Z]\d|pcap|ecmp)/,
    why: 'a path outside the project; name the scenario: golden A1',
  },
  {
    pattern: /\bissue\s*#?\d+|\bissues\/\d+|\bin this (session|issue|task)\b/i,
    why: 'say the reason itself',
  },
  {
    pattern: /\b(claude|anthropic|chatgpt|openai|copilot|language model|AI agent)\b/i,
    why: 'say the reason itself',
  },
  { pattern: /\bregistry\.[a-z0-9-]+\.[a-z]|\bartifactory\b/i, why: 'a registry host' },
]
