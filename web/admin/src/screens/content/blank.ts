/** Where code of one's own begins: with what every mail of an organisation ends with. */
export const BLANK = {
  mjml: "<mjml>\n  <mj-body>\n    <mj-section>\n      <mj-column>\n        <mj-text></mj-text>\n        <mj-text>{{ organisation }}<br />{{ postal_address }}<br /><a href=\"{{ unsubscribe_url }}\">{{ unsubscribe_url }}</a></mj-text>\n      </mj-column>\n    </mj-section>\n  </mj-body>\n</mjml>\n",
  html: "<!doctype html>\n<html>\n  <body>\n    <p></p>\n    <p>{{ organisation }}<br>{{ postal_address }}<br><a href=\"{{ unsubscribe_url }}\">{{ unsubscribe_url }}</a></p>\n  </body>\n</html>\n",
} as const;
