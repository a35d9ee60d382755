/** What addresses look like, in every language. */
export const EXAMPLES = {
  selector: "#join",
  page: "/thanks",
  picture: "/img/letters.webp",
  part: "/blog",
  site: "https://www.example.com",
  referrer: "example.org",
} as const;
