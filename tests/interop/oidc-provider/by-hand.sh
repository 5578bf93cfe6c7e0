# How look.sh asks oidc-provider.
authorize=/auth token_path=/token introspect=/token/introspection revoke=/token/revocation par=/request
[ -d "$here/node_modules" ] || (cd "$here" && npm ci)

start() { exec node "$here/server.mjs" "$mode" "$certs"; }

# By certificate and client_id alone.
authenticate() { case "$1" in b) as_client=(-d client_id="$id_b") ;; *) as_client=(-d client_id="$id_a") ;; esac; }

# The page is in $work/page, and was at $url: sets url and extra to what a customer who does $1 sends next.
fill_in() {
  local action; action=$(grep -oE 'action="[^"]+"' "$work/page" | head -1 | cut -d'"' -f2)
  if [ "$mode" = lax ]; then
    if [ "$1" = approve ]; then
      extra=(-d "prompt=$(grep -oE 'name="prompt" value="[a-z]+"' "$work/page" | cut -d'"' -f4)" -d login=max -d password=secret)
    else
      url="$url/abort"
    fi
    return
  fi
  url="$issuer$action"
  case "$1 $(grep -c 'name="password"' "$work/page" || true)" in
    "leave 1") extra=(-d do=leave) ;;
    "mistype 1") extra=(-d user=max.mustermann -d password=wrong -d do=sign-in) ;;
    *" 1") extra=(-d user=max.mustermann -d password=a-long-test-password-for-max -d do=sign-in) ;;
    "deny 0") extra=(-d do=refuse) ;;
    *) extra=(-d do=agree) ;;
  esac
}
