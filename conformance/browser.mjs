// Opens pages in Chromium and has axe judge them: every page in every look.
//
// Standard input: {"browser": PATH, "looks": [{name, width, dark}], "pages": [{name, url, sandboxed}], "shots": DIR or null}.
// Standard output: a JSON line for each page and look: {page, look, status, violations, faults}.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const task = JSON.parse(readFileSync(0, 'utf8'))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// A letter's own structure is its writer's affair.
const OF_LETTERS = ['landmark-one-main', 'page-has-heading-one', 'region']

// What axe does not look at: a page that scrolls sideways, loads from elsewhere, or complains.
const overflows = () => document.documentElement.scrollWidth > document.documentElement.clientWidth

async function judge(context, page, look) {
  const tab = await context.newPage()
  const faults = []
  tab.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4/.test(message.text())) faults.push(message.text())
  })
  tab.on('request', (request) => {
    if (!request.url().startsWith(new URL(page.url).origin)) faults.push(`loads ${new URL(request.url()).origin}`)
  })
  const answer = await tab.goto(page.url, { waitUntil: 'load' })
  await tab.evaluate(axe)
  const found = await tab.evaluate(
    ({ off }) => {
      const rules = Object.fromEntries(off.map((rule) => [rule, { enabled: false }]))
      return globalThis.axe.run(document, { iframes: false, resultTypes: ['violations'], rules })
    },
    { off: page.sandboxed ? OF_LETTERS : [] },
  )
  if (await tab.evaluate(overflows)) faults.push('is wider than the window')
  if (task.shots) await tab.screenshot({ path: join(task.shots, `${page.name}-${look.name}.png`), fullPage: true })
  await tab.close()
  const violations = found.violations.map((one) => ({
    rule: one.id,
    help: one.help,
    nodes: one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.html.slice(0, 160)}`),
  }))
  console.log(JSON.stringify({ page: page.name, look: look.name, status: answer.status(), violations, faults }))
}

const browser = await chromium.launch({ executablePath: task.browser, args: ['--no-sandbox', '--disable-gpu'] })
try {
  for (const look of task.looks) {
    // A sandboxed page runs no script, not even axe, unless its policy is set aside.
    for (const sandboxed of [false, true]) {
      const context = await browser.newContext({
        viewport: { width: look.width, height: 900 },
        colorScheme: look.dark ? 'dark' : 'light',
        bypassCSP: sandboxed,
      })
      for (const page of task.pages) if (page.sandboxed === sandboxed) await judge(context, page, look)
      await context.close()
    }
  }
} finally {
  await browser.close()
}
