// What a chat can do besides words: greetings, questions, files, choices, and pages written for `LiveChatWidget`.
//
// Standard input: {"browser": PATH, "port": N, "barid": ORIGIN, "key": KEY, "widget": ID}.
// Standard output: one JSON document of what was seen.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const task = JSON.parse(readFileSync(0, 'utf8'))
const site = `http://localhost:${task.port}`
const seen = { complaints: [] }

const SNIPPETS = {
  '/': `<script async src="${task.barid}/w/loader.js" data-chat="${task.widget}"></script>`,
  '/old': `<script src="/old.js"></script><script async src="${task.barid}/w/livechat.js"></script>`,
}
// A page written for another chat: its own stub, whose calls wait until the script comes.
const OLD = `window.__lc = { organizationId: ${JSON.stringify(task.widget)} };
(function (n, c) { function i(a) { return e._h ? e._h.apply(null, a) : e._q.push(a) }
  var e = { _q: [], _h: null, _v: '2.0', on: function () { i(['on', c.call(arguments)]) }, once: function () { i(['once', c.call(arguments)]) },
    off: function () { i(['off', c.call(arguments)]) }, get: function () { if (!e._h) throw new Error('not yet'); return i(['get', c.call(arguments)]) },
    call: function () { i(['call', c.call(arguments)]) }, init: function () {} };
  n.LiveChatWidget = n.LiveChatWidget || e })(window, [].slice);
window.heard = [];
['ready', 'visibility_changed', 'greeting_displayed', 'form_submitted'].forEach(function (name) { LiveChatWidget.on(name, function (data) { heard.push([name, data]) }) });
LiveChatWidget.call('set_customer_email', 'old@people.example'); LiveChatWidget.call('maximize')`

createServer((request, response) => {
  const { pathname } = new URL(request.url, site)
  if (pathname === '/old.js') return response.setHeader('content-type', 'text/javascript').end(OLD)
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.setHeader('content-security-policy', `default-src 'none'; script-src 'self' ${task.barid}; connect-src ${task.barid}`)
  response.end(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title></head><body><h1>Shop</h1>${SNIPPETS[pathname] ?? ''}</body></html>`)
}).listen(task.port, '127.0.0.1')

const browser = await chromium.launch({ executablePath: task.browser, args: ['--no-sandbox', '--disable-gpu'] })

async function visit(context, path = '/') {
  const tab = await context.newPage()
  tab.on('console', (message) => message.type() === 'error' && !/favicon|status of 4/.test(message.text()) && seen.complaints.push(message.text()))
  tab.on('pageerror', (error) => seen.complaints.push(String(error)))
  await tab.goto(site + path, { waitUntil: 'networkidle' })
  return tab
}

const stored = (tab) => tab.evaluate(() => Object.keys(localStorage))
const api = async (path, body) => {
  const answer = await fetch(task.barid + path, { method: body ? 'POST' : 'GET', headers: { authorization: `Bearer ${task.key}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

// A greeting comes by itself, leaves no trace, and stays away once it was closed.
const context = await browser.newContext({ reducedMotion: 'reduce' })
let tab = await visit(context)
const greeting = tab.locator('barid-chat .g')
await greeting.waitFor({ timeout: 10_000 })
seen.greeting = { text: await greeting.innerText(), stored: await stored(tab) }
await greeting.getByRole('button').first().click()
await greeting.waitFor({ state: 'detached' })
await tab.reload({ waitUntil: 'networkidle' })
await tab.waitForTimeout(2500)
seen.greeting.again = await greeting.count()

// Questions first: what is missing is said beside it, nothing is ticked.
await tab.locator('barid-chat .l').click()
seen.questions = { ticked: await tab.locator('barid-chat input:checked').count() }
await tab.locator('barid-chat .o .go').click()
seen.questions.wrong = await tab.locator('barid-chat .bad:not(:empty)').allInnerTexts()
seen.questions.focus = await tab.evaluate(() => document.activeElement.shadowRoot.activeElement?.name)
await tab.locator('barid-chat #f-email').fill('asks@people.example')
await tab.locator('barid-chat .o .go').click()
await tab.locator('barid-chat .k textarea').waitFor()
await tab.locator('barid-chat .k textarea').fill('Which edition?')
await tab.keyboard.press('Enter')
await tab.waitForFunction(() => !document.querySelector('barid-chat').shadowRoot.querySelector('.me .st svg'))
const [row] = (await api('/v1/conversations?view=all')).items
seen.questions.answers = (await api(`/v1/conversations/${row.id}`)).answers.map(({ key, value }) => [key, value])

// A file of a kind that is allowed arrives; one that lies about its kind does not.
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const attach = async (file) => {
  const [chooser] = await Promise.all([tab.waitForEvent('filechooser'), tab.getByRole('button', { name: 'Attach a file' }).click()])
  await chooser.setFiles([file])
}
await attach({ name: 'cover.png', mimeType: 'image/png', buffer: PNG })
await tab.getByRole('button', { name: /cover\.png/ }).waitFor({ timeout: 15_000 })
await attach({ name: 'lie.png', mimeType: 'image/png', buffer: Buffer.from('MZ\u0090\u0000this is a program') })
await tab.locator('barid-chat .s').filter({ hasText: 'lie.png' }).waitFor({ timeout: 15_000 })
seen.files = (await api(`/v1/conversations/${row.id}/events?limit=200`)).items.filter(({ file }) => file).map(({ file }) => file.name)

// Choices are answered with a tap, once.
await api(`/v1/conversations/${row.id}/events`, { client_id: 'choice', kind: 'rich', text: 'Which one?', quick_replies: [{ label: 'The first', value: 'first' }, { label: 'الثانية', value: 'second' }] })
await tab.getByRole('button', { name: 'الثانية' }).click()
await tab.locator('barid-chat .q button').first().waitFor({ state: 'detached' })
await tab.locator('barid-chat .me .u').filter({ hasText: 'الثانية' }).waitFor()
seen.choice = await tab.locator('barid-chat .me .u').last().innerText()

// The badge counts what was said while the window was closed, and forgets it when it was read.
await tab.keyboard.press('Escape')
await api(`/v1/conversations/${row.id}/events`, { client_id: 'later', kind: 'message', text: 'Anything else?' })
await tab.getByRole('button', { name: 'Chat with us: 1 new message' }).waitFor({ timeout: 15_000 })
await tab.locator('barid-chat .l').click()
await tab.getByText('Anything else?').waitFor()
await tab.keyboard.press('Escape')
seen.badge = await tab.locator('barid-chat .l').getAttribute('aria-label')
await tab.evaluate(() => globalThis.Barid.chat.shutdown())
seen.shutdown = { elements: await tab.locator('barid-chat').count(), stored: await stored(tab) }
await context.close()

// A page written for another chat.
const other = await browser.newContext({ reducedMotion: 'reduce' })
tab = await visit(other, '/old')
await tab.locator('barid-chat [role=dialog]').waitFor()
await tab.waitForFunction(() => globalThis.heard.length > 0)
seen.old = await tab.evaluate(() => ({ heard: globalThis.heard.map(([name]) => name), state: LiveChatWidget.get('state'), customer: LiveChatWidget.get('customer_data').email, chat: LiveChatWidget.get('chat_data') }))
seen.old.filled = await tab.locator('barid-chat #f-email').inputValue()
await tab.evaluate(() => LiveChatWidget.call('hide'))
await tab.locator('barid-chat .l').waitFor({ state: 'detached' })
seen.old.hidden = await tab.evaluate(() => LiveChatWidget.get('state').visibility)
await browser.close()
console.log(JSON.stringify(seen))
process.exit(0)
