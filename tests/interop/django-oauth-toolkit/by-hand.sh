# How look.sh asks Django OAuth Toolkit.
authorize=/authorize/ token_path=/token/ introspect=/introspect/ revoke=/revoke_token/
[ -d "$here/venv" ] || { python3 -m venv "$here/venv" && "$here/venv/bin/pip" install -q -r "$here/requirements.txt"; }

start() { exec "$here/venv/bin/python" "$here/server.py" "$mode" "$certs"; }

# By client_secret, in the Authorization header.
authenticate() {
  case "$1" in
    a) as_client=(-u "$id_a:$(value secret_a)") ;;
    b) as_client=(-u "$id_b:$(value secret_b)") ;;
    *) as_client=(-d client_id="$id_a") ;;
  esac
}

# The page is in $work/page, and was at $url: sets extra to what a customer who does $1 sends next. Django wants to know where from.
fill_in() {
  extra=(-H "Origin: $issuer")
  local name value
  while IFS=$'\t' read -r name value; do extra+=(--data-urlencode "$name=$value"); done < <(python3 - "$work/page" <<'P'
import html.parser, sys
class Hidden(html.parser.HTMLParser):
    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        if tag == "input" and known.get("type") == "hidden":
            print(known["name"], known.get("value") or "", sep="\t")
Hidden().feed(open(sys.argv[1]).read())
P
  )
  if grep -q 'name="password"' "$work/page"; then
    local password=a-long-test-password-for-max
    [ "$1" != mistype ] || password=wrong
    extra+=(-d username=max.mustermann -d password=$password)
  elif [ "$1" = approve ]; then
    extra+=(-d allow=Authorize)
  fi
}
