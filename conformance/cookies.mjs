// A visitor's browser on a site that asks about cookies: counts what is stored and what is loaded before
// and after each choice.
//
// Standard input: {"browser": PATH, "script": URL, "axe": bool, "shots": DIR or null}.
// Standard output: one JSON document of what was seen.

import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const task = JSON.parse(readFileSync(0, 'utf8'))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// The site (localhost) and a tracker (127.0.0.1) are one server with two names.
const loaded = []
const server = createServer((request, response) => {
  if (request.url.startsWith('/counter.js') || request.url.startsWith('/ads.js')) {
    loaded.push(request.url)
    const [cookie, entry] = request.url.startsWith('/ads') ? ['_ad', 'adbox'] : ['_count', 'counted']
    response.setHeader('content-type', 'text/javascript')
    response.end(`document.cookie='${cookie}=1; path=/';localStorage.setItem('${entry}','1');window.ran=(window.ran||[]).concat('${cookie}')`)
    return
  }
  const language = new URL(request.url, 'http://x').searchParams.get('lang') ?? 'en'
  const tracker = `http://127.0.0.1:${server.address().port}`
  response.setHeader('content-type', 'text/html; charset=utf-8')
  // No unsafe-inline for styles: the banner brings its own without a style element.
  response.setHeader('content-security-policy', "default-src 'self' http://127.0.0.1:*; script-src 'self' 'unsafe-inline' http://127.0.0.1:*; connect-src *")
  response.end(`<!doctype html><html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><title>Shop</title><meta name="viewport" content="width=device-width, initial-scale=1">
<script src="${task.script}"></script>
<script type="text/plain" data-barid="statistics" data-src="/counter.js?marked"></script>
<script src="${tracker}/ads.js?listed"></script>
<script>const late=document.createElement('script');late.src='${tracker}/ads.js?late';document.head.append(late)</script>
</head><body><main><h1>Shop</h1><p>Hello</p></main></body></html>`)
})
await new Promise((done) => server.listen(0, '127.0.0.1', done))
const site = `http://localhost:${server.address().port}/`

async function census(context, tab) {
  const stored = await tab.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)))
  const cookies = (await context.cookies()).map((cookie) => cookie.name)
  return { cookies: cookies.sort(), stored: stored.sort(), ran: (await tab.evaluate(() => window.ran ?? [])).sort(), loaded: loaded.splice(0).sort() }
}

const browser = await chromium.launch({ executablePath: task.browser, args: ['--no-sandbox', '--disable-gpu'] })
const seen = {}

async function visit(name, act, { headers = {}, gpc = false } = {}) {
  const context = await browser.newContext({ extraHTTPHeaders: headers })
  if (gpc) await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }))
  const tab = await context.newPage()
  loaded.length = 0
  await tab.goto(site, { waitUntil: 'networkidle' })
  const steps = [await census(context, tab)]
  for (const label of act) {
    const told = tab.waitForResponse((answer) => answer.url().endsWith('/choice'), { timeout: 10000 }).catch(() => undefined)
    if (label.startsWith('#')) await tab.locator(label).setChecked(!(await tab.locator(label).isChecked()))
    else await tab.getByRole('button', { name: label, exact: true }).click()
    const sent = ['Accept all', 'Reject all', 'Save my choice'].includes(label)
    const answer = sent ? await told : undefined
    await tab.waitForLoadState('networkidle')
    steps.push({ label, status: answer?.status(), ...(await census(context, tab)) })
  }
  await tab.goto(site, { waitUntil: 'networkidle' })
  steps.push({ label: 'again', asked: await tab.getByRole('dialog').count(), ...(await census(context, tab)) })
  await context.close()
  seen[name] = steps
}

async function looks() {
  const found = []
  if (task.shots) mkdirSync(task.shots, { recursive: true })
  for (const language of ['en', 'ar'])
    for (const dark of [false, true])
      for (const width of [1280, 390]) {
        const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: dark ? 'dark' : 'light', bypassCSP: true })
        const tab = await context.newPage()
        await tab.goto(`${site}?lang=${language}`, { waitUntil: 'networkidle' })
        await tab.evaluate(axe)
        for (const open of [false, true]) {
          if (open) await tab.getByRole('dialog').getByRole('button').nth(1).click()
          const result = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
          for (const one of result.violations) found.push(`${language} ${width} ${dark}: ${one.id} ${one.nodes[0].html}`)
          const sizes = await tab.getByRole('dialog').locator('.row button').evaluateAll((all) =>
            all.map((one) => [Math.round(one.offsetHeight), getComputedStyle(one).backgroundColor, getComputedStyle(one).color, getComputedStyle(one).fontWeight].join()))
          if (new Set(sizes).size !== 1) found.push(`buttons differ: ${sizes.join(' | ')}`)
          if (await tab.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)) found.push('wider than the window')
          if (task.shots) await tab.screenshot({ path: join(task.shots, `consent-${language}-${width}-${dark ? 'dark' : 'light'}${open ? '-open' : ''}.png`) })
        }
        await context.close()
      }
  return found
}

try {
  await visit('reject', ['Reject all'])
  await visit('accept', ['Accept all'])
  await visit('choose', ['Choose', '#statistics', 'Save my choice'])
  await visit('withdraw', ['Accept all', 'Cookie settings', 'Reject all'])
  await visit('signal', [], { gpc: true, headers: { 'sec-gpc': '1' } })
  seen.looks = await looks()
  console.log(JSON.stringify(seen))
} finally {
  await browser.close()
  server.close()
}
