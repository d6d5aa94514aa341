import { beforeAll, describe, expect, test } from 'vitest'
import { SEC } from '../core/base/ids.ts'
import { course } from '../core/lab/labs/course.ts'
import { parsePcap } from '../core/wire/pcap.ts'
import { NO_FAULTS } from '../core/sim/faults.ts'
import { fingerprint } from '../core/sim/fingerprint.ts'
import { createWorkerEngine, type WorkerLike } from './client.ts'
import type { Engine, Frame, TraceBatch, TraceRecord } from './engine.ts'
import { createEngine } from './inprocess.ts'
import { serveSession } from './serve.ts'

const VIP = 'http://172.16.253.100:8080'

/** Both ends of the worker protocol in one thread. What crosses is copied as a message is, so only plain data can. */
function createWiredEngine(): Engine {
  const port: WorkerLike = {
    onmessage: null,
    onerror: null,
    postMessage: (message) => {
      const copy = structuredClone(message)
      setTimeout(() => {
        serve(copy)
      }, 0)
    },
    terminate: () => undefined,
  }
  const serve = serveSession((message) => {
    port.onmessage?.({ data: structuredClone(message) } as MessageEvent<typeof message>)
  })
  return createWorkerEngine(() => port)
}

/** A receiver of batches as the page is one. */
function listen(engine: Engine) {
  const seen = {
    records: [] as TraceRecord[],
    frames: [] as Frame[],
    last: undefined as TraceBatch | undefined,
    /** What lines that run have printed, by host. */
    text: {} as Record<string, string>,
  }
  engine.onTrace((batch) => {
    if (batch.reset) {
      seen.records = []
      seen.frames = []
    }
    seen.records.push(...batch.records)
    seen.frames.push(...batch.frames)
    seen.last = batch
    for (const { host, from, text } of batch.typed)
      seen.text[host] = (seen.text[host] ?? '').slice(0, from) + text
  })
  return seen
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(holds()).toBe(true)
}

describe.each([
  ['in-process', createEngine],
  ['behind messages', createWiredEngine],
])('engine %s', (_, make) => {
  let engine: Engine
  let seen: ReturnType<typeof listen>
  beforeAll(async () => {
    engine = make()
    seen = listen(engine)
    await engine.load(course)
  })

  test('boots a lab, and tells where the run begins', async () => {
    const loaded = await engine.load(course)
    expect(loaded.warnings).toEqual([])
    expect(loaded.bootEvents).toBe(seen.last?.events)
    expect(seen.last?.bootEvents).toBe(loaded.bootEvents)
    expect(seen.records.map(({ i }) => i)).toEqual(seen.records.map((_record, i) => i))
    expect(seen.records.every((record) => record.event <= loaded.bootEvents)).toBe(true)
  })

  test('runs a command until it has ended and all is quiet', async () => {
    await engine.load(course)
    const done = await engine.exec('router', `curl -s ${VIP}`)
    expect(done).toMatchObject({ host: 'router', status: 0, fromEvent: seen.last?.bootEvents })
    const mine = seen.records.filter((record) => record.event > done.fromEvent)
    expect(mine.filter((record) => record.kind === 'request' && record.role === 'server')).toHaveLength(1)
    expect(mine.find((record) => record.kind === 'command')).toMatchObject({
      line: `curl -s ${VIP}`,
      status: 0,
    })
    expect(seen.frames.map(({ id }) => id)).toEqual(seen.frames.map((_frame, i) => i + 1))
  })

  test('what a line prints itself and what its programs print comes in order', async () => {
    await engine.load(course)
    const { output } = await engine.exec('router', `echo before; curl -s -o /dev/null ${VIP}; echo after $?`)
    expect(output.split('\n')[0]).toBe('before')
    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^after/)
  })

  test('inspects the past, and forks from it', async () => {
    await engine.load(course)
    const first = await engine.exec('router', 'sysctl -w net.ipv4.fib_multipath_hash_policy=1')
    await engine.execAll([1, 2, 3].map(() => ({ host: 'router', line: `curl -s ${VIP}` })))
    const policy = async (event: number): Promise<string | undefined> =>
      (await engine.inspect('router', event)).sysctl['net.ipv4.fib_multipath_hash_policy']
    expect(await policy(first.fromEvent)).toBe('0')
    expect(await policy(first.toEvent)).toBe('1')

    const before = fingerprint(seen, 'tfnp')
    const branch = await engine.fork(first.fromEvent)
    expect(seen.last).toMatchObject({ reset: true, branch, events: first.fromEvent })
    expect(seen.records.every((record) => record.event <= first.fromEvent)).toBe(true)
    await engine.exec('router', `curl -s ${VIP}`)
    expect(seen.last?.branches).toHaveLength(2)
    await engine.checkout(0)
    expect(fingerprint(seen, 'tfnp')).toBe(before)
    await engine.checkout(branch)
    expect(seen.records.some(({ kind }) => kind === 'request')).toBe(true)
  })

  test('a probe answers and changes nothing', async () => {
    await engine.load(course)
    const before = seen.records.length
    const { output, status } = await engine.probe(
      'LB1',
      'sysctl -w net.ipv4.ip_forward=0; sysctl net.ipv4.ip_forward',
    )
    expect([output.includes('net.ipv4.ip_forward = 0'), status]).toEqual([true, 0])
    expect(seen.records).toHaveLength(before)
    expect((await engine.inspect('LB1', seen.last?.events ?? 0)).sysctl['net.ipv4.ip_forward']).toBe('1')
  })

  test('a command that does not end can be stopped, and the next ones are not typed', async () => {
    await engine.load(course)
    // its code is there: the stop must meet the ping, not its loading
    await engine.exec('router', 'ping -c 1 172.16.253.131; echo')
    setTimeout(() => {
      engine.stop()
    }, 30)
    const lines = ['ping 172.16.253.131', 'echo never'].map((line) => ({ host: 'router', line }))
    const done = await engine.execAll(lines)
    expect(done).toHaveLength(1)
    expect(done[0]).toMatchObject({ status: 130 })
    expect(done[0]?.output).toContain('bytes from 172.16.253.131')
    expect((await engine.exec('router', 'echo on')).output).toBe('on\n')
  })

  test('a command that does not end is interrupted after its time', async () => {
    await engine.load(course)
    const done = await engine.exec('router', 'ping -i 60 172.16.253.131')
    expect(done.status).toBe(130)
    expect(done.toNs - done.fromNs).toBeGreaterThan(500 * SEC)
    expect(done.toNs - done.fromNs).toBeLessThan(700 * SEC)
  })

  test('what is typed runs as the clock does, prints as it goes, and others go on meanwhile', async () => {
    await engine.load(course)
    engine.setPace(64)
    const before = seen.last?.now ?? 0
    const ping = engine.exec('router', 'ping 172.16.253.131 | grep ttl', { paced: true })
    const typed = await engine.exec('LB1', 'echo beside', { paced: true })
    expect(typed).toMatchObject({ status: 0, output: 'beside\n' })
    expect((await engine.exec('router', 'sysctl -n net.ipv4.ip_forward')).output).toBe('1\n')
    await until(() => (seen.text['router']?.match(/ttl/g)?.length ?? 0) > 3)
    expect(seen.last?.typed.map(({ host, line }) => [host, line])).toEqual([
      ['router', 'ping 172.16.253.131 | grep ttl'],
    ])
    engine.stop('LB1')
    engine.stop('router')
    const done = await ping
    engine.setPace(1)
    expect(done.status).toBe(130)
    expect(done.output.startsWith(seen.text['router'] ?? '-')).toBe(true)
    expect(done.toNs - before).toBeGreaterThan(3 * SEC)
    expect(done.toNs - before).toBeLessThan(500 * SEC)
  })

  test('time that is held stands still, but Ctrl-C is heard', async () => {
    await engine.load(course)
    engine.setPace(0)
    const sleep = engine.exec('router', 'sleep 100', { paced: true })
    await until(() => seen.last?.typed.length === 1)
    const at = seen.last?.now ?? 0
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((seen.last?.now ?? 0) - at).toBeLessThan(SEC)
    engine.stop('router')
    expect((await sleep).status).toBe(130)
    engine.setPace(1)
  })

  test('what is typed is stopped before the past is changed', async () => {
    const { bootEvents } = await engine.load(course)
    const ping = engine.exec('router', 'ping 172.16.253.131', { paced: true })
    await until(() => (seen.text['router'] ?? '').includes('ttl'))
    await engine.fork(bootEvents)
    expect((await ping).status).toBe(130)
    expect(seen.last?.events).toBe(bootEvents)
  })

  test('a shell tells its folder and its commands', async () => {
    await engine.load(course)
    await engine.exec('router', 'cd /etc/nginx; x=1')
    const shell = await engine.shell('router')
    expect(shell).toMatchObject({ user: 'root', cwd: '/etc/nginx' })
    expect(shell.vars).toContain('x')
    expect(shell.commands).toEqual(expect.arrayContaining(['ip', 'curl', 'sudo', 'exit']))
    expect((await engine.shell('LB1')).cwd).toBe('/root')
  })

  test('a cable that is pulled is seen on the host', async () => {
    await engine.load(course)
    await engine.cable('LB1', 'ens33', false)
    const view = await engine.inspect('LB1', seen.last?.events ?? 0)
    expect(view.devs.find(({ name }) => name === 'ens33')?.carrier).toBe(false)
  })

  test('a link that loses everything is seen on the host, and nothing comes through until it is mended', async () => {
    await engine.load(course)
    const none = NO_FAULTS
    const ping = 'ping -c 1 -W 3 172.16.253.130'
    await engine.fault('server1', 'ens33', 'in', { ...none, lossPercent: 100 })
    const faults = async () =>
      (await engine.inspect('server1', seen.last?.events ?? 0)).devs.find(({ name }) => name === 'ens33')
        ?.faults
    expect(await faults()).toEqual({ in: { ...none, lossPercent: 100 } })
    expect((await engine.exec('router', ping)).status).toBe(1)
    // the router gives up asking who server1 is a little more than three seconds after it began
    await engine.advance(SEC)
    await engine.fault('server1', 'ens33', 'in', { ...none, lossPercent: 0 })
    expect(await faults()).toEqual({})
    expect((await engine.exec('router', ping)).status).toBe(0)
  })

  test('a host is frozen, thawed, switched off and on again', async () => {
    await engine.load(course)
    const ping = async () => (await engine.exec('router', 'ping -c 1 -W 1 172.16.253.130')).status
    const power = async () => (await engine.inspect('server1', seen.last?.events ?? 0)).power
    const states: [string, number][] = []
    for (const state of ['frozen', 'thawed', 'off', 'on'] as const) {
      await engine.power('server1', state)
      states.push([await power(), await ping()])
    }
    expect(states).toEqual([
      ['frozen', 1],
      ['on', 0],
      ['off', 1],
      ['on', 0],
    ])
    const web = await engine.exec('router', 'curl -s -o /dev/null -w %{http_code} http://172.16.253.130:8080')
    expect(web.output).toBe('200')
  })

  test('a capture file holds what passed one interface, or all links', async () => {
    await engine.load(course)
    await engine.exec('router', `curl -s ${VIP}`)
    const all = parsePcap(await engine.capture())
    const one = parsePcap(await engine.capture({ host: 'LB1', dev: 'ens33' }))
    if (!all.ok || !one.ok) throw new Error('no capture file')
    const flights = seen.records.filter((record) => record.kind === 'flight')
    const mine = flights.filter((record) => record.event > (seen.last?.bootEvents ?? 0))
    expect(all.value).toHaveLength(mine.length)
    expect(one.value.length).toBeGreaterThan(0)
    expect(one.value.length).toBeLessThan(all.value.length)
  })

  test('time passes when asked to', async () => {
    const { bootNs } = await engine.load(course)
    await engine.advance(3 * SEC)
    expect(seen.last?.now).toBe(bootNs + 3 * SEC)
  })

  test('wrong calls are refused and harm nothing', async () => {
    await engine.load(course)
    const wrong = [
      engine.exec('nosuch', 'true'),
      engine.cable('LB1', 'eth9', false),
      engine.fault('LB1', 'eth9', 'in', { ...NO_FAULTS, lossPercent: 5 }),
      engine.power('nosuch', 'off'),
      engine.capture({ host: 'LB1', dev: 'eth9' }),
      engine.fork(10_000_000),
      engine.checkout(77),
      engine.advance(-1),
      engine.inspect('nosuch', 0),
      engine.inspect('LB1', -1),
      engine.load({ ...course, hosts: {} }),
    ]
    const settled = await Promise.allSettled(wrong)
    expect(settled.map(({ status }) => status)).toEqual(wrong.map(() => 'rejected'))
    expect((await engine.exec('router', 'echo fine')).output).toBe('fine\n')
  })

  test('who comes late is given the whole run', async () => {
    await engine.load(course)
    await engine.exec('router', `curl -s ${VIP}`)
    expect(listen(engine).records).toEqual(seen.records)
  })
})

test('without a lab, calls are refused', async () => {
  await expect(createEngine().exec('router', 'true')).rejects.toThrow('no lab is loaded')
})
