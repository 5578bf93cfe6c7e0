"""Django OAuth Toolkit behind TLS, in front of one payment: python server.py default|careful|referer DIR-OF-CERTIFICATES

`default` leaves every setting as it comes; `careful` turns on all that RFC 9700 asks for; `referer` is the default whose forms want a
`Referer` of every browser, where Django wants it of those alone that send no `Origin`. Customers come to a door without client
certificates, TPPs to one that requires them, as a gateway would; TPPs authenticate by client_secret. It listens on loopback, prints one
line of JSON when it is ready, and ends when its standard input does.
"""

import datetime
import json
import os
import secrets
import socketserver
import ssl
import sys
import tempfile
import threading
import wsgiref.simple_server
from pathlib import Path

import django
from django.conf import settings
from django.utils import timezone

MODE, CERTIFICATES = sys.argv[1], Path(sys.argv[2])
FOLDER = tempfile.TemporaryDirectory()
GATES = "IMPLICIT_GRANT PASSWORD_GRANT PKCE_METHOD ACCESS_TOKEN_TRANSPORT AUTHZ_RESPONSE_ISS TOKEN_STORAGE"
CAREFUL = {f"COMPLIANT_BCP_RFC9700_{gate}": True for gate in GATES.split()} | {
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "ACCESS_TOKEN_EXPIRE_SECONDS": 300,
    "OAUTH2_TOKEN_ENDPOINT_AUTH_METHODS_SUPPORTED": ["client_secret_basic"],
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "client_credentials", "refresh_token"],
}
LOGIN = """<!DOCTYPE html><title>Sign in</title><form method="post">{% csrf_token %}{{ form.as_p }}
<input type="hidden" name="next" value="{{ next }}"><button>Sign in</button></form>"""

settings.configure(
    SECRET_KEY=secrets.token_urlsafe(40),
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER.name}/db", "OPTIONS": {"timeout": 20, "init_command": "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY"}}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        f"{__name__}.WantsReferer" if MODE == "referer" else "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
            "loaders": [
                ("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN}),
                "django.template.loaders.app_directories.Loader",
            ],
        },
    }],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    LOGGING_CONFIG=None,
    SECURE_HSTS_SECONDS=31536000 if MODE == "careful" else 0,
    SESSION_COOKIE_SECURE=True,
    CSRF_COOKIE_SECURE=True,
    USE_TZ=True,
    OAUTH2_PROVIDER={"SCOPES": {"payments": "See your payments"}} | (CAREFUL if MODE == "careful" else {}),
)

# The server's clock can be moved, so that what takes minutes or hours can be tried at once.
real_now, offset = timezone.now, datetime.timedelta()
timezone.now = lambda: real_now() + offset
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.auth.views import LoginView  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.middleware.csrf import CsrfViewMiddleware, RejectRequest  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402
from oauth2_provider.views import OAuthServerMetadataView  # noqa: E402
from oauth2_provider.views.generic import ScopedProtectedResourceMetadataView, ScopedProtectedResourceView  # noqa: E402


# The older of the two answers 403 without a word where it should challenge.
class Payment(ScopedProtectedResourceMetadataView if MODE == "careful" else ScopedProtectedResourceView):
    required_scopes = ["payments"]

    def get(self, request):
        return JsonResponse({"paymentId": 1, "transactionStatus": "ACSC"})


class Metadata(OAuthServerMetadataView):
    """As it comes, with the addresses of the door for TPPs (RFC 8705 5)."""

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        told = json.loads(response.content)
        names = ["token_endpoint", "revocation_endpoint", "introspection_endpoint"]
        aliases = {name: told[name].replace(issuer, for_tpps) for name in names if name in told}
        return JsonResponse(told | {"mtls_endpoint_aliases": aliases}, headers={"Access-Control-Allow-Origin": "*"})


class WantsReferer(CsrfViewMiddleware):
    def process_view(self, request, callback, arguments, named):
        if request.method == "POST" and request.is_secure() and not getattr(callback, "csrf_exempt", False):
            try:
                self._check_referer(request)
            except RejectRequest as refused:
                return self._reject(request, refused.reason)
        return super().process_view(request, callback, arguments, named)


@csrf_exempt
def clock(request):
    global offset
    offset += datetime.timedelta(seconds=json.loads(request.body)["advance_seconds"])
    return HttpResponse(status=204)


urlpatterns = [
    path("accounts/login/", LoginView.as_view()),
    path("payments/1", Payment.as_view()),
    path(".well-known/oauth-authorization-server", Metadata.as_view()),
    path("clock", clock),
    path("", include("oauth2_provider.urls", namespace="oauth2_provider")),
]


class Door(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True
    request_queue_size = 128
    tls = None

    def process_request_thread(self, request, client_address):
        try:
            if self.tls:
                request.settimeout(20)
                request = self.tls.wrap_socket(request, server_side=True)
            super().process_request_thread(request, client_address)
        except (OSError, ssl.SSLError):
            request.close()

    def shutdown_request(self, request):
        try:
            request.unwrap()
        except (OSError, ValueError, AttributeError):
            pass
        self.close_request(request)

    def handle_error(self, request, client_address):
        pass


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *args):
        pass

    def get_environ(self):
        return super().get_environ() | ({"HTTPS": "on"} if self.server.tls else {})


def tls(of_tpps):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "bank.pem", CERTIFICATES / "bank.key")
    if of_tpps:
        context.verify_mode = ssl.CERT_REQUIRED
        for ca in ["ca-root.pem", "ca-issuing.pem"]:
            context.load_verify_locations(CERTIFICATES / ca)
    return context


def listen(context):
    door = wsgiref.simple_server.make_server("127.0.0.1", 0, get_wsgi_application(), Door, Quiet)
    door.tls = context
    threading.Thread(target=door.serve_forever, daemon=True).start()
    return door.server_port


call_command("migrate", verbosity=0)
customer = User.objects.create_user("max.mustermann", password="a-long-test-password-for-max")
told = {}
for number, tpp in enumerate(["tpp-a", "tpp-b"], 1):
    told[f"secret_{tpp[-1]}"] = secrets.token_urlsafe(30)
    Application.objects.create(
        name=tpp,
        client_id=f"PSDDE-BAFIN-10000{number}",
        client_secret=told[f"secret_{tpp[-1]}"],
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=f"https://{tpp}.example/callback https://{tpp}.example/callback?tenant=7",
        user=customer,
    )

issuer, for_tpps = f"https://localhost:{listen(tls(False))}", f"https://localhost:{listen(tls(True))}"
told |= {"issuer": issuer, "resource": f"{for_tpps}/payments/1", "scope": "payments", "clock": f"http://127.0.0.1:{listen(None)}/clock"}
print(json.dumps(told, separators=(",", ":")), flush=True)
sys.stdin.read()
FOLDER.cleanup()
os._exit(0)
