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

async function settle(tab) {
  await tab.waitForLoadState('networkidle', { timeout: SETTLED }).catch(() => {})
  await tab.waitForFunction(() => !document.querySelector('[data-waiting]'), null, { timeout: SETTLED })
  await tab.evaluate(() => document.fonts.ready)
}

async function judge(tab, screen, language, look, faults) {
  const began = performance.now()
  const url = screen.path.startsWith('//') ? task.origin + screen.path.slice(1) : `${task.origin}/app/${task.workspace}${screen.path}`
  await tab.goto(url, { waitUntil: 'load' })
  await settle(tab)
  const millis = Math.round(performance.now() - began)
  await tab.evaluate(axe)
  const found = await tab.evaluate(() => globalThis.axe.run(document, { iframes: false, resultTypes: ['violations'] }))
  const overflow = await tab.evaluate(overflowing)
  if (overflow) faults.push(overflow)
  const seen = await tab.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir, text: document.body.innerText }))
  if (seen.lang !== language || seen.dir !== (language === 'ar' ? 'rtl' : 'ltr')) faults.push(`is ${seen.lang} ${seen.dir}`)
  const key = seen.text.split(/\s+/).find((word) => KEYS.has(word))
  if (key) faults.push(`shows the name of a text: ${key}`)
  if (task.shots) await tab.screenshot({ path: join(task.shots, `${screen.name}-${language}-${look.name}.png`), fullPage: true })
  const violations = found.violations.map((one) => ({
    rule: one.id,
    help: one.help,
    nodes: one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.html.slice(0, 200)}`),
  }))
  console.log(JSON.stringify({ screen: screen.name, language, look: look.name, violations, faults: [...new Set(faults)], millis }))
}

async function signedIn(browser, language, look) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 }, colorScheme: look.dark ? 'dark' : 'light', reducedMotion: 'reduce', baseURL: task.origin,
  })
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
    for (const look of task.looks) {
      for (const outside of [true, false]) {
        const screens = task.screens.filter(({ path }) => path.startsWith('//') === outside)
        if (screens.length === 0) continue
        const context = await signedIn(browser, language, look)
        if (outside) await context.clearCookies()
        for (const screen of screens) {
          const tab = await context.newPage()
          const faults = []
          watch(tab, faults)
          await judge(tab, screen, language, look, faults).catch((error) =>
            console.log(JSON.stringify({ screen: screen.name, language, look: look.name, violations: [], faults: [...faults, String(error)], millis: 0 })))
          await tab.close()
        }
        await context.close()
      }
    }
  }
} finally {
  await browser.close()
}
