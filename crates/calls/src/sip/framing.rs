//! Messages on a stream: each ends where its Content-Length says (RFC 3261 section 18.3).

use super::message::{LONGEST_BODY, LONGEST_HEAD, Malformed, Message, head_end, parse_head};

/// Cuts a stream into messages.
#[derive(Debug, Default)]
pub struct Framer {
    kept: Vec<u8>,
    /// Two empty lines are a question whether we are there (RFC 5626 section 3.5.1).
    pings: usize,
}

impl Framer {
    /// Takes what came in.
    ///
    /// # Errors
    /// [`Malformed::TooLarge`] when somebody sends without end.
    pub fn push(&mut self, octets: &[u8]) -> Result<(), Malformed> {
        if self.kept.len() + octets.len() > 2 * (LONGEST_HEAD + LONGEST_BODY) {
            return Err(Malformed::TooLarge);
        }
        self.kept.extend_from_slice(octets);
        Ok(())
    }

    /// The next whole message.
    ///
    /// # Errors
    /// Where a message that cannot be read ends is unknown: the stream is of no use then.
    pub fn next_message(&mut self) -> Result<Option<Message>, Malformed> {
        let begin = self.kept.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(self.kept.len());
        if begin > 0 {
            self.pings += begin / 4;
            self.kept.drain(..begin);
        }
        let Some(head) = head_end(&self.kept)? else { return Ok(None) };
        let (mut message, length) = parse_head(&self.kept[..head])?;
        let end = head + length.ok_or(Malformed::Missing("Content-Length"))?;
        if self.kept.len() < end {
            return Ok(None);
        }
        message.body = self.kept[head..end].to_vec();
        self.kept.drain(..end);
        Ok(Some(message))
    }

    /// How many questions are to be answered with an empty line.
    pub fn pings(&mut self) -> usize {
        std::mem::take(&mut self.pings)
    }
}
