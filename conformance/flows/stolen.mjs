// A member reports that somebody else signs in as them: whoever reads the report ends their sessions.

import { task, texts, walk } from './session.mjs'

const privacy = texts('app_privacy')

await walk('stolen', async ({ tab, context, at }) => {
  await tab.goto(at(`/privacy/replies/${task.reply}`))
  await tab.getByRole('button', { name: privacy['reply.end_sessions'], exact: true }).click()
  const dialog = tab.getByRole('dialog')
  const before = (await context.request.get('/v1/session')).status()
  await dialog.getByRole('button', { name: privacy['reply.end_sessions'], exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  return { before, after: (await context.request.get('/v1/session')).status() }
})
