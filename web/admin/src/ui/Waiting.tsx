import { useEffect, useState } from "react";
import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** Grey lines where content will be; nothing at all for the first 300 ms. */
export function Waiting({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return <div role="status" data-waiting aria-label={t("loading")} />;
  return (
    <Stack role="status" data-waiting aria-label={t("loading")} gap="sm">
      {Array.from({ length: lines }, (_, line) => <Skeleton key={line} height={20} width={`${95 - 12 * (line % 3)}%`} />)}
    </Stack>
  );
}
