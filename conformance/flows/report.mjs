// The report of a campaign that was sent and clicked: its figures, and the clicks drawn over the message.

import { task, texts, walk } from './session.mjs'

const campaigns = texts('app_campaigns')

await walk('report', async ({ tab, at }) => {
  await tab.goto(at(`/campaigns/${task.campaign}/report`))
  await tab.getByRole('heading', { name: campaigns['funnel'], exact: true }).waitFor()
  const figure = async (name) => tab.getByText(campaigns[`figure.${name}`], { exact: true }).first().locator('xpath=ancestor::*[contains(@class,"Card") or contains(@class,"Paper")][1]').innerText()
  const [delivered, clicked] = [await figure('delivered'), await figure('clicked')]
  await tab.getByRole('tab', { name: campaigns['report.clicks'], exact: true }).click()
  const frame = tab.frameLocator(`iframe[title="${campaigns['clicks.map']}"]`)
  await frame.locator('.barid-clicks').first().waitFor()
  const badges = await frame.locator('.barid-clicks').allInnerTexts()
  const links = await tab.getByRole('table').innerText()
  return { delivered, clicked, badges, links }
})
