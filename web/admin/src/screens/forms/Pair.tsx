import { SimpleGrid } from "@mantine/core";
import type { ReactNode } from "react";

/** The same text in both languages, side by side where there is room. */
export function Pair({ children }: { children: ReactNode }) {
  return <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">{children}</SimpleGrid>;
}
