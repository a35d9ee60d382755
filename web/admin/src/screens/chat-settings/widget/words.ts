import { useEffect, useState } from "react";

type Words = Record<string, string>;

const files = import.meta.glob<{ default: Words }>("../../../../../../i18n/{en,ar}/chat.json");

/** Every word that the chat itself says to visitors, in one language. */
export function useChatWords(language: string): Words | null {
  const [words, setWords] = useState<Words | null>(null);
  useEffect(() => {
    let stopped = false;
    setWords(null);
    const file = files[`../../../../../../i18n/${language}/chat.json`];
    void file?.().then(({ default: read }) => { if (!stopped) setWords(read); });
    return () => { stopped = true; };
  }, [language]);
  return words;
}
