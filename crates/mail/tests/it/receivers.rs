//! Other people's mail servers as receivers: Postfix's smtp-sink and aiosmtpd. Each is skipped, loudly,
//! where the machine lacks it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use mail::channel::Settings;
use mail::smtp::Timeouts;
use testkit::Fixture;
use tokio::net::TcpStream;

use crate::world::{World, relay};

/// A process of the test's own; ends with it.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn listens(address: SocketAddr) {
    for _ in 0..200 {
        if TcpStream::connect(address).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the receiver does not listen");
}

async fn send_fifty(fixture: Fixture, address: SocketAddr) {
    let settings = Settings { relay_signs: true, inbound: false };
    let world = World::new(fixture, settings, |_| relay(address, Timeouts::default())).await;
    let mut people = Vec::new();
    for number in 0..50 {
        let email = format!("p{number}@example.net");
        people.push((world.subscriber(&email).await, email));
    }
    let people: Vec<_> = people.iter().map(|(contact, email)| (*contact, email.as_str())).collect();
    let run = world.queue(&people).await;
    world.drain().await;
    let states: Vec<_> = world.deliveries(run).await.iter().map(|view| view.state.as_str()).collect();
    assert_eq!(states, ["sent"; 50]);
}

#[test]
fn postfixs_smtp_sink_takes_everything() {
    let Some(program) =
        ["/usr/sbin/smtp-sink", "/usr/local/sbin/smtp-sink"].into_iter().find(|p| Path::new(p).exists())
    else {
        eprintln!("SKIPPED: smtp-sink (Debian package postfix) is not installed");
        return;
    };
    testkit::run(async {
        let address: SocketAddr = ([127, 0, 0, 1], free_port()).into();
        let mut command = Command::new(program);
        // As root it wants to become somebody else.
        if Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n") {
            command.args(["-u", "nobody"]);
        }
        let _server = Server(command.args([&address.to_string(), "100"]).stderr(Stdio::null()).spawn().unwrap());
        listens(address).await;
        send_fifty(Fixture::sqlite().await, address).await;
    });
}

const AIOSMTPD: &str = r"
import asyncio, sys
from aiosmtpd.controller import Controller
from email import message_from_bytes, policy
class Handler:
    async def handle_DATA(self, server, session, envelope):
        m = message_from_bytes(envelope.content, policy=policy.default)
        ok = m['List-Unsubscribe-Post'] and m['Subject'] == 'عرض الربيع' and not m.defects and envelope.mail_from.startswith('b+')
        print('ok' if ok else 'bad', flush=True)
        return '250 2.0.0 kept' if ok else '554 5.6.0 not what was expected'
c = Controller(Handler(), hostname='127.0.0.1', port=int(sys.argv[1]))
c.start()
print('ready', flush=True)
sys.stdin.read()
";

#[test]
fn aiosmtpd_takes_and_reads_everything() {
    let has = Command::new("python3").args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
    if !has.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: aiosmtpd (PyPI) is not installed");
        return;
    }
    testkit::run(async {
        let port = free_port();
        let mut child = Command::new("python3")
            .args(["-c", AIOSMTPD, &port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let _server = Server(child);
        assert_eq!(lines.next().unwrap().unwrap(), "ready");
        send_fifty(Fixture::sqlite().await, ([127, 0, 0, 1], port).into()).await;
        assert!(lines.take(50).all(|line| line.unwrap() == "ok"));
    });
}
