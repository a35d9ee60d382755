import { Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Section } from "./Section";

interface AddingProps {
  title: string;
  about?: ReactNode;
  /** What the button says; nobody without leave sees it. */
  add: string;
  may: boolean;
  /** What asks for the new thing. */
  dialogue: (close: () => void) => ReactNode;
  children: ReactNode;
}

/** A matter of which there can be more: its button opens the dialogue that adds one. */
export function Adding({ title, about, add, may, dialogue, children }: AddingProps) {
  const [open, setOpen] = useState(false);
  return (
    <Section title={title} about={about} actions={may && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setOpen(true)}>{add}</Button>}>
      {children}
      {open && dialogue(() => setOpen(false))}
    </Section>
  );
}
