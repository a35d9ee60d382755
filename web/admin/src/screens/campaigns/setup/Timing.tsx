import { Button, Group, Radio, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fromParts, localParts } from "@/ui/days";
import { MomentInput } from "../MomentInput";

const HOUR = 3_600_000;

/** Now, or at a moment; both after the review. */
export function Timing({ go }: { go: (at?: Date) => void }) {
  const { t } = useTranslation("app_campaigns");
  const [later, setLater] = useState(false);
  const [parts, setParts] = useState(() => localParts(new Date(Math.ceil((Date.now() + HOUR) / HOUR) * HOUR)));
  const at = fromParts(parts.day, parts.time);
  const past = !(at.getTime() > Date.now());
  return (
    <Stack>
      <Radio.Group aria-label={t("section.when")} value={later ? "later" : "now"} onChange={(value) => setLater(value === "later")}>
        <Stack gap="xs">
          <Radio value="now" label={t("when.now")} description={t("when.now.about")} />
          <Radio value="later" label={t("when.later")} description={t("when.later.about")} />
        </Stack>
      </Radio.Group>
      {later && <MomentInput parts={parts} change={setParts} error={past ? t("when.past") : undefined} />}
      <Group><Button variant="light" disabled={later && past} onClick={() => go(later ? at : undefined)}>{t("review")}</Button></Group>
    </Stack>
  );
}
