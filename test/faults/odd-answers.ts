/** Answers to a refresh whose tokens have arrived, although something about them is as no specification has it. */
import { randomBytes } from 'node:crypto'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const JSON_TYPE = 'content-type: application/json\r\n'

function answer(head: string, body: string | Buffer, status = '200 OK'): Buffer {
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${head}connection: close\r\n\r\n`), Buffer.from(body)])
}

const lengthOf = (body: string | Buffer, more = 0) => `content-length: ${Buffer.byteLength(body) + more}\r\n`
const whole = (json: string, status?: string) => answer(JSON_TYPE + lengthOf(json), json, status)
const chunk = (body: string | Buffer) =>
  Buffer.concat([Buffer.from(`${Buffer.byteLength(body).toString(16)}\r\n`), Buffer.from(body), Buffer.from('\r\n')])
/** Without the end, which tells the lifetime. */
const cut = (json: string) => json.slice(0, json.indexOf(',"token_type"') + 8)

/** What is sent over the socket, which is closed then, made of the JSON of the answer. */
export const ODD_ANSWERS = {
  'a length that is too long': (json) => answer(JSON_TYPE + lengthOf(json, 100), json),
  'a length that is too short': (json) => answer(JSON_TYPE + lengthOf(json, -2), json),
  'a length that is much too short': (json) => answer(JSON_TYPE + lengthOf(json.slice(0, 20)), json),
  'two lengths': (json) => answer(JSON_TYPE + lengthOf(json) + lengthOf(json, 5), json),
  'a length and chunks': (json) =>
    answer(`${JSON_TYPE}${lengthOf(json)}transfer-encoding: chunked\r\n`, Buffer.concat([chunk(json), chunk('')])),
  'no last chunk': (json) => answer(`${JSON_TYPE}transfer-encoding: chunked\r\n`, chunk(json)),
  'a chunk without a size': (json) => answer(`${JSON_TYPE}transfer-encoding: chunked\r\n`, json),
  'the end cut off, after both tokens': (json) => answer(JSON_TYPE + lengthOf(json), cut(json)),
  'the end cut off, without a length': (json) => answer(JSON_TYPE, cut(json)),
  'the end of a compressed body cut off': (json) => {
    const zipped = gzipSync(json)
    return answer(`${JSON_TYPE}content-encoding: gzip\r\n${lengthOf(zipped)}`, zipped.subarray(0, -9))
  },
  'a coding that it does not have': (json) => answer(`${JSON_TYPE}content-encoding: gzip\r\n${lengthOf(json)}`, json),
  'headers of 40 kB': (json) => answer(`${JSON_TYPE}x-padding: ${'x'.repeat(40_000)}\r\n${lengthOf(json)}`, json),
  'a header that is none': (json) => answer(`${JSON_TYPE}no header at all\r\n${lengthOf(json)}`, json),
  'status 500': (json) => whole(json, '500 Internal Server Error'),
  'status 403': (json) => whole(json, '403 Forbidden'),
  'status 302': (json) => answer(`${JSON_TYPE}location: /elsewhere\r\n${lengthOf(json)}`, json, '302 Found'),
  'a warning in front': (json) => whole(`<br />\n<b>Warning</b>: {main} on line 3<br />\n${json}`),
  'a page behind': (json) => whole(`${json}\n<!-- served by node 7 -->`),
  'a text of JSON': (json) => whole(JSON.stringify(json)),
  'a number that is none': (json) => whole(json.replace('3600', 'NaN')),
  'a line break in a text': (json) => whole(json.replace('{', '{"note":"one\ntwo",')),
  'single quotes': (json) => whole(json.replaceAll('"', "'")),
  'another object in front': (json) => whole(`{"warning":1}${json}`),
  'a form that is called a page': (json) => {
    const form = new URLSearchParams(JSON.parse(json)).toString()
    return answer(`content-type: text/html\r\n${lengthOf(form)}`, form)
  },
  'an error that is empty': (json) => whole(json.replace('{', '{"error":[],'), '400 Bad Request'),
  'UTF-16': (json) => {
    const wide = Buffer.from(`\ufeff${json}`, 'utf16le')
    return answer(JSON_TYPE + lengthOf(wide), wide)
  },
  'a wrong checksum': (json) => {
    const zipped = gzipSync(json)
    zipped.writeUInt32LE(1, zipped.length - 8)
    return answer(`${JSON_TYPE}content-encoding: gzip\r\n${lengthOf(zipped)}`, zipped)
  },
  'two codings': (json) => {
    const zipped = gzipSync(gzipSync(json))
    return answer(`${JSON_TYPE}content-encoding: gzip, gzip\r\n${lengthOf(zipped)}`, zipped)
  },
  'a coding that is not told': (json) => answer(JSON_TYPE + lengthOf(gzipSync(json)), gzipSync(json)),
  'more than a mebibyte in gzip': (json) => {
    const zipped = gzipSync(`${json.slice(0, -1)},"padding":"${'x'.repeat(2_000_000)}"}`)
    return answer(`${JSON_TYPE}content-encoding: gzip\r\n${lengthOf(zipped)}`, zipped)
  },
  'the end of brotli cut off': (json) => {
    const packed = brotliCompressSync(`${json.slice(0, -1)},"padding":"${randomBytes(4000).toString('hex')}"}`)
    return answer(`${JSON_TYPE}content-encoding: br\r\n${lengthOf(packed)}`, packed.subarray(0, -500))
  },
  'another first line': (json) => Buffer.from(`ICY 200 OK\r\n${JSON_TYPE}\r\n${json}`),
  'no head': (json) => Buffer.from(json),
  'an interim answer in front': (json) =>
    Buffer.concat([Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'), whole(json)]),
  'another protocol': (json) =>
    Buffer.concat([
      Buffer.from('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      Buffer.from(json),
    ]),
  'more than a mebibyte': (json) => whole(`${json.slice(0, -1)},"padding":"${'x'.repeat(1_100_000)}"}`),
} satisfies Record<string, (json: string) => Buffer>

export type OddAnswer = keyof typeof ODD_ANSWERS
