import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOfText, type Bytes, textOfBytes } from '../base/bytes.ts'
import {
  emitHttpRequest,
  emitHttpResponse,
  HTTP_BODY_MAX,
  HTTP_HEAD_MAX,
  httpHeader,
  type HttpRequest,
  type HttpResponse,
  parseHttpRequest,
  parseHttpResponse,
} from './http.ts'

const request: HttpRequest = {
  method: 'GET',
  target: '/',
  version: '1.1',
  headers: [
    { name: 'Host', value: '172.16.253.100:8080' },
    { name: 'Accept', value: '*/*' },
  ],
}
const response = (headers: HttpResponse['headers'], status = 200): HttpResponse => ({
  version: '1.1',
  status,
  reason: 'OK',
  headers,
})
const length = (value: number | string) => ({ name: 'Content-Length', value: String(value) })
const text = (t: string): Bytes => bytesOfText(t)

test('a request on the wire, and read again', () => {
  const b = emitHttpRequest(request)
  expect(textOfBytes(b)).toBe('GET / HTTP/1.1\r\nHost: 172.16.253.100:8080\r\nAccept: */*\r\n\r\n')
  expect(parseHttpRequest(b)).toEqual({
    state: 'complete',
    head: request,
    bodyStart: b.length,
    bodyLength: 0,
  })
})

test('a message is partial until its last byte is there, and ends where Content-Length says', () => {
  const head = response([length(5)])
  const b = emitHttpResponse(head, text('hello'))
  for (let n = 0; n < b.length; n++) expect(parseHttpResponse(b.subarray(0, n)).state).toBe('partial')
  const bodyStart = b.length - 5
  expect(parseHttpResponse(b.subarray(0, bodyStart))).toEqual({ state: 'partial', head, bodyStart })
  const more = emitHttpResponse(head, text('helloHTTP/1.1'))
  for (const bytes of [b, more])
    expect(parseHttpResponse(bytes)).toEqual({ state: 'complete', head, bodyStart, bodyLength: 5 })
})

test('without Content-Length a response ends with the connection', () => {
  const b = emitHttpResponse(response([]), text('until close'))
  expect(parseHttpResponse(b).state).toBe('partial')
  expect(parseHttpResponse(b, true)).toMatchObject({ state: 'complete', bodyLength: 11 })
})

test('answers that never have a body', () => {
  const head = emitHttpResponse(response([length(99)]))
  expect(parseHttpResponse(head, false, true)).toMatchObject({ state: 'complete', bodyLength: 0 })
  for (const status of [100, 204, 304])
    expect(parseHttpResponse(emitHttpResponse(response([length(9)], status)))).toMatchObject({
      bodyLength: 0,
    })
})

test.each([
  ['http.start-line', 'GET /\r\n\r\n'],
  ['http.start-line', 'get / HTTP/1.1\r\n\r\n'],
  ['http.start-line', 'GET / HTTP/2.0\r\n\r\n'],
  ['http.header', 'GET / HTTP/1.1\r\nno colon\r\n\r\n'],
  ['http.header', 'GET / HTTP/1.1\r\nspace before : x\r\n\r\n'],
  ['http.content-length', 'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n'],
  ['http.content-length', 'POST / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\n'],
  ['http.body-size', `POST / HTTP/1.1\r\nContent-Length: ${HTTP_BODY_MAX + 1}\r\n\r\n`],
  ['http.chunked', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['http.head-size', `GET /${'x'.repeat(HTTP_HEAD_MAX)}`],
  ['http.head-size', `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(101)}\r\n`],
])('refuses: %s', (why, message) => {
  expect(parseHttpRequest(text(message))).toEqual({ state: 'bad', why })
})

test('headers are found whatever their case, and lose the white space around them', () => {
  const parsed = parseHttpRequest(text('GET / HTTP/1.0\r\nX-Host: \t server1 \r\nx-host: second\r\n\r\n'))
  expect(parsed.state === 'complete' && httpHeader(parsed.head, 'x-HOST')).toBe('server1')
})

test('what is emitted is parsed again, and no bytes make the parser throw', () => {
  const token = fc
    .stringMatching(/^[A-Za-z][A-Za-z-]{0,10}$/)
    .filter((name) => !/^(content-length|transfer-)/i.test(name))
  const value = fc.stringMatching(/^[!-~]{0,20}$/)
  const headers = fc.array(fc.record({ name: token, value }), { maxLength: 9 })
  fc.assert(
    fc.property(headers, fc.uint8Array({ maxLength: 99 }), (list, body) => {
      const head = { ...request, headers: [...list, length(body.length)] }
      const b = emitHttpRequest(head, body)
      expect(parseHttpRequest(b)).toMatchObject({ state: 'complete', head, bodyLength: body.length })
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (b) => {
      expect(['partial', 'bad', 'complete']).toContain(parseHttpRequest(b).state)
      expect(['partial', 'bad', 'complete']).toContain(parseHttpResponse(b, true).state)
    }),
  )
})
