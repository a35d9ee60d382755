// What the walks through the application have in common: a browser, somebody signed in, the application's own words.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

export const task = JSON.parse(readFileSync(0, 'utf8'))

/** The texts of an area, in the walk's language. */
export const texts = (area) => JSON.parse(readFileSync(new URL(`../../i18n/${task.language}/${area}.json`, import.meta.url), 'utf8'))

/** A text up to its first blank, for names with a number or a name in them. */
export const before = (text) => new RegExp(`^${text.split('{')[0].trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)

/** Everything a tab complains about, and everything it loads from elsewhere. */
export function watch(tab) {
  const faults = []
  tab.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d|ERR_INTERNET_DISCONNECTED|Failed to load resource|ERR_FAILED/.test(message.text())) faults.push(message.text())
  })
  tab.on('pageerror', (error) => faults.push(String(error)))
  tab.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== task.origin) faults.push(`loads ${origin}`)
  })
  return faults
}

/** Signs in and answers `{browser, context, tab, faults, workspace, at}`; `at` makes addresses in the workspace. */
export async function enter(who = task) {
  const browser = await chromium.launch({ executablePath: task.browser, args: ['--no-sandbox', '--disable-gpu'] })
  return { browser, ...(await another(browser, who)) }
}

/** One more person in the same browser, with cookies of their own. */
export async function another(browser, { email, password }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', baseURL: task.origin, acceptDownloads: true })
  await context.addInitScript((chosen) => {
    if (window.origin !== 'null') localStorage.setItem('barid.language', chosen)
  }, task.language)
  const answer = await context.request.post('/v1/session', { data: { email, password }, headers: { origin: task.origin, 'sec-fetch-site': 'same-origin' } })
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`)
  const session = await (await context.request.get('/v1/session')).json()
  const tab = await context.newPage()
  tab.setDefaultTimeout(40_000)
  const workspace = session.workspaces[0].workspace
  return { context, tab, faults: watch(tab), workspace, at: (path) => `/app/${workspace}${path}` }
}

/** Runs a walk: what it answers is printed as JSON, also when it is stuck somewhere. */
export async function walk(name, act) {
  let browser, tab
  try {
    const entered = await enter()
    ;({ browser, tab } = entered)
    const found = await act(entered)
    if (task.shots && !tab.isClosed()) await tab.screenshot({ path: join(task.shots, `${name}-${task.language}.png`), fullPage: true })
    console.log(JSON.stringify({ ...found, faults: entered.faults }))
  } catch (error) {
    if (task.shots && tab && !tab.isClosed()) await tab.screenshot({ path: join(task.shots, `${name}-${task.language}-stuck.png`), fullPage: true })
    console.log(JSON.stringify({ stuck: String(error), url: tab?.url() }))
  } finally {
    await browser?.close()
  }
}
