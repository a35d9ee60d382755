// How long the application takes from a press or a key to the next picture (Event Timing), on the audience table and in
// the segment builder. Standard input: {"browser", "origin", "email", "password"}; standard output: one JSON document.

import { readFileSync } from 'node:fs'
import { chromium } from '../conformance/node_modules/playwright-core/index.mjs'

const task = JSON.parse(readFileSync(0, 'utf8'))
const words = (area) => JSON.parse(readFileSync(new URL(`../i18n/en/${area}.json`, import.meta.url), 'utf8'))
const [segments, shell] = [words('app_segments'), words('app_shell')]

const browser = await chromium.launch({ executablePath: task.browser, args: ['--no-sandbox', '--disable-gpu'] })
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, baseURL: task.origin })
await context.addInitScript(() => {
  localStorage.setItem('barid.language', 'en')
  window.interactions = new Map()
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) {
      if (interactionId) window.interactions.set(interactionId, Math.max(duration, window.interactions.get(interactionId) ?? 0))
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: true })
})
await context.request.post('/v1/session', { data: { email: task.email, password: task.password }, headers: { origin: task.origin, 'sec-fetch-site': 'same-origin' } })
const { workspaces } = await (await context.request.get('/v1/session')).json()
const tab = await context.newPage()
tab.setDefaultTimeout(60_000)
const open = async (path) => {
  await tab.goto(`/app/${workspaces[0].workspace}${path}`)
  await tab.getByRole('heading', { level: 1 }).waitFor()
  await tab.waitForFunction(() => !document.querySelector('[data-waiting]'))
}
/** Every interaction since the page was opened; what took less than 16 ms is not told by the browser. */
const told = async () => {
  await tab.waitForTimeout(300)
  return tab.evaluate(() => [...window.interactions.values()].sort((a, b) => a - b))
}

await open('/audience')
await tab.getByRole('table').getByRole('row').nth(5).waitFor()
for (const key of ['j', 'j', 'j', 'k', 'x', 'j', 'x']) {
  await tab.keyboard.press(key)
  await tab.waitForTimeout(60)
}
for (let page = 0; page < 3; page += 1) {
  await tab.getByRole('button', { name: shell['table.on'], exact: true }).click()
  await tab.waitForTimeout(400)
}
for (const column of await tab.getByRole('columnheader').getByRole('button').all()) {
  await column.click()
  await tab.waitForTimeout(400)
}
const table = await told()

await open('/audience/segments/new')
const add = tab.getByRole('button', { name: segments['add'] ?? /./ }).first()
if (await add.count()) await add.click()
const counts = []
for (const box of (await tab.getByRole('combobox').all()).slice(0, 3)) {
  await box.click()
  await tab.keyboard.press('ArrowDown')
  await tab.keyboard.press('Enter')
  await tab.waitForTimeout(200)
}
for (const letter of 'haddad') {
  const value = tab.locator('main').getByRole('textbox').last()
  await value.focus()
  const answered = tab.waitForResponse((answer) => answer.url().includes('/v1/segments/count'), { timeout: 5000 }).catch(() => null)
  const begun = performance.now()
  await tab.keyboard.type(letter)
  if (await answered) counts.push(performance.now() - begun)
}
const builder = await told()

// A message of sixty blocks, written into in the middle.
const words60 = (number) => ({ type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: `Paragraph ${number}. ${'What we made this month, and for whom. '.repeat(6)}` }] }] })
const rows = Array.from({ length: 59 }, (_, number) => ({ id: `r${number}`, layout: [1], cols: [[{ id: `t${number}`, type: 'text', content: words60(number) }]] }))
const design = { v: 1, dir: 'ltr', lang: 'en', rows: [...rows, { id: 'end', layout: [1], cols: [[{ id: 'foot', type: 'footer' }]] }] }
const send = { headers: { origin: task.origin, 'sec-fetch-site': 'same-origin', 'X-Barid-Workspace': workspaces[0].workspace } }
const topic = (await (await context.request.get('/v1/topics')).json()).items[0].id
const campaign = await (await context.request.post('/v1/campaigns', { ...send, data: { name: 'Sixty', from: 'Sixty <news@sample.example>', topic, language: 'en', subject: 'Sixty', design } })).json()
await open(`/campaigns/${campaign.id}/content`)
await tab.locator('[data-block="t30"]').click()
await tab.locator('[data-block="t30"] .ProseMirror').waitFor()
await tab.waitForTimeout(1000)
await tab.evaluate(() => window.interactions.clear())
await tab.keyboard.type('Thirty letters are written now', { delay: 90 })
const typing = await told()

console.log(JSON.stringify({ table, builder, counts, typing }))
await browser.close()
