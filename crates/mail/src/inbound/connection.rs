//! One client's conversation.

use std::net::SocketAddr;
use std::sync::Arc;

use memchr::memmem;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::command::{Bad, Command};
use super::{Mail, Received, Refusal, Settings};

/// Longest command line; RFC 5321 asks for 512, extensions for more.
const LINE: usize = 2048;
/// Room made for each read.
const BLOCK: usize = 16 * 1024;

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The conversation is over: the client left, was silent too long, or was shown out.
struct Over;

struct Connection {
    stream: Box<dyn Stream>,
    unread: Vec<u8>,
    /// Replies that wait until everything pipelined has been read (RFC 2920 section 3.2).
    replies: String,
    peer: SocketAddr,
    settings: Arc<Settings>,
    to: Arc<dyn Received>,
    encrypted: bool,
    greeted: bool,
    from: Option<String>,
    recipients: Vec<String>,
    mistakes: usize,
    messages: usize,
}

/// Too many connections: says so and hangs up.
pub(super) async fn turn_away(mut stream: TcpStream, settings: &Settings) {
    let line = format!("421 4.3.2 {} too many connections, try again later\r\n", settings.host);
    let _ = timeout(settings.silence, stream.write_all(line.as_bytes())).await;
}

pub(super) async fn run(
    stream: Box<dyn Stream>,
    peer: SocketAddr,
    settings: Arc<Settings>,
    to: Arc<dyn Received>,
    mut stop: watch::Receiver<bool>,
) {
    let mut connection = Connection {
        stream,
        unread: Vec::with_capacity(4096),
        replies: format!("220 {} ESMTP\r\n", settings.host),
        peer,
        settings,
        to,
        encrypted: false,
        greeted: false,
        from: None,
        recipients: Vec::new(),
        mistakes: 0,
        messages: 0,
    };
    loop {
        let line = tokio::select! {
            biased;
            () = stopped(&mut stop) => None,
            line = connection.line() => Some(line),
        };
        let Some(line) = line else {
            connection.reply("421 4.3.2 shutting down");
            let _ = connection.flush().await;
            return;
        };
        let Ok(line) = line else { return };
        let result = match Command::parse(&line) {
            Ok(command) => connection.obey(command).await,
            Err(Bad::Unknown) => connection.mistake("500 5.5.2 no such command").await,
            Err(Bad::Argument) => connection.mistake("501 5.5.4 the argument is not valid").await,
            Err(Bad::Parameter) => connection.mistake("555 5.5.4 a parameter is not known").await,
        };
        if result.is_err() {
            return;
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

impl Connection {
    fn reply(&mut self, line: &str) {
        self.replies.push_str(line);
        self.replies.push_str("\r\n");
    }

    async fn flush(&mut self) -> Result<(), Over> {
        if self.replies.is_empty() {
            return Ok(());
        }
        let replies = std::mem::take(&mut self.replies);
        let write = async {
            self.stream.write_all(replies.as_bytes()).await?;
            self.stream.flush().await
        };
        match timeout(self.settings.silence, write).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Over),
        }
    }

    /// A mistake, and the end after too many of them.
    async fn mistake(&mut self, line: &str) -> Result<(), Over> {
        self.mistakes += 1;
        if self.mistakes > self.settings.mistakes {
            self.reply("421 4.7.0 too many mistakes");
            self.flush().await?;
            return Err(Over);
        }
        self.reply(line);
        Ok(())
    }

    async fn read(&mut self) -> Result<(), Over> {
        self.flush().await?;
        self.unread.reserve(BLOCK);
        match timeout(self.settings.silence, self.stream.read_buf(&mut self.unread)).await {
            Ok(Ok(count)) if count > 0 => Ok(()),
            Err(_) => {
                self.reply("421 4.4.2 nothing came for too long");
                let _ = self.flush().await;
                Err(Over)
            }
            _ => Err(Over),
        }
    }

    /// The next command line. Cancel-safe: what was read stays in the buffer.
    async fn line(&mut self) -> Result<Vec<u8>, Over> {
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.unread) {
                if end > LINE {
                    return Err(Over);
                }
                let mut line: Vec<u8> = self.unread.drain(..=end).collect();
                line.truncate(if line.ends_with(b"\r\n") { end - 1 } else { end });
                return Ok(line);
            }
            if self.unread.len() > LINE {
                self.reply("500 5.5.2 the line is too long");
                let _ = self.flush().await;
                return Err(Over);
            }
            self.read().await?;
        }
    }

    fn reset(&mut self) {
        self.from = None;
        self.recipients.clear();
    }

    async fn obey(&mut self, command: Command) -> Result<(), Over> {
        match command {
            Command::Ehlo => self.hello(),
            Command::Helo => {
                self.reset();
                self.greeted = true;
                let line = format!("250 {}", self.settings.host);
                self.reply(&line);
            }
            Command::Mail { size, from, utf8: _ } => return self.mail(size, from).await,
            Command::Rcpt { to } => return self.recipient(to).await,
            Command::Data => return self.data().await,
            Command::Rset => {
                self.reset();
                self.reply("250 2.0.0 ok");
            }
            Command::Noop => self.reply("250 2.0.0 ok"),
            // Whether an address exists is nobody's business (RFC 5321 section 7.3).
            Command::Verify => self.reply("252 2.1.5 send mail and see"),
            Command::Help => self.reply("214 2.0.0 this host takes answers to mail it sent"),
            Command::StartTls => return self.start_tls().await,
            Command::Quit => {
                self.reply("221 2.0.0 bye");
                self.flush().await?;
                return Err(Over);
            }
        }
        Ok(())
    }

    fn hello(&mut self) {
        self.reset();
        self.greeted = true;
        let mut lines = vec![self.settings.host.clone()];
        lines.extend(["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"].map(str::to_owned));
        lines.push(format!("SIZE {}", self.settings.size));
        if self.settings.tls.is_some() && !self.encrypted {
            lines.push("STARTTLS".to_owned());
        }
        let last = lines.len() - 1;
        for (index, line) in lines.iter().enumerate() {
            self.reply(&format!("250{}{line}", if index == last { ' ' } else { '-' }));
        }
    }

    async fn start_tls(&mut self) -> Result<(), Over> {
        let Some(config) = self.settings.tls.clone().filter(|_| !self.encrypted) else {
            return self.mistake("502 5.5.1 TLS is not offered").await;
        };
        self.flush().await?;
        // Whatever was sent along in the clear could have been put there by anyone.
        if !self.unread.is_empty() {
            return Err(Over);
        }
        self.reply("220 2.0.0 go ahead");
        self.flush().await?;
        let (placeholder, _) = tokio::io::duplex(1);
        let stream = std::mem::replace(&mut self.stream, Box::new(placeholder));
        match timeout(self.settings.silence, TlsAcceptor::from(config).accept(stream)).await {
            Ok(Ok(stream)) => {
                self.stream = Box::new(stream);
                self.encrypted = true;
                self.greeted = false;
                self.reset();
                Ok(())
            }
            _ => Err(Over),
        }
    }

    async fn mail(&mut self, size: Option<u64>, from: String) -> Result<(), Over> {
        if !self.greeted {
            return self.mistake("503 5.5.1 say EHLO first").await;
        }
        if self.from.is_some() {
            return self.mistake("503 5.5.1 a message is already begun").await;
        }
        if size.is_some_and(|size| size > self.settings.size as u64) {
            self.reply("552 5.3.4 the message is too large");
            return Ok(());
        }
        self.from = Some(from);
        self.reply("250 2.1.0 ok");
        Ok(())
    }

    async fn recipient(&mut self, to: String) -> Result<(), Over> {
        if self.from.is_none() {
            return self.mistake("503 5.5.1 say MAIL first").await;
        }
        if self.recipients.len() >= self.settings.recipients {
            self.reply("452 4.5.3 too many recipients");
            return Ok(());
        }
        let receiver = self.to.clone();
        if !receiver.knows(&to).await {
            return self.mistake("550 5.1.1 there is no such address here").await;
        }
        self.recipients.push(to);
        self.reply("250 2.1.5 ok");
        Ok(())
    }

    async fn data(&mut self) -> Result<(), Over> {
        let Some(from) = self.from.clone() else {
            return self.mistake("503 5.5.1 say MAIL first").await;
        };
        if self.recipients.is_empty() {
            return self.mistake("554 5.5.1 no valid recipients").await;
        }
        self.reply("354 end with a dot on a line of its own");
        let limit = self.settings.content;
        let Ok(content) = timeout(limit, self.content()).await else {
            self.reply("421 4.4.2 the message took too long");
            let _ = self.flush().await;
            return Err(Over);
        };
        let recipients = std::mem::take(&mut self.recipients);
        self.from = None;
        let Some(content) = content? else {
            self.reply("552 5.3.4 the message is too large");
            return Ok(());
        };
        let mut raw = format!("Return-Path: <{from}>\r\n").into_bytes();
        raw.extend_from_slice(&content);
        let receiver = self.to.clone();
        match receiver.store(Mail { from, recipients, raw, peer: self.peer }).await {
            Ok(()) => self.reply("250 2.0.0 kept"),
            Err(Refusal::Later) => self.reply("451 4.3.0 not kept, try again later"),
            Err(Refusal::Never) => self.reply("554 5.6.0 not accepted"),
        }
        self.messages += 1;
        if self.messages >= self.settings.messages {
            self.reply("421 4.7.0 enough messages for one connection");
            self.flush().await?;
            return Err(Over);
        }
        Ok(())
    }

    /// The content up to CR LF . CR LF and nothing less (a bare line feed ends no line, which is what
    /// keeps a second message from being smuggled in), dots taken out again; `None` when it is too large.
    async fn content(&mut self) -> Result<Option<Vec<u8>>, Over> {
        let mut content: Vec<u8> = Vec::with_capacity(8192);
        // The line before the content ended with CR LF, so a lone first dot ends an empty message.
        content.extend_from_slice(b"\r\n");
        let mut too_large = false;
        let mut searched = 0;
        loop {
            content.append(&mut self.unread);
            if let Some(at) = memmem::find(&content[searched..], b"\r\n.\r\n") {
                self.unread = content.split_off(searched + at + 5);
                content.truncate(searched + at + 2);
                return Ok((!too_large && content.len() <= self.settings.size + 2).then(|| unstuffed(&content)));
            }
            // Four octets may be the beginning of the end.
            searched = content.len().saturating_sub(4);
            if content.len() > self.settings.size + 5 {
                too_large = true;
                content.drain(..searched);
                searched = 0;
            }
            self.read().await?;
        }
    }
}

/// The content without the two octets in front and without the dots that were doubled.
fn unstuffed(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len());
    let mut start = 2;
    for at in memmem::find_iter(content, b"\r\n.") {
        if at + 2 >= start {
            out.extend_from_slice(&content[start..at + 2]);
            start = at + 3;
        }
    }
    out.extend_from_slice(&content[start..]);
    out
}

#[cfg(test)]
mod tests {
    use super::unstuffed;

    #[test]
    fn doubled_dots_are_taken_out() {
        assert_eq!(unstuffed(b"\r\n..a\r\nb.\r\n..\r\n"), b".a\r\nb.\r\n.\r\n");
        assert_eq!(unstuffed(b"\r\n"), b"");
    }
}
