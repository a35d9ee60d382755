//! A calendar object that travels with a message (iMIP, RFC 6047).

use serde::{Deserialize, Serialize};

/// An invitation or its withdrawal: shown by mail programs beside the text, and attached as a file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// What it wants of the reader's calendar: `REQUEST`, `CANCEL`, `PUBLISH`. Also stands in the text.
    pub method: String,
    /// The iCalendar text (RFC 5545).
    pub ics: String,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[pii] {}", self.method)
    }
}

impl Invitation {
    /// Stands for the organizer's address until it is known where answers to this very message go.
    pub const ANSWERS: &'static str = "answers@invitation.invalid";

    /// Whether the method is a word that may stand in a header.
    pub fn is_valid(&self) -> bool {
        (1..=20).contains(&self.method.len()) && self.method.bytes().all(|c| c.is_ascii_uppercase())
    }

    /// The text with the address that answers go to, its lines folded again at 75 octets.
    pub fn answered_at(&self, address: &str) -> String {
        let whole = self.ics.replace("\r\n ", "").replace(Self::ANSWERS, address);
        let mut out = String::with_capacity(whole.len() + 64);
        for line in whole.split("\r\n").filter(|line| !line.is_empty()) {
            let mut room = 75;
            for c in line.chars() {
                if c.len_utf8() > room {
                    out.push_str("\r\n ");
                    room = 74;
                }
                room -= c.len_utf8();
                out.push(c);
            }
            out.push_str("\r\n");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_back_to_the_message() {
        let ics =
            "BEGIN:VCALENDAR\r\nORGANIZER;CN=\"Nour\":mailto:answers@invi\r\n tation.invalid\r\nEND:VCALENDAR\r\n";
        let invitation = Invitation { method: "REQUEST".into(), ics: ics.to_owned() };
        let long = format!("{}@bounce.example.com", "r".repeat(60));
        let text = invitation.answered_at(&long);
        assert!(text.replace("\r\n ", "").contains(&format!("mailto:{long}\r\n")));
        assert!(text.lines().all(|line| line.len() <= 75));
        assert!(invitation.is_valid());
        assert!(!Invitation { method: "A\r\nB".into(), ..invitation }.is_valid());
    }
}
