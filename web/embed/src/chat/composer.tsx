import type { Chat } from "./chat";
import { h, type Child } from "./dom";
import { Clip, Send } from "./icons";

/** Where the visitor writes: Enter sends, Shift+Enter makes a line. */
export function Composer({ chat, long, attach, send }: { chat: Chat; long: boolean; attach: () => void; send: (box: HTMLTextAreaElement) => void }): Child {
  const { say, config, store } = chat;
  const submit = (event: Event): void => {
    event.preventDefault();
    send((event.currentTarget as HTMLElement).closest("form")!.querySelector("textarea")!);
  };
  // Enter that ends the choice of a character belongs to the input method.
  const key = (event: KeyboardEvent): void => void (event.key === "Enter" && !event.shiftKey && !event.isComposing && submit(event));
  return [
    <form class="k" onSubmit={submit}>
      {config.features.files && <button type="button" class="x" aria-label={say("attach")} title={say("attach")} onClick={attach}><Clip /></button>}
      <textarea rows={1} dir="auto" aria-label={say("write")} placeholder={say("placeholder")} value={store.it.draft} aria-describedby="peek long" aria-invalid={long && "true"}
        onKeyDown={key} onInput={(event: Event) => chat.write((event.currentTarget as HTMLTextAreaElement).value)} />
      <button class="x go" aria-label={say("send")}><Send /></button>
    </form>,
    long && <small class="bad" id="long" role="alert">{say("too_long")}</small>,
    config.features.sneak_peek && <small id="peek">{say("peek_notice")}</small>,
  ];
}
