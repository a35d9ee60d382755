"""A DNS server over a table, and certificates of a private authority."""

import socket
import subprocess
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class Names:
    """Answers from `records`: (name, type) to texts as zone files have them. Other names do not exist."""

    def __init__(self, records=None):
        self.records = dict(records or {})
        self.silent = False
        self.asked = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def publish(self, records):
        """Takes what `barid domain add --json` says is to be published."""
        for record in records:
            name = record["name"].rstrip(".").lower()
            if record["type"] == "TXT":
                value = record["value"]
                text = " ".join(f'"{value[start:start + 250]}"' for start in range(0, len(value), 250))
            else:
                text = record["value"].rstrip(".") + "."
                text = text if " " in text or record["type"] != "MX" else f"10 {text}"
            self.records[(name, record["type"])] = [text]

    def _serve(self):
        while True:
            try:
                data, peer = self._socket.recvfrom(4096)
                answer = self._answer(dns.message.from_wire(data))
                self._socket.sendto(answer.to_wire(), peer)
            except OSError:
                return

    def _answer(self, query):
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if self.silent:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif texts := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 1, "IN", kind, *texts))
        elif not any(known == name or known.endswith("." + name) for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def stop(self):
        self._socket.close()


class Authority:
    """A certificate authority that nobody knows, made with openssl."""

    def __init__(self, directory, name):
        self.directory, self.name = directory, name
        self.certificate = directory / f"{name}.pem"
        self._openssl("req", "-x509", "-subj", f"/CN={name}", "-out", self.certificate, *self._key(name))

    def issue(self, host):
        """The files of a certificate for a host and of its key."""
        certificate = self.directory / f"{self.name}-{host}.pem"
        self._openssl("req", "-x509", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
                      "-addext", "basicConstraints=critical,CA:FALSE", "-CA", self.certificate,
                      "-CAkey", self.directory / f"{self.name}.key", "-out", certificate, *self._key(f"{self.name}-{host}"))
        return certificate, self.directory / f"{self.name}-{host}.key"

    def _key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout",
                self.directory / f"{name}.key"]

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
