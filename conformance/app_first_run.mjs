// A newcomer's way: the one-time link, an organisation, the catcher, sample people, a starter, and a campaign that arrives.
//
// Standard input: {"browser": PATH, "origin": URL, "link": URL, "language": "en" | "ar", "email", "password", "shots": DIR or null}.
// Standard output: a JSON line for each step: {step, millis}; the last one has how many messages the catcher holds.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const task = JSON.parse(readFileSync(0, 'utf8'))
const texts = (area) => JSON.parse(readFileSync(new URL(`../i18n/${task.language}/${area}.json`, import.meta.url), 'utf8'))
const [start, campaigns] = [texts('app_start'), texts('app_campaigns')]

const browser = await chromium.launch({ executablePath: task.browser, args: ['--no-sandbox', '--disable-gpu'] })
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
await context.addInitScript((chosen) => localStorage.setItem('barid.language', chosen), task.language)
const tab = await context.newPage()
tab.setDefaultTimeout(15_000)

let began = performance.now()
async function told(step, more = {}) {
  if (task.shots) await tab.screenshot({ path: join(task.shots, `first-run-${task.language}-${step}.png`) })
  console.log(JSON.stringify({ step, millis: Math.round(performance.now() - began), ...more }))
  began = performance.now()
}

const button = (name) => tab.getByRole('button', { name, exact: true })
const box = (name) => tab.getByLabel(name, { exact: false }).first()

try {
  await tab.goto(task.link)
  await box(start['email']).fill(task.email)
  await box(start['password']).fill(task.password)
  await button(start['first.next']).click()
  await box(start['first.organisation']).fill(task.language === 'ar' ? 'مكتبة النور' : 'Al Noor Bookshop')
  await box(start['first.postal_address']).fill('12 Harbour Street, Beirut, Lebanon')
  await button(start['first.finish']).click()
  await tab.waitForURL(/\/app\/ws_[^/]+\/home/)
  await told('owner')

  await tab.getByRole('link', { name: start['checklist.sending'] }).click()
  await box(start['sending.name']).fill('Al Noor')
  await box(start['sending.email']).fill('news@alnoor.example')
  await button(start['setup.save']).first().click()
  await button(start['sending.test_button']).click()
  await tab.getByText(start['sending.caught']).waitFor()
  await button(start['setup.next']).click()
  await told('sending')

  await button(start['people.samples_button']).click()
  await button(start['people.samples_remove']).waitFor()
  await button(start['setup.next']).click()
  await told('people')

  await button(start['campaign.use']).first().click()
  await tab.waitForURL(/\/campaigns\/cmp_/)
  await told('starter')

  const id = tab.url().match(/cmp_[a-z0-9]+/)[0]
  await tab.goto(tab.url().replace(/\/campaigns\/.*/, `/campaigns/${id}/review`))
  await tab.getByRole('button', { name: new RegExp(`^${campaigns['send.to'].split('{')[0]}`) }).click()
  await tab.getByRole('dialog').getByRole('button', { name: campaigns['send.button'], exact: true }).click()
  await tab.waitForURL(/\/live/)
  await told('sending')
  const sent = async () => (await (await context.request.get(`${task.origin}/v1/campaigns/${id}`)).json()).state === 'sent'
  while (!(await sent())) await tab.waitForTimeout(500) // the minute in which it can be taken back
  const catcher = await (await context.request.get(`${task.origin}/catcher`)).text()
  await told('delivered', { messages: (catcher.match(/\/catcher\/[^"/]+"/g) ?? []).length })
} catch (error) {
  if (task.shots) await tab.screenshot({ path: join(task.shots, `first-run-${task.language}-stuck.png`), fullPage: true })
  console.log(JSON.stringify({ step: `stuck: ${error}`, millis: 0, url: tab.url() }))
} finally {
  await browser.close()
}
