// A slow line and a slow computer: when the first screen is there; and a line that is lost while somebody writes.

import { task, texts, walk } from './session.mjs'

const campaigns = texts('app_campaigns')
// A telephone's line on a bad day (bytes a second, milliseconds), and a computer four times slower than this one.
const LINE = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 90_000 }
const SLOWER = 4

await walk('slow', async ({ tab, context, at }) => {
  const wire = await context.newCDPSession(tab)
  await wire.send('Network.enable')
  await tab.goto(at('/home'))
  await tab.getByRole('heading', { level: 1 }).waitFor()
  await wire.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  const begun = performance.now()
  await tab.reload({ waitUntil: 'commit' })
  await tab.getByRole('heading', { level: 1 }).waitFor()
  const usable = Math.round(performance.now() - begun)
  const paint = Math.round(await tab.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1))
  await wire.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await wire.send('Network.emulateNetworkConditions', LINE)
  const slow = performance.now()
  await tab.goto(at(`/campaigns/${task.campaign}`), { waitUntil: 'commit' })
  const name = tab.getByRole('textbox', { name: campaigns['name'], exact: true })
  await name.waitFor()
  const overLine = Math.round(performance.now() - slow)

  await wire.send('Network.emulateNetworkConditions', { ...LINE, offline: true })
  await name.fill('Written while the line was down')
  await tab.getByText(campaigns['save.offline'], { exact: true }).waitFor()
  const before = await (await context.request.get(`/v1/campaigns/${task.campaign}`)).json()
  // The page is closed without the line ever coming back; its writing is here when it is opened again.
  await tab.evaluate(() => { window.onbeforeunload = null })
  await wire.send('Network.emulateNetworkConditions', { ...LINE, offline: false })
  await tab.close({ runBeforeUnload: false })
  const again = await context.newPage()
  await again.goto(at(`/campaigns/${task.campaign}`))
  await again.getByRole('textbox', { name: campaigns['name'], exact: true }).waitFor()
  const kept = await again.getByRole('textbox', { name: campaigns['name'], exact: true }).inputValue()
  let after = before.name
  for (let tries = 0; tries < 40 && after !== kept; tries += 1) {
    after = (await (await context.request.get(`/v1/campaigns/${task.campaign}`)).json()).name
    await again.waitForTimeout(250)
  }
  return { paint, usable, overLine, before: before.name, kept, after }
})
