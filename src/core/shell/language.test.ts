import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeShellHost } from '../../testing/shell-host.ts'

const newShell = (): ReturnType<typeof makeShellHost> =>
  makeShellHost('router', '172.16.253.135/24', '00:0c:29:35:01:35')

function outputs(cases: [string, string][]): void {
  it.each(cases)('%s', (line, output) => {
    expect(newShell().run(line).output).toBe(output)
  })
}

describe('variables and expansions', () => {
  outputs([
    ['x=5; echo $x "$x" \'$x\' ${x}y', '5 5 $x 5y\n'],
    ['x="a  b"; echo $x; echo "$x"', 'a b\na  b\n'],
    ['echo ${none:-other} ${none-other} [${none}] ${#HOME}', 'other other [] 5\n'],
    ['x=1; x+=2; echo $x', '12\n'],
    ['x=5 echo $x; echo [$x]', '\n[]\n'],
    ['echo $(hostname) `hostname` "$(echo a; echo b)"', 'router router a\nb\n'],
    ['echo $((1+2*3)) $(( (1+2)*3 )) $((7/2)) $((7%2)) $((2**10)) $((3>2))', '7 9 3 1 1024 1\n'],
    ['n=4; echo $((n+1)) $(($n*2))', '5 8\n'],
    ['echo {1..3} {a,b}c {3..1} x{1,2}{3,4}', '1 2 3 ac bc 3 2 1 x13 x14 x23 x24\n'],
    ['echo "{1..3}" {x}', '{1..3} {x}\n'],
    ['cd /etc; pwd; echo ~', '/etc\n/root\n'],
    ['echo $(false); echo $?', '\n0\n'],
    ['x=$(false); echo $?', '1\n'],
    ['echo 5$ "$"', '5$ $\n'],
  ])

  it('are remembered from line to line', () => {
    const shell = newShell()
    shell.run('vip=172.16.253.100')
    expect(shell.run('echo $vip').output).toBe('172.16.253.100\n')
    expect(shell.run('(vip=1; cd /etc); echo $vip; pwd').output).toBe('172.16.253.100\n/root\n')
  })
})

describe('pipes', () => {
  outputs([
    ['echo hallo | grep l', 'hallo\n'],
    ['echo hallo | grep x; echo $?', '1\n'],
    ['! true; echo $?', '1\n'],
    ['seq 5 | tail -n 2', '4\n5\n'],
    ['seq 20 | head -3 | tac', '3\n2\n1\n'],
    ['printf "b\\na\\nb\\n" | sort | uniq -c', '      1 a\n      2 b\n'],
    ['seq 3 | wc -l', '3\n'],
    ['echo a:b:c | cut -d: -f2-', 'b:c\n'],
    ['echo abc | tr a-c A-C', 'ABC\n'],
    ['echo "X-Host: server1" | sed "s/.*: //"', 'server1\n'],
    ['printf "1 a\\n2 b\\n" | awk \'{print $2, NR}\'', 'a 1\nb 2\n'],
    ['printf "1 a\\n2 b\\n" | awk \'/2/ {print $NF}\'', 'b\n'],
    ['seq 10 | sed -n "3,4p"', '3\n4\n'],
    ['seq 3 | while read n; do echo "[$n]"; done', '[1]\n[2]\n[3]\n'],
    ['seq 3 | xargs -n 1 echo n', 'n 1\nn 2\nn 3\n'],
    ['cat /nosuch 2>&1 | tr a-z A-Z', 'CAT: /NOSUCH: NO SUCH FILE OR DIRECTORY\n'],
    ['cat /nosuch |& wc -l', '1\n'],
    ['seq 30 | grep -c 1', '12\n'],
    ['echo "a.b" | grep -F . ; echo ab | grep -F .', 'a.b\n'],
    ['printf "ab\\nb\\n" | grep -E "^(a|x)b?$"', 'ab\n'],
    ['printf "a+\\naa\\n" | grep "a+"', 'a+\n'],
    ['seq 9 | grep -A1 -B1 5', '4\n5\n6\n'],
    ['echo "dev ens33 src 1.2.3.4" | grep -oE "[0-9.]+$"', '1.2.3.4\n'],
  ])

  it('get what programs print', () => {
    const shell = newShell()
    shell.says = 'HTTP/1.1 200 OK\nX-Host: server1\n'
    expect(shell.run('curl -s http://172.16.253.100:8080 | grep X-').output).toBe('X-Host: server1\n')
    expect(
      shell.run('for i in $(seq 1 3); do curl -s x | grep -o "server."; done | sort | uniq -c').output,
    ).toBe('      3 server1\n')
    expect(shell.run('x=$(curl -s x | head -1); echo "<$x>"').output).toBe('<HTTP/1.1 200 OK>\n')
  })
})

describe('redirections', () => {
  it('write, add to and read files', () => {
    const shell = newShell()
    shell.run('echo one > /tmp/f; echo two >> /tmp/f')
    expect(shell.host.files['/tmp/f']).toBe('one\ntwo\n')
    expect(shell.run('wc -l < /tmp/f').output).toBe('2\n')
    expect(shell.run('cd /tmp; cat f; rm f; cat f').output).toBe(
      'one\ntwo\ncat: f: No such file or directory\n',
    )
  })

  it('tell output and errors apart', () => {
    const shell = newShell()
    expect(shell.run('cat /nosuch 2>/dev/null; echo $?').output).toBe('1\n')
    expect(shell.run('{ echo a; cat /nosuch; } > /tmp/all 2>&1; cat /tmp/all').output).toBe(
      'a\ncat: /nosuch: No such file or directory\n',
    )
    expect(shell.run('cat /nosuch 2>&1 >/dev/null | wc -l').output).toBe('1\n')
    expect(shell.run('echo a &> /tmp/x; cat /tmp/x').output).toBe('a\n')
  })

  it('make a file of a here document', () => {
    const shell = newShell()
    shell.run('x=5\ncat > /tmp/c <<EOF\nvalue $x\n  `hostname`\nEOF\necho done')
    expect(shell.host.files['/tmp/c']).toBe('value 5\n  router\n')
    shell.run("cat > /tmp/c <<'EOF'\nvalue $x\nEOF")
    expect(shell.host.files['/tmp/c']).toBe('value $x\n')
    expect(shell.run('tr a b <<< aXa').output).toBe('bXb\n')
  })

  it('set what /proc/sys holds', () => {
    const shell = newShell()
    shell.run('echo 1 > /proc/sys/net/ipv4/ip_forward')
    expect(shell.run('cat /proc/sys/net/ipv4/ip_forward').output).toBe('1\n')
    expect(shell.run('echo 1 > /proc/sys/net/ipv4/nosuch').output).toBe(
      'bash: /proc/sys/net/ipv4/nosuch: No such file or directory\n',
    )
  })

  it('restore what was saved', () => {
    const shell = newShell()
    shell.run('ipvsadm -A -t 172.16.253.100:8080 -s rr; ipvsadm-save -n > /tmp/ipvs; ipvsadm -C')
    expect(shell.run('ipvsadm -Ln | grep -c TCP').output).toBe('0\n')
    shell.run('ipvsadm-restore < /tmp/ipvs')
    expect(shell.run('ipvsadm -Ln | grep TCP').output).toBe('TCP  172.16.253.100:8080 rr\n')
  })
})

describe('compound commands', () => {
  outputs([
    ['for i in 1 2; do echo $i; done', '1\n2\n'],
    ['for i in {1..3}; do [ $i = 2 ] && continue; echo $i; done', '1\n3\n'],
    ['for i in {1..9}; do if [ $i -gt 2 ]; then break; fi; echo $i; done', '1\n2\n'],
    ['i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i', '3\n'],
    ['until true; do echo never; done', ''],
    ['if false; then echo a; elif true; then echo b; else echo c; fi', 'b\n'],
    ['{ echo a; echo b; } | wc -l', '2\n'],
    ['exit 3; echo never', ''],
    ['for i in 1 2; do for j in a b; do continue 2; done; echo never; done', ''],
    ['test -f /etc/hosts || echo none', 'none\n'],
    ['bash -c "echo a; echo $HOME" | tail -1', '/root\n'],
    ['sudo sysctl net.ipv4.ip_forward', 'net.ipv4.ip_forward = 0\n'],
    ['eval "echo a; echo b"', 'a\nb\n'],
  ])

  it('wait for programs in the background', () => {
    const shell = newShell()
    shell.run('for i in 1 2; do curl http://172.16.253.100 & done; wait; echo all')
    expect(shell.spawned).toHaveLength(2)
  })

  it('end by a limit when nothing else ends them', () => {
    const { output, status } = newShell().run('while true; do :; done')
    expect(output).toContain('it is stopped')
    expect(status).toBe(130)
  })
})

describe('mistakes', () => {
  outputs([
    ['for i in 1 2; echo $i; done', "bash: syntax error near unexpected token `echo'\n"],
    ['if true; then echo', 'bash: syntax error: unexpected end of file\n'],
    ['echo a | ', 'bash: syntax error: unexpected end of file\n'],
    ['| cat', "bash: syntax error near unexpected token `|'\n"],
    ['echo a > ', 'bash: syntax error: unexpected end of file\n'],
    ['done', "bash: syntax error near unexpected token `done'\n"],
    ['echo )', "bash: syntax error near unexpected token `)'\n"],
    ['cat < /nosuch', 'bash: /nosuch: No such file or directory\n'],
    ['echo $((1+))', 'bash: 1+: syntax error: operand expected (error token is "")\n\n'],
    ['echo a > /etc', 'bash: /etc: Is a directory\n'],
  ])

  it('never throw, whatever the text', () => {
    const part = fc.constantFrom(
      ...'echo a $x ${y $( ) ` " \' | > < >> << & && || ; ;; { } ( if then fi for in do done while ! # \n $(( )) [ ] * x=1 2>&1 <<< sed awk grep -E s/a/b/ {1..3}'.split(
        ' ',
      ),
      ' ',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        newShell().run(parts.join(' '))
        newShell().run(parts.join(''))
      }),
      { numRuns: 300, seed: 7 },
    )
  })
})
