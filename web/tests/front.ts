// For who works on the pages: the tests against files that were just built (DIST=dist), without building the program anew. What is no
// file of the dashboard goes to the program, which thinks it is asked at this address.

import { readFileSync, statSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { extname, join, normalize } from 'node:path'

const KINDS: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

function file(dist: string, address: string): string {
  const path = join(dist, normalize(decodeURIComponent(new URL(address, 'http://localhost').pathname).replace(/^\/app/, '')))
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? path : join(dist, 'index.html')
}

/** Serves the files of `dist` at `port` in front of the program at `behind`; what stops it. */
export function inFront(port: number, behind: number, dist: string): () => void {
  const server = createServer((asked, answer) => {
    const options = { port: behind, host: '127.0.0.1', method: asked.method, path: asked.url, headers: asked.headers }
    const passed = request(options, (given) => {
      const isFile = asked.url?.startsWith('/app')
      // With the headers of the program, its content security policy among them.
      const { 'content-length': _, 'content-encoding': __, etag: ___, ...headers } = given.headers
      if (!isFile) return given.pipe(answer.writeHead(given.statusCode ?? 502, given.headers))
      given.resume()
      const path = file(dist, asked.url ?? '/')
      const kind = { 'content-type': KINDS[extname(path)] ?? 'application/octet-stream' }
      return answer.writeHead(200, { ...headers, ...kind }).end(readFileSync(path))
    })
    passed.on('error', () => answer.writeHead(502).end())
    asked.pipe(passed)
  })
  server.on('upgrade', (asked, socket) => {
    const behindIt = connect(behind, '127.0.0.1', () => {
      const headers = Object.entries(asked.headers).map(([name, value]) => `${name}: ${value}`)
      behindIt.write(`GET ${asked.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
      behindIt.pipe(socket).pipe(behindIt)
    })
    for (const end of [socket, behindIt]) end.on('error', () => [socket, behindIt].map((one) => one.destroy()))
  })
  server.listen(port, '127.0.0.1')
  return () => {
    server.closeAllConnections()
    server.close()
  }
}
