// A chat that is encrypted end to end: a member's browser becomes a device and approves itself as the first, a visitor of
// somebody else's site writes, both read each other, and everything that passes the server is written down.
//
// Standard input: {"browser", "port", "origin", "language", "email", "password", "widget", "shots"}.
// Standard output: one JSON document of what was seen.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { task, texts, walk } from './flows/session.mjs'

const [chat, inbox, widget] = ['app_chat', 'app_inbox', 'chat'].map(texts)
const site = `http://localhost:${task.port}`
const POLICY = `default-src 'none'; script-src ${task.origin}; connect-src ${task.origin}; base-uri 'none'; form-action 'none'`
const PAGE = `<!doctype html><html lang="${task.language}"><head><meta charset="utf-8"><title>Shop</title></head><body><main><h1>Shop</h1></main>
<script async src="${task.origin}/w/loader.js" data-chat="${task.widget}"></script></body></html>`

const shop = createServer((request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.setHeader('content-security-policy', POLICY)
  response.end(request.url === '/' ? PAGE : '')
}).listen(task.port, '127.0.0.1').unref()

await walk('chat-sealed', async ({ browser, tab, at }) => {
  let passed = ''
  const note = (page) => {
    page.on('request', (request) => (passed += request.postData() ?? ''))
    page.on('response', async (answer) => {
      if (/json/.test(answer.headers()['content-type'] ?? '')) passed += await answer.text().catch(() => '')
    })
  }
  note(tab)
  await tab.goto(at('/inbox/settings/devices'))
  await tab.getByRole('button', { name: chat['devices.add'] }).click()
  const dialogue = tab.getByRole('dialog')
  await dialogue.getByLabel(chat['devices.name']).fill('First laptop')
  await dialogue.getByRole('button', { name: chat['devices.add'] }).click()
  await tab.getByText(chat['devices.this.pending']).waitFor()
  await tab.getByRole('button', { name: chat['devices.approve'], exact: true }).click()
  await tab.getByRole('dialog').getByRole('button', { name: chat['devices.approve'], exact: true }).click()
  await tab.getByText(chat['devices.this.approved']).waitFor()
  await tab.getByText(chat['devices.log.whole']).waitFor()

  const visitor = await (await browser.newContext({ viewport: { width: 900, height: 800 } })).newPage()
  const complaints = []
  visitor.on('pageerror', (error) => complaints.push(String(error)))
  note(visitor)
  await visitor.goto(site)
  const says = (key) => widget[`widget.${key}`]
  await visitor.getByRole('button', { name: says('open') }).click()
  await visitor.getByRole('textbox', { name: says('write') }).fill('SEALED-question')
  await visitor.keyboard.press('Enter')
  const log = visitor.getByRole('log')
  await log.getByText(says('sealed')).waitFor()
  await visitor.waitForFunction(() => !document.querySelector('barid-chat').shadowRoot.querySelector('.st.no, [role=alert]'))

  await tab.goto(at('/inbox/conversations?view=open'))
  await tab.getByText(inbox['preview.encrypted']).first().click()
  const thread = tab.getByRole('log')
  await thread.getByText('SEALED-question').waitFor()
  const write = async (mode, text) => {
    if (mode === 'note') await tab.getByText(inbox['mode.note'], { exact: true }).click()
    const box = tab.getByRole('textbox', { name: inbox[mode === 'note' ? 'write.note' : 'write.reply'] })
    await box.fill(text)
    await box.press('Enter')
    await thread.getByText(text).waitFor()
  }
  await write('reply', 'SEALED-answer')
  await log.getByText('SEALED-answer').waitFor()
  await write('note', 'SEALED-note')
  // A file each way: its name and its octets are read at the two ends alone.
  const file = (name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`SEALED-octets of ${name}`) })
  const choosing = visitor.waitForEvent('filechooser')
  await visitor.getByRole('button', { name: says('attach') }).click()
  await (await choosing).setFiles(file('SEALED-visitor.txt'))
  await thread.getByText('SEALED-visitor.txt').waitFor()
  await tab.locator('input[type=file]').setInputFiles(file('SEALED-member.txt'))
  await log.getByRole('button', { name: /SEALED-member.txt/ }).waitFor()
  const read = async (page, name) => {
    const loading = page.waitForEvent('download')
    await page.getByRole('log').getByRole('button', { name: new RegExp(name) }).click()
    return readFileSync(await (await loading).path(), 'utf8')
  }
  const files = [await read(tab, 'SEALED-visitor.txt'), await read(visitor, 'SEALED-member.txt')]
  await tab.reload()
  for (const text of ['SEALED-question', 'SEALED-answer', 'SEALED-note']) await tab.getByRole('log').getByText(text).waitFor()
  await visitor.reload()
  await visitor.getByRole('button', { name: says('open') }).click()
  await visitor.getByRole('log').getByText('SEALED-answer').waitFor()
  const told = await visitor.getByRole('log').innerText()

  const stranger = await (await browser.newContext({ baseURL: task.origin })).newPage()
  await stranger.context().addInitScript((language) => localStorage.setItem('barid.language', language), task.language)
  await stranger.context().request.post('/v1/session', { data: { email: task.email, password: task.password }, headers: { origin: task.origin, 'sec-fetch-site': 'same-origin' } })
  await stranger.goto(tab.url())
  await stranger.getByText(inbox['sealed.not_mine']).waitFor()
  const elsewhere = await stranger.getByRole('log').innerText()
  shop.close()
  return { complaints, files, passed: passed.includes('SEALED-'), noted: told.includes('SEALED-note'), elsewhere: elsewhere.includes('SEALED-') }
})
