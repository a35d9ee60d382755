//! A message centre that follows a script, octet by octet: it misbehaves as real ones do.

use telecom::smpp::{BindMode, Body, HEADER, Head, IdResp, Pdu, Status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub struct Centre(TcpListener);

/// One session as the centre sees it.
pub struct Session(pub TcpStream);

impl Centre {
    pub async fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// The next connection, before its bind.
    pub async fn accept(&self) -> Session {
        Session(self.0.accept().await.unwrap().0)
    }

    /// The next connection, bound.
    pub async fn bound(&self) -> Session {
        let mut session = self.accept().await;
        let bind = session.read().await.unwrap();
        session.write(bind.sequence, Status::OK, Body::BindResp(BindMode::Transceiver, IdResp::new("smsc"))).await;
        session
    }
}

impl Session {
    pub async fn connect(port: u16) -> Self {
        Self(TcpStream::connect(("127.0.0.1", port)).await.unwrap())
    }

    /// The next PDU; `None` when the other side closed.
    pub async fn read(&mut self) -> Option<Pdu> {
        let mut head = [0; HEADER];
        self.0.read_exact(&mut head).await.ok()?;
        let head = Head::read(&head).unwrap();
        let mut body = vec![0; head.length as usize - HEADER];
        self.0.read_exact(&mut body).await.ok()?;
        Some(Pdu::read(&head, &body).unwrap())
    }

    /// The next submission's sequence number.
    pub async fn submission(&mut self) -> Option<u32> {
        loop {
            let pdu = self.read().await?;
            match pdu.body {
                Body::Submit(_) => return Some(pdu.sequence),
                Body::EnquireLink => self.write(pdu.sequence, Status::OK, Body::EnquireLinkResp).await,
                _ => {}
            }
        }
    }

    pub async fn write(&mut self, sequence: u32, status: Status, body: Body) {
        self.raw(&Pdu { status, sequence, body }.octets()).await;
    }

    pub async fn raw(&mut self, octets: &[u8]) {
        self.0.write_all(octets).await.unwrap();
    }

    /// Writes a request and reads what comes next.
    pub async fn ask(&mut self, sequence: u32, body: Body) -> Option<(Status, u32, Body)> {
        self.write(sequence, Status::OK, body).await;
        self.read().await.map(|pdu| (pdu.status, pdu.sequence, pdu.body))
    }
}
