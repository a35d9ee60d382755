import { Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { Tabs } from "@/ui/Tabs";
import { MessagingPage } from "../MessagingPage";
import { ReceivedList } from "./ReceivedList";
import { SentList } from "./SentList";

const NewMessage = lazy(() => import("./NewMessage"));

/** Every message by SMS: what left, what did not and why, and what people wrote. */
export default function Log() {
  const { t } = useTranslation("app_messaging");
  const sends = useMay()("messages:send");
  const [writing, setWriting] = useState(false);
  useShortcuts({ KeyC: () => setWriting(true) }, sends);
  return (
    <MessagingPage code="log" actions={sends && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setWriting(true)}>{t("new")}</Button>}>
      <Tabs label={t("log.tabs")} tabs={[
        { code: "sent", label: t("log.sent"), body: () => <SentList write={() => setWriting(true)} /> },
        { code: "received", label: t("log.received"), body: () => <ReceivedList /> },
      ]} />
      <Suspense fallback={null}>{writing && <NewMessage close={() => setWriting(false)} />}</Suspense>
    </MessagingPage>
  );
}
