"""The kinds of servers that cases.py speaks of, on loopback, in threads or processes of their own.

SPDX-License-Identifier: MIT
"""
import os
import socket
import ssl
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.join(HERE, "..", "port"), os.path.join(HERE, "..", "server")]
import ca  # noqa: E402
import peer  # noqa: E402
from scripted import BODY, GOOD, Scripted, head  # noqa: E402

PAGE = head("200 OK", len(BODY)) + BODY


class Threaded:
    """A listener whose connections are served by serve(raw, number), from 0 on."""

    def __init__(self, serve):
        self.serve, self.served = serve, 0
        self.quiet = threading.Event()  # whoever was to be told something has been told
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(8)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                raw = self.listener.accept()[0]
            except OSError:
                return
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(raw, self.served), daemon=True).start()
            self.served += 1

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def http(connection):
    """Answer each request, until no more come."""
    stream = connection.makefile("rb")
    while stream.readline():
        size = 0
        for line in iter(stream.readline, b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                size = int(line[15:])
        stream.read(size)
        connection.sendall(head(size=len(BODY)) + BODY)
    connection.unwrap()


class Servers:
    def __init__(self, zoo, work):
        self.zoo, self.work = zoo, work
        self.good = os.path.join(zoo, "good")
        self.children = []
        self.nginx_ports = None

    def find(self, chain):
        path = os.path.join(self.zoo, chain)
        return path if os.path.exists(path + ".pem") else os.path.join(self.work, chain)

    # Each makes a server: what has a port, and is closed.

    def script(self, words):
        def serve(raw, number):
            Scripted(raw, self.good, server.quiet).run(words if number == 0 else GOOD)
        server = Threaded(serve)
        return server

    def tls(self, path, **options):
        serve = peer.fixed(path, talk=http, **options)
        return Threaded(lambda raw, _: serve(raw))

    def chain(self, name):
        return self.tls(self.find(name), ciphers="ECDHE+AESGCM:@SECLEVEL=0")

    def openssl(self, options):
        options = dict(options)
        if "version" in options:
            options["version"] = getattr(ssl.TLSVersion, options["version"])
            options["ciphers"] = "ALL:@SECLEVEL=0"
        return self.tls(self.good, **options)

    def plain(self, text):
        def serve(raw, _):
            raw.sendall(text.encode("latin-1"))
            peer.serve_silence(raw)
        return Threaded(serve)

    def nobody(self, _):
        server = Threaded(lambda raw, _: raw.close())
        server.close()
        server.close = lambda: None
        return server

    def s_server(self, options):
        return SServer(self, options)

    def nginx(self, name):
        if self.nginx_ports is None:
            self.nginx_ports = start_nginx(self)
        return Fixed(self.nginx_ports[name])

    def make(self, kind, argument):
        return getattr(self, kind)(argument)

    def stop(self):
        for child in self.children:
            child.terminate()
            child.wait()


class Fixed:
    """A port that somebody else listens at."""

    def __init__(self, port):
        self.port = port

    def close(self):
        pass


def free_ports(count):
    holders = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [holder.getsockname()[1] for holder in holders]
    for holder in holders:
        holder.close()
    return ports


class SServer:
    """openssl s_server, serving a file."""

    def __init__(self, servers, options):
        folder = os.path.join(servers.work, "pages")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "page"), "wb") as file:
            file.write(PAGE)
        intermediate = os.path.join(folder, "intermediate.pem")
        with open(servers.good + ".pem") as chain, open(intermediate, "w") as file:
            file.write("-----BEGIN" + chain.read().split("-----BEGIN")[2])
        self.child = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-HTTP", "-tls1_2",
             "-cert", servers.good + ".pem", "-cert_chain", intermediate,
             "-key", servers.good + ".key", *options],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.child.stdout:
            if line.startswith("ACCEPT"):
                self.port = int(line.rsplit(":", 1)[1])
                return
        raise OSError("openssl s_server does not start")

    def close(self):
        self.child.terminate()
        self.child.stdout.close()
        self.child.wait()


# ---- nginx, with one configuration of many servers

ANSWER = 'location / {{ add_header Content-Type application/json; return 201 "{{}}"; }}'
NGINX = {
    "good": ANSWER,
    "small": "ssl_buffer_size 64; " + ANSWER,
    "asks": "ssl_verify_client on; ssl_client_certificate {zoo}/root.pem; " + ANSWER,
    "once": "keepalive_requests 1; " + ANSWER,
    "numbered": "keepalive_requests 1; ssl_session_tickets off; ssl_session_cache builtin:100; " + ANSWER,
    "stateless": "ssl_session_tickets off; ssl_session_cache none; " + ANSWER,
    "tls13": "ssl_protocols TLSv1.3; " + ANSWER,
    "cbc": "ssl_ciphers ECDHE-RSA-AES128-SHA256; " + ANSWER,
    "plain": ANSWER,
    "rejects": "ssl_reject_handshake on;",
    "hangsup": "return 444;",
    "expired": "ssl_certificate {zoo}/expired.pem; ssl_certificate_key {zoo}/expired.key; " + ANSWER,
    "dawdles": "limit_rate 1; root {work}/slow;",
    "narrow": "client_max_body_size 100; root {work}/slow;",
}
CONFIG = """
daemon off; master_process off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/nginx.log;
events {{ worker_connections 64; }}
http {{
    access_log off; ssl_protocols TLSv1.2;
    client_body_temp_path {work}/temporary; proxy_temp_path {work}/temporary;
    fastcgi_temp_path {work}/temporary; uwsgi_temp_path {work}/temporary; scgi_temp_path {work}/temporary;
    %s
}}
"""
SERVER = "server {{ listen 127.0.0.1:%d %s; %s %s }}\n"
CERTIFICATE = "ssl_certificate {zoo}/good.pem; ssl_certificate_key {zoo}/good.key;"


def configure_nginx(servers, work, ports):
    path = os.path.join(work, "nginx.conf")
    text = ""
    for name, says in NGINX.items():
        own = name == "plain" or "reject" in says or "ssl_certificate " in says
        text += SERVER % (ports[name], "" if name == "plain" else "ssl", "" if own else CERTIFICATE, says)
    with open(path, "w") as file:
        file.write((CONFIG % text).format(work=work, zoo=servers.zoo))
    return path


def start_nginx(servers):
    """The ports of NGINX's servers. Somebody may be quicker to take one of them: then others."""
    work = os.path.join(servers.work, "nginx")
    os.makedirs(os.path.join(work, "slow"), exist_ok=True)
    with open(os.path.join(work, "slow", "page"), "wb") as file:
        file.write(bytes(4096))
    for _ in range(3):
        ports = dict(zip(NGINX, free_ports(len(NGINX))))
        path = configure_nginx(servers, work, ports)
        child = subprocess.Popen(["/usr/sbin/nginx", "-c", path, "-p", work, "-e", work + "/nginx.log"],
                                 stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if listens(ports["good"], child):
            servers.children.append(child)
            return ports
    raise OSError("nginx does not start: see %s/nginx.log" % work)


def listens(port, child):
    while child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return True
        except ConnectionRefusedError:
            pass
    return False


# ---- Chains of many intermediates

def make_deep(work, name, depth):
    """WORK/NAME.pem: a leaf under depth intermediates, small enough for records of 4 KB; NAME-root.der."""
    curve = ("EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    path = os.path.join(work, name)
    authorities = ["%s-%s" % (path, i) for i in ["root"] + list(range(depth))]
    for authority, issuer in zip(authorities, [None] + authorities):
        peer.make_key(authority, *curve)
        subject = "/CN=" + os.path.basename(authority)
        if issuer is None:
            peer.openssl("req", "-x509", "-key", authority + ".key", "-out", authority + ".pem",
                         "-days", "3000", "-subj", subject, "-addext", "keyUsage=critical,keyCertSign")
        else:
            sign(authority, subject, issuer, "basicConstraints=critical,CA:TRUE\n")
    peer.openssl("x509", "-in", path + "-root.pem", "-outform", "DER", "-out", path + "-root.der")
    peer.make_key(path, *curve)
    sign(path, "/CN=api.twilio.com", authorities[-1], "subjectAltName=DNS:api.twilio.com\n")
    os.rename(path + ".pem", path + "-leaf.pem")
    peer.join(path + ".pem", path + "-leaf.pem", *[part + ".pem" for part in authorities[:0:-1]])


def sign(path, subject, issuer, extensions):
    with open(path + ".ext", "w") as file:
        file.write(extensions)
    peer.openssl("req", "-new", "-key", path + ".key", "-subj", subject, "-out", path + ".csr")
    peer.openssl("x509", "-req", "-in", path + ".csr", "-CA", issuer + ".pem", "-CAkey", issuer + ".key",
                 "-set_serial", "1", "-days", "3000", "-extfile", path + ".ext", "-out", path + ".pem")


def make_more(zoo, work):
    """What neither ca.py nor peer.py makes, once."""
    peer.make_more(zoo, work)
    if not os.path.exists(os.path.join(work, "bottomless.pem")):
        make_deep(work, "nested", 3)
        make_deep(work, "bottomless", 9)
