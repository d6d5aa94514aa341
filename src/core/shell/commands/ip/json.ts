/**
 * `ip -j`: what the text says, as JSON with iproute2's names. Made from the text, so both always say the same.
 */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
type Fields = { [key: string]: Json }

/** Undefined: this object has no JSON form here. */
export function jsonOf(object: string, verb: string, text: string): Json[] | undefined {
  if (object === 'address' || object === 'link') return links(text, object === 'address')
  if (object === 'route') return routes(text, verb)
  if (object === 'neighbor' || object === 'neighbour') return lines(text).map(neigh)
  if (object === 'rule') return lines(text).map(rule)
  return text === '' ? [] : undefined
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}

/** Forever, as 32 bits have it. */
const FOREVER = 4294967295

function links(text: string, withAddresses: boolean): Json[] {
  const found: Fields[] = []
  let counters: 'rx' | 'tx' | undefined
  for (const line of lines(text)) {
    const head = /^(\d+): ([^:@]+)(?:@(\S+))?: <(.*)> mtu (\d+) qdisc (\S+) state (\S+)( mode \S+)?/.exec(
      line,
    )
    if (head) {
      found.push(linkHead(head, withAddresses))
      continue
    }
    const last = found.at(-1)
    if (!last) continue
    const words = line.trim().split(/ +/)
    const [first = '', second = ''] = words
    if (first.startsWith('link/')) linkAddress(last, words)
    else if (first === 'inet') (last['addr_info'] as Json[]).push(address(words))
    else if (first === 'RX:' || first === 'TX:') counters = first === 'RX:' ? 'rx' : 'tx'
    else if (counters && /^\d+$/.test(second)) {
      const names = counters === 'rx' ? ['over_errors', 'multicast'] : ['carrier_errors', 'collisions']
      const stats = (last['stats64'] ??= {}) as Fields
      const keys = ['bytes', 'packets', 'errors', 'dropped', ...names]
      stats[counters] = Object.fromEntries(keys.map((key, i) => [key, Number(words[i])]))
      counters = undefined
    }
  }
  // counters stand last
  for (const one of found) {
    const { stats64 } = one
    if (stats64 === undefined) continue
    delete one['stats64']
    one['stats64'] = stats64
  }
  return found
}

function linkHead(head: RegExpExecArray, withAddresses: boolean): Fields {
  const [, index, name = '', below, flags = '', mtu, qdisc = '', state = '', mode] = head
  return {
    ifindex: Number(index),
    ...(below !== undefined && below !== 'NONE' && { link: below }),
    ifname: name,
    flags: flags.split(','),
    mtu: Number(mtu),
    qdisc,
    operstate: state,
    ...(mode !== undefined && { linkmode: 'DEFAULT' }),
    ...{ group: 'default', txqlen: 1000 },
    ...(withAddresses && { addr_info: [] }),
  }
}

/** `link/ether MAC brd MAC`, and what -d adds. */
function linkAddress(link: Fields, words: readonly string[]): void {
  const { addr_info } = link
  delete link['addr_info']
  link['link_type'] = (words[0] ?? '').slice('link/'.length)
  link['address'] = words[1] ?? ''
  if (words[2] === 'peer') link['link_pointtopoint'] = true
  link['broadcast'] = words[3] ?? ''
  for (let i = 4; i + 1 < words.length; i += 2) {
    const key = DETAILS[words[i] ?? '']
    if (key !== undefined) link[key] = key.endsWith('mode') ? (words[i + 1] ?? '') : Number(words[i + 1])
  }
  if (addr_info !== undefined) link['addr_info'] = addr_info
}

const DETAILS: Readonly<Record<string, string>> = {
  ...{ promiscuity: 'promiscuity', allmulti: 'allmulti', minmtu: 'min_mtu', maxmtu: 'max_mtu' },
  ...{ addrgenmode: 'inet6_addr_gen_mode', numtxqueues: 'num_tx_queues', numrxqueues: 'num_rx_queues' },
  ...{ gso_max_size: 'gso_max_size', gso_max_segs: 'gso_max_segs', tso_max_size: 'tso_max_size' },
  ...{ tso_max_segs: 'tso_max_segs', gro_max_size: 'gro_max_size' },
}

/** `inet 172.16.253.135/24 brd 172.16.253.255 scope global ens33`. */
function address(words: readonly string[]): Json {
  const [local = '', length] = (words[1] ?? '').split('/')
  const after = (word: string): string | undefined => {
    const at = words.indexOf(word)
    return at < 0 ? undefined : words[at + 1]
  }
  const broadcast = after('brd')
  return {
    ...{ family: 'inet', local, prefixlen: Number(length) },
    ...(broadcast !== undefined && { broadcast }),
    scope: after('scope') ?? 'global',
    ...(words.includes('secondary') && { secondary: true }),
    label: words.at(-1) ?? '',
    ...{ valid_life_time: FOREVER, preferred_life_time: FOREVER },
  }
}

const TYPES = ['unicast', 'local', 'broadcast', 'multicast', 'throw', 'unreachable', 'prohibit', 'blackhole']
const KEYS: Readonly<Record<string, string>> = {
  ...{ via: 'gateway', dev: 'dev', table: 'table', proto: 'protocol', scope: 'scope', src: 'prefsrc' },
  ...{
    nhid: 'nhid',
    metric: 'metric',
    mtu: 'mtu',
    weight: 'weight',
    uid: 'uid',
    from: 'from',
    iif: 'iif',
    mark: 'mark',
  },
}
const NUMBERS = ['nhid', 'metric', 'weight', 'uid', 'mtu']

function routes(text: string, verb: string): Json[] {
  const found: Fields[] = []
  for (const line of lines(text)) {
    const words = line.trim().split(/ +/)
    const last = found.at(-1)
    if (words[0] === 'nexthop' && last) {
      const hops = (last['nexthops'] ??= []) as Json[]
      hops.push(fields(words.slice(1)))
    } else if (words[0] === 'cache' && last) last['cache'] = /<(.*)>/.exec(line)?.[1]?.split(',') ?? []
    else {
      const typed = TYPES.includes(words[0] ?? '')
      const [dst = ''] = typed ? words.slice(1) : words
      const route = fields(words.slice(typed ? 2 : 1))
      found.push({ ...(typed && { type: words[0] ?? '' }), dst, ...route })
    }
  }
  // of `ip route get` the user comes after the flags
  if (verb === 'get')
    return found.map(({ uid, cache, ...rest }) => ({ ...rest, uid: uid ?? 0, cache: cache ?? [] }))
  return found
}

/** Word and value; words that stand alone are flags. */
function fields(words: readonly string[]): Fields {
  const made: Fields = {}
  const flags: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const key = Object.hasOwn(KEYS, word) ? KEYS[word] : undefined
    if (key === undefined) {
      if (word !== '') flags.push(word)
    } else {
      const value = words[++i] ?? ''
      if (key === 'mtu') made['metrics'] = [{ mtu: Number(value) }]
      else made[key] = NUMBERS.includes(key) ? Number(value) : value
    }
  }
  made['flags'] = flags
  return made
}

/** `172.16.253.131 dev ens33 lladdr 00:0c:29:31:01:31 STALE proto zebra`. */
function neigh(line: string): Json {
  const words = line.trim().split(/ +/)
  const made: Fields = { dst: words[0] ?? '' }
  for (const word of ['dev', 'lladdr'] as const) {
    const at = words.indexOf(word)
    if (at > 0) made[word] = words[at + 1] ?? ''
  }
  if (words.includes('proxy')) made['proxy'] = null
  made['state'] = words.filter((word) => /^[A-Z]{4,}$/.test(word))
  return made
}

/** `32766:\tfrom all lookup main`. */
function rule(line: string): Json {
  const m = /^(\d+):\t(.*)$/.exec(line)
  const made: Fields = { priority: Number(m?.[1]) }
  const words = (m?.[2] ?? '').trim().split(/ +/)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (word === 'not') made['not'] = null
    else if (word === 'from' || word === 'to') {
      const [ip = '', length] = (words[++i] ?? '').split('/')
      made[word === 'from' ? 'src' : 'dst'] = ip
      if (length !== undefined) made[word === 'from' ? 'srclen' : 'dstlen'] = Number(length)
    } else if (word === 'lookup') made['table'] = words[++i] ?? ''
    else if (/^(blackhole|unreachable|prohibit)$/.test(word)) made['action'] = word
    else made[word] = words[++i] ?? ''
  }
  return made
}

/** As lib/json_writer.c writes it: close together, or with -p a field a line. */
export function writeJson(value: Json, pretty: boolean, depth = 0): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => writeJson(item, pretty, depth + 1)).join(',')
    return pretty ? `[ ${items}${value.length > 0 ? ' ' : ''}]` : `[${items}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const colon = pretty ? ': ' : ':'
  const start = pretty ? `\n${' '.repeat(4 * (depth + 1))}` : ''
  const members = Object.entries(value).map(
    ([key, member]) => `${start}${JSON.stringify(key)}${colon}${writeJson(member, pretty, depth + 1)}`,
  )
  const end = pretty && members.length > 0 ? `\n${' '.repeat(4 * depth)}` : ''
  return `{${members.join(',')}${end}}`
}
