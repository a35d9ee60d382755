import type { Frame } from "./app";
import type { Chat } from "./chat";
import { h, type Child } from "./dom";
import { Fields } from "./fields";
import { Down, Up } from "./icons";
import { Log } from "./log";

/** The end of a conversation: how it was, what else is asked, and the way to a new one. */
export function Closed({ chat, frame }: { chat: Chat; frame: Frame }): Child {
  const { say, config } = chat;
  const { post_chat } = config.forms;
  const again = (): void => {
    chat.again = true;
    frame.set({ skipped: false, told: false });
  };
  return [
    <Log chat={chat} />,
    <div class="card">
      <p>{say("closed")}</p>
      {config.features.rating && <Rating chat={chat} frame={frame} />}
      {post_chat && !frame.skipped && !chat.filled("post_chat") && (
        <Fields form={post_chat} say={say} known={{}} redraw={chat.changed} button={say("submit")} send={(values) => chat.post("forms/post_chat", "", undefined, values)} skip={() => frame.set({ skipped: true })} />
      )}
      <button type="button" class="go" onClick={again}>{say("again")}</button>
    </div>,
  ];
}

function Rating({ chat, frame }: { chat: Chat; frame: Frame }): Child {
  const { say } = chat;
  const score = chat.conversation?.rating?.score;
  const rate = (value: number, comment: string | null): void => {
    chat.rate(value, comment).then(() => comment !== null && frame.set({ told: true }), () => frame.set({ say: say("failed") }));
  };
  const thumb = (value: number, name: string, picture: Child): Child => (
    <button type="button" role="radio" aria-checked={String(score === value)} aria-label={name} title={name} onClick={() => rate(value, null)}>{picture}</button>
  );
  const tell = (event: Event): void => {
    event.preventDefault();
    rate(score!, String(new FormData(event.currentTarget as HTMLFormElement).get("comment")).trim());
  };
  return [
    <div class="stars" role="radiogroup" aria-label={say("rate")}><span>{say("rate")}</span>{thumb(1, say("rate_good"), <Up />)}{thumb(-1, say("rate_bad"), <Down />)}</div>,
    score && (frame.told || chat.conversation!.encryption ? <p role="status">{say("rate_done")}</p>
      : <form class="o" onSubmit={tell}><label for="comment">{say("rate_comment")}</label><textarea id="comment" name="comment" rows={2} dir="auto" maxlength={2000} placeholder=" " /><button>{say("submit")}</button></form>),
  ];
}
