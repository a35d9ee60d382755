// Visitors who book: on the public page without a script and with it, in Arabic and in another zone, and in a frame on
// somebody else's site.
//
// Standard input: {"browser": PATH, "barid": ORIGIN, "page": URL, "port": N, "shots": DIR or null}.
// Standard output: one JSON document of what was seen.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const task = JSON.parse(readFileSync(0, 'utf8'))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const place = new URL(task.page).pathname.replace('/book/', '')
const site = `http://localhost:${task.port}`

// A site that lets nothing in but the loader's host: no inline style, no inline script.
const POLICY = `default-src 'none'; script-src ${task.barid} ${site}; frame-src ${task.barid}; img-src 'self'; base-uri 'none'; form-action 'none'`
const LISTENER = `window.heard = []; addEventListener('message', ({ data, origin }) => heard.push({ origin, data }));
for (const name of ['barid.viewed', 'barid.booked', 'barid.closed']) addEventListener(name, ({ detail }) => heard.push({ name, detail }))`

const server = createServer((request, response) => {
  const url = new URL(request.url, site)
  if (url.pathname === '/heard.js') return response.setHeader('content-type', 'text/javascript').end(LISTENER)
  if (url.pathname !== '/') return response.writeHead(404).end()
  const language = url.searchParams.get('lang') ?? 'en'
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.setHeader('content-security-policy', POLICY)
  response.end(`<!doctype html><html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8"><title>Clinic</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><script src="/heard.js"></script></head>
<body><main><h1>Clinic</h1><p><a href="#end">End</a></p>
<script async src="${task.barid}/w/loader.js" data-booking="${place}" data-mode="${url.searchParams.get('mode')}" data-lang="${language}" data-name="Nora"></script>
<p id="end">The end</p></main></body></html>`)
})
await new Promise((done) => server.listen(task.port, '127.0.0.1', done))
const browser = await chromium.launch({ executablePath: task.browser, args: ['--no-sandbox', '--disable-gpu'] })
const seen = { looks: [], complaints: [], origins: [] }

async function visitor({ language = 'en', zone = 'Europe/Berlin', script = true, width = 1280, dark = false } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 900 }, timezoneId: zone, locale: language, javaScriptEnabled: script, reducedMotion: 'reduce', colorScheme: dark ? 'dark' : 'light',
  })
  const tab = await context.newPage()
  tab.on('request', (request) => seen.origins.push(new URL(request.url()).origin))
  tab.on('console', (message) => {
    if (message.type() === 'error' && !/favicon|status of 4/.test(message.text())) seen.complaints.push(message.text())
  })
  tab.on('pageerror', (error) => seen.complaints.push(String(error)))
  return { context, tab }
}

/** What axe and a look at the width find; pages without scripts are judged by their twins with them. */
async function judged(tab, name) {
  await tab.evaluate(axe)
  const found = await tab.evaluate(() => globalThis.axe.run(document, { iframes: false, resultTypes: ['violations'] }))
  for (const { id, nodes } of found.violations) seen.looks.push({ name, rule: id, html: nodes[0].html.slice(0, 200) })
  if (await tab.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)) seen.looks.push({ name, rule: 'is wider than the window' })
  if (task.shots) await tab.screenshot({ path: join(task.shots, `${name}.png`), fullPage: true })
}

const starts = (tab) => tab.locator('button.time[name=start]').evaluateAll((all) => all.map(({ value }) => value))

/** Opens a day that has times; the one that is shown may do. */
async function day(tab) {
  if ((await tab.locator('button.time[name=start]').count()) > 0) return
  await tab.locator('.days a[data-day]').first().click()
  await tab.locator('button.time[name=start]').first().waitFor()
}

async function fill(tab, name) {
  await tab.locator('#f-name').fill(name)
  await tab.locator('#f-email').fill(`${name.toLowerCase()}@people.example`)
  await tab.locator('main form button').last().click()
  await tab.waitForURL(/\/book\/b\//)
}

const done = async (tab) => ({ url: tab.url(), page: await tab.locator('main').getAttribute('data-page'), text: await tab.locator('main').innerText(), dir: await tab.locator('html').getAttribute('dir') })

/** Without a script, in another zone: every step is a link or a form. */
async function withoutScript() {
  const { context, tab } = await visitor({ script: false })
  await tab.goto(`${task.page}?tz=America/New_York`)
  await day(tab)
  const offered = await starts(tab)
  await tab.locator(`button.time[value="${offered[0]}"]`).click()
  const held = await visitor()
  await held.tab.goto(`${task.page}?tz=America/New_York&day=${offered[0].slice(0, 10)}`)
  await day(held.tab)
  const whileHeld = await starts(held.tab)
  await fill(tab, 'Plain')
  const end = await done(tab)
  await held.tab.reload()
  const afterwards = await starts(held.tab)
  await Promise.all([context.close(), held.context.close()])
  return { start: offered[0], end, whileHeld: whileHeld.includes(offered[0]), afterwards: afterwards.includes(offered[0]) }
}

/** In Arabic on a phone, at night, with a script: the browser's zone is taken. */
async function inArabic() {
  const { context, tab } = await visitor({ language: 'ar', zone: 'Asia/Riyadh', width: 390, dark: true })
  await tab.goto(`${task.page}?lang=ar`, { waitUntil: 'networkidle' })
  const zone = await tab.locator('#tz').inputValue()
  await day(tab)
  await judged(tab, 'times-ar-390-dark')
  await tab.locator('button.time[name=start]').first().click()
  await tab.locator('#f-name').waitFor()
  await judged(tab, 'details-ar-390-dark')
  await fill(tab, 'Arabic')
  await judged(tab, 'done-ar-390-dark')
  const end = await done(tab)
  await context.close()
  return { zone, end }
}

/** The links of a letter: opening them changes nothing, pressing their buttons does. */
async function byLinks(address) {
  const { context, tab } = await visitor({ language: 'ar', zone: 'Asia/Riyadh' })
  await tab.goto(address)
  const links = await tab.locator('main a').evaluateAll((all) => all.map(({ href }) => href))
  const move = links.find((link) => link.includes('/book/r/'))
  const cancel = links.find((link) => link.includes('/book/c/'))
  await tab.goto(move)
  await tab.goto(cancel)
  await judged(tab, 'cancel-ar')
  await tab.goto(address)
  const untouched = (await done(tab)).text
  await tab.goto(move)
  if ((await tab.locator('a.time').count()) === 0) await tab.locator('.days a[data-day]').last().click()
  await tab.locator('a.time').last().click()
  await judged(tab, 'move-ar')
  await tab.locator('main form button').last().click()
  await tab.waitForLoadState('networkidle')
  const moved = await done(tab)
  await tab.goto(cancel)
  await tab.locator('button.danger').click()
  await tab.waitForLoadState('networkidle')
  const cancelled = await done(tab)
  await context.close()
  return { untouched, moved, cancelled }
}

const heard = (tab, wanted) => tab.waitForFunction((name) => globalThis.heard.some(({ data, name: event }) => data?.type === name || data?.event === name || event === name), wanted)

/** In a frame on another site: as high as it needs to be, and telling what happens. */
async function inFrame() {
  const { context, tab } = await visitor()
  await tab.goto(`${site}/?mode=inline`, { waitUntil: 'networkidle' })
  const frame = tab.frameLocator('barid-booking >> iframe')
  await heard(tab, 'barid.height')
  const height = await tab.locator('barid-booking >> iframe').evaluate((element) => element.getBoundingClientRect().height)
  const told = await tab.evaluate(() => globalThis.heard.filter(({ data }) => data?.type === 'barid.height').at(-1).data.height)
  const src = await tab.locator('barid-booking >> iframe').getAttribute('src')
  await judged(tab, 'site-inline')
  if ((await frame.locator('button.time[name=start]').count()) === 0) await frame.locator('.days a[data-day]').first().click()
  await frame.locator('button.time[name=start]').first().click()
  const name = await frame.locator('#f-name').inputValue()
  await frame.locator('#f-email').fill('frame@people.example')
  await frame.locator('main form button').last().click()
  await heard(tab, 'barid.booked')
  await heard(tab, 'calendly.event_scheduled')
  const events = await tab.evaluate(() => globalThis.heard)
  await context.close()
  return { height, told, src, name, origins: [...new Set(events.filter(({ data }) => data).map(({ origin }) => origin))], events: [...new Set(events.map(({ data, name: event }) => event ?? data.type ?? data.event))] }
}

const focused = (tab) => tab.evaluate(() => {
  const inside = document.activeElement?.shadowRoot?.activeElement
  return inside ? `${inside.localName}.${inside.className}` : (document.activeElement?.localName ?? '')
})

/** A window by the keyboard: opened, closed with Esc, the place given back. */
async function inWindow() {
  const { context, tab } = await visitor({ language: 'ar', width: 390 })
  await tab.goto(`${site}/?mode=popup&lang=ar`, { waitUntil: 'networkidle' })
  await tab.keyboard.press('Tab')
  await tab.keyboard.press('Tab')
  const before = await focused(tab)
  await tab.keyboard.press('Enter')
  await tab.frameLocator('barid-booking >> iframe').locator('h1').first().waitFor()
  const opened = { focus: await focused(tab), modal: await tab.locator('barid-booking >> dialog').evaluate((dialog) => dialog.open), name: await tab.locator('barid-booking >> dialog').getAttribute('aria-label') }
  await judged(tab, 'site-popup-ar-390')
  await tab.keyboard.press('Escape')
  const closed = { focus: await focused(tab), modal: await tab.locator('barid-booking >> dialog').evaluate((dialog) => dialog.open), told: await tab.evaluate(() => globalThis.heard.some(({ name }) => name === 'barid.closed')) }
  const stored = await tab.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)))
  const cookies = (await context.cookies()).map(({ name }) => name)
  await context.close()
  return { before, opened, closed, stored, cookies }
}

try {
  seen.plain = await withoutScript()
  seen.arabic = await inArabic()
  seen.links = await byLinks(seen.arabic.end.url)
  seen.frame = await inFrame()
  seen.window = await inWindow()
  seen.origins = [...new Set(seen.origins)].sort()
  console.log(JSON.stringify(seen))
} finally {
  await browser.close()
  server.close()
}
