import { BookingsPage } from "../BookingsPage";
import { Import } from "./Import";
import { Payments } from "./Payments";

/** What holds for all bookings of the organisation. */
export default function Settings() {
  return <BookingsPage code="settings"><Payments /><Import /></BookingsPage>;
}
