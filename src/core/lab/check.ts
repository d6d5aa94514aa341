import * as v from 'valibot'
import { formatIp4, formatMac, parseMac } from '../base/ids.ts'
import { parseCidr } from '../base/cidr.ts'
import { bad, ok, type Result } from '../base/result.ts'
import { parseLine } from '../shell/parse.ts'
import { type Lab, LabSchema } from './schema.ts'

/** One thing that is wrong with a lab file, and where: `hosts.router.interfaces.ens33.mac`. */
export interface LabError {
  path: string
  message: string
}

const HOST_LIMIT = 250

/** One clear line per error. */
export function formatLabError({ path, message }: LabError): string {
  return path === '' ? message : `${path}: ${message}`
}

/**
 * Check a lab file's JSON and fill in the defaults. All errors of form are reported; errors between places (duplicate
 * addresses, missing segments, boot lines) only when the form is right.
 */
export function parseLab(json: unknown): Result<Lab, LabError[]> {
  const parsed = v.safeParse(LabSchema, json)
  if (!parsed.success) return bad(parsed.issues.map(errorOfIssue))
  const errors = [...checkSegments(parsed.output), ...checkBoot(parsed.output)]
  return errors.length > 0 ? bad(errors) : ok(parsed.output)
}

function errorOfIssue(issue: v.BaseIssue<unknown>): LabError {
  const keys = (issue.path ?? []).map((item) => item.key)
  return { path: formatPath(keys), message: wordIssue(issue) }
}

/** `hosts.router.boot[2]`; keys that are no plain names are quoted. */
function formatPath(keys: readonly unknown[]): string {
  let path = ''
  for (const key of keys) {
    if (typeof key === 'number') path += `[${key}]`
    else if (typeof key === 'string' && /^[A-Za-z][\w-]*$/.test(key)) path += path === '' ? key : `.${key}`
    else path += `[${JSON.stringify(key)}]`
  }
  return path
}

/** valibot's own words where they name a type, ours where a person has to act. */
function wordIssue(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'unknown key'
  if (issue.received === 'undefined' && issue.expected !== null) return 'is missing'
  if (issue.message.startsWith('Invalid type'))
    return `must be ${issue.expected ?? 'of another type'}, not ${issue.received}`
  return issue.message
}

function checkSegments(lab: Lab): LabError[] {
  const errors: LabError[] = []
  const seen = new Map<string, string>()
  const once = (segment: string, value: string, path: string): void => {
    const key = `${segment} ${value}`
    const first = seen.get(key)
    if (first === undefined) seen.set(key, path)
    else errors.push({ path, message: `${value} is already taken on segment ${segment} by ${first}` })
  }
  const hosts = Object.entries(lab.hosts)
  if (hosts.length === 0) errors.push({ path: 'hosts', message: 'a lab has at least one host' })
  if (hosts.length > HOST_LIMIT)
    errors.push({ path: 'hosts', message: `a lab has at most ${HOST_LIMIT} hosts` })
  for (const [id, host] of hosts) {
    for (const [dev, spec] of Object.entries(host.interfaces)) {
      const path = formatPath(['hosts', id, 'interfaces', dev])
      if (!Object.hasOwn(lab.segments, spec.segment)) {
        errors.push({
          path: `${path}.segment`,
          message: `there is no segment ${JSON.stringify(spec.segment)}`,
        })
        continue
      }
      const mac = parseMac(spec.mac)
      if (mac !== undefined) once(spec.segment, formatMac(mac), `${path}.mac`)
      spec.addresses.forEach((address, i) => {
        const cidr = parseCidr(address)
        if (cidr) once(spec.segment, formatIp4(cidr.ip), `${path}.addresses[${i}]`)
      })
    }
  }
  return errors
}

function checkBoot(lab: Lab): LabError[] {
  const errors: LabError[] = []
  for (const [id, host] of Object.entries(lab.hosts)) {
    host.boot.forEach((line, i) => {
      const parsed = parseLine(line)
      if (!parsed.ok)
        errors.push({
          path: formatPath(['hosts', id, 'boot', i]),
          message: parsed.error.replaceAll('\n', '; '),
        })
    })
  }
  return errors
}
