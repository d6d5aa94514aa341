import { expect, test } from 'vitest'
import { makeShellHost } from '../../../testing/shell-host.ts'

function shell() {
  const made = makeShellHost('router', '172.16.253.135/24', '00:0c:29:35:01:35')
  Object.assign(made.host.drops, { IP_RPFILTER: 4, IP_NOFORWARD: 3, IP_TTL: 2, NO_CARRIER: 9 })
  made.host.forwarded = 99
  return made
}

test('golden A8: chosen counters in the order of the kernel, zeros too', () => {
  expect(shell().run('nstat -az IpForwDatagrams IpInAddrErrors IpOutNoRoutes IpInHdrErrors').output)
    .toBe(`#kernel
IpInHdrErrors                   2                  0.0
IpInAddrErrors                  3                  0.0
IpForwDatagrams                 99                 0.0
IpOutNoRoutes                   0                  0.0
`)
})

test('patterns; without -z only what is not 0', () => {
  expect(shell().run("nstat -as 'tcpext*' ipout*").output).toBe(
    '#kernel\nTcpExtIPReversePathFilter       4                  0.0\n',
  )
})

test('without -a what was added since the last call, unless that was made with -s', () => {
  const made = shell()
  expect(made.run('nstat -s TcpExt*').output).toContain(' 4  ')
  expect(made.run('nstat TcpExt*').output).toContain(' 4  ')
  made.host.drops['IP_RPFILTER'] = 11
  expect(made.run('nstat TcpExt*').output).toContain(' 7  ')
  expect(made.run('nstat').output).toBe('#kernel\n')
  expect(made.run('nstat -r TcpExt*').output).toContain(' 11  ')
})

test('an option that is not there', () => {
  expect(shell().run('nstat -q')).toEqual({
    output: "nstat: invalid option -- 'q'\nUsage: nstat [OPTION] [ PATTERN [ PATTERN ] ]\n",
    status: 255,
  })
})
