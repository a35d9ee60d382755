//! A message centre of the crate `smpp34` that takes everything at once and sends a receipt for each. It answers every line
//! on its input with one line of JSON: how many it took, how many twice, and how many receipts were answered.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use smpp34::server::ESME;
use smpp34::{
    SmppConnectionInformation, SmppServer, SmppServerListener, bind_transceiver, bind_transceiver_resp, submit_sm,
    submit_sm_resp,
};
use tokio::io::{AsyncBufReadExt as _, BufReader};

#[derive(Default)]
struct Centre {
    bound: Mutex<HashMap<String, Arc<ESME>>>,
    texts: Mutex<HashSet<(String, Vec<u8>)>>,
    taken: AtomicU64,
    twice: AtomicU64,
    receipted: Arc<AtomicU64>,
}

#[async_trait]
impl SmppServerListener for Centre {
    async fn on_bind_transceiver(
        &self,
        asked: bind_transceiver,
        _: &SmppConnectionInformation,
        _: &String,
    ) -> bind_transceiver_resp {
        asked.accept("bench".to_owned(), Some(0x34))
    }

    async fn on_esme_bound(&self, esme: ESME, session: &String) {
        self.bound.lock().unwrap().insert(session.clone(), Arc::new(esme));
    }

    async fn on_submit_sm(&self, sent: submit_sm, _: &SmppConnectionInformation, session: &String) -> submit_sm_resp {
        let id = format!("{:x}", self.taken.fetch_add(1, Relaxed) + 1);
        let text = (sent.destination_addr.to_string(), sent.short_message.to_vec());
        if !self.texts.lock().unwrap().insert(text) {
            self.twice.fetch_add(1, Relaxed);
        }
        let esme = self.bound.lock().unwrap().get(session).cloned();
        if let Some(esme) = esme {
            let (from, to) = (sent.destination_addr.to_string(), sent.source_addr.to_string());
            let (told, id) = (Arc::clone(&self.receipted), id.clone());
            tokio::spawn(async move {
                let text = format!(
                    "id:{id} sub:001 dlvrd:001 submit date:2611221000 done date:2611221001 stat:DELIVRD err:000 text:"
                );
                let receipt = esme.deliver_sm().source_addr(from).destination_addr(to).esm_class(4);
                if receipt.short_message(text.into_bytes()).send().await.is_ok() {
                    told.fetch_add(1, Relaxed);
                }
            });
        }
        sent.accept(id)
    }

    async fn on_esme_unbound(&self, session: &String) {
        self.bound.lock().unwrap().remove(session);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let centre = Arc::new(Centre::default());
    let mut server = SmppServer::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port, Arc::clone(&centre) as _);
    server.start().await;
    println!("{{\"port\": {port}}}");
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(_)) = lines.next_line().await {
        let (taken, twice) = (centre.taken.load(Relaxed), centre.twice.load(Relaxed));
        println!("{{\"taken\": {taken}, \"twice\": {twice}, \"receipted\": {}}}", centre.receipted.load(Relaxed));
    }
}
