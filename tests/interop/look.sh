#!/usr/bin/env bash
# Asks a server by hand, with curl and openssl alone: what the tables beside it say was seen is what this prints.
# Usage: look.sh SERVER MODE DIR, as in `look.sh oidc-provider strict DIR`; DIR is of `bankproof certs issue --out DIR`. It starts the server
# itself: SERVER/by-hand.sh says how, how its pages are filled in and how its TPPs authenticate.
set -euo pipefail
server="$1" mode="$2" certs="$(cd "$3" && pwd)"
here="$(cd "$(dirname "$0")/$server" && pwd)"
work="$(mktemp -d)"
source "$here/by-hand.sh"
exec {hold}> >(start >"$work/ready" 2>"$work/log")
until [ -s "$work/ready" ]; do sleep 0.1; done
value() { sed -E "s/.*\"$1\":\"([^\"]*)\".*/\1/" "$work/ready"; }
issuer="$(value issuer)" resource="$(value resource)" scope="$(value scope)" clock="$(value clock)"
tpps="${resource%/payments/1}"
trap 'exec {hold}>&-; rm -rf "$work"' EXIT

# Someone with the certificate NAME (a file before .pem), or none.
as() {
  local name="$1"; shift
  local with=()
  [ "$name" = nobody ] || with=(--cert "$certs/$name.pem" --key "$certs/$name.key")
  curl -sS --cacert "$certs/ca-root.pem" "${with[@]}" "$@" 2>&1 || true
}
a=tpp-a-qwac b=tpp-b-qwac renewed=tpp-a-renewed-qwac
id_a=PSDDE-BAFIN-100001 id_b=PSDDE-BAFIN-100002 back=https://tpp-a.example/callback
verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM

# The customer: `walk [approve|deny|leave] PARAMETER=VALUE…` on top of a correct request (`-NAME` leaves one out, `+NAME=VALUE` repeats one).
# Prints each answer's status; the last line is where the walk ended.
walk() {
  local does="$1"; shift
  declare -A sent=([response_type]=code [client_id]=$id_a [redirect_uri]=$back [scope]="$scope" [state]=some-state [code_challenge]=$challenge [code_challenge_method]=S256)
  local more=()
  for change in "$@"; do
    case "$change" in
      -*) unset "sent[${change#-}]" ;;
      +*) more+=(--data-urlencode "${change#+}") ;;
      *) sent[${change%%=*}]="${change#*=}" ;;
    esac
  done
  local parameters=()
  for name in "${!sent[@]}"; do parameters+=(--data-urlencode "$name=${sent[$name]}"); done
  rm -f "$work/jar"
  local url="$issuer$authorize" extra=(-G "${parameters[@]}" "${more[@]}") status place
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    status=$(curl -sS --cacert "$certs/ca-root.pem" -c "$work/jar" -b "$work/jar" -D "$work/headers" -o "$work/page" -w '%{http_code}' "$url" "${extra[@]}")
    extra=()
    place=$(sed -nE 's/^[Ll]ocation: (.*)\r$/\1/p' "$work/headers")
    echo "$status ${place:-page}" | sed -E 's#https://localhost:[0-9]+##; s#(/auth|/interaction)/[^/?]+#\1/…#' >>"$work/steps"
    if [ -n "$place" ]; then
      case "$place" in
        "$issuer"*) url="$place" ;;
        /*) url="$issuer$place" ;;
        *) break ;;
      esac
    elif [ "$status" = 200 ] && grep -q '<form' "$work/page"; then
      extra=()
      fill_in "$does" # sets url and extra
    else
      place="page: $(sed -E 's/<[^>]*>/ /g' "$work/page" | tr -s ' \n' ' ' | cut -c1-160)"
      break
    fi
  done
  echo "$status $place"
}
code() { walk approve "$@" | sed -nE 's/.*[?&]code=([^&]+).*/\1/p'; }
# `token WHO CLIENT PARAMETER=VALUE…`: status and body; WHO is the certificate, CLIENT a, b, or - for one that does not authenticate.
token() {
  local who="$1" parameters=(); authenticate "$2"; parameters+=("${as_client[@]}"); shift 2
  for parameter in "$@"; do parameters+=(--data-urlencode "$parameter"); done
  as "$who" -w ' (%{http_code})' "$tpps$token_path" "${parameters[@]}" | tr -d '\n'; echo
}
redeem() {
  local who="$1" the_code="$2"; shift 2
  token "$who" a grant_type=authorization_code redirect_uri=$back code="$the_code" code_verifier=$verifier "$@"
}
member() { sed -nE "s/.*\"$1\": ?\"([^\"]*)\".*/\1/p"; }
open() { local who="$1"; shift; as "$who" -o /dev/null -D "$work/headers" -w '%{http_code}' "$@"; grep -i '^www-authenticate' "$work/headers" | tr -d '\r' | sed 's/^/ /'; echo; }
post() { local who="$1" path="$3"; authenticate "$2"; shift 3; as "$who" -w ' (%{http_code})' -X POST "$tpps$path" "${as_client[@]}" "$@"; echo; }
say() { printf '%-10s %s\n' "$1" "$2 -> $(sed -E 's/(code|access_token|refresh_token|id_token)("?[=:] ?"?)[A-Za-z0-9_.-]{20,}/\1\2…/g' <<<"$3" | tr '\n' ' ' | cut -c1-260)"; }
held() { local all; all=$(redeem $a "$(code)"); access=$(member access_token <<<"$all"); refresh=$(member refresh_token <<<"$all"); whole="$all"; }

for document in oauth-authorization-server openid-configuration; do
  as nobody "$issuer/.well-known/$document" -D "$work/metadata-head" >"$work/metadata"
  say META-001 "$document" "$(head -1 "$work/metadata-head"; grep -i content-type "$work/metadata-head")"
  cat "$work/metadata"; echo
done
say META-008 "jwks" "$(as nobody "$issuer/jwks" | sed -E 's/"(n|x|y)":"[^"]*"/"\1":"…"/g')"

say FLOW-001 "approve" "$(walk approve)"; sort "$work/steps" | uniq -c; 
say AUTHZ-014/15 "headers of the last page" "$(grep -iE 'frame|security|referrer' "$work/headers" || echo none)"
cookies() { as nobody -L -c "$work/jar" -b "$work/jar" -D - -o /dev/null -G "$issuer$authorize" -d response_type=code -d client_id=$id_a --data-urlencode redirect_uri=$back --data-urlencode "scope=$scope" -d state=s -d code_challenge=$challenge -d code_challenge_method=S256; }
say AUTHZ-034 "cookies until the first page" "$(cookies | tr -d '\r' | grep -i '^set-cookie' | sed -E 's/=[^;]*/=…/' || echo none)"
walk mistype >/dev/null; say AUTHZ-032 "headers of the page after a mistake" "$(grep -iE '^HTTP|frame' "$work/headers" || echo none)"
say FLOW-002 "redeem" "$(redeem $a "$(code)")"
authenticate a; say TOKEN-002 "headers of a token response" "$(as $a -D - -o /dev/null "$tpps$token_path" "${as_client[@]}" -d grant_type=authorization_code -d redirect_uri=$back -d code="$(code)" -d code_verifier=$verifier | grep -iE 'cache|pragma|content-type')"
held
say FLOW-003 "use" "$(open $a "$resource" -H "Authorization: Bearer $access")"
say TOKEN-025 "headers of a refreshed token" "$(as $a -D - -o /dev/null "$tpps$token_path" "${as_client[@]}" -d grant_type=refresh_token -d refresh_token="$refresh" | tr -d '\r' | grep -iE '^HTTP|cache|content-type')"
held
say FLOW-004 "refresh" "$(token $a a grant_type=refresh_token refresh_token="$refresh")"
say AUTHZ-001 "no response_type" "$(walk approve -response_type)"
say AUTHZ-002 "response_type=token" "$(walk approve response_type=token)"
say AUTHZ-033 "unknown response_type" "$(walk approve response_type=unknown)"
say AUTHZ-003 "unknown client" "$(walk approve client_id=PSDXX-NOBODY-000000)"
say AUTHZ-006 "deny" "$(walk deny)"
say PSU-001 "leave" "$(walk leave)"
c=$(code); redeem $a "$c" >/dev/null; say AUTHZ-007 "redeem twice" "$(redeem $a "$c")"
c=$(code); t=$(redeem $a "$c" | member access_token); redeem $a "$c" >/dev/null; say AUTHZ-008 "use after replay" "$(open $a "$resource" -H "Authorization: Bearer $t")"
say AUTHZ-010 "other TPP redeems" "$(token $b b grant_type=authorization_code redirect_uri=$back code="$(code)" code_verifier=$verifier)"
say AUTHZ-017 "scope twice" "$(walk approve "+scope=$scope")"
say AUTHZ-029 "unknown parameter" "$(walk approve bankproof_unknown=1)"
say STATE-002 "deny" "$(walk deny state=x)"
say STATE-003 "odd state" "$(walk approve 'state=a+b%20=&/?#~c')"
say STATE-004 "long state" "$(walk approve "state=$(printf 'x%.0s' $(seq 1024))" | tr -d x | tail -c 60)"
say STATE-005 "no state" "$(walk approve -state)"
say PKCE-001 "no challenge" "$(walk approve -code_challenge -code_challenge_method)"
say PKCE-002 "plain" "$(walk approve code_challenge_method=plain code_challenge=$verifier)"
other=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
say PKCE-003 "other verifier" "$(token $a a grant_type=authorization_code redirect_uri=$back code="$(code)" code_verifier=$other)"
say PKCE-010 "the verifier of another flow" "$(ch=$(printf %s "$other" | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d '='); c=$(code code_challenge="$ch"); redeem $a "$c")"
say PKCE-004 "no verifier" "$(token $a a grant_type=authorization_code redirect_uri=$back code="$(code)")"
for n in 42 129; do v=$(printf 'y%.0s' $(seq $n)); ch=$(printf %s "$v" | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d '='); c=$(code code_challenge="$ch"); say PKCE-005 "$n characters" "$(token $a a grant_type=authorization_code redirect_uri=$back code="$c" code_verifier="$v")"; done
v="$(printf 'y%.0s' $(seq 42))!*é"; ch=$(printf %s "$v" | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d '='); c=$(code code_challenge="$ch"); say PKCE-006 "forbidden characters" "$(token $a a grant_type=authorization_code redirect_uri=$back code="$c" code_verifier="$v")"
c=$(code -code_challenge -code_challenge_method); say PKCE-007 "downgrade: code is '${c:-none}'" "$([ -z "$c" ] || redeem $a "$c")"
say PKCE-008 "S512" "$(walk approve code_challenge_method=S512)"
hex=$(printf %s $verifier | sha256sum | cut -d' ' -f1); say PKCE-009 "hexadecimal" "$(walk approve code_challenge=$hex)"
c=$(code code_challenge=$hex); say PKCE-009 "hexadecimal, redeemed" "$([ -z "$c" ] || redeem $a "$c")"
for uri in https://attacker.example/callback $back/ $back/extra "$back?extra=1" https://tpp-a.example/CALLBACK https://tpp-a.example:8443/callback $back/../elsewhere https://tpp-a.example@attacker.example/callback https://tpp-a.example.attacker.example/callback "https://attacker.example/callback?to=$back" "$back#fragment" http://tpp-a.example/callback; do say REDIR-00x "$uri" "$(walk approve "redirect_uri=$uri")"; done
say REDIR-010 "strange URI and unknown response_type" "$(walk approve redirect_uri=https://attacker.example/callback response_type=unknown)"
say REDIR-011 "with a query" "$(walk approve "redirect_uri=$back?tenant=7")"
say REDIR-007 "no redirect_uri" "$(token $a a grant_type=authorization_code code="$(code)" code_verifier=$verifier)"
say REDIR-007 "other redirect_uri" "$(token $a a grant_type=authorization_code redirect_uri=$back/other code="$(code)" code_verifier=$verifier)"
say TOKEN-003 "nobody redeems" "$(redeem nobody "$(code)")"
say TOKEN-003 "with the certificate alone" "$(token $a - grant_type=authorization_code redirect_uri=$back code="$(code)" code_verifier=$verifier)"
say TOKEN-004 "second TPP under the first's client_id" "$(redeem $b "$(code)")"
if secret=$(value secret_a) && grep -q secret_a "$work/ready"; then
  basic() { as $a -i "$tpps$token_path$3" -u "$1:$2" -d grant_type=authorization_code -d redirect_uri=$back -d code_verifier=$verifier -d code="$(code)" "${@:4}" | tr -d '\r' | grep -iE '^HTTP|^www-auth|access_token|error'; }
  say TOKEN-004 "the second TPP's secret" "$(basic $id_a "$(value secret_b)" "")"
  say CAUTH-011 "the right secret" "$(basic $id_a "$secret" "")"
  say CAUTH-012 "another secret" "$(basic $id_a "another-secret" "")"
  say CAUTH-013 "the secret in the address" "$(as $a -w ' (%{http_code})' "$tpps$token_path?client_id=$id_a&client_secret=$secret" -d grant_type=authorization_code -d redirect_uri=$back -d code_verifier=$verifier -d code="$(code)")"
  say CAUTH-014 "in the header and in the form" "$(basic $id_a "$secret" "" -d client_id=$id_a -d client_secret="$secret")"
fi
say TOKEN-005 "unknown grant" "$(token $a a grant_type=urn:example:unknown )"
say TOKEN-006 "password grant" "$(token $a a grant_type=password username=max password=x)"
say TOKEN-006 "password grant, the right password" "$(token $a a grant_type=password username=max.mustermann password=a-long-test-password-for-max scope="$scope")"
say TOKEN-007 "garbage code" "$(redeem $a garbage)"
say TOKEN-008 "GET" "$(as $a -G -w ' (%{http_code})' "$tpps$token_path" -d grant_type=authorization_code -d client_id=$id_a -d redirect_uri=$back -d code="$(code)" -d code_verifier=$verifier)"
for path in $token_path $revoke $introspect ${par:-}; do say API-005 "GET $path" "$(as $a -D - -o /dev/null "$tpps$path" | tr -d '\r' | grep -iE '^HTTP|^allow')"; done
say TOKEN-009 "codes" "$(code) $(code)"
held
say TOKEN-010 "under the renewed certificate" "$(open $renewed "$resource" -H "Authorization: Bearer $access")"
say TOKEN-010 "under the second TPP's" "$(open $b "$resource" -H "Authorization: Bearer $access")"
say TOKEN-012 "second TPP refreshes" "$(token $b b grant_type=refresh_token refresh_token="$refresh")"
say TOKEN-013/048 "wider scope" "$(token $a a grant_type=refresh_token refresh_token="$refresh" scope="$scope accounts")"
say TOKEN-018 "client credentials" "$(token $a a grant_type=client_credentials scope=payments)"
say CERT-025 "second TPP redeems its own code" "$(token $b b grant_type=authorization_code redirect_uri=https://tpp-b.example/callback code="$(code client_id=$id_b redirect_uri=https://tpp-b.example/callback)" code_verifier=$verifier)"
say CERT-024 "redeem with the renewed certificate" "$(redeem $renewed "$(code)")"
held; all=$(token $renewed a grant_type=refresh_token refresh_token="$refresh"); new=$(member access_token <<<"$all")
say CERT-111 "refresh under the renewed certificate" "$all"
say BIND-005 "without a certificate" "$(open nobody "$resource" -H "Authorization: Bearer $access")"
say BIND-007 "new token, new certificate" "$(open $renewed "$resource" -H "Authorization: Bearer $new")"
say BIND-008 "new token, old certificate" "$(open $a "$resource" -H "Authorization: Bearer $new")"
say RS-001 "no token" "$(open $a "$resource")"
held; say RS-002 "altered token" "$(open $a "$resource" -H "Authorization: Bearer ${access:0:20}$([ "${access:20:1}" = A ] && echo B || echo A)${access:21}")"
say RS-003 "in the query" "$(open $a "$resource?access_token=$access")"
say RS-004 "lower-case scheme" "$(open $a "$resource" -H "Authorization: bearer $access")"
say INTRO-002 "introspect" "$(post $a a $introspect -d token="$access")"
say INTRO-001 "nobody introspects" "$(post nobody - $introspect -d token="$access")"
say INTRO-003 "never issued" "$(post $a a $introspect -d token=never-issued)"
for path in $introspect $revoke; do say API-004 "a wrong secret at $path" "$(as $a -D - -o /dev/null "$tpps$path" -u "$id_a:wrong" -d token="$access" | tr -d '\r' | grep -iE '^HTTP|^www-auth')"; done
say REVOKE-005 "nobody revokes" "$(post nobody - $revoke -d token="$access")"
say REVOKE-006 "second TPP revokes" "$(post $b b $revoke -d token="$access")"
say REVOKE-006 "… and the token" "$(open $a "$resource" -H "Authorization: Bearer $access")"
held; say REVOKE-009 "GET" "$(as $a -G -w ' (%{http_code})' "$tpps$revoke" -d client_id=$id_a -d token="$access")"
say REVOKE-009 "… and the token" "$(open $a "$resource" -H "Authorization: Bearer $access")"
say REVOKE-001 "revoke" "$(post $a a $revoke -d token="$access")"
say REVOKE-001 "… and the token" "$(open $a "$resource" -H "Authorization: Bearer $access")"
say INTRO-003 "revoked" "$(post $a a $introspect -d token="$access")"
say REVOKE-010 "revoke again" "$(post $a a $revoke -d token="$access")"
held; post $a a $revoke -d token="$access" -d token_type_hint=refresh_token >/dev/null
say REVOKE-007 "wrong hint, then use" "$(open $a "$resource" -H "Authorization: Bearer $access")"
held; post $a a $revoke -d token="$refresh" >/dev/null
say REVOKE-002 "refresh after revocation" "$(token $a a grant_type=refresh_token refresh_token="$refresh")"
say REVOKE-003 "use after the refresh token's revocation" "$(open $a "$resource" -H "Authorization: Bearer $access")"
say REVOKE-004 "unknown token" "$(post $a a $revoke -d token=never-issued)"
say REVOKE-008 "no token" "$(post $a a $revoke)"
for bad in unknown-ca self-signed expired not-yet-valid; do say CERT-00x "$bad" "$(redeem defects/tpp-a-$bad "$(code)")"; done
alike() { # alike SUBJECT: a certificate of the issuing CA for another company
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$certs/alike.key" -out "$work/alike.csr" -subj "$1" 2>/dev/null
  openssl x509 -req -in "$work/alike.csr" -CA "$certs/ca-issuing.pem" -CAkey "$certs/ca-issuing.key" -days 1 -out "$certs/alike.pem" -extfile <(echo extendedKeyUsage=clientAuth) 2>/dev/null
}
alike "/C=DE/O=Another Company/2.5.4.97=PSDDE-BAFIN-999999/CN=tpp-a.example"; say BIND-012 "same common name" "$(redeem alike "$(code)")"
alike "/C=DE/O=Aster Payments GmbH/2.5.4.97=PSDDE-BAFIN-999999/CN=another.example"; say BIND-013 "same organization" "$(redeem alike "$(code)")"
alike "/C=DE/O=Another Company/2.5.4.97=PSDDE-BAFIN-1000019/CN=another.example"; say BIND-014 "organizationIdentifier begins alike" "$(redeem alike "$(code)")"
rm "$certs/alike.key" "$certs/alike.pem"
say TLS-091 "subject in headers" "$(as nobody -w ' (%{http_code})' "$tpps$token_path" -H "SSL-Client-S-DN: CN=tpp-a.example" -H "X-SSL-Client-S-DN: CN=tpp-a.example" -H "SSL-Client-Verify: SUCCESS" -d grant_type=authorization_code -d client_id=$id_a -d redirect_uri=$back -d code="$(code)" -d code_verifier=$verifier)"
say TLS-030 "nobody at the token endpoint, GET" "$(as nobody -w ' (%{http_code})' "$tpps$token_path")"
say CERT-001 "nobody" "$(token nobody - grant_type=authorization_code code=x redirect_uri=$back)"
host="${tpps#https://}"
set +e # from here on a refusal is an answer
tls() { openssl s_client -CAfile "$certs/ca-root.pem" -cert "$certs/$a.pem" -key "$certs/$a.key" "$@" </dev/null 2>&1; }
for door in "$host" "${issuer#https://}"; do
  for version in tls1 tls1_1 tls1_2 tls1_3; do say TLS "$version at $door" "$(tls -connect "$door" -$version -cipher ALL:@SECLEVEL=0  | grep -aE 'Cipher is|alert' | head -1)"; done
  for suite in NULL aNULL RC4 3DES kRSA DHE ECDHE+AES; do say TLS "1.2 with $suite at $door" "$(tls -connect "$door" -tls1_2 -cipher "$suite:@SECLEVEL=0"  | grep -aE 'Cipher is|alert|no cipher match' | head -1)"; done
  say TLS "CBC at $door" "$(tls -connect "$door" -tls1_2 -cipher "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA256"  | grep -aE 'Cipher is|alert|no cipher match' | head -1)"
  say TLS "CBC, encrypt-then-MAC at $door" "$(tls -connect "$door" -tls1_2 -tlsextdebug -cipher "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384"  | grep -aE 'server extension' | tr '\n' ' ')"
  tls -connect "$door" -showcerts  | grep -aE '^ *[0-9] s:|Acceptable|^C ?=|Secure Reneg|Verif' | head -9
  tls -connect "$door" -tls1_2  | grep -aE 'Secure Reneg|Extended master|Compression'
  say TLS-007 "plain http at $door" "$(curl -sS -m 3 -o /dev/null -w '%{http_code}' "http://$door/" 2>&1)"
done
for door in "TLS-032 $token_path" "TLS-033 $revoke" "TLS-034 $introspect" ${par:+"TLS-035 $par"}; do
  say "${door% *}" "plain http at ${door#* }" "$(curl -sS -m 3 -d token=unknown "http://${tpps#https://}${door#* }" 2>&1)"
done
say TLS-008 "HSTS" "$(as nobody -D - -o /dev/null "$issuer$authorize" | grep -i strict-transport || echo none)"
c=$(code); curl -sS -X POST "$clock" -d '{"advance_seconds":601}'; say AUTHZ-009 "code after 601 seconds" "$(redeem $a "$c")"
held; curl -sS -X POST "$clock" -d '{"advance_seconds":400}'; say TOKEN-015 "token after 400 seconds (it lives 300)" "$(open $a "$resource" -H "Authorization: Bearer $access")"
if [ -n "${par:-}" ]; then
  push() { local who="$1" client="$2" uri="$3"; shift 3; post "$who" "$client" "$par" -d response_type=code --data-urlencode "redirect_uri=$uri" --data-urlencode "scope=$scope" -d state=s -d code_challenge=$challenge -d code_challenge_method=S256 "$@"; }
  # The walk with a request_uri and client_id alone.
  pushed() { walk approve -response_type -redirect_uri -scope -state -code_challenge -code_challenge_method "request_uri=$1" "${@:2}"; }
  say PAR-001 "push" "$(push $a a $back)"
  u=$(push $a a $back | member request_uri); say PAR-002 "authorise by it" "$(pushed "$u")"
  say PAR-004 "authorise by it again" "$(pushed "$u")"
  u=$(push $a a $back | member request_uri); say PAR-003 "by another client" "$(pushed "$u" client_id=$id_b)"
  u=$(push $a a $back | member request_uri); curl -sS -X POST "$clock" -d '{"advance_seconds":700}'; say PAR-005 "after 700 seconds" "$(pushed "$u")"
  say PAR-006 "push a request_uri" "$(push $a a $back -d request_uri=urn:ietf:params:oauth:request_uri:x)"
  say PAR-007 "GET" "$(as $a -G -w ' (%{http_code})' "$tpps$par" -d client_id=$id_a)"
  say PAR-008 "without a certificate" "$(push nobody a $back)"
fi
rm -f "$work/jar"
url=$(curl -sSL --cacert "$certs/ca-root.pem" -c "$work/jar" -b "$work/jar" -o "$work/page" -w '%{url_effective}' -G "$issuer$authorize" -d response_type=code -d client_id=$id_a --data-urlencode redirect_uri=$back --data-urlencode "scope=$scope" -d state=s -d code_challenge=$challenge -d code_challenge_method=S256)
curl -sS -X POST "$clock" -d '{"advance_seconds":3600}'
extra=(); fill_in approve
say PSU-003 "send the login page after an hour" "$(curl -sS --cacert "$certs/ca-root.pem" -c "$work/jar" -b "$work/jar" -i "$url" "${extra[@]}" | tr -d '\r' | grep -iE '^HTTP|^location|<h1>|rror')"
