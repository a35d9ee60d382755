import { lazy, Suspense } from "react";
import { useQuestion } from "@/ui/confirm";

const Confirmation = lazy(() => import("@/ui/Confirmation"));
const Toasts = lazy(() => import("@/ui/Toasts"));

/** What appears above the page when it is needed, and is loaded only after the page. */
export function Overlays() {
  const question = useQuestion();
  return (
    <Suspense fallback={null}>
      <Toasts />
      {question && <Confirmation question={question} />}
    </Suspense>
  );
}
