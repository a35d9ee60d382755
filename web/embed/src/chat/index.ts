import { ChatElement } from "./element";
import { api } from "./api";

// Two servers' chats on one page share the first one's script.
if (!customElements.get("barid-chat")) {
  customElements.define("barid-chat", ChatElement);
  api();
}
