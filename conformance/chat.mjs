// A visitor of somebody else's Arabic site and a member in the inbox, side by side, on a network that fails.
//
// Standard input: {"browser": PATH, "port": N, "relay": N, "barid": ORIGIN, "workspace": ID, "email", "password",
// "widget": ID, "shots": DIR or null}. `relay` is a port between the site and Barid that this script listens on: it writes
// down everything that is said to the visitor, and drops what it is told to drop.
// Standard output: one JSON document of what was seen.

import { mkdirSync, readFileSync } from 'node:fs'
import { createServer, request as ask } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const task = JSON.parse(readFileSync(0, 'utf8'))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const relay = `http://127.0.0.1:${task.relay}`
const site = `http://localhost:${task.port}`
const seen = { complaints: [], origins: [], steps: {}, looks: [] }

// A site that lets nothing in but the script: no inline style, no inline script, no other host.
const POLICY = `default-src 'none'; script-src ${relay}; connect-src ${relay}; base-uri 'none'; form-action 'none'`
const PAGE = `<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>متجر</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main><h1>متجر</h1><p>أهلًا</p></main>
<script async src="${relay}/w/loader.js" data-chat="${task.widget}"></script></body></html>`

createServer((request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.setHeader('content-security-policy', POLICY)
  response.end(request.url === '/' ? PAGE : '')
}).listen(task.port, '127.0.0.1')

/** What the visitor's network does to requests: lets them through, cuts them, or loses the answers. */
let weather = 'fair'
let traffic = ''
const open = new Set()
const target = new URL(task.barid)

createServer((request, response) => {
  const wire = /^\/w\/chat\/[^/]+\/(?!config)/.test(request.url)
  if (wire && weather === 'cut') return request.socket.destroy()
  open.add(request.socket)
  request.socket.on('close', () => open.delete(request.socket))
  const onward = ask({ host: target.hostname, port: target.port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
    if (wire && weather === 'deaf' && request.method === 'POST') {
      // The server has it; the visitor never hears so.
      answer.resume()
      answer.on('end', () => request.socket.destroy())
      return
    }
    response.writeHead(answer.statusCode, answer.headers)
    answer.on('data', (piece) => {
      if (wire) traffic += piece.toString()
      response.write(piece)
    })
    answer.on('end', () => response.end())
  })
  onward.on('error', () => request.socket.destroy())
  request.socket.on('close', () => onward.destroy())
  request.pipe(onward)
}).listen(task.relay, '127.0.0.1')

function storm(kind) {
  weather = kind
  if (kind === 'cut') for (const socket of open) socket.destroy()
}

const browser = await chromium.launch({ executablePath: task.browser, args: ['--no-sandbox', '--disable-gpu'] })
if (task.shots) mkdirSync(task.shots, { recursive: true })

function watch(tab, who) {
  tab.on('console', (message) => {
    if (message.type() === 'error' && !/favicon|status of [45]|ERR_|CORS/.test(message.text())) seen.complaints.push(`${who}: ${message.text()}`)
  })
  tab.on('pageerror', (error) => seen.complaints.push(`${who}: ${error}`))
}

async function judge(tab, name, element) {
  await tab.evaluate(axe)
  const found = await tab.evaluate((only) => globalThis.axe.run(only ? { include: [[only]] } : document, { iframes: false, resultTypes: ['violations'] }), element)
  for (const { id, nodes } of found.violations) seen.looks.push(`${name}: ${id}: ${nodes[0].html.slice(0, 200)}`)
  if (task.shots) await tab.screenshot({ path: join(task.shots, `${name}.png`) })
}

const stored = (tab) => tab.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)))
const said = (tab) => tab.locator('barid-chat [role=log] .u').allInnerTexts()
const within = (promise, what) => Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error(`never: ${what}`)), 30_000))])
const shows = (tab, text) => within(tab.getByText(text, { exact: true }).first().waitFor({ timeout: 30_000 }), text)

async function visitor() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  const tab = await context.newPage()
  watch(tab, 'visitor')
  tab.on('request', (request) => seen.origins.push(new URL(request.url()).origin))
  await tab.goto(site, { waitUntil: 'networkidle' })
  return { context, tab }
}

async function member() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', baseURL: task.barid })
  await context.addInitScript(() => window.origin !== 'null' && localStorage.setItem('barid.language', 'en'))
  const headers = { origin: task.barid, 'sec-fetch-site': 'same-origin', 'x-barid-workspace': task.workspace }
  const answer = await context.request.post('/v1/session', { data: { email: task.email, password: task.password }, headers })
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`)
  const ready = await context.request.put('/v1/agents/me', { data: { status: 'accepting' }, headers })
  if (!ready.ok()) throw new Error(`status: ${ready.status()} ${await ready.text()}`)
  const tab = await context.newPage()
  watch(tab, 'member')
  await tab.goto(`/app/${task.workspace}/inbox/conversations?view=all`, { waitUntil: 'load' })
  return { context, tab }
}

const write = async (tab, text) => {
  await tab.locator('barid-chat .k textarea').fill(text)
  await tab.keyboard.press('Enter')
}

const answer = async (tab, text, note = false) => {
  await tab.getByRole('radiogroup', { name: 'What you write' }).getByText(note ? 'Note' : 'Reply', { exact: true }).click()
  const box = tab.getByRole('textbox', { name: note ? /Write a note/ : /Write a reply/ })
  await box.fill(text)
  await box.press('Enter')
}

const { context: outside, tab: page } = await visitor()
const { context: inside, tab: desk } = await member()
try {
  const launcher = page.locator('barid-chat .l')
  await launcher.waitFor()
  seen.steps.before = { stored: await stored(page), cookies: (await outside.cookies()).length, name: await launcher.getAttribute('aria-label'), asked: traffic }
  await judge(page, 'visitor-closed')

  // Only with the keyboard, in Arabic.
  await launcher.focus()
  await page.keyboard.press('Enter')
  await page.locator('barid-chat [role=dialog]').waitFor()
  seen.steps.opened = { stored: await stored(page), dir: await page.locator('barid-chat .b').getAttribute('dir'), focus: await page.evaluate(() => document.activeElement.shadowRoot.activeElement?.tagName), told: await page.locator('barid-chat #peek').count() }
  await page.keyboard.type('مرحبا، طلبي ORD-17 لم يصل')
  await page.keyboard.press('Enter')
  await shows(page, 'مرحبا، طلبي ORD-17 لم يصل')

  // The member sees it without doing anything, opens it and answers.
  const row = desk.getByRole('listitem').filter({ hasText: 'ORD-17' })
  await within(row.first().waitFor({ timeout: 30_000 }), 'the conversation in the list')
  await row.first().getByRole('button').click()
  await desk.getByRole('log').getByText('مرحبا، طلبي ORD-17 لم يصل').waitFor()
  await answer(desk, 'Good morning! I am looking.')
  await shows(page, 'Good morning! I am looking.')
  await desk.getByText('Seen', { exact: true }).first().waitFor({ timeout: 30_000 })
  await judge(page, 'visitor-open')
  await judge(desk, 'inbox')

  // Whispers stay inside.
  await answer(desk, 'WHISPER-زبون مهم', true)
  await desk.getByRole('log').getByText('WHISPER-زبون مهم').waitFor()

  // What is not sent is seen where the visitor was told so, and nowhere else.
  await page.locator('barid-chat .k textarea').pressSequentially('PEEK-نص لم يرسل', { delay: 30 })
  seen.steps.peek = await desk.getByText('PEEK-نص لم يرسل').first().waitFor({ timeout: 15_000 }).then(() => true, () => false)
  await page.locator('barid-chat .k textarea').fill('')

  // The network is gone in the middle: what is written is kept, through a reload, and arrives once.
  storm('cut')
  await write(page, 'LOST-1')
  await write(page, 'LOST-2')
  await answer(desk, 'MEANWHILE-1')
  await page.locator('barid-chat .st').filter({ hasText: /بانتظار الاتصال|جارٍ الإرسال/ }).first().waitFor()
  await page.reload({ waitUntil: 'load' })
  await page.locator('barid-chat .l').waitFor()
  await page.locator('barid-chat .l').click()
  await shows(page, 'LOST-2')
  seen.steps.cut = { stored: await stored(page), waiting: (await said(page)).filter((text) => text.startsWith('LOST')) }
  storm('fair')
  await shows(page, 'MEANWHILE-1')
  await desk.getByRole('log').getByText('LOST-2', { exact: true }).waitFor({ timeout: 45_000 })

  // The server has it, but its answer is lost.
  storm('deaf')
  await write(page, 'DEAF-1')
  await desk.getByRole('log').getByText('DEAF-1', { exact: true }).waitFor({ timeout: 30_000 })
  storm('fair')

  // Both browsers lose their network at the same time and write on.
  await outside.setOffline(true)
  await inside.setOffline(true)
  await write(page, 'BOTH-visitor')
  await answer(desk, 'BOTH-member')
  await page.waitForTimeout(1500)
  await inside.setOffline(false)
  await outside.setOffline(false)
  await shows(page, 'BOTH-member')
  await desk.getByRole('log').getByText('BOTH-visitor', { exact: true }).waitFor({ timeout: 45_000 })
  await page.waitForFunction(() => document.querySelector('barid-chat').shadowRoot.querySelectorAll('.me .st svg').length === 0, null, { timeout: 45_000 })
  seen.steps.visitor = await said(page)
  seen.steps.member = await desk.getByRole('log').locator('div[dir=auto]').allInnerTexts()

  // A fresh look at both ends is the same as what grew.
  await page.reload({ waitUntil: 'load' })
  await page.locator('barid-chat .l').click()
  await shows(page, 'BOTH-member')
  await page.waitForTimeout(1000)
  seen.steps.visitor_again = await said(page)
  await desk.reload({ waitUntil: 'load' })
  await desk.getByRole('log').getByText('BOTH-visitor', { exact: true }).waitFor({ timeout: 30_000 })
  await desk.waitForTimeout(1000)
  seen.steps.member_again = await desk.getByRole('log').locator('div[dir=auto]').allInnerTexts()

  // Closed with one key; rated with one.
  await desk.locator('body').click({ position: { x: 5, y: 5 } })
  await desk.keyboard.press('e')
  await page.getByText('انتهت هذه المحادثة.').first().waitFor({ timeout: 30_000 })
  await page.getByRole('radio', { name: 'جيدة', exact: true }).click()
  await page.locator('barid-chat [aria-checked=true]').waitFor()
  await judge(page, 'visitor-ended')
  await page.keyboard.press('Escape')
  const focused = () => document.activeElement?.shadowRoot?.activeElement?.id
  await page.waitForFunction(`(${focused})() === 'launcher'`, null, { timeout: 10_000 }).catch(() => {})
  seen.steps.closed = { open: await page.locator('barid-chat [role=dialog]').count(), focus: await page.evaluate(focused) }

  // On a phone the chat is the whole screen, and the inbox shows one pane at a time.
  await page.setViewportSize({ width: 390, height: 780 })
  await page.locator('barid-chat .l').click()
  await page.locator('barid-chat [role=dialog]').waitFor()
  seen.steps.phone = await page.locator('barid-chat .w').evaluate((one) => [one.clientWidth, document.documentElement.scrollWidth])
  await judge(page, 'visitor-phone')
  await desk.setViewportSize({ width: 390, height: 780 })
  await desk.waitForTimeout(500)
  seen.steps.inbox_phone = { lists: await desk.getByRole('list', { name: /Everything/ }).count(), logs: await desk.getByRole('log').count(), wide: await desk.evaluate(() => document.documentElement.scrollWidth) }
  await judge(desk, 'inbox-phone')
} finally {
  seen.leaks = ['WHISPER', 'PEEK'].filter((word) => traffic.includes(word))
  seen.origins = [...new Set(seen.origins)].sort()
  await browser.close()
}
console.log(JSON.stringify(seen))
process.exit(0)
