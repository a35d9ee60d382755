// A newsletter rebuilt from nothing, in the walk's language: once with the mouse, once with the keyboard alone. Then the
// rest of the editor as its user meets it: hostile HTML, the library, a brand, earlier states, a segment, the preview.

import { join } from 'node:path'
import { task, texts, walk } from './session.mjs'

const [words, shell] = [texts('app_content'), texts('app_shell')]
const arabic = task.language === 'ar'
const filled = (text, values) => Object.entries(values).reduce((now, [name, value]) => now.replace(`{${name}}`, value), text)
const SAYS = arabic
  ? { logo: 'شعار مكتبة النور', books: 'الكتب', shop: 'المتجر', hero: 'رفوف المكتبة في الصباح', heading: 'كتب الربيع وصلت', pair: 'غلاف الرواية', text: 'رواية جديدة عن بيروت، ومعها دفتر يوميات.', one: 'رواية', two: 'ديوان', price: '١٢ د.أ', quote: 'من قرأ عاش مرتين.', cite: 'قارئة', button: 'إلى المتجر', footer: 'تصلكم هذه الرسالة لأنكم اشتركتم في نشرتنا.' }
  : { logo: 'Logo of Al Noor', books: 'Books', shop: 'Shop', hero: 'The shelves in the morning', heading: 'The books of spring are here', pair: 'Cover of the novel', text: 'A new novel about Beirut, and a diary with it.', one: 'A novel', two: 'Poems', price: '12 JOD', quote: 'Who reads lives twice.', cite: 'A reader', button: 'To the shop', footer: 'You get this because you signed up for our letter.' }

await walk('newsletter', async ({ tab, context, at }) => {
  const ask = { headers: { origin: task.origin, 'sec-fetch-site': 'same-origin' } }
  const read = async (id) => (await (await context.request.get(`/v1/campaigns/${id}`)).json()).content.body.design
  const blocks = (design) => design.rows.flatMap(({ cols }) => cols.flat())
  const until = async (id, holds, what) => {
    for (let tries = 0; tries < 75; tries += 1) {
      const design = await read(id)
      if (design && holds(design)) return design
      await tab.waitForTimeout(200)
    }
    throw new Error(`not kept: ${what}`)
  }
  const shot = (name) => (task.shots ? tab.screenshot({ path: join(task.shots, `newsletter-${name}-${task.language}.png`) }) : null)
  const inspector = tab.getByRole('region', { name: words['inspector'], exact: true })
  const box = (label, nth = 0) => inspector.getByRole('textbox', { name: label, exact: true }).nth(nth)

  // What is written in place has the keyboard a moment after it is there.
  const writing = async (name) => {
    await tab.getByRole('textbox', { name, exact: true }).waitFor()
    await tab.waitForFunction(() => document.activeElement?.isContentEditable === true)
  }

  // Two hands: what each can do with what is on the page.
  const mouse = {
    near: async () => {},
    press: (goal) => goal.click(),
    write: async (goal, text) => { await goal.click(); await tab.keyboard.press('ControlOrMeta+a'); await tab.keyboard.type(text) },
    choose: (id) => tab.locator(`[data-block="${id}"]`).click({ position: { x: 60, y: 6 } }),
    open: (id) => tab.locator(`[data-block="${id}"]`).click(),
    // Beside all blocks: what is added next is a row of its own.
    leave: () => tab.locator('.barid-canvas').click({ position: { x: 6, y: 6 } }),
    out: async () => {},
  }
  const isAt = (goal) => goal.evaluate((element) => element === document.activeElement, undefined, { timeout: 500 }).catch(() => false)
  const reach = async (goal) => {
    await goal.waitFor()
    const before = await goal.evaluate((element) => (document.activeElement?.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING) !== 0)
    for (const key of before ? ['Shift+Tab', 'Tab'] : ['Tab', 'Shift+Tab']) {
      for (let steps = 0; steps < 160; steps += 1) {
        if (await isAt(goal)) return
        await tab.keyboard.press(key)
      }
    }
    throw new Error(`not reached by keyboard: ${goal}`)
  }
  // The canvas is one stop of the Tab key; inside it the arrows go from block to block.
  const arrow = async (id) => {
    await reach(tab.locator('.barid-handle[tabindex="0"]'))
    for (let steps = 0; steps < 60; steps += 1) {
      const [here, there] = await tab.evaluate((goal) => { const all = [...document.querySelectorAll('.barid-handle')].map((handle) => handle.id); return [all.indexOf(document.activeElement.id), all.indexOf(`handle-${goal}`)] }, id)
      if (here === there) return
      await tab.keyboard.press(here < there ? 'ArrowDown' : 'ArrowUp')
      await tab.waitForFunction((before) => document.activeElement?.id !== before, await tab.evaluate((at) => document.querySelectorAll('.barid-handle')[at]?.id, here))
    }
    throw new Error(`no arrow leads to ${id}`)
  }
  const keyboard = {
    near: reach,
    press: async (goal) => { await reach(goal); await tab.keyboard.press('Enter') },
    write: async (goal, text) => { await reach(goal); await tab.keyboard.press('ControlOrMeta+a'); await tab.keyboard.type(text) },
    choose: arrow,
    open: async (id) => { await arrow(id); await tab.keyboard.press('Enter') },
    leave: async () => {},
    // A step down takes the last block of a column out of it.
    out: async (id) => { await arrow(id); await tab.keyboard.press('Alt+ArrowDown') },
  }

  async function build(id, hand) {
    const begun = Date.now()
    await tab.goto(at(`/campaigns/${id}/content`))
    await tab.getByRole('button', { name: words['begin.again'], exact: true }).waitFor()
    await hand.press(tab.getByRole('button', { name: words['begin.again'], exact: true }))
    await hand.press(tab.getByRole('dialog').getByRole('button', { name: words['begin.empty'], exact: true }))
    await tab.locator('.barid-canvas').waitFor()
    const shown = () => tab.locator('.barid-block').evaluateAll((all) => all.map((one) => one.dataset.block))
    const add = async (name) => {
      const known = await shown()
      await hand.press(tab.getByRole('button', { name: filled(words['palette.add'], { name }), exact: true }))
      await tab.waitForFunction((count) => document.querySelectorAll('.barid-block').length > count, known.length)
      return (await shown()).filter((one) => !known.includes(one))
    }
    const picture = async (block, file, alt) => {
      const upload = inspector.getByRole('button', { name: words['image.upload'], exact: true })
      await hand.near(upload)
      const [chooser] = await Promise.all([tab.waitForEvent('filechooser'), hand.press(upload)])
      await chooser.setFiles(file)
      await tab.locator(`[data-block="${block}"] img[src^="/i/"]`).waitFor()
      await hand.write(box(words['image.alt']), alt)
    }
    const done = async (block) => { await tab.keyboard.press('Escape'); await tab.waitForFunction((one) => document.activeElement?.id === `handle-${one}`, block) }

    const [logo] = await add(words['block.image'])
    await picture(logo, task.logo, SAYS.logo)
    await hand.leave()
    await add(words['block.menu'])
    await hand.write(box(words['button.label']), SAYS.books)
    await hand.write(box(words['url']), 'https://shop.example/books')
    await hand.press(inspector.getByRole('button', { name: words['item.add'], exact: true }))
    await hand.write(box(words['button.label'], 1), SAYS.shop)
    await hand.write(box(words['url'], 1), 'https://shop.example/')
    await hand.leave()
    const [hero] = await add(words['block.image'])
    await picture(hero, task.hero, SAYS.hero)
    await hand.leave()
    const [heading] = await add(words['block.heading'])
    await writing(words['block.heading'])
    await tab.keyboard.type(SAYS.heading)
    await done(heading)
    await hand.leave()
    const [left, right] = await add(words['add.columns'])
    await hand.choose(left)
    await picture(left, task.hero, SAYS.pair)
    await hand.open(right)
    await writing(words['block.text'])
    await tab.keyboard.type(SAYS.text)
    await done(right)
    await hand.leave()
    const [product] = await add(words['block.product'])
    await hand.out(product)
    for (const [nth, name] of [SAYS.one, SAYS.two].entries()) {
      await hand.write(box(words['product.name'], nth), name)
      await hand.write(box(words['product.price'], nth), SAYS.price)
    }
    await hand.leave()
    const [quote] = await add(words['block.quote'])
    await writing(words['block.quote'])
    await tab.keyboard.type(SAYS.quote)
    await done(quote)
    await hand.write(box(words['quote.cite']), SAYS.cite)
    await hand.leave()
    await add(words['block.button'])
    await hand.write(box(words['button.label']), SAYS.button)
    await hand.write(box(words['button.url']), 'https://shop.example/spring')
    await hand.leave()
    await add(words['block.social'])
    await hand.write(box(words['url']), 'https://shop.example/about')
    const footer = await tab.locator('.barid-block').last().getAttribute('data-block')
    await hand.choose(footer)
    await hand.write(box(words['footer.text']), SAYS.footer)
    // The words of a field begin where their language begins.
    const lies = await box(words['footer.text']).evaluate((field) => { const { unicodeBidi, direction } = getComputedStyle(field); return `${unicodeBidi} ${direction}` })
    const design = await until(id, (now) => JSON.stringify(now).includes(SAYS.footer), 'the footer')
    return { design, lies, seconds: (Date.now() - begun) / 1000 }
  }

  await tab.setViewportSize({ width: 1440, height: 1000 })
  const byMouse = await build(task.mouse, mouse)
  await shot('mouse')
  const byKeyboard = await build(task.keyboard, keyboard)
  await shot('keyboard')

  // What stands on the canvas, for whoever holds the mail against it.
  const canvas = await tab.evaluate(() => [...document.querySelectorAll('.barid-row')].map((row) => ({
    id: row.dataset.row, width: row.getBoundingClientRect().width, height: row.getBoundingClientRect().height,
    blocks: [...row.querySelectorAll('.barid-block')].map((block) => { const { x, width, height } = block.getBoundingClientRect(); return { x: x - row.getBoundingClientRect().x, width, height, words: block.innerText.replace(/\s+/g, ' ').trim() } }),
  })))

  // Hostile HTML, pasted where one writes: only words and what mail can show comes in.
  const open = async (id) => { await tab.goto(at(`/campaigns/${id}/content`)); await tab.locator('.barid-canvas').waitFor() }
  await open(task.second)
  await tab.getByRole('button', { name: filled(words['palette.add'], { name: words['block.text'] }), exact: true }).click()
  await writing(words['block.text'])
  await tab.evaluate((html) => {
    const data = new DataTransfer()
    data.setData('text/html', html)
    data.setData('text/plain', 'plain')
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, '<p onclick="top.owned=1">Pasted <b>words</b><script>window.owned=1</' + 'script><img src=x onerror="window.owned=1"><a href="javascript:window.owned=1">evil</a> <a href="https://shop.example/good">good</a><style>*{display:none}</style><iframe src="javascript:parent.owned=1"></iframe></p>')
  const pasted = JSON.stringify(await until(task.second, (now) => JSON.stringify(now).includes('Pasted '), 'what was pasted'))
  await tab.keyboard.press('Escape')
  await tab.getByRole('button', { name: filled(words['palette.add'], { name: words['block.code'] }), exact: true }).click()
  await box(words['block.code']).fill('<p>Raw <b>words</b></p><script>top.owned=1</script><img src="x" onerror="top.owned=1"><form action="https://evil.example/"><input></form>')
  const coded = await until(task.second, (now) => JSON.stringify(now).includes('Raw '), 'the HTML')
  const body = { subject: 'x', design: coded, language: coded.lang, variants: {} }
  const cleaned = await (await context.request.post('/v1/content/preview', { data: { content: body, sample: true }, ...ask })).json()
  const owned = await tab.evaluate(() => window.owned ?? null)

  // The library: a row of one message, used again in another; the looks of a brand.
  const dialog = (name) => tab.getByRole('dialog', { name, exact: true })
  const library = async () => { await tab.getByRole('button', { name: words['kept'], exact: true }).click(); await dialog(words['kept']).waitFor() }
  const name = `${SAYS.heading} ${task.language}`
  await open(task.keyboard)
  const theirs = blocks(byKeyboard.design).find(({ type }) => type === 'quote').id
  await tab.locator(`#handle-${theirs}`).focus()
  await library()
  const shelf = (title) => dialog(words['kept']).getByRole('region', { name: title, exact: true })
  await shelf(words['kept.blocks']).getByRole('textbox', { name: words['kept.name'] }).fill(name)
  await shelf(words['kept.blocks']).getByRole('button', { name: words['kept.block.keep'], exact: true }).click()
  await shelf(words['kept.blocks']).getByRole('button', { name: filled(words['kept.take'], { name }), exact: true }).waitFor()
  const dressed = structuredClone(byKeyboard.design)
  dressed.theme.brand = '#7a1f5c'
  const brand = `Plum ${task.language}`
  await context.request.post('/v1/pieces', { data: { kind: 'brand', name: brand, design: { ...dressed, rows: dressed.rows.slice(-1) } }, ...ask })
  await tab.reload()
  await tab.locator('.barid-canvas').waitFor()
  await library()
  await shot('library')
  await shelf(words['kept.brands']).getByRole('button', { name: filled(words['kept.take'], { name: brand }), exact: true }).click()
  const branded = await until(task.keyboard, (now) => now.theme.brand === '#7a1f5c', 'the brand')
  await open(task.second)
  await library()
  await shelf(words['kept.blocks']).getByRole('button', { name: filled(words['kept.take'], { name }), exact: true }).click()
  const reused = await until(task.second, (now) => JSON.stringify(now).includes(SAYS.quote), 'the row of the library')

  // An earlier state: what is different since, and the way back to it.
  await open(task.keyboard)
  await tab.getByRole('button', { name: words['states'], exact: true }).click()
  const states = dialog(words['states'])
  await states.getByRole('button', { expanded: false }).first().click()
  await states.getByText(words['states.since']).waitFor()
  const since = await states.innerText()
  await shot('states')
  await states.getByRole('button', { name: words['states.restore'], exact: true }).click()
  const restored = await until(task.keyboard, (now) => now.theme.brand !== '#7a1f5c', 'the earlier state')

  // A row for the people of a saved segment.
  let followed = null
  if (task.segment) {
    await tab.locator(`#handle-${theirs}`).focus()
    await inspector.getByRole('button', { name: words['row'], exact: true }).click()
    await inspector.getByRole('button', { name: words['visible.segment'], exact: true }).click()
    await tab.getByRole('menuitem', { name: task.segment.name, exact: true }).click()
    followed = await until(task.keyboard, (now) => JSON.stringify(now).includes(task.segment.id), 'the segment')
    await shot('segment')
  }

  // As it arrives: without pictures, as text, in the dark, as somebody.
  await tab.getByRole('radiogroup', { name: words['editor.mode'] }).getByText(words['editor.preview'], { exact: true }).click()
  const frame = tab.locator(`iframe[title="${words['preview.frame']}"]`)
  await frame.waitFor()
  await frame.contentFrame().locator('body').waitFor()
  const pick = (group, label) => tab.getByRole('radiogroup', { name: group }).locator('label', { hasText: label }).click()
  const pictures = () => frame.contentFrame().locator('img').evaluateAll((all) => all.filter((image) => image.naturalWidth > 0).length).catch(() => -1)
  const policy = () => frame.evaluate((element) => /img-src ([^;]+)/.exec(element.srcdoc)[1])
  const withPictures = await policy()
  await tab.getByRole('switch', { name: words['preview.images_off'] }).click()
  const without = await policy()
  await shot('images-off')
  await tab.getByRole('switch', { name: words['preview.images_off'] }).click()
  await tab.evaluate(() => window.scrollTo(0, 0))
  await pick(words['preview.scheme'], words['preview.dark'])
  const scheme = await frame.evaluate((element) => element.style.colorScheme)
  await shot('dark')
  await pick(words['preview.device'], words['preview.phone'])
  await tab.waitForFunction((title) => document.querySelector(`iframe[title="${title}"]`).getBoundingClientRect().width < 500, words['preview.frame'])
  const phone = await frame.evaluate((element) => element.getBoundingClientRect().width)
  const seen = async (who) => {
    await tab.getByRole('combobox', { name: words['preview.as'] }).or(tab.getByRole('textbox', { name: words['preview.as'] })).first().click()
    await tab.keyboard.press('ControlOrMeta+a')
    await tab.keyboard.type(who)
    const answered = tab.waitForResponse((answer) => answer.url().endsWith('/v1/content/preview') && (answer.request().postData() ?? '').includes('"contact":"'))
    await tab.getByRole('option').filter({ hasText: who }).first().click()
    return (await (await answered).json()).html.includes(SAYS.quote)
  }
  const shownTo = task.people ? [await seen(task.people[0]), await seen(task.people[1])] : []
  await tab.getByRole('tab', { name: words['preview.text'], exact: true }).click()
  const plain = await tab.locator(`pre[aria-label="${words['preview.text']}"]`).innerText()
  await shot('plain')
  return {
    says: SAYS, mouse: { types: blocks(byMouse.design).map(({ type }) => type), seconds: byMouse.seconds, layouts: byMouse.design.rows.map(({ layout }) => layout.length) },
    keyboard: { types: blocks(byKeyboard.design).map(({ type }) => type), seconds: byKeyboard.seconds, layouts: byKeyboard.design.rows.map(({ layout }) => layout.length) },
    lies: byKeyboard.lies, canvas, pasted, cleaned: { html: cleaned.html, codes: cleaned.findings.map(({ code }) => code) }, owned, branded: branded.theme.brand, reused: blocks(reused).some(({ id }) => id === theirs),
    since, restored: restored.theme.brand, followed: followed && JSON.stringify(followed).includes('segment \\"'), withPictures, without, pictures: await pictures(), scheme, phone, shownTo, plain, done: shell['done'],
  }
})
