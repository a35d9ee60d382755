// A recording is listened to on the page of its call: the browser decodes it, time runs, it can be wound back, and it ends.

import { task, texts, walk } from './session.mjs'

const calls = texts('app_calls')
const clock = /(\d+):(\d\d) \/ (\d+):(\d\d)/

await walk('recording', async ({ tab, at }) => {
  await tab.goto(at(`/messaging/calls/${task.call}`))
  const card = tab.getByRole('article').filter({ has: tab.getByRole('button', { name: calls['recording.play'], exact: true }) })
  const length = clock.exec(await card.innerText()).slice(3).map(Number)
  const press = (name) => card.getByRole('button', { name: calls[name], exact: true }).click()
  await press('recording.play')
  await card.getByText(/^0:01 \//).waitFor()
  await press('recording.pause')
  const place = card.getByRole('slider', { name: calls['recording.place'] })
  const now = async () => Number(await place.getAttribute('aria-valuenow'))
  const [paused, decoded] = [await now(), Number(await place.getAttribute('aria-valuemax'))]
  await place.focus()
  await tab.keyboard.press('Home')
  const wound = await now()
  await press('recording.play')
  // It can be played again when it has ended.
  await card.getByRole('button', { name: calls['recording.play'], exact: true }).waitFor({ timeout: 20_000 })
  const [download] = await Promise.all([tab.waitForEvent('download'), card.getByRole('button', { name: calls['recording.take'] }).click()])
  return { seconds: length[0] * 60 + length[1], paused, decoded, wound, name: download.suggestedFilename(), alerts: await tab.getByRole('alert').count() }
})
