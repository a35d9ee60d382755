import { BookingElement } from "./element";

// Two servers' booking pages on one page share the first one's script.
if (!customElements.get("barid-booking")) customElements.define("barid-booking", BookingElement);
