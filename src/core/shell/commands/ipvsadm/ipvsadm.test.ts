import { expect, test } from 'vitest'
import session from '../../../../testing/fixtures/ipvs/ipvsadm.json' with { type: 'json' }
import { makeShellHost } from '../../../../testing/shell-host.ts'

function director() {
  const shell = makeShellHost('LB1', '10.1.1.1/24', '00:0c:29:31:01:31')
  shell.run('ip addr add 10.1.1.100/32 dev lo')
  return shell
}

test('a long session prints what ipvsadm 1.31 printed on Linux 6.1, line by line', () => {
  const shell = director()
  const got = session.map(({ line }) => ({ line, ...shell.run(line) }))
  expect(got).toEqual(session)
})

test('what -S prints makes the same table again', () => {
  const shell = director()
  shell.run('ipvsadm -A -t 10.1.1.100:80 -s mh -b mh-port -p 60 -M 255.255.255.0')
  shell.run('ipvsadm -a -t 10.1.1.100:80 -r 10.1.1.2:8080 -m -w 3')
  shell.run('ipvsadm -A -f 3 -s sh')
  shell.run('ipvsadm -a -f 3 -r 10.1.1.3 -i')
  const saved = shell.run('ipvsadm -Sn').output
  shell.run('ipvsadm -C')
  for (const line of saved.trimEnd().split('\n')) {
    expect(shell.run(`ipvsadm ${line.replace(' --tun-type ipip', '')}`)).toEqual({ output: '', status: 0 })
  }
  expect(shell.run('ipvsadm -Sn').output).toBe(saved)
})

test("FULLNAT's words: local addresses, -b, and what is refused", () => {
  const shell = director()
  shell.run('ipvsadm -A -t 10.1.1.100:80 -s rr')
  expect(shell.run('ipvsadm -P -t 10.1.1.100:80 -z 10.1.1.1')).toEqual({ output: '', status: 0 })
  expect(shell.run('ipvsadm --add-laddr -z 10.1.1.1 -t 10.1.1.100:80').output).toBe(
    'Local address already exists\n',
  )
  expect(shell.run('ipvsadm -P -t 10.1.1.100:80 -z 10.9.9.9').status).toBe(255)
  shell.run('ipvsadm -a -t 10.1.1.100:80 -r 10.1.1.2:8080 -b')
  expect(shell.run('ipvsadm -Ln').output).toContain(
    '  -> 10.1.1.2:8080                FullNat 1      0          0',
  )
  expect(shell.run('ipvsadm -G').output).toContain('10.1.1.100:http')
  expect(shell.run('ipvsadm -Sn').output).toContain(
    '-P -t 10.1.1.100:80 -z 10.1.1.1\n-a -t 10.1.1.100:80 -r 10.1.1.2:8080 -b -w 1',
  )
  shell.run('ipvsadm -Q -t 10.1.1.100:80 -z 10.1.1.1')
  expect(shell.host.ipvs.services[0]?.laddrs).toEqual([])
})
