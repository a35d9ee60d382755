import { fold } from "@/i18n/format";

/** Whether every word asked for begins a word of the text, with the Arabic article or without it; long ones may
 *  stand anywhere. Spelling variants of Arabic count as one. */
export function matches(text: string, asked: string): boolean {
  const words = ` ${fold(text)}`;
  const found = (word: string) => words.includes(` ${word}`) || words.includes(` ال${word}`) || (word.length > 2 && words.includes(word));
  return fold(asked).split(/\s+/).filter(Boolean).every(found);
}
