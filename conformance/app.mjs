// Walks through the screens of the web application as a signed-in member and has axe judge each.
//
// Standard input: {"browser": PATH, "origin": URL, "email", "password", "languages": [..], "looks": [{name, width, dark}],
// "screens": [{name, path}], "shots": DIR or null}; paths stand below the member's workspace, or begin with "//" when
// they stand outside it and are looked at signed out.
// Standard output: a JSON line for each screen, language and look: {screen, language, look, violations, faults, millis}.

import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const task = JSON.parse(readFileSync(0, 'utf8'))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SETTLED = 20_000
const WORDS = new URL('../i18n/en/', import.meta.url)
const APP_WORDS = readdirSync(WORDS).filter((file) => file.startsWith('app_'))
const KEYS = new Set(APP_WORDS.flatMap((file) => Object.keys(JSON.parse(readFileSync(new URL(file, WORDS), 'utf8')))).filter((key) => key.includes('.')))

function watch(tab, faults) {
  tab.on('console', (message) => {
    if (message.type() === 'error' && !/status of (401|404|403|409|422)/.test(message.text())) faults.push(message.text())
  })
  tab.on('pageerror', (error) => faults.push(String(error)))
  tab.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== task.origin) faults.push(`loads ${origin}`)
  })
}

/** Overflowing elements, outermost first, so that the culprit has a name. */
function overflowing() {
  const wide = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= wide) return null
  const culprit = [...document.querySelectorAll('#root *')].find((element) => {
    const { left, right } = element.getBoundingClientRect()
    return right > wide + 1 || left < -1
  })
  return `is wider than the window: ${culprit ? culprit.outerHTML.slice(0, 200) : ''}`
}

/** What a reader reads; codes are shown as codes and may look like anything. */
function seen() {
  const words = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest('code, pre, script, style')) words.push(walker.currentNode.data)
  return { lang: document.documentElement.lang, dir: document.documentElement.dir, text: words.join(' ') }
}

async function settle(tab) {
  await tab.waitForLoadState('networkidle', { timeout: SETTLED }).catch(() => {})
  await tab.waitForFunction(() => !document.querySelector('[data-waiting]'), null, { timeout: SETTLED })
  await tab.evaluate(() => document.fonts.ready)
}

async function opened(tab, screen) {
  const began = performance.now()
  const url = screen.path.startsWith('//') ? task.origin + screen.path.slice(1) : `${task.origin}/app/${task.workspace}${screen.path}`
  await tab.goto(url, { waitUntil: 'load' })
  await settle(tab)
  await tab.evaluate(axe)
  return Math.round(performance.now() - began)
}

/** Looks at an open screen in one of its looks: the same page, another window and another preference of its reader. */
async function judge(tab, screen, language, look, faults) {
  await tab.setViewportSize({ width: look.width, height: 900 })
  await tab.emulateMedia({ colorScheme: look.dark ? 'dark' : 'light' })
  await settle(tab)
  const found = await tab.evaluate(() => globalThis.axe.run(document, { iframes: false, resultTypes: ['violations'] }))
  const overflow = await tab.evaluate(overflowing)
  if (overflow) faults.push(overflow)
  const page = await tab.evaluate(seen)
  if (page.lang !== language || page.dir !== (language === 'ar' ? 'rtl' : 'ltr')) faults.push(`is ${page.lang} ${page.dir}`)
  const key = page.text.split(/\s+/).find((word) => KEYS.has(word))
  if (key) faults.push(`shows the name of a text: ${key}`)
  if (task.shots) await tab.screenshot({ path: join(task.shots, `${screen.name}-${language}-${look.name}.png`), fullPage: true })
  return found.violations.map((one) => ({
    rule: one.id,
    help: one.help,
    nodes: one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.html.slice(0, 200)}`),
  }))
}

/** Every look of a screen, a line each; what went wrong while it opened belongs to the first. */
async function walk(context, screen, language) {
  const tab = await context.newPage()
  const faults = []
  watch(tab, faults)
  let millis = 0
  try {
    await tab.setViewportSize({ width: task.looks[0].width, height: 900 })
    millis = await opened(tab, screen)
  } catch (error) {
    faults.push(String(error))
  }
  for (const look of task.looks) {
    const violations = await judge(tab, screen, language, look, faults).catch((error) => (faults.push(String(error)), []))
    console.log(JSON.stringify({ screen: screen.name, language, look: look.name, violations, faults: [...new Set(faults.splice(0))], millis }))
  }
  await tab.close()
}

async function signedIn(browser, language) {
  const context = await browser.newContext({ reducedMotion: 'reduce', baseURL: task.origin })
  await context.addInitScript((chosen) => {
    if (window.origin !== 'null') localStorage.setItem('barid.language', chosen)
  }, language)
  const answer = await context.request.post('/v1/session', { data: { email: task.email, password: task.password }, headers: { origin: task.origin, 'sec-fetch-site': 'same-origin' } })
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`)
  const session = await (await context.request.get('/v1/session')).json()
  task.workspace ??= session.workspaces[0].workspace
  return context
}

const browser = await chromium.launch({ executablePath: task.browser, args: ['--no-sandbox', '--disable-gpu'] })
try {
  for (const language of task.languages) {
    for (const outside of [true, false]) {
      const screens = task.screens.filter(({ path }) => path.startsWith('//') === outside)
      if (screens.length === 0) continue
      const context = await signedIn(browser, language)
      if (outside) await context.clearCookies()
      for (const screen of screens) await walk(context, screen, language)
      await context.close()
    }
  }
} finally {
  await browser.close()
}
