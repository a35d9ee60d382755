import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { CircleAlert, Lock, WifiOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/problem";

/** What went wrong, in words, with what can be done about it. */
export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useTranslation();
  const problem = isProblem(error) ? error : null;
  const kind = !problem ? (error instanceof TypeError ? "offline" : "broken") : problem.status === 403 ? "forbidden" : problem.status === 404 ? "gone" : "refused";
  const fields = problem?.fields ?? [];
  const Icon = kind === "offline" ? WifiOff : kind === "forbidden" ? Lock : CircleAlert;
  return (
    <Alert color={kind === "forbidden" || kind === "gone" ? "amber" : "red"} icon={<Icon aria-hidden />} title={t(`failed.${kind}.title`)} role="alert">
      <Stack gap="xs">
        <Text size="sm">{t(`failed.${kind}.text`)}</Text>
        {problem && fields.length === 0 && <Text size="sm" dir="auto">{problem.detail}</Text>}
        {fields.map(({ field, detail }) => <Text key={field + detail} size="sm"><bdi dir="ltr">{field}</bdi>: <bdi>{detail}</bdi></Text>)}
        {again && <Group><Button size="xs" variant="default" onClick={again}>{t("failed.again")}</Button></Group>}
      </Stack>
    </Alert>
  );
}
