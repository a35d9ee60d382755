import { FormElement } from "./element";

// Two servers' forms on one page share the first one's script.
if (!customElements.get("barid-form")) customElements.define("barid-form", FormElement);
