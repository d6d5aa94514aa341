import * as v from 'valibot'
import { PROFILE_IDS } from './profiles.ts'

/**
 * A lab file (version 1): real addresses, real file syntax, real command lines. This schema is the one source of the
 * types, of the checks of form and of `public/lab.schema.json`; what needs two places of the file at once (duplicate
 * addresses, missing segments) is in `check.ts`.
 */
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,62}$/
const name = (what: string) =>
  v.pipe(v.string(), v.regex(NAME, `${what} must begin with a letter and hold only letters, digits and -`))
const text = (limit: number) =>
  v.pipe(v.string(), v.maxLength(limit, `must not be longer than ${limit} characters`))
const whole = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  )

const SegmentSchema = v.strictObject({
  /** Bytes. */
  mtu: v.optional(whole(68, 65535), 1500),
  /** One-way delay in microseconds. */
  delayUs: v.optional(whole(0, 10_000_000), 50),
})

const InterfaceSchema = v.strictObject({
  segment: v.string(),
  mac: v.pipe(
    v.string(),
    v.regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/, 'must be a MAC address like 00:0c:29:35:01:35'),
    v.regex(/^.[02468aceACE]/, 'must be the address of one interface, not a group address'),
  ),
  /** IPv4 addresses with prefix length. */
  addresses: v.optional(
    v.array(
      v.pipe(
        v.string(),
        v.regex(
          /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!\/)|(?=\/))){4}\/(3[0-2]|[12]?\d)$/,
          'must be an IPv4 address with prefix length like 172.16.253.135/24',
        ),
      ),
    ),
    () => [],
  ),
})

const HostSchema = v.strictObject({
  /** Only for drawing. */
  role: v.picklist(['router', 'lb', 'server', 'client'], 'must be router, lb, server or client'),
  /** Position on the stage in its 784x556 coordinates. */
  at: v.optional(v.tuple([v.number(), v.number()])),
  interfaces: v.record(
    v.pipe(
      v.string(),
      v.maxLength(15, 'interface names have at most 15 characters'),
      v.regex(
        /^(?!lo$)[A-Za-z][^\s/:]*$/,
        'interface names begin with a letter, without blanks, / or :, and lo is there anyway',
      ),
    ),
    InterfaceSchema,
  ),
  /** Files by absolute path, in their real syntax. */
  files: v.optional(
    v.record(v.pipe(v.string(), v.regex(/^\/./, 'file names are absolute paths')), text(1_000_000)),
    () => ({}),
  ),
  /** Real command lines, in order. */
  boot: v.optional(v.array(text(10_000)), () => []),
})

export const LabSchema = v.strictObject({
  vipscope: v.literal(1, 'must be 1: the version of the lab format'),
  id: name('the id'),
  title: v.strictObject({ en: text(200), zh: text(200) }),
  seed: v.optional(whole(0, Number.MAX_SAFE_INTEGER), 1),
  /** Whose version strings and defaults the hosts show. */
  profile: v.optional(v.picklist(PROFILE_IDS, `must be one of ${PROFILE_IDS.join(', ')}`), 'ubuntu-24.04'),
  segments: v.record(name('the name of a segment'), SegmentSchema),
  hosts: v.record(name('the name of a host'), HostSchema),
})

/** A lab with its defaults filled in. */
export type Lab = v.InferOutput<typeof LabSchema>
export type LabHost = v.InferOutput<typeof HostSchema>
