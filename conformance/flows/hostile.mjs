// HTML that wants out: into the page around the preview, to its own server, into the member's session.

import { task, texts, walk } from './session.mjs'

const content = texts('app_content')

await walk('hostile', async ({ tab, context, at }) => {
  const asked = []
  context.on('request', (request) => { if (!request.url().startsWith(task.origin)) asked.push(request.url()) })
  const dialogs = []
  tab.on('dialog', (dialog) => { dialogs.push(dialog.message()); void dialog.dismiss() })
  await tab.goto(at(`/campaigns/${task.campaign}/content`))
  const frame = tab.locator(`iframe[title="${content['preview.frame']}"]`)
  await frame.waitFor()
  await tab.waitForTimeout(1500)
  const inside = frame.contentFrame()
  const text = await inside.locator('body').innerText()
  const link = inside.locator('a').first()
  if (await link.count()) await link.click({ timeout: 2000 }).catch(() => {})
  const outside = await tab.evaluate(() => ({ owned: window.owned ?? null, title: document.title, path: location.pathname, cookie: document.cookie }))
  return { text, sandbox: await frame.getAttribute('sandbox'), outside, dialogs, asked, pages: context.pages().length }
})
