import type { Bytes } from '../../base/bytes.ts'
import type { Nanos } from '../../base/ids.ts'
import { dissect, type DField, type Layer } from '../dissect.ts'
import { fieldInfo, type FieldInfo } from './fields.ts'
import type { TcpFacts } from './streams.ts'

/** A frame of a capture as a display filter sees it. */
export interface FilterFrame {
  /** From 1, in the order of the capture. */
  number: number
  /** Since the first frame, and since the frame before. */
  sinceFirst: Nanos
  sinceLast: Nanos
  bytes: Bytes
  /** The bytes begin with the IP header. */
  raw: boolean
  /** Interface it was seen on, '' = unknown. */
  point: string
  from: readonly string[]
  to: readonly string[]
  lost: boolean
  tcp: TcpFacts | undefined
}

export type FieldValue = number | string

/** A frame being tested: its layers are read once, when first asked for. */
export interface Reading {
  frame: FilterFrame
  layers: Layer[] | undefined
}

export function layersOf(reading: Reading): readonly Layer[] {
  return (reading.layers ??= dissect(reading.frame.bytes, reading.frame.raw ? 'ip' : 'eth'))
}

/**
 * All values of a field in a frame, outer packets first. `nth` (from 1) asks for the n-th layer of that protocol only,
 * as `ip.src#2` does. A protocol or a mark has one value, 1, when it is there.
 */
export function valuesOf(reading: Reading, name: string, nth = 0): FieldValue[] {
  const info = fieldInfo(name)
  if (info === undefined) return []
  const own = ownValues(reading.frame, name)
  if (own !== undefined) return own
  if (name === 'frame.protocols') return [protocolsOf(layersOf(reading))]
  if (info.type === 'proto') return stretchesOf(reading, name, nth).length > 0 ? [1] : []
  return layersNamed(reading, name.split('.')[0] ?? '', nth).flatMap((layer) =>
    layerValues(layer, name, info),
  )
}

/** The bytes of each layer of a protocol with all that it carries; for `contains` and `matches`. */
export function stretchesOf(reading: Reading, proto: string, nth = 0): Bytes[] {
  const { bytes } = reading.frame
  if (proto === 'frame') return [bytes]
  if (proto === 'ipip') {
    const inner = layersOf(reading).filter(
      (layer, i, all) => layer.proto === 'ip' && all[i - 1]?.proto === 'ip',
    )
    return inner.map((layer) => bytes.subarray(layer.at))
  }
  return layersNamed(reading, proto, nth).map((layer) => bytes.subarray(layer.at))
}

function layersNamed(reading: Reading, proto: string, nth: number): readonly Layer[] {
  const found = layersOf(reading).filter((layer) => layer.proto === proto)
  return nth === 0 ? found : found.slice(nth - 1, nth)
}

/** As tshark words it: 'eth:ethertype:ip:tcp:http'. */
function protocolsOf(layers: readonly Layer[]): string {
  return layers.map(({ proto }) => (proto === 'eth' ? 'eth:ethertype' : proto)).join(':')
}

/** Values that are not in the bytes of one frame alone; undefined = look into the bytes. */
function ownValues(frame: FilterFrame, name: string): FieldValue[] | undefined {
  switch (name) {
    case 'frame.number':
      return [frame.number]
    case 'frame.len':
      return [frame.bytes.length]
    case 'frame.time_relative':
      return [frame.sinceFirst]
    case 'frame.time_delta':
      return [frame.sinceLast]
    case 'frame.interface_name':
      return frame.point === '' ? [] : [frame.point]
    case 'host':
      return [...frame.from, ...frame.to]
    case 'host.src':
      return [...frame.from]
    case 'host.dst':
      return [...frame.to]
    case 'lost':
      return frame.lost ? [1] : []
    default:
      return tcpValues(frame.tcp, name)
  }
}

const TCP_NUMBERS: Readonly<Record<string, (facts: TcpFacts) => number>> = {
  'tcp.stream': (facts) => facts.stream,
  'tcp.seq': (facts) => facts.seq,
  'tcp.ack': (facts) => facts.ack,
  'tcp.len': (facts) => facts.length,
}

function tcpValues(facts: TcpFacts | undefined, name: string): FieldValue[] | undefined {
  const number = TCP_NUMBERS[name]
  if (number !== undefined) return facts === undefined ? [] : [number(facts)]
  if (!name.startsWith('tcp.analysis.')) return undefined
  const marks: readonly string[] = facts?.marks ?? []
  return (name === 'tcp.analysis.flags' ? marks.length > 0 : marks.includes(name)) ? [1] : []
}

function layerValues(layer: Layer, name: string, info: FieldInfo): FieldValue[] {
  if (name === 'data.len') return [layer.length]
  if (name.endsWith('.checksum.status')) return checksumStatus(layer)
  if (layer.proto === 'http') return httpValues(layer.fields, name, info)
  if (info.bit !== undefined) {
    const [from, mask] = info.bit
    return numbers(layer.fields, [from]).map((value) => (value & mask ? 1 : 0))
  }
  return numbers(layer.fields, info.from ?? [name])
}

function numbers(fields: readonly DField[], names: readonly string[]): number[] {
  return fields.flatMap((field) =>
    names.includes(field.name) && typeof field.value === 'number' && field.note !== 'truncated'
      ? [field.value]
      : [],
  )
}

/** tshark's numbers: 0 bad, 1 good, 2 not checked. */
function checksumStatus(layer: Layer): FieldValue[] {
  const field = layer.fields.find((one) => one.name === `${layer.proto}.checksum`)
  if (field === undefined) return []
  return [field.note === 'bad checksum' ? 0 : field.note === 'not checked' ? 2 : 1]
}

/** The dissector keeps the first line whole; its words are told apart here. */
function httpValues(fields: readonly DField[], name: string, info: FieldInfo): FieldValue[] {
  const line = (of: string): string => String(fields.find((field) => field.name === of)?.value ?? '')
  const [method, uri] = line('http.request').split(' ')
  const [, code, ...phrase] = line('http.response').split(' ')
  const parts: Readonly<Record<string, string | undefined>> = {
    'http.request': method && '1',
    'http.request.method': method,
    'http.request.uri': uri,
    'http.response': code && '1',
    'http.response.code': code,
    'http.response.phrase': phrase.join(' '),
  }
  const texts = Object.hasOwn(parts, name)
    ? [parts[name] ?? '']
    : fields.flatMap((field) => (field.name === name ? [String(field.value)] : []))
  const there = texts.filter((text) => text !== '')
  return info.type === 'text' ? there : there.map(Number).filter((value) => !Number.isNaN(value))
}
