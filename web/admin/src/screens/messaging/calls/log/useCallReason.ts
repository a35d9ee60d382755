import { useWord } from "@/ui/words";
import { useCodes } from "../../codes";

/** Why a call stands as it does: our own words, or the gate's. */
export function useCallReason(): (code: string) => string {
  const codes = useCodes("app_calls");
  const word = useWord();
  return (code) => {
    const own = codes("why", code);
    return own !== code ? own : word("reason", code);
  };
}
