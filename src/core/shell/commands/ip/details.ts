/** `ip -d`: what iproute2 adds for those who want all. Made from the text without it. */

const QUEUES =
  'numtxqueues 1 numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 tso_max_size 524280 tso_max_segs 65535 gro_max_size 65536 '

/** Simulated interfaces have one queue and take packets of any size an Ethernet device may. */
export function detailed(object: string, text: string): string {
  if (object === 'link' || object === 'address') return links(text, object === 'link')
  if (object === 'rule')
    return text.replace(/^(.*)$/gm, (line) =>
      line === '' ? line : `${line.trimEnd()} proto ${/^(0|32766|32767):/.test(line) ? 'kernel' : 'boot'}`,
    )
  if (object === 'route') return text.replace(/^\S.*$/gm, route)
  return text
}

function links(text: string, mode: boolean): string {
  let name = ''
  return text.replace(
    /^(\d+: ([^:@]+).*| {4}link\/(\w+) .*)$/gm,
    (line, _all, head?: string, type?: string) => {
      if (head !== undefined) {
        name = head
        return line
      }
      const [least, most] = type === 'ether' ? [68, 65535] : [0, 0]
      const limits = `promiscuity 0  allmulti 0 minmtu ${least} maxmtu ${most} `
      const kind = type === 'ipip' && name !== '' ? '\n    ipip ' : ''
      return `${line.trimEnd()} ${limits}${kind}${mode ? 'addrgenmode eui64 ' : ''}${QUEUES}`
    },
  )
}

const TYPE = /^(unicast|local|broadcast|multicast|throw|unreachable|prohibit|blackhole) /

/** Type, protocol and scope are named though they are the usual ones. */
function route(line: string): string {
  let text = TYPE.test(line) ? line : `unicast ${line}`
  if (!/ proto /.test(text))
    text = before(text, / (scope|src|metric|mtu|onlink|dead|linkdown) /, 'proto boot ')
  if (!/ scope /.test(text)) text = text.replace(/ proto (\S+) /, ' proto $1 scope global ')
  return text
}

function before(text: string, mark: RegExp, words: string): string {
  const m = mark.exec(text)
  return m ? `${text.slice(0, m.index + 1)}${words}${text.slice(m.index + 1)}` : `${text}${words}`
}
