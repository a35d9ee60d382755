//! The configuration: flag before environment before file before default.
//!
//! One list of keys ([`Layer`]) serves the command line (clap, which also reads `BARID_…`), the file
//! and the defaults, which are the text of `config/default.toml` itself.

mod layer;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use layer::Layer;

use crate::machine;
use crate::outcome::{Failure, Result};

/// The annotated defaults, which are also the reference.
pub const DEFAULTS: &str = include_str!("../../../../config/default.toml");

/// The environment variable that holds the master key itself.
const MASTER_KEY: &str = "BARID_MASTER_KEY";

/// The schemas that Barid uses in a PostgreSQL database: data and keys.
pub const SCHEMAS: (&str, &str) = ("barid", "barid_keys");

/// Where the data live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// A file of the data directory.
    Sqlite,
    /// A server; the URL may hold a password.
    Postgres(String),
}

/// Where the master key comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum MasterKey {
    /// A file that only its owner may read.
    File(PathBuf),
    /// The environment; the key's text.
    Environment(String),
    /// What a command prints.
    Command(String),
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// The account at a payment provider that balances are paid to.
#[derive(Debug, Clone)]
pub struct Recharging {
    /// A file with the key that orders.
    pub key: PathBuf,
    /// A file with the key that the provider's calls are signed with.
    pub signing: PathBuf,
    /// Where the provider's interface is.
    pub api: String,
}

impl Recharging {
    /// The keys, read from their files.
    ///
    /// # Errors
    /// Exit 2, naming the key of the configuration and the file.
    pub fn account(&self) -> Result<outbound::till::Account> {
        let read = |key: &str, path: &Path| -> Result<String> {
            let text = std::fs::read_to_string(path)
                .map_err(|error| wrong(key, &format!("{} cannot be read: {error}", path.display())))?;
            let text = text.trim();
            if text.is_empty() || text.len() > 500 || !text.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(wrong(key, &format!("{} holds no key", path.display())));
            }
            Ok(text.to_owned())
        };
        Ok(outbound::till::Account {
            secret: read("recharge_key_file", &self.key)?,
            signing: read("recharge_signing_file", &self.signing)?,
            base: self.api.clone(),
        })
    }
}

/// Everything a server needs to know.
#[derive(Clone)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    /// The engine.
    pub database: Database,
    /// Where the master key comes from.
    pub master_key: MasterKey,
    /// The HTTP address.
    pub listen: SocketAddr,
    /// What links begin with; no trailing slash.
    pub public_url: String,
    /// Certificate and key, for HTTPS.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Requests a second of one key or member.
    pub requests_per_second_per_key: u32,
    /// The relay's URL; `None` for direct delivery.
    pub smtp_relay: Option<String>,
    /// Whether the relay signs.
    pub relay_signs: bool,
    /// Whether messages stay in the catcher.
    pub catcher: bool,
    /// The name for EHLO.
    pub hostname: String,
    /// Connections to all receiving servers.
    pub smtp_connections: usize,
    /// Connections to any one of them.
    pub smtp_connections_per_host: usize,
    /// Messages a second to any one of them; `None` without a limit.
    pub smtp_messages_per_second_per_host: Option<u32>,
    /// The port of MX hosts.
    pub mx_port: u16,
    /// Where mail comes in.
    pub inbound_smtp: Option<SocketAddr>,
    /// The DNS server; `None` for the system's.
    pub resolver: Option<SocketAddr>,
    /// A sorted file of SHA-1 hashes of leaked passwords.
    pub leaked_passwords: Option<PathBuf>,
    /// Where this server stands, in words.
    pub hosting: Option<String>,
    /// Hosts that webhooks may go to.
    pub webhook_allowed_hosts: Vec<String>,
    /// Hosts whose calendars may be read and written.
    pub calendar_allowed_hosts: Vec<String>,
    /// Push services that may be called.
    pub push_allowed_hosts: Vec<String>,
    /// Hosts of payment providers.
    pub payment_allowed_hosts: Vec<String>,
    /// The account that balances are paid to.
    pub recharge: Option<Recharging>,
    /// Where customers bind over SMPP.
    pub smpp_listen: Option<SocketAddr>,
    /// Whether they speak TLS.
    pub smpp_tls: bool,
    /// Hosts of look-up providers that may be asked about numbers.
    pub lookup_allowed_hosts: Vec<String>,
    /// Where SIP is listened to; nowhere when absent.
    pub sip_listen: Option<SocketAddr>,
    /// The address that operators of calls reach this server at.
    pub sip_public: Option<std::net::IpAddr>,
    /// The first and the last port for the sound of calls.
    pub rtp_ports: (u16, u16),
    /// The program that says words in calls.
    pub speech_program: String,
    /// Hosts from which calls may play files and fetch flows.
    pub call_allowed_hosts: Vec<String>,
    /// Hosts of chat apps.
    pub chat_app_hosts: Vec<String>,
    /// What the image library of a workspace may hold, in bytes.
    pub image_quota: u64,
    /// The program that looks at files of conversations.
    pub file_scanner: Option<String>,
    /// The address to which files of conversations are posted to be looked at.
    pub file_scanner_url: Option<String>,
    /// The NATS server over which nodes wake each other.
    pub nats_url: Option<String>,
    /// Octets of memory for the index of what was said in conversations; 0 is none.
    pub search_memory: usize,
    /// What is logged.
    pub log: String,
    /// How.
    pub log_format: LogFormat,
}

fn wrong(key: &str, detail: &str) -> Failure {
    Failure::input(format_args!(
        "{key}: {detail} (flag --{}, environment BARID_{}, or the file)",
        key.replace('_', "-"),
        key.to_uppercase()
    ))
}

fn ip(key: &str, text: &str) -> Result<std::net::IpAddr> {
    text.parse().map_err(|_| wrong(key, "expected an address such as 203.0.113.7"))
}

/// Two ports of at least a pair.
fn ports(key: &str, text: &str) -> Result<(u16, u16)> {
    let two =
        text.split_once('-').and_then(|(first, last)| Some((first.trim().parse().ok()?, last.trim().parse().ok()?)));
    two.filter(|(first, last): &(u16, u16)| *first >= 1024 && first < last)
        .ok_or_else(|| wrong(key, "expected two ports from 1024 on, such as 20000-29999"))
}

fn socket(key: &str, text: &str) -> Result<SocketAddr> {
    let numeric = text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    numeric.parse().map_err(|_| wrong(key, "expected an address and port such as 127.0.0.1:8080"))
}

fn required<T>(key: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| wrong(key, "has no value"))
}

/// Reads a public URL; returns it without a trailing slash, and its host.
fn public(text: &str) -> Result<(String, String)> {
    let bad = || wrong("public_url", "expected something like https://post.example.org, without a query");
    let url = reqwest::Url::parse(text).map_err(|_| bad())?;
    let host = url.host_str().ok_or_else(bad)?.to_owned();
    let plain = matches!(url.scheme(), "http" | "https")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !plain {
        return Err(bad());
    }
    Ok((url.as_str().trim_end_matches('/').to_owned(), host))
}

fn pair(layer: &Layer) -> Result<Option<(PathBuf, PathBuf)>> {
    match (&layer.tls_cert, &layer.tls_key) {
        (Some(cert), Some(key)) => Ok(Some((cert.clone(), key.clone()))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(wrong("tls_key", "is needed beside tls_cert")),
        (None, Some(_)) => Err(wrong("tls_cert", "is needed beside tls_key")),
    }
}

impl Config {
    /// Merges flags and environment (already in `flags`) with the file they name and the defaults.
    ///
    /// # Errors
    /// Exit 2: an unreadable file, an unknown key, or a value that is not acceptable, with its key.
    pub fn load(flags: Layer) -> Result<Self> {
        let file = match &flags.config {
            None => Layer::default(),
            Some(path) => Layer::read_file(path)?,
        };
        Self::resolve(flags.or(file).or(Layer::defaults()?))
    }

    fn resolve(layer: Layer) -> Result<Self> {
        let tls = pair(&layer)?;
        let data = required("data", layer.data)?;
        let database = match layer.database {
            None => Database::Sqlite,
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => Database::Postgres(url),
            // libpq's own form, which names Unix sockets.
            Some(url) if url.contains("host=") => Database::Postgres(url),
            Some(_) => return Err(wrong("database", "expected postgres://user:password@host/name")),
        };
        let master_key = match (machine::environment(MASTER_KEY), layer.master_key_command) {
            (Some(key), _) => MasterKey::Environment(key),
            (None, Some(command)) => MasterKey::Command(command),
            (None, None) => MasterKey::File(layer.master_key_file.unwrap_or_else(|| data.join("master.key"))),
        };
        let listen = socket("listen", &required("listen", layer.listen)?)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let (public_url, host) = public(&layer.public_url.unwrap_or_else(|| format!("{scheme}://{listen}")))?;
        let relay = layer.smtp_relay.filter(|url| !url.is_empty());
        if relay.as_ref().is_some_and(|url| !url.starts_with("smtp://") && !url.starts_with("smtps://")) {
            return Err(wrong("smtp_relay", "expected smtp://[user:password@]host:port or smtps://…"));
        }
        let catcher = layer.catcher.unwrap_or(false);
        if catcher && relay.is_some() {
            return Err(wrong(
                "catcher",
                "keeps every message, so that nothing would ever reach smtp_relay; set one of them",
            ));
        }
        let log_format = match required("log_format", layer.log_format)?.as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => return Err(wrong("log_format", "expected text or json")),
        };
        let connections = |key: &str, value: Option<u32>| match required(key, value)? {
            count @ 1..=10_000 => Ok(count as usize),
            _ => Err(wrong(key, "expected 1 to 10000")),
        };
        Ok(Self {
            data,
            database,
            master_key,
            listen,
            public_url,
            tls,
            requests_per_second_per_key: match required(
                "requests_per_second_per_key",
                layer.requests_per_second_per_key,
            )? {
                rate @ 1..=1_000_000 => rate,
                _ => return Err(wrong("requests_per_second_per_key", "expected 1 to 1000000")),
            },
            smtp_relay: relay,
            relay_signs: layer.relay_signs.unwrap_or(false),
            catcher,
            hostname: layer.hostname.unwrap_or(host),
            smtp_connections: connections("smtp_connections", layer.smtp_connections)?,
            smtp_connections_per_host: connections("smtp_connections_per_host", layer.smtp_connections_per_host)?,
            smtp_messages_per_second_per_host: layer.smtp_messages_per_second_per_host.filter(|rate| *rate > 0),
            mx_port: required("mx_port", layer.mx_port)?,
            inbound_smtp: layer.inbound_smtp.map(|text| socket("inbound_smtp", &text)).transpose()?,
            resolver: layer.resolver.map(|text| socket("resolver", &text)).transpose()?,
            leaked_passwords: layer.leaked_passwords,
            hosting: match layer.hosting.map(|place| place.trim().to_owned()).filter(|place| !place.is_empty()) {
                Some(place) if place.chars().count() > 200 || place.chars().any(char::is_control) => {
                    return Err(wrong("hosting", "at most 200 characters"));
                }
                place => place,
            },
            webhook_allowed_hosts: layer.webhook_allowed_hosts.unwrap_or_default(),
            calendar_allowed_hosts: layer.calendar_allowed_hosts.unwrap_or_default(),
            push_allowed_hosts: layer.push_allowed_hosts.unwrap_or_default(),
            payment_allowed_hosts: layer.payment_allowed_hosts.unwrap_or_default(),
            recharge: match (layer.recharge_key_file, layer.recharge_signing_file) {
                (Some(key), Some(signing)) => {
                    Some(Recharging { key, signing, api: required("recharge_api", layer.recharge_api)? })
                }
                (None, None) => None,
                (Some(_), None) => return Err(wrong("recharge_signing_file", "is needed beside recharge_key_file")),
                (None, Some(_)) => return Err(wrong("recharge_key_file", "is needed beside recharge_signing_file")),
            },
            smpp_listen: layer.smpp_listen.map(|text| socket("smpp_listen", &text)).transpose()?,
            smpp_tls: layer.smpp_tls.unwrap_or_default(),
            lookup_allowed_hosts: layer.lookup_allowed_hosts.unwrap_or_default(),
            sip_listen: layer.sip_listen.map(|text| socket("sip_listen", &text)).transpose()?,
            sip_public: layer.sip_public.map(|text| ip("sip_public", &text)).transpose()?,
            rtp_ports: ports("rtp_ports", &required("rtp_ports", layer.rtp_ports)?)?,
            speech_program: required("speech_program", layer.speech_program)?,
            call_allowed_hosts: layer.call_allowed_hosts.unwrap_or_default(),
            chat_app_hosts: layer.chat_app_hosts.unwrap_or_default(),
            image_quota: u64::from(required("image_quota_mb", layer.image_quota_mb)?) * 1_000_000,
            file_scanner: layer.file_scanner.filter(|program| !program.trim().is_empty()),
            file_scanner_url: layer.file_scanner_url.filter(|url| !url.trim().is_empty()),
            nats_url: layer.nats_url.filter(|url| !url.trim().is_empty()),
            search_memory: required("search_memory_mb", layer.search_memory_mb)? as usize * 1_000_000,
            log: required("log", layer.log)?,
            log_format,
        })
    }

    /// Settings of sign-in.
    ///
    /// # Errors
    /// Exit 2 when the list of leaked passwords is none.
    pub fn accounts(&self) -> Result<accounts::Settings> {
        let mut settings = accounts::Settings::default();
        if let Some(path) = &self.leaked_passwords {
            settings.leaked = accounts::users::leaked::List::with_file(path)
                .map_err(|error| wrong("leaked_passwords", &format!("{}: {error}", path.display())))?;
        }
        Ok(settings)
    }

    /// The SQLite file of the data.
    pub fn data_file(&self) -> PathBuf {
        self.data.join("barid.db")
    }

    /// The SQLite file of the key store.
    pub fn keys_file(&self) -> PathBuf {
        self.data.join("keys.db")
    }

    /// The file that whoever works on the data directory holds locked.
    pub fn lock_file(&self) -> PathBuf {
        self.data.join("lock")
    }
}

fn read_master_file(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::failed(format_args!(
            "the master key {} cannot be read ({error}); `barid init` makes it, a backup of it brings it back",
            path.display()
        ))
    })
}

fn run_master_command(command: &str) -> Result<String> {
    let done = Command::new("sh").args(["-c", command]).output();
    let done = done.map_err(|error| Failure::failed(format_args!("master_key_command does not start: {error}")))?;
    if !done.status.success() {
        return Err(Failure::failed(format_args!("master_key_command ended with {}", done.status)));
    }
    String::from_utf8(done.stdout).map_err(|_| Failure::failed("master_key_command did not print text"))
}

/// The 32 octets of a master key written as 64 hexadecimal digits.
pub fn parse_master_key(text: &str) -> Option<[u8; 32]> {
    let text = text.trim().as_bytes();
    if text.len() != 64 {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|value| value as u8);
    let mut key = [0; 32];
    for (octet, pair) in key.iter_mut().zip(text.chunks_exact(2)) {
        *octet = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(key)
}

impl MasterKey {
    /// Fetches the key.
    ///
    /// # Errors
    /// When it cannot be read or is not 64 hexadecimal digits.
    pub fn fetch(&self) -> Result<[u8; 32]> {
        let (text, origin) = match self {
            Self::Environment(text) => (text.clone(), MASTER_KEY.to_owned()),
            Self::Command(command) => (run_master_command(command)?, "master_key_command".to_owned()),
            Self::File(path) => (read_master_file(path)?, path.display().to_string()),
        };
        parse_master_key(&text)
            .ok_or_else(|| Failure::failed(format_args!("{origin} does not hold 64 hexadecimal digits")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(text: &str) -> Layer {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn the_defaults_resolve() {
        let config = Config::resolve(Layer::defaults().unwrap()).unwrap();
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert_eq!((config.mx_port, config.relay_signs), (25, false));
        assert_eq!(config.hostname, "127.0.0.1");
        assert!(config.webhook_allowed_hosts.is_empty());
    }

    #[test]
    fn flag_goes_before_file_goes_before_default() {
        let flags = layer("listen = '127.0.0.1:1'");
        let file = layer("listen = '127.0.0.1:2'\nmx_port = 2525");
        let config = Config::resolve(flags.or(file).or(Layer::defaults().unwrap())).unwrap();
        assert_eq!((config.listen.port(), config.mx_port, config.log.as_str()), (1, 2525, "info"));
    }

    #[test]
    fn wrong_values_name_their_key() {
        for (text, key) in [
            ("listen = 'nowhere'", "listen"),
            ("public_url = 'ftp://x'", "public_url"),
            ("public_url = 'https://u:p@x'", "public_url"),
            ("database = 'mysql://x'", "database"),
            ("smtp_relay = 'relay.example'", "smtp_relay"),
            ("catcher = true\nsmtp_relay = 'smtp://relay.example'", "catcher"),
            ("tls_cert = 'a'", "tls_key"),
            ("tls_key = 'a'", "tls_cert"),
            ("inbound_smtp = '25'", "inbound_smtp"),
            ("sip_public = 'here'", "sip_public"),
            ("rtp_ports = '5-1'", "rtp_ports"),
            ("resolver = 'x'", "resolver"),
            ("log_format = 'xml'", "log_format"),
            ("smtp_connections = 0", "smtp_connections"),
        ] {
            let failure = Config::resolve(layer(text).or(Layer::defaults().unwrap())).err().unwrap();
            assert!(failure.input && failure.detail.starts_with(&format!("{key}: ")), "{text}: {}", failure.detail);
        }
    }

    #[test]
    fn a_master_key_is_64_hexadecimal_digits() {
        assert_eq!(parse_master_key(&format!("{}\n", "0f".repeat(32))), Some([15; 32]));
        for wrong in ["", "0f", &"0g".repeat(32), &"é".repeat(32)] {
            assert_eq!(parse_master_key(wrong), None);
        }
    }
}
