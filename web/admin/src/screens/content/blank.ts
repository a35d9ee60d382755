import { isRtl, type Design } from "./document";
import { freshId } from "./edits";

/** A message with nothing in it but what every message ends with. */
export const blankDesign = (language: string): Design => ({
  v: 2, dir: isRtl(language) ? "rtl" : "ltr", lang: language, preheader: "",
  theme: { width: 600, font: "plex", radius: 6, bg: "#f2f4f3", surface: "#ffffff", text: "#242b2f", link: "#0b6e66", brand: "#0b6e66", dark: null },
  rows: [{ id: freshId(), layout: [1], stack: "normal", style: {}, cols: [[{ id: freshId(), type: "footer", text: "", view_link: true, notice: false, align: "center" }]] }],
});

/** Where code of one's own begins: with what every mail of an organisation ends with. */
export const BLANK = {
  mjml: "<mjml>\n  <mj-body>\n    <mj-section>\n      <mj-column>\n        <mj-text></mj-text>\n        <mj-text>{{ organisation }}<br />{{ postal_address }}<br /><a href=\"{{ unsubscribe_url }}\">{{ unsubscribe_url }}</a></mj-text>\n      </mj-column>\n    </mj-section>\n  </mj-body>\n</mjml>\n",
  html: "<!doctype html>\n<html>\n  <body>\n    <p></p>\n    <p>{{ organisation }}<br>{{ postal_address }}<br><a href=\"{{ unsubscribe_url }}\">{{ unsubscribe_url }}</a></p>\n  </body>\n</html>\n",
} as const;
