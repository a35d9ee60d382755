//! The list of keys: one struct for flags, environment and file.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::DEFAULTS;
use crate::outcome::{Failure, Result};

/// The longest configuration file.
const LONGEST: u64 = 1 << 20;

/// Values that one source gives; what it does not mention is `None`.
#[derive(Debug, Clone, Default, clap::Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Read the configuration from this file
    #[arg(long, env = "BARID_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// The data directory
    #[arg(long, env = "BARID_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL instead of SQLite in the data directory
    #[arg(long, env = "BARID_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// The file that holds the master key
    #[arg(long, env = "BARID_MASTER_KEY_FILE", value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// A command that prints the master key
    #[arg(long, env = "BARID_MASTER_KEY_COMMAND", value_name = "COMMAND")]
    pub master_key_command: Option<String>,
    /// Serve HTTP on this address and port
    #[arg(long, env = "BARID_LISTEN", value_name = "HOST:PORT")]
    pub listen: Option<String>,
    /// How people reach this server from outside
    #[arg(long, env = "BARID_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// A certificate, to serve HTTPS
    #[arg(long, env = "BARID_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's key
    #[arg(long, env = "BARID_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// The relay for outgoing mail: smtp://[user:password@]host:port
    #[arg(long, env = "BARID_SMTP_RELAY", value_name = "URL", hide_env_values = true)]
    pub smtp_relay: Option<String>,
    /// The relay adds DKIM signatures, Barid does not
    #[arg(long, env = "BARID_RELAY_SIGNS", value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub relay_signs: Option<bool>,
    /// Keep every message in the built-in catcher instead of sending it
    #[arg(long, env = "BARID_CATCHER", value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub catcher: Option<bool>,
    /// Requests a second that one API key or member may make
    #[arg(long, env = "BARID_REQUESTS_PER_SECOND_PER_KEY", value_name = "N")]
    pub requests_per_second_per_key: Option<u32>,
    /// The name to say in EHLO
    #[arg(long, env = "BARID_HOSTNAME", value_name = "NAME")]
    pub hostname: Option<String>,
    /// Connections open to all receiving mail servers
    #[arg(long, env = "BARID_SMTP_CONNECTIONS", value_name = "N")]
    pub smtp_connections: Option<u32>,
    /// Connections open to any one of them
    #[arg(long, env = "BARID_SMTP_CONNECTIONS_PER_HOST", value_name = "N")]
    pub smtp_connections_per_host: Option<u32>,
    /// Messages a second to any one of them; 0 for as fast as it takes them
    #[arg(long, env = "BARID_SMTP_MESSAGES_PER_SECOND_PER_HOST", value_name = "N")]
    pub smtp_messages_per_second_per_host: Option<u32>,
    /// The port of recipients' MX hosts
    #[arg(long, env = "BARID_MX_PORT", value_name = "N")]
    pub mx_port: Option<u16>,
    /// Take bounces, complaints and replies on this address and port
    #[arg(long, env = "BARID_INBOUND_SMTP", value_name = "HOST:PORT")]
    pub inbound_smtp: Option<String>,
    /// The DNS server to ask
    #[arg(long, env = "BARID_RESOLVER", value_name = "HOST:PORT")]
    pub resolver: Option<String>,
    /// A file of SHA-1 hashes of leaked passwords, sorted; nobody may choose one of them
    #[arg(long, env = "BARID_LEAKED_PASSWORDS", value_name = "FILE")]
    pub leaked_passwords: Option<PathBuf>,
    /// Where this server stands, as told to people: "Frankfurt, Germany"
    #[arg(long, env = "BARID_HOSTING", value_name = "PLACE")]
    pub hosting: Option<String>,
    /// Hosts that webhooks may go to, or *
    #[arg(
        long = "webhook-allowed-host",
        env = "BARID_WEBHOOK_ALLOWED_HOSTS",
        value_name = "HOST",
        value_delimiter = ','
    )]
    pub webhook_allowed_hosts: Option<Vec<String>>,
    /// Hosts whose calendars may be read and written, or *
    #[arg(
        long = "calendar-allowed-host",
        env = "BARID_CALENDAR_ALLOWED_HOSTS",
        value_name = "HOST",
        value_delimiter = ','
    )]
    pub calendar_allowed_hosts: Option<Vec<String>>,
    /// Push services of browsers' makers that may be called, or *
    #[arg(long = "push-allowed-host", env = "BARID_PUSH_ALLOWED_HOSTS", value_name = "HOST", value_delimiter = ',')]
    pub push_allowed_hosts: Option<Vec<String>>,
    /// Hosts of payment providers that appointments may be paid through, such as api.stripe.com
    #[arg(
        long = "payment-allowed-host",
        env = "BARID_PAYMENT_ALLOWED_HOSTS",
        value_name = "HOST",
        value_delimiter = ','
    )]
    pub payment_allowed_hosts: Option<Vec<String>>,
    /// The key by which balances are paid at the payment provider of whoever runs this server
    #[arg(long, env = "BARID_RECHARGE_KEY_FILE", value_name = "FILE")]
    pub recharge_key_file: Option<PathBuf>,
    /// The key that this provider's calls are signed with
    #[arg(long, env = "BARID_RECHARGE_SIGNING_FILE", value_name = "FILE")]
    pub recharge_signing_file: Option<PathBuf>,
    /// Where this provider's interface is
    #[arg(long, env = "BARID_RECHARGE_API", value_name = "URL")]
    pub recharge_api: Option<String>,
    /// Take messages of customers over SMPP here, such as 0.0.0.0:2775
    #[arg(long, env = "BARID_SMPP_LISTEN", value_name = "HOST:PORT")]
    pub smpp_listen: Option<String>,
    /// Speak TLS there, with tls_cert and tls_key
    #[arg(long, env = "BARID_SMPP_TLS", num_args = 0..=1, default_missing_value = "true")]
    pub smpp_tls: Option<bool>,
    /// Hosts of look-up providers that may be asked about numbers
    #[arg(
        long = "lookup-allowed-host",
        env = "BARID_LOOKUP_ALLOWED_HOSTS",
        value_name = "HOST",
        value_delimiter = ','
    )]
    pub lookup_allowed_hosts: Option<Vec<String>>,
    /// Where SIP is listened to, such as 0.0.0.0:5060: calls are made and taken
    #[arg(long, env = "BARID_SIP_LISTEN", value_name = "ADDRESS")]
    pub sip_listen: Option<String>,
    /// The address that operators of calls reach this server at
    #[arg(long, env = "BARID_SIP_PUBLIC", value_name = "IP")]
    pub sip_public: Option<String>,
    /// Ports for the sound of calls, such as 20000-29999
    #[arg(long, env = "BARID_RTP_PORTS", value_name = "FIRST-LAST")]
    pub rtp_ports: Option<String>,
    /// The program that says words in calls
    #[arg(long, env = "BARID_SPEECH_PROGRAM", value_name = "PROGRAM")]
    pub speech_program: Option<String>,
    /// Hosts from which calls may play files and fetch flows, or *
    #[arg(long = "call-allowed-host", env = "BARID_CALL_ALLOWED_HOSTS", value_name = "HOST", value_delimiter = ',')]
    pub call_allowed_hosts: Option<Vec<String>>,
    /// Hosts of chat apps that conversations may go over, such as graph.facebook.com, or *
    #[arg(long = "chat-app-host", env = "BARID_CHAT_APP_HOSTS", value_name = "HOST", value_delimiter = ',')]
    pub chat_app_hosts: Option<Vec<String>>,
    /// Megabytes that the image library of a workspace may hold
    #[arg(long, env = "BARID_IMAGE_QUOTA_MB", value_name = "N")]
    pub image_quota_mb: Option<u32>,
    /// A program that looks at files of conversations
    #[arg(long, env = "BARID_FILE_SCANNER", value_name = "PROGRAM")]
    pub file_scanner: Option<String>,
    /// An address to which files of conversations are posted to be looked at
    #[arg(long, env = "BARID_FILE_SCANNER_URL", value_name = "URL")]
    pub file_scanner_url: Option<String>,
    /// A NATS server over which nodes wake each other
    #[arg(long, env = "BARID_NATS_URL", value_name = "URL")]
    pub nats_url: Option<String>,
    /// Megabytes of memory for the index of what was said in conversations
    #[arg(long, env = "BARID_SEARCH_MEMORY_MB", value_name = "N")]
    pub search_memory_mb: Option<u32>,
    /// What is logged: error, warn, info, debug, trace
    #[arg(long, env = "BARID_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// How log lines look: text or json
    #[arg(long, env = "BARID_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<String>,
}

macro_rules! first_of {
    ($own:ident, $other:ident: $($key:ident)*) => { Layer { $($key: $own.$key.or($other.$key)),* } };
}

impl Layer {
    /// This layer's values, and `other`'s where this one has none.
    pub fn or(self, other: Self) -> Self {
        first_of!(self, other: config data database master_key_file master_key_command listen public_url tls_cert tls_key
            requests_per_second_per_key
            smtp_relay relay_signs catcher hostname smtp_connections smtp_connections_per_host
            smtp_messages_per_second_per_host mx_port inbound_smtp resolver
            leaked_passwords hosting webhook_allowed_hosts calendar_allowed_hosts push_allowed_hosts payment_allowed_hosts recharge_key_file recharge_signing_file recharge_api lookup_allowed_hosts smpp_listen smpp_tls sip_listen sip_public rtp_ports speech_program call_allowed_hosts chat_app_hosts image_quota_mb file_scanner file_scanner_url nats_url search_memory_mb log log_format)
    }

    /// The defaults.
    ///
    /// # Errors
    /// Never in a tested build: a test reads them, too.
    pub fn defaults() -> Result<Self> {
        toml::from_str(DEFAULTS).map_err(|error| Failure::failed(format_args!("config/default.toml: {error}")))
    }

    /// Reads a configuration file.
    ///
    /// # Errors
    /// Exit 2, naming file, line and key.
    pub fn read_file(path: &Path) -> Result<Self> {
        let unreadable = |why: &dyn std::fmt::Display| {
            Failure::input(format_args!("the configuration file {} cannot be read: {why}", path.display()))
        };
        let size = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
        if size > LONGEST {
            return Err(unreadable(&"it is larger than 1 MiB"));
        }
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(&error))?;
        toml::from_str(&text).map_err(|error| Failure::input(format_args!("{}: {error}", path.display())))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The reference with every commented-out key switched on.
    fn everything() -> String {
        DEFAULTS
            .lines()
            .map(|line| {
                let key = line.strip_prefix("# ").and_then(|rest| rest.split_once(" = ")).map(|(key, _)| key);
                let is_key = key.is_some_and(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
                if is_key { &line[2..] } else { line }
            })
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn the_reference_and_the_keys_are_the_same_list() {
        let documented: toml::Table = toml::from_str(&everything()).unwrap();
        toml::from_str::<Layer>(&everything()).expect("every documented key is known and has an acceptable example");
        let known = serde_json::to_value(Layer::default()).unwrap();
        let documented: BTreeSet<&str> = documented.keys().map(String::as_str).collect();
        let known: BTreeSet<&str> = known.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(documented, known);
    }

    #[test]
    fn every_key_has_its_flag_and_variable() {
        let command = <Layer as clap::Args>::augment_args(clap::Command::new("x"));
        let known = serde_json::to_value(Layer::default()).unwrap();
        for key in known.as_object().unwrap().keys() {
            let argument = command.get_arguments().find(|argument| argument.get_id() == key.as_str()).unwrap();
            assert_eq!(argument.get_env().unwrap().to_str().unwrap(), format!("BARID_{}", key.to_uppercase()));
            assert!(argument.get_long().is_some(), "{key}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("barid.toml");
        std::fs::write(&path, "listen = '127.0.0.1:1'\nlisten_adress = 'x'\n").unwrap();
        let failure = Layer::read_file(&path).unwrap_err();
        assert!(failure.input && failure.detail.contains("listen_adress"), "{}", failure.detail);
        assert!(Layer::read_file(&directory.path().join("none")).unwrap_err().input);
    }
}
