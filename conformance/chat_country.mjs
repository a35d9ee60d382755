// Who is greeted by a greeting for one country: what the browser's time zone says, of those who allowed it alone.
//
// Standard input: {"browser": PATH, "port": N, "barid": ORIGIN, "widget": ID}. Standard output: one JSON document.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const task = JSON.parse(readFileSync(0, 'utf8'))
const site = `http://localhost:${task.port}`
const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title></head><body><h1>Shop</h1>
<script async src="${task.barid}/w/loader.js" data-chat="${task.widget}"></script></body></html>`

createServer((request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(page)
}).listen(task.port, '127.0.0.1')

const browser = await chromium.launch({ executablePath: task.browser, args: ['--no-sandbox', '--disable-gpu'] })
const seen = {}

async function come(name, timezoneId, allowed) {
  const context = await browser.newContext({ timezoneId, reducedMotion: 'reduce' })
  if (allowed) await context.addInitScript(() => { globalThis.Barid = { consent: { get: () => ({ statistics: true }), wording: () => 'May we see which pages you read?' } } })
  const tab = await context.newPage()
  await tab.goto(site, { waitUntil: 'networkidle' })
  // The greeting that everybody gets a moment later shows that the other one had its time.
  await tab.locator('barid-chat .g').waitFor({ timeout: 10_000 })
  seen[name] = await tab.locator('barid-chat .g').innerText()
  return tab
}

await come('elsewhere', 'Europe/Berlin', true)
await come('unasked', 'Asia/Riyadh', false)
const tab = await come('there', 'Asia/Riyadh', true)
await tab.locator('barid-chat .l').click()
await tab.locator('barid-chat .k textarea').fill('Do you send to Jeddah?')
await tab.keyboard.press('Enter')
await tab.waitForFunction(() => document.querySelector('barid-chat').shadowRoot.querySelector('.me') && !document.querySelector('barid-chat').shadowRoot.querySelector('.me .st svg'))

console.log(JSON.stringify(seen))
await browser.close()
process.exit(0)
