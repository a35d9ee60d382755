import type { Chat } from "./chat";
import type { Greeting } from "./config";
import { Composer } from "./composer";
import { Closed } from "./closed";
import { h, type Child } from "./dom";
import { Fields, Why } from "./fields";
import { Bubble, Cross, Dots } from "./icons";
import { Log } from "./log";
import { Mail } from "./mail";

/** What belongs to the window and to nobody's conversation. */
export interface Frame {
  menu: boolean;
  mailing: boolean;
  ending: boolean;
  hidden: boolean;
  /** Whether what was written is too long. */
  long: boolean;
  /** Of a closed chat: whether its form was left out, and whether words about it were sent. */
  skipped: boolean;
  told: boolean;
  greeting?: Greeting;
  say?: string;
  set(part: Partial<Frame>): void;
  toggle(): void;
  attach(): void;
  send(box: HTMLTextAreaElement): void;
  answer(greeting: Greeting, how: "accepted" | "dismissed", reply?: string): void;
}

export function App({ chat, frame }: { chat: Chat; frame: Frame }): Child {
  const { config, say, opened, unread } = chat;
  if (chat.shut) return null;
  const { launcher } = config.theme;
  const greeting = !opened && !frame.hidden && frame.greeting;
  return (
    <div class="b" dir={config.dir} lang={config.lang}>
      {greeting && <Greet greeting={greeting} chat={chat} frame={frame} />}
      {opened && <Panel chat={chat} frame={frame} />}
      {!frame.hidden && launcher !== "none" && (
        <button type="button" class={`l ${launcher}`} id="launcher" hidden={opened} aria-expanded={opened} aria-label={unread ? say("open_unread", { count: unread }) : say("open")} onClick={frame.toggle}>
          <Bubble />{launcher === "bar" && <span>{say("open")}</span>}{unread > 0 && <span class="n" aria-hidden="true">{unread > 99 ? "99+" : unread}</span>}
        </button>
      )}
      {frame.hidden || launcher === "none" ? null : <span class="v" role="status">{!opened && unread > 0 ? say("open_unread", { count: unread }) : ""}</span>}
    </div>
  );
}

function Greet({ greeting, chat, frame }: { greeting: Greeting; chat: Chat; frame: Frame }): Child {
  const { say } = chat;
  return (
    <div class="g" role="region" aria-live="polite" aria-label={chat.config.name}>
      <button type="button" class="x" aria-label={say("greeting_close")} onClick={() => frame.answer(greeting, "dismissed")}><Cross /></button>
      <button type="button" dir="auto" onClick={() => frame.answer(greeting, "accepted")}>{greeting.text}</button>
      <div class="q">
        {greeting.buttons.map(({ label, action, value }) =>
          action === "link" ? <a key={label} dir="auto" href={/^https?:/.test(value ?? "") ? value! : "#"} onClick={() => frame.answer(greeting, "accepted")}>{label}</a>
          : <button key={label} type="button" dir="auto" onClick={() => frame.answer(greeting, "accepted", action === "reply" ? value || label : undefined)}>{label}</button>)}
      </div>
    </div>
  );
}

function Panel({ chat, frame }: { chat: Chat; frame: Frame }): Child {
  const { config, say, conversation, phase } = chat;
  const { agent } = conversation ?? {};
  const picture = agent?.photo_url || config.theme.logo_url;
  const back = phase !== "offline" && until(chat);
  return (
    <section class="w" role="dialog" aria-labelledby="title">
      <header class="h">
        {picture && <img src={picture} alt="" onError={(event: Event) => ((event.currentTarget as HTMLElement).hidden = true)} />}
        <div>
          <h2 id="title" tabIndex={-1} dir="auto">{agent?.name || config.name || say("title")}</h2>
          {back && <p>{back}</p>}
        </div>
        {conversation && <button type="button" class="x" aria-label={say("menu")} aria-expanded={frame.menu} onClick={() => frame.set({ menu: !frame.menu })}><Dots /></button>}
        <button type="button" class="x" aria-label={say("close")} onClick={frame.toggle}><Cross /></button>
        {frame.menu && <Menu chat={chat} frame={frame} />}
      </header>
      <div class="s" role="status">{status(chat, frame)}</div>
      {frame.mailing ? <Mail chat={chat} done={(text) => frame.set({ mailing: false, say: text })} />
        : phase === "talk" ? <Talk chat={chat} frame={frame} />
        : phase === "closed" ? <Closed chat={chat} frame={frame} /> : <Before chat={chat} />}
    </section>
  );
}

/** When somebody is there again. */
function until({ config: { open, opens_at, lang }, say }: Chat): string {
  const when = opens_at && new Intl.DateTimeFormat(lang, { weekday: "long", hour: "numeric", minute: "numeric" }).format(new Date(opens_at));
  return !open && when ? say("ticket_next", { when }) : "";
}

function status(chat: Chat, frame: Frame): string {
  const { say, link, conversation, live, ticket } = chat;
  if (link === "lost" || !navigator.onLine) return say("offline");
  if (frame.say) return frame.say;
  const queue = live ? conversation?.queue : null;
  if (queue) {
    const { position, wait_seconds } = queue;
    return wait_seconds === null ? say("queue", { position }) : say("queue_wait", { position, count: Math.max(1, Math.round(wait_seconds / 60)) });
  }
  return ticket ? say("ticket_done") : "";
}

function Menu({ chat, frame }: { chat: Chat; frame: Frame }): Child {
  const { say, config, store } = chat;
  const act = (go: () => void) => () => {
    frame.set({ menu: false });
    go();
  };
  const sound = (): void => {
    store.it.quiet = !store.it.quiet;
    store.save();
  };
  return (
    <div class="m">
      {config.features.transcript && <button type="button" onClick={act(() => frame.set({ mailing: true }))}>{say("transcript")}</button>}
      {config.features.sound && <button type="button" onClick={act(sound)}>{say(store.it.quiet ? "sound_on" : "sound_off")}</button>}
      {chat.live && <button type="button" onClick={act(() => frame.set({ ending: true }))}>{say("end")}</button>}
    </div>
  );
}

function Talk({ chat, frame }: { chat: Chat; frame: Frame }): Child {
  const { say } = chat;
  const end = (): void => {
    frame.set({ ending: false });
    void chat.end().catch(() => frame.set({ say: say("failed") }));
  };
  return [
    <Log chat={chat} />,
    frame.ending && (
        <div class="card" role="alertdialog" aria-label={say("end_ask")}>
          <p>{say("end_ask")}</p>
          <div class="q"><button type="button" onClick={end}>{say("end")}</button><button type="button" onClick={() => frame.set({ ending: false })}>{say("stay")}</button></div>
        </div>
    ),
    <Composer chat={chat} long={frame.long} attach={frame.attach} send={frame.send} />,
  ];
}

/** The questions before a chat, or the form where nobody is there. */
function Before({ chat }: { chat: Chat }): Child {
  const { config, say, identity } = chat;
  const offline = chat.phase === "offline";
  const { notice } = config;
  return (
    <div class="c">
      {offline && [<h3>{say("ticket_title")}</h3>, <p>{say("ticket_text")} {until(chat)}</p>]}
      <Fields key={chat.phase} form={config.forms[offline ? "offline" : "pre_chat"]!} say={say} known={identity ?? {}} redraw={chat.changed} button={say(offline ? "submit" : "start")}
        send={(values) => chat.post(offline ? "forms/offline" : "start", "", undefined, values)} />
      <Why say={say} notice={notice} />
    </div>
  );
}
