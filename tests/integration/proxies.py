"""Proxies as Debian ships them, with TLS, in front of a service: nginx, HAProxy and Caddy."""
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import urllib.parse

import nginx
from nginx import PATH
from phial import eventually


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def certificate(folder):
    """A self-signed certificate for localhost: the paths of certificate, key, and both in one file."""
    cert, key, both = (os.path.join(folder, name) for name in ("cert.pem", "key.pem", "both.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", cert],
                   check=True, capture_output=True)
    with open(both, "w") as out:
        for name in (cert, key):
            with open(name) as part:
                out.write(part.read())
    os.chmod(key, 0o644)  # of this test only; a worker is another user when root starts it
    return cert, key, both


class Proxy:
    """A proxy with its configuration in a folder that is removed:  with Nginx(service) as proxy: ...

    It publishes the service at https://localhost:PORT/api/.
    """
    program = None  # its file
    configuration = None
    file_name = "configuration"

    @classmethod
    def why_absent(cls):
        for program in (cls.program, "openssl"):
            if shutil.which(program, path=PATH) is None:
                return "%s is not installed (scripts/setup test does that)" % program
        return None

    def __init__(self, service, **more):
        self._folder = tempfile.TemporaryDirectory(prefix="phial-proxy-")
        self.folder = self._folder.name
        os.chmod(self.folder, 0o755)
        self.port = free_port()
        self.cert, key, both = certificate(self.folder)
        self.file = os.path.join(self.folder, self.file_name)
        with open(self.file, "w") as out:
            out.write(self.whole(self.configuration.format(port=self.port, cert=self.cert, key=key, both=both,
                                                           host=service.host, service_port=service.port, **more)))
        self.output = open(os.path.join(self.folder, "output"), "w+")
        environment = {**os.environ, "HOME": self.folder, "XDG_DATA_HOME": self.folder, "XDG_CONFIG_HOME": self.folder}
        self.process = subprocess.Popen([shutil.which(self.program, path=PATH), *self.arguments()], cwd=self.folder,
                                        stdout=self.output, stderr=self.output, env=environment)
        self.base = "https://localhost:%d/api" % self.port

    def whole(self, text):
        """The text of the file, made of the configuration."""
        return text

    def __enter__(self):
        eventually(self.listens, "%s listens: %s" % (self.program, self.said()))
        return self

    def __exit__(self, *failure):
        self.process.kill()
        self.process.wait(30)
        self.output.close()
        self._folder.cleanup()

    def listens(self):
        assert self.process.poll() is None, self.said()
        try:
            socket.create_connection(("127.0.0.1", self.port), 10).close()
            return True
        except ConnectionError:
            return False

    def said(self):
        with open(os.path.join(self.folder, "output")) as f:
            return f.read()

    def ask(self, method, url, body=None, headers=None, source=None):
        """One request by TLS; `url` may be a path below /api. Redirects are not followed. (status, headers, text)"""
        parts = urllib.parse.urlsplit(url if "://" in url else self.base + url)
        trusting = ssl.create_default_context(cafile=self.cert)
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=20, context=trusting,
                                                 source_address=source and (source, 0))
        try:
            connection.request(method, parts.path + ("?" + parts.query if parts.query else ""), body, headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode()
        finally:
            connection.close()


class Nginx(Proxy):
    program = "nginx"
    configuration = """
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {cert};
        ssl_certificate_key {key};
        merge_slashes off;
        location /api/ {{
            proxy_pass http://{host}:{service_port}/;
            proxy_set_header Host $http_host;
            proxy_set_header Forwarded "";
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Forwarded-Prefix /api;
            proxy_set_header X-Forwarded-Port "";
        }}
    }}
"""

    def whole(self, text):
        return nginx.configuration(self.folder, text)

    def arguments(self):
        return nginx.arguments(self.folder, self.file)


class Haproxy(Proxy):
    program = "haproxy"
    server = ""  # what follows the address of the service
    configuration = """
defaults
    mode http
    timeout connect 10s
    timeout client 30s
    timeout server 30s
frontend public
    bind 127.0.0.1:{port} ssl crt {both}
    http-request del-header Forwarded
    http-request del-header X-Forwarded-Port
    http-request set-header X-Forwarded-For %[src]
    http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]
    http-request set-header X-Forwarded-Host %[req.hdr(host)]
    http-request set-header X-Forwarded-Prefix /api
    http-request deny deny_status 404 unless {{ path_beg /api/ }}
    http-request set-path %[path,regsub(^/api/,/)]
    default_backend service
backend service
    server one {host}:{service_port} {server}
"""

    def __init__(self, service, server=""):
        super().__init__(service, server=server)

    def arguments(self):
        return ["-db", "-f", self.file]


class Caddy(Proxy):
    program = "caddy"
    file_name = "Caddyfile"
    configuration = """
{{
    admin off
    auto_https off
    skip_install_trust
}}
https://localhost:{port} {{
    bind 127.0.0.1
    tls {cert} {key}
    handle /api/* {{
        uri path_regexp ^/api/ /  # handle_path is the usual way; it merges slashes, and here the service is to do that
        reverse_proxy {host}:{service_port} {{
            header_up -Forwarded
            header_up -X-Forwarded-Port
            header_up X-Forwarded-Prefix /api
        }}
    }}
}}
"""

    def arguments(self):
        return ["run", "--config", self.file, "--adapter", "caddyfile"]
