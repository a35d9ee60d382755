import { useTranslation } from "react-i18next";
import { Tabs } from "@/ui/Tabs";
import { MessagingPage } from "../MessagingPage";
import { Limits } from "./Limits";
import { Senders } from "./Senders";
import { WayList } from "./WayList";

/** How messages leave: over which operators, under which senders, and where to at all. */
export default function Ways() {
  const { t } = useTranslation("app_messaging");
  return (
    <MessagingPage code="routes">
      <Tabs label={t("place.routes")} tabs={[
        { code: "routes", label: t("routes"), body: () => <WayList /> },
        { code: "senders", label: t("senders"), body: () => <Senders /> },
        { code: "limits", label: t("limits"), body: () => <Limits /> },
      ]} />
    </MessagingPage>
  );
}
