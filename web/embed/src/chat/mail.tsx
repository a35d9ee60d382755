import type { Chat } from "./chat";
import type { Field } from "./config";
import { h, type Child } from "./dom";
import { Fields } from "./fields";

/** Asks where the transcript shall go. */
export function Mail({ chat, done }: { chat: Chat; done: (text: string) => void }): Child {
  const { say } = chat;
  const field: Field = { key: "email", kind: "email", label: say("email"), help: say("transcript_note"), required: true, options: [], purpose: null, notice: null, max_length: 254 };
  const send = (email: string): void => {
    chat.wire.ask("transcript", { email }).then(() => done(say("transcript_done", { email })), () => done(say("failed")));
  };
  return (
    <div class="c">
      <h3>{say("transcript")}</h3>
      <Fields form={{ fields: [field] }} say={say} known={{ email: chat.identity?.email }} redraw={chat.changed} button={say("submit")} send={({ email }) => send(String(email))} skip={() => done("")} />
    </div>
  );
}
