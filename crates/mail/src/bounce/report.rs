//! Delivery status fields (RFC 3464): groups of header-like lines separated by blank ones.

use crate::smtp::EnhancedCode;

/// Most groups and lines that are read; reports about one recipient have two groups.
const LINES: usize = 2000;

/// What the report says about one recipient.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Recipient {
    /// `failed`, `delayed`, `delivered`, `relayed` or `expanded`, in lower case.
    pub(super) action: String,
    pub(super) status: Option<EnhancedCode>,
    /// The basic and enhanced code inside Diagnostic-Code, and its words.
    pub(super) diagnostic: String,
}

/// The recipients of a `message/delivery-status` part.
pub(super) fn recipients(text: &str) -> Vec<Recipient> {
    let mut all = Vec::new();
    let mut current: Option<Recipient> = None;
    for (name, value) in fields(text) {
        let is_new =
            name.is_empty() || name == "final-recipient" && current.as_ref().is_some_and(|r| !r.action.is_empty());
        if is_new && let Some(done) = current.take() {
            all.push(done);
        }
        let recipient = match name.as_str() {
            "action" | "status" | "diagnostic-code" | "final-recipient" => current.get_or_insert_default(),
            _ => continue,
        };
        match name.as_str() {
            "action" => recipient.action = value.split_whitespace().next().unwrap_or_default().to_ascii_lowercase(),
            // "5.1.1 (bad destination mailbox address)" is common.
            "status" => {
                recipient.status = value.split([' ', '\t', '(']).find_map(EnhancedCode::parse);
            }
            "diagnostic-code" => recipient.diagnostic = value,
            _ => {}
        }
    }
    all.extend(current);
    all
}

/// Fields as lower-case name and unfolded value; a blank line comes as two empty texts.
pub(super) fn fields(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().take(LINES) {
        if line.trim().is_empty() {
            fields.push((String::new(), String::new()));
        } else if line.starts_with([' ', '\t'])
            && let Some((_, value)) = fields.last_mut().filter(|(name, _)| !name.is_empty())
        {
            if value.len() < 4000 {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}

/// The first enhanced code among the words of a text: digits and dots alone, so that no part of an
/// address such as 10.5.1.1 is taken for one.
pub(super) fn enhanced_in(text: &str) -> Option<EnhancedCode> {
    words(text).find_map(EnhancedCode::parse).filter(|code| code.class != 2)
}

/// The first 4xx or 5xx among the words of a text.
pub(super) fn basic_in(text: &str) -> Option<u16> {
    words(text)
        .filter(|word| word.len() == 3 && matches!(word.as_bytes()[0], b'4' | b'5'))
        .find_map(|word| word.parse().ok().filter(|code| (421..=452).contains(code) || (500..=556).contains(code)))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace() || matches!(c, '-' | '#' | '(' | ')' | '[' | ']' | '<' | '>' | '"' | ';' | ',' | ':')
    })
    .map(|word| word.trim_matches(['.', '\'', '`']))
    .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn groups_and_folded_fields() {
        let text = "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@example.com\r\nAction: failed\r\nStatus: 5.1.1 (bad)\r\nDiagnostic-Code: smtp; 550\r\n 5.1.1 unknown\r\n\r\nFinal-Recipient: rfc822; b@example.com\r\nAction: delayed\r\nStatus: 4.4.1\r\n";
        let all = recipients(text);
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].status.unwrap().to_string(), "5.1.1");
        assert_eq!(all[0].diagnostic, "smtp; 550 5.1.1 unknown");
        assert_eq!(all[1].action, "delayed");
    }

    #[test]
    fn codes_stand_among_words() {
        assert_eq!(enhanced_in("host 10.5.1.1 said: 550 5.7.1 <a@b>: no").unwrap().to_string(), "5.7.1");
        assert_eq!(enhanced_in("550-5.1.1 The").unwrap().to_string(), "5.1.1");
        assert_eq!(enhanced_in("(#5.1.1)").unwrap().to_string(), "5.1.1");
        assert_eq!(basic_in("host mx[10.0.0.1] said: 550-5.1.1 no"), Some(550));
        assert_eq!(basic_in("in 2024 we sent 500 letters on port 587"), Some(500));
        assert_eq!(basic_in("nothing"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "((Action|Status|Final-Recipient|X)?:?[ \t]?\\PC{0,20}\r?\n){0,12}") {
            let _ = recipients(&text);
            let _ = enhanced_in(&text);
            let _ = basic_in(&text);
        }
    }
}
