// A campaign from nothing to its way out with the keyboard alone: no call here moves or presses a mouse.

import { before, task, texts, walk } from './session.mjs'

const [campaigns, content] = [texts('app_campaigns'), texts('app_content')]
const FAR = 260

/** What has the focus, as a reader of the screen is told, and whether it can be seen that it has. */
async function focused() {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  const element = document.activeElement
  if (!element || element === document.body) return null
  const own = (one) => [one.getAttribute('aria-label'), one.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent).join(' '), [...(one.labels ?? [])].map((label) => label.textContent).join(' '), one.textContent].find(Boolean) ?? ''
  const name = own(element).trim().replace(/\s+/g, ' ')
  // A box may be drawn by a neighbour of the input or by what surrounds it, which then shows the focus for it.
  const drawn = [element, element.nextElementSibling, element.closest('label')].filter(Boolean)
  for (let around = element.parentElement; around && drawn.length < 7; around = around.parentElement) drawn.push(around)
  const probe = document.body.appendChild(document.createElement('i'))
  probe.style.color = 'var(--mantine-primary-color-filled)'
  const accent = getComputedStyle(probe).color
  probe.remove()
  const seen = element.matches('iframe,[role=region],main,[role=dialog]') || drawn.some((one) => {
    const { outlineStyle, outlineWidth, boxShadow, borderTopColor, borderTopWidth } = getComputedStyle(one)
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none' || (parseFloat(borderTopWidth) > 0 && borderTopColor === accent)
  })
  return { tag: element.tagName, role: element.getAttribute('role') ?? '', name, seen, type: element.type ?? '' }
}

await walk('keyboard', async ({ tab, context, at }) => {
  const hidden = new Set()
  const steps = []
  const press = async (key) => {
    await tab.keyboard.press(key)
    const now = await tab.evaluate(focused)
    if (now && !now.seen) hidden.add(`${now.tag} ${now.role} ${now.name.slice(0, 60)}`)
    return now
  }
  /** Tab until something with this name has the focus. */
  const reach = async (what, wanted, roles = /./) => {
    for (let step = 0; step < FAR; step += 1) {
      const now = await press('Tab')
      if (now && wanted(now.name) && roles.test(`${now.tag} ${now.role} ${now.type}`)) return steps.push({ what, tabs: step + 1 })
    }
    throw new Error(`the keyboard does not reach ${what}`)
  }
  const is = (text) => (name) => name === text || name.startsWith(`${text} `)
  const begins = (text) => (name) => name.startsWith(text.split('{')[0].trim())

  await tab.goto(at('/home'))
  await tab.getByRole('heading', { level: 1 }).waitFor()
  await tab.waitForFunction(() => !document.querySelector('[data-waiting]'))
  // `g c`, then `c`: to the campaigns, and a new one.
  await press('g'); await press('c')
  await tab.waitForURL(/\/campaigns$/)
  await tab.getByRole('heading', { level: 1, name: campaigns['title'], exact: true }).waitFor()
  await tab.waitForFunction(() => !document.querySelector('[data-waiting]'))
  await press('c')
  await tab.waitForURL(/\/campaigns\/new/)
  await tab.getByRole('radio', { name: before(campaigns['new.choose']) }).first().waitFor()
  await tab.keyboard.type('By hand')
  await reach('a starter', begins(campaigns['new.choose']), /radio/)
  await press(' ')
  await reach('the button that makes it', is(campaigns['new.make']), /BUTTON/)
  await press('Enter')
  await tab.waitForURL(/\/campaigns\/cmp_/)
  const id = tab.url().match(/cmp_[a-z0-9]+/)[0]

  await reach('the segment', begins(campaigns['who.segment']), /INPUT/)
  await press('ArrowDown')
  await tab.getByRole('option').first().waitFor()
  await press('ArrowDown'); await press('Enter')
  await tab.waitForFunction(async (path) => (await (await fetch(path, { headers: { 'X-Barid-Workspace': location.pathname.split('/')[2] } })).json()).segment !== null, `/v1/campaigns/${id}`, { polling: 300 })
  await reach('the subject', is(campaigns['subject']), /INPUT/)
  await press('ControlOrMeta+a')
  await tab.keyboard.type('News by keyboard')
  await reach('the content', is(campaigns['content.edit']))
  await press('Enter')
  await tab.waitForURL(/\/content/)
  await tab.getByRole('region', { name: content['canvas'], exact: true }).waitFor()
  await tab.goto(at(`/campaigns/${id}`))
  await tab.getByRole('heading', { level: 1 }).waitFor()
  await reach('the review', is(campaigns['review']), /BUTTON/)
  await press('Enter')
  await tab.waitForURL(/\/review/)
  await tab.getByRole('heading', { name: campaigns['go'], exact: true }).waitFor()
  await reach('sending', begins(campaigns['send.to']), /BUTTON/)
  await press('Enter')
  await tab.getByRole('dialog').waitFor()
  await reach('the answer', is(campaigns['send.button']), /BUTTON/)
  await press('Enter')
  await tab.waitForURL(/\/live/)
  const sent = await (await context.request.get(`/v1/campaigns/${id}`)).json()
  return { state: sent.state, subject: sent.subject, segment: sent.segment, steps, hidden: [...hidden] }
})
