/**
 * A name server on loopback that lies, and a network that ends on this machine: names under `.test` and `.nip.io` are
 * resolved by it, and a connection to a public address that the server under test was about to make leads to a
 * stand-in. No packet leaves the machine, and no rule of the server is touched: the stand-in takes the place of an
 * address only after the server has judged it.
 */
import dgram from 'node:dgram'
import dns from 'node:dns'
import { once } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const OURS = /\.(test|nip\.io)$/

interface Target {
  lookup?: net.LookupFunction
  host?: string
}

export class LyingDns {
  /** The IPv4 addresses that each question is answered with; `asked` counts the questions before it. */
  answer: (name: string, asked: number) => string[] = () => []
  asked = 0

  private constructor(private readonly undo: () => void) {}

  /** @param standIn where connections to public addresses lead, on the port that they were for */
  static async open(standIn: string): Promise<LyingDns> {
    const socket = dgram.createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const resolver = new dns.Resolver()
    resolver.setServers([`127.0.0.1:${socket.address().port}`])

    const { lookup } = dns
    const { connect } = net.Socket.prototype
    dns.lookup = ((name: string, options: dns.LookupAllOptions, callback: (...args: unknown[]) => void) => {
      if (!OURS.test(name)) return lookup(name, options, callback as never)
      resolver.resolve4(name, (error, addresses = []) => {
        if (error) callback(error)
        else if (options.all)
          callback(
            null,
            addresses.map((address) => ({ address, family: 4 })),
          )
        else callback(null, addresses[0], 4)
      })
    }) as typeof dns.lookup
    syncBuiltinESMExports()
    net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
      const options = (Array.isArray(args[0]) ? args[0][0] : args[0]) as Target | undefined
      if (options?.host && OURS.test(options.host)) options.lookup = ledTo(standIn, options.lookup)
      return connect.apply(this, args as never)
    } as typeof connect

    const made = new LyingDns(() => {
      dns.lookup = lookup
      syncBuiltinESMExports()
      net.Socket.prototype.connect = connect
      socket.close()
    })
    socket.on('message', (question, { port, address }) => socket.send(made.reply(question), port, address))
    return made
  }

  close() {
    this.undo()
  }

  /** An answer as RFC 1035 §4.1 has it: the question again, and an A record for each address, to be kept for 0 s. */
  private reply(question: Buffer): Buffer {
    const labels: string[] = []
    let at = 12
    for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
      labels.push(question.toString('latin1', at + 1, at + 1 + length))
      at += length + 1
    }
    const addresses = this.answer(labels.join('.').toLowerCase(), this.asked++)
    const header = Buffer.from([...question.subarray(0, 2), 0x81, 0x80, 0, 1, 0, addresses.length, 0, 0, 0, 0])
    const records = addresses.map((address) =>
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
    )
    return Buffer.concat([header, question.subarray(12, at + 5), ...records])
  }
}

type Found = string | { address: string; family: number }[]

/** What `lookup` finds and does not refuse is led to the stand-in where it is public, and left as it is where not. */
function ledTo(standIn: string, lookup: net.LookupFunction = dns.lookup as net.LookupFunction): net.LookupFunction {
  const led = (address: string) => (/^(127|10|192\.168|169\.254)\./.test(address) ? address : standIn)
  return (name, options, callback) => {
    const lead = (error: NodeJS.ErrnoException | null, found: Found, family?: number) => {
      if (error) callback(error, '', 0)
      else if (Array.isArray(found))
        callback(
          null,
          found.map((one) => ({ ...one, address: led(one.address) })),
        )
      else callback(null, led(found), family)
    }
    lookup(name, options, lead)
  }
}
