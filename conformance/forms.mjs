// Visitors of somebody else's site that shows sign-up forms: what they see, what is stored, where requests go.
//
// Standard input: {"browser": PATH, "port": N, "barid": ORIGIN, "snippets": {name: {en, ar}}, "previews": [HTML], "shots": DIR or null}.
// Standard output: one JSON document of what was seen.

import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const task = JSON.parse(readFileSync(0, 'utf8'))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// A site that lets nothing in but the script: no inline style, no inline script, no other host.
const POLICY = `default-src 'none'; script-src ${task.barid}; connect-src ${task.barid}; img-src 'self'; base-uri 'none'; form-action 'none'`

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://x')
  if (url.pathname === '/thanks') return response.setHeader('content-type', 'text/html').end('<title>Thanks</title>')
  if (url.pathname === '/admin') {
    const html = task.previews[url.searchParams.get('preview')].replaceAll('&', '&amp;').replaceAll('"', '&quot;')
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', `default-src 'none'; script-src ${task.barid}; frame-src 'self'`)
    return response.end(`<!doctype html><title>Admin</title><iframe sandbox="allow-scripts" width="600" height="600" srcdoc="${html}"></iframe>`)
  }
  if (url.pathname !== '/') return response.writeHead(404).end()
  const language = url.searchParams.get('lang') ?? 'en'
  const shown = (url.searchParams.get('forms') ?? '').split(',').filter(Boolean)
  const snippets = shown.map((name) => task.snippets[name][language].replace(/ data-lang="\w+"/, ''))
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.setHeader('content-security-policy', POLICY)
  response.end(`<!doctype html><html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><title>Shop</title>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Shop</h1><p><button id="join">Join us</button></p>${snippets.join('\n')}<p>The end</p>${url.searchParams.has('long') ? '<p>More</p>'.repeat(200) : ''}</main></body></html>`)
})
await new Promise((done) => server.listen(task.port, '127.0.0.1', done))
const site = `http://localhost:${task.port}`
const browser = await chromium.launch({ executablePath: task.browser, args: ['--no-sandbox', '--disable-gpu'] })
const seen = { origins: [], complaints: [] }

/** A visitor of a page with these forms. */
async function visit(forms, { language = 'en', width = 1280, dark = false, motion = 'reduce', host = site, more = '' } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: dark ? 'dark' : 'light', reducedMotion: motion })
  context.setDefaultTimeout(90_000)
  await context.addInitScript(() => {
    window.ready = 0
    addEventListener('barid:ready', () => window.ready++)
  })
  const tab = await context.newPage()
  tab.on('request', (request) => seen.origins.push(new URL(request.url()).origin))
  tab.on('console', (message) => {
    if (message.type() === 'error' && !/favicon|status of 4|ERR_FAILED|CORS/.test(message.text())) seen.complaints.push(message.text())
  })
  tab.on('pageerror', (error) => seen.complaints.push(String(error)))
  await tab.goto(`${host}/?lang=${language}&forms=${forms}${more}`, { waitUntil: 'networkidle' })
  return { context, tab }
}

async function census({ context, tab }) {
  const stored = await tab.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)))
  return { stored, cookies: (await context.cookies()).map((cookie) => cookie.name) }
}

const focused = (tab) =>
  tab.evaluate(() => {
    const element = document.activeElement
    const inner = element?.shadowRoot?.activeElement
    return inner ? `${inner.tagName.toLowerCase()}#${inner.id}` : `${element?.tagName.toLowerCase()}#${element?.id}`
  })

async function keyboard() {
  const visitor = await visit('inline')
  const { tab } = visitor
  await tab.locator('barid-form form').waitFor()
  const before = await census(visitor)
  // From the page's own button on, with nothing but the keyboard.
  await tab.locator('#join').focus()
  const way = []
  const step = async () => (await tab.keyboard.press('Tab'), way.push(await focused(tab)))
  await step()
  await tab.keyboard.type('not an address')
  await step()
  await step()
  await tab.keyboard.press('Enter')
  await tab.locator('.say:not([hidden])').waitFor()
  const wrong = {
    alert: await tab.getByRole('alert').innerText(),
    beside: await tab.locator('.wrong:not([hidden])').allInnerTexts(),
    invalid: await tab.locator('[aria-invalid]').evaluateAll((all) => all.map((one) => one.id)),
    focus: await focused(tab),
    kept: await tab.locator('#f-email').inputValue(),
  }
  await tab.keyboard.press('Control+A')
  await tab.keyboard.type('keyboard@people.example')
  await tab.keyboard.press('Tab')
  await tab.keyboard.type('Lina')
  await tab.keyboard.press('Tab')
  await tab.keyboard.press('Space')
  await tab.keyboard.press('Enter')
  await tab.locator('barid-form form').waitFor({ state: 'detached' })
  const after = { focus: await focused(tab), text: await tab.locator('barid-form .f').innerText(), ...(await census(visitor)) }
  await visitor.context.close()
  return { before, way, wrong, after }
}

async function popup() {
  const visitor = await visit('popup', { language: 'ar', width: 390 })
  const { tab } = visitor
  const dialog = tab.getByRole('dialog')
  await dialog.waitFor()
  const before = await census(visitor)
  const shown = {
    name: await dialog.getByRole('heading').innerText(),
    direction: await dialog.evaluate((one) => getComputedStyle(one).direction),
    focus: await focused(tab),
    wide: await tab.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth),
    box: await dialog.boundingBox(),
  }
  const inside = []
  for (let at = 0; at < 12; at++) {
    await tab.keyboard.press('Tab')
    inside.push(await focused(tab))
  }
  await tab.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  const closed = await census(visitor)
  await tab.reload({ waitUntil: 'networkidle' })
  await tab.waitForFunction(() => window.ready)
  await tab.waitForTimeout(700)
  const again = await dialog.count()
  await visitor.context.close()
  return { before, shown, inside, closed, again }
}

/** Pressed for by the visitor, filled in on a phone, in Arabic. */
async function pressed() {
  const visitor = await visit('click', { language: 'ar', width: 390 })
  const { tab } = visitor
  await tab.waitForFunction(() => window.ready)
  const dialog = tab.getByRole('dialog')
  const unasked = await dialog.count()
  await tab.locator('#join').focus()
  await tab.keyboard.press('Enter')
  await dialog.waitFor()
  await tab.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  const back = await focused(tab)
  await tab.locator('#join').click()
  await dialog.waitFor()
  await tab.locator('#f-email').fill('pressed@people.example')
  await dialog.getByRole('button', { name: 'إغلاق' }).click()
  await tab.locator('#join').click()
  const kept = await tab.locator('#f-email').inputValue()
  await tab.locator('#f-birth_date').fill('1990-05-31')
  await tab.getByLabel('Events').check()
  await tab.locator('#f-agreed').check()
  await tab.locator('.go').click()
  await tab.locator('barid-form form').waitFor({ state: 'detached' })
  const text = await dialog.innerText()
  await visitor.context.close()
  return { unasked, back, kept, text }
}

async function young() {
  const visitor = await visit('click')
  const { tab } = visitor
  await tab.waitForFunction(() => window.ready)
  await tab.locator('#join').click()
  await tab.locator('#f-email').fill('young@people.example')
  await tab.locator('#f-birth_date').fill('2015-05-31')
  await tab.getByLabel('Events').check()
  await tab.locator('#f-agreed').check()
  await tab.locator('.go').click()
  await tab.locator('barid-form form').waitFor({ state: 'detached' })
  const told = { text: await tab.getByRole('dialog').innerText(), ...(await census(visitor)) }
  await visitor.context.close()
  return told
}

async function fill(form, address) {
  await form.locator('#f-email').fill(address)
  await form.locator('#f-agreed').check()
  await form.locator('.go').click()
}

async function trapped() {
  const visitor = await visit('inline')
  const { tab } = visitor
  const form = tab.locator('barid-form')
  await form.locator('form').waitFor()
  await form.locator('#website').evaluate((one) => (one.value = 'http://spam.example'))
  await fill(form, 'robot@people.example')
  await form.locator('form').waitFor({ state: 'detached' })
  const text = await form.locator('.f').innerText()
  await visitor.context.close()
  return text
}

async function two() {
  const visitor = await visit('inline,second')
  const { tab } = visitor
  const forms = tab.locator('barid-form')
  await forms.nth(1).locator('form').waitFor()
  await fill(forms.nth(1), 'second@people.example')
  await forms.nth(1).locator('form').waitFor({ state: 'detached' })
  const left = await forms.nth(0).locator('form').count()
  await fill(forms.nth(0), 'first@people.example')
  await forms.nth(0).locator('form').waitFor({ state: 'detached' })
  await visitor.context.close()
  return left
}

/** The server goes away between the first key and the button, and comes back. */
async function outage() {
  const visitor = await visit('inline')
  const { context, tab } = visitor
  const form = tab.locator('barid-form')
  await form.locator('form').waitFor()
  await form.locator('#f-first_name').fill('Lina')
  await context.route(`${task.barid}/**`, (route) => route.abort())
  await fill(form, 'outage@people.example')
  await form.locator('.say:not([hidden])').waitFor()
  const down = {
    text: await form.locator('.say').innerText(),
    kept: [await form.locator('#f-email').inputValue(), await form.locator('#f-first_name').inputValue(), await form.locator('#f-agreed').isChecked()],
    ...(await census(visitor)),
  }
  await context.unroute(`${task.barid}/**`)
  await form.locator('.go').click()
  await form.locator('form').waitFor({ state: 'detached' })
  await context.close()
  return down
}

/** Comes up half-way down the page, and leads elsewhere once it was sent. */
async function scrolled() {
  const visitor = await visit('scroll', { more: '&long' })
  const { tab } = visitor
  await tab.waitForFunction(() => window.ready)
  const dialog = tab.getByRole('dialog')
  const before = await dialog.count()
  await tab.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2))
  await dialog.waitFor()
  // A window that nobody asked for leaves the keyboard where it was.
  const focus = await focused(tab)
  await fill(tab.locator('barid-form'), 'scrolled@people.example')
  await tab.waitForURL('**/thanks')
  await visitor.context.close()
  return { before, focus }
}

/** The preview in a sandboxed frame of a page that allows only this server's scripts. */
async function preview() {
  const context = await browser.newContext()
  const tab = await context.newPage()
  tab.on('request', (request) => seen.origins.push(new URL(request.url()).origin))
  tab.on('console', (message) => message.type() === 'error' && !/favicon|status of 404/.test(message.text()) && seen.complaints.push(message.text()))
  const told = []
  for (const at of task.previews.keys()) {
    await tab.goto(`${site}/admin?preview=${at}`)
    const form = tab.frameLocator('iframe').locator('barid-form')
    await form.locator('.go').click()
    await form.locator('form').waitFor({ state: 'detached' })
    told.push(await form.locator('.f').innerText())
  }
  await context.close()
  return told
}

/** The same page under a name that the form does not list. */
async function stranger() {
  const visitor = await visit('inline', { host: `http://127.0.0.1:${task.port}` })
  const { tab } = visitor
  await tab.waitForFunction(() => customElements.get('barid-form'))
  const count = await tab.locator('barid-form .f').count()
  await visitor.context.close()
  return count
}

/** Presses the button until what is wrong is said: from one address only so many forms are taken in a while. */
async function refused(tab) {
  const wrong = tab.locator('.wrong:not([hidden])').first()
  const said = () => wrong.waitFor({ timeout: 6_000 }).then(() => true, () => false)
  do await tab.locator('.go').click()
  while (!(await said()))
}

async function looks() {
  const found = []
  if (task.shots) mkdirSync(task.shots, { recursive: true })
  for (const name of ['inline', 'popup', 'slide_in', 'bar'])
    for (const language of ['en', 'ar'])
      for (const dark of [false, true])
        for (const width of [1280, 390]) {
          const { context, tab } = await visit(name, { language, dark, width, motion: 'no-preference' })
          const place = `${name} ${language} ${width} ${dark ? 'dark' : 'light'}`
          await tab.locator('barid-form form').waitFor()
          await tab.locator('barid-form').evaluate((one) => Promise.all(one.shadowRoot.getAnimations().map((each) => each.finished)))
          for (const broken of [false, true]) {
            if (broken) {
              await refused(tab)
            }
            await tab.evaluate(axe)
            const result = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
            for (const one of result.violations) found.push(`${place}: ${one.id} ${one.nodes[0].target.join(' ')} ${one.nodes[0].html}`)
            const small = await tab.locator('barid-form :is(button,.row input,.tick)').evaluateAll((all) =>
              all.filter((one) => one.offsetHeight < 44).map((one) => one.outerHTML.slice(0, 80)))
            for (const one of small) found.push(`${place}: lower than 44 pixels: ${one}`)
            if (await tab.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)) found.push(`${place}: wider than the window`)
            if (task.shots) await tab.screenshot({ path: join(task.shots, `form-${name}-${language}-${width}-${dark ? 'dark' : 'light'}${broken ? '-wrong' : ''}.png`) })
          }
          await context.close()
        }
  return found
}

try {
  for (const [name, act] of Object.entries({ keyboard, popup, pressed, young, trapped, two, outage, scrolled, preview, stranger, looks })) seen[name] = await act()
  seen.origins = [...new Set(seen.origins)].sort()
  console.log(JSON.stringify(seen))
} finally {
  await browser.close()
  server.close()
}
