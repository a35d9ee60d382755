import type { Chat } from "./chat";
import type { Happening } from "./config";
import { h, type Child } from "./dom";
import { Fields } from "./fields";
import { Alert, Clock, Paper } from "./icons";
import type { Out } from "./kept";

const ADDRESS = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}»”])/;

/** Words as they were written, with what looks like an address made a link. Never HTML. */
function Words({ text, opens }: { text: string; opens: string }): Child {
  const parts = text.split(ADDRESS);
  return parts.map((part, at) => (at % 2 ? <a href={part} dir="ltr" target="_blank" rel="noopener nofollow noreferrer">{part}<span class="v"> ({opens})</span></a> : part));
}

/** Everything that was said, oldest first; a screen reader hears what is added. */
export function Log({ chat }: { chat: Chat }): Child {
  const { say, config, events, out } = chat;
  const time = new Intl.DateTimeFormat(config.lang, { timeStyle: "short" });
  const day = new Intl.DateTimeFormat(config.lang, { dateStyle: "long" });
  const last = [...events].reverse().find(({ author, kind }) => author.me && kind !== "filled_form");
  const reply = events[events.length - 1];
  let before = "";
  return (
    <div role="log" aria-live="polite" aria-label={say("log")} tabIndex={0} class="c">
      {chat.secret && <p class="d">{say(config.encryption?.ready === false ? "sealed_not_ready" : "sealed")}</p>}
      {chat.more && <button type="button" class="d" onClick={() => void chat.earlier()}>{say("earlier")}</button>}
      <ol>
        {events.map((one) => {
          const date = day.format(new Date(one.at));
          const turn = date !== before;
          before = date;
          return [
            turn && <li class="d" key={date}>{date === day.format(new Date()) ? say("today") : date}</li>,
            <Entry chat={chat} one={one} time={time.format(new Date(one.at))} mark={one === last && chat.conversation!.seen.them >= one.seq ? say("seen") : ""} />,
          ];
        })}
        {out.filter(({ to }) => to === "messages" || to === "start").map((one) => <Waiting chat={chat} one={one} />)}
      </ol>
      {reply?.quick_replies && chat.live && out.length === 0 && (
        <div class="q">
          {reply.quick_replies.map(({ label, value }) => (
            <button type="button" key={value} dir="auto" onClick={() => chat.post("messages", "", { postback: { event_seq: reply.seq, value } })}>{label}</button>
          ))}
        </div>
      )}
      <p class="d" role="status">{chat.typing && (chat.typing === " " ? say("typing_unknown") : say("typing", { name: chat.typing }))}</p>
    </div>
  );
}

function Entry({ chat, one, time, mark }: { chat: Chat; one: Happening; time: string; mark: string }): Child {
  const { say, config } = chat;
  const { kind, author, text, code, file, form } = one;
  if (kind === "system") {
    const line = say("system." + code, one.params ?? {});
    return line && <li class="d" key={one.seq} dir="auto">{line}</li>;
  }
  if (kind === "form") {
    const asked = form && config.forms[form.kind];
    if (!asked || chat.filled(form.kind) || !chat.live) return null;
    return (
      <li class="card" key={one.seq}>
        {form.kind === "ask_mail" && <p>{say("ask_mail")}</p>}
        <Fields form={asked} say={say} known={chat.identity ?? {}} redraw={chat.changed} button={say("submit")} send={(values) => chat.post("forms/" + form.kind, "", undefined, values)} />
      </li>
    );
  }
  const who = author.me ? say("you") : author.name || (author.kind === "bot" ? say("bot") : config.name);
  const inside = one.deleted ? <em>{say("deleted")}</em>
    : kind === "filled_form" ? [say("answers"), form?.fields.map(({ key, label, value }) => <div key={key}><b>{label}</b>: <bdi>{value}</bdi></div>)]
    : one.encrypted && text === null ? <em>{say(one.locked ? "locked" : "opening")}</em>
    : file ? <Attached chat={chat} one={one} />
    : <Words text={text ?? ""} opens={say("link_new")} />;
  return (
    <li class={author.me ? "f me" : "f"} key={one.seq}>
      <div>
        <small class={author.me ? "v" : "by"}><bdi>{who}</bdi></small>
        <div class="u" dir="auto">{inside}</div>
      </div>
      <small class="st"><time dateTime={one.at}>{time}</time>{mark && " · " + mark}</small>
    </li>
  );
}

/** A file: its name at once; its octets when they are asked for. */
function Attached({ chat, one }: { chat: Chat; one: Happening }): Child {
  const { name, state } = one.file!;
  const { say } = chat;
  if (state !== "clean") return say(state === "checking" ? "file_checking" : "file_refused", { name });
  const open = (): void => chat.tell("fetch", one.file);
  return <button type="button" class="q" aria-label={say("download", { name })} onClick={open}><Paper /><bdi>{name}</bdi></button>;
}

/** What has not arrived yet says so in words; one that was refused can be sent again. */
function Waiting({ chat, one }: { chat: Chat; one: Out }): Child {
  const { say } = chat;
  if (!one.text && one.state !== "failed") return null;
  const failed = one.state === "failed";
  return (
    <li class="f me" key={one.id}>
      <div><div class="u" dir="auto">{one.text || say("answers")}</div></div>
      <small class={failed ? "st no" : "st"} role={failed && "alert"}>
        {failed ? [<Alert />, say("not_sent"), one.why && <bdi>– {say(one.why) || one.why}</bdi>, <button type="button" onClick={() => chat.retry(one)}>{say("retry")}</button>]
          : [<Clock />, say(one.state === "sending" && chat.link !== "lost" ? "sending" : "waiting_send")]}
      </small>
    </li>
  );
}
